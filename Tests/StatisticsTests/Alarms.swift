import Glibc
import Statistics

/// What becomes of a service's times in the course of a window.
enum Change: Sendable, CaseIterable {
    case none
    /// A steady rise to 1.1, or 1.2 times as much.
    case ramp10, ramp20
    /// 15 % more from 60 % of the window on.
    case step15
    /// Half as much again at first, fading with a time constant of 7 % of the window.
    case warmUp

    var name: String {
        switch self {
        case .none: "no change"
        case .ramp10: "+10 % ramp"
        case .ramp20: "+20 % ramp"
        case .step15: "+15 % step"
        case .warmUp: "warm-up +50 %"
        }
    }

    /// At `progress` (0…1) of the window.
    func factor(at progress: Double) -> Double {
        switch self {
        case .none: 1
        case .ramp10: pow(1.1, progress)
        case .ramp20: pow(1.2, progress)
        case .step15: progress > 0.6 ? 1.15 : 1
        case .warmUp: 1 + 0.5 * exp(-progress / 0.07)
        }
    }
}

/// How often the tests of a window's level speak, over many windows.
struct Alarms {
    var service: Service
    var change: Change
    var seconds: Int

    struct Counts {
        var windows = 0
        var trends = 0
        var steps = 0
        var warmUps = 0
    }

    func count(windows: Int, rate: Double, seed: UInt64) -> Counts {
        (0..<windows).reduce(into: Counts(windows: windows)) { counts, window in
            let levels = levels(rate: rate, seed: seed &+ UInt64(window))
            counts.trends += Drift.trend(ofLevels: levels)?.isPresent == true ? 1 : 0
            counts.steps += Drift.step(inLevels: levels)?.finding.isPresent == true ? 1 : 0
            counts.warmUps += WarmUp.remains(inLevels: levels)?.isPresent == true ? 1 : 0
        }
    }

    /// The medians of 20 slices.
    func levels(rate: Double, seed: UInt64) -> [Double] {
        var slices = [Bucketed](repeating: Bucketed(), count: 20)
        var draws = Draws(seed: seed)
        service.run(rate: rate, seconds: Double(seconds), draws: &draws) { arrival, time in
            let progress = arrival / Double(seconds)
            slices[Int(progress * 20)].record(seconds: time * change.factor(at: progress))
        }
        return QuantileStudy(slices: slices.map(\.sample), seconds: Double(seconds))
            .sliceValues(at: 0.5)
    }
}

/// A queue for some servers with log-normal times of coefficient of variation 1 (M/G/k).
struct LoadedQueue {
    var servers: Int
    var meanTime: Double
    var utilisation: Double

    var rate: Double { utilisation * Double(servers) / meanTime }

    /// Payments in flight in the middle of each second, after 10 s from empty.
    func inFlight(seconds: Int, seed: UInt64) -> [Double] {
        let warmUp = 10.0
        let spread = log(2.0).squareRoot()
        var draws = Draws(seed: seed)
        var free = [Double](repeating: 0, count: servers)
        var counts = [Double](repeating: 0, count: seconds)
        var arrival = draws.exponential(mean: 1 / rate)
        while arrival < warmUp + Double(seconds) {
            var first = 0
            for server in free.indices where free[server] < free[first] { first = server }
            let time = meanTime * exp(spread * draws.normal() - spread * spread / 2)
            free[first] = max(arrival, free[first]) + time
            let from = max(0, Int((arrival - warmUp - 0.5).rounded(.up)))
            let until = min(seconds - 1, Int((free[first] - warmUp - 0.5).rounded(.down)))
            if from <= until { for second in from...until { counts[second] += 1 } }
            arrival += draws.exponential(mean: 1 / rate)
        }
        return counts
    }

    /// The share of windows in which a growing backlog is seen.
    func alarms(seconds: Int, windows: Int, seed: UInt64) -> Double {
        let alarms = (0..<windows).count { window in
            let inFlight = inFlight(seconds: seconds, seed: seed &+ UInt64(window))
            return Backlog.growth(ofInFlight: inFlight, rate: rate)?.isPresent == true
        }
        return Double(alarms) / Double(windows)
    }
}
