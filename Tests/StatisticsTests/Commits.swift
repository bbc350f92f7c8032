import Glibc
import Statistics

/// A history of one figure, a run a commit: noise, and now and then a bad run. From a commit on it is more.
struct Commits: Sendable {
    /// Log-sd from run to run.
    var spread: Double
    /// Of the noise of neighbours.
    var correlation = 0.3
    /// The share of runs that are bad: exponentially more, log 0.3 on average.
    var bad = 0.03
    var change = 0.0
    static let count = 160
    static let changed = 80

    func values(seed: UInt64) -> [Double] {
        var draws = Draws(seed: seed)
        var noise = Autoregression(correlation: correlation, draws: &draws)
        return (0..<Self.count).map { commit in
            noise.step(&draws)
            let fault = draws.uniform() < bad ? draws.exponential(mean: 0.3) : 0
            let level = commit >= Self.changed ? log1p(change) : 0
            return exp(spread * noise.value + fault + level)
        }
    }

    enum Rule: Sendable, CaseIterable {
        /// 5 % more than the mean of the 10 runs before.
        case overMean
        /// Three standard deviations more than the mean of the 20 runs before.
        case overDeviations
        case changePoint

        func isAlarmed(by values: ArraySlice<Double>) -> Bool {
            switch self {
            case .overMean, .overDeviations:
                let before = values.dropLast().suffix(self == .overMean ? 10 : 20).map { log($0) }
                let mean = before.reduce(0, +) / Double(before.count)
                let squares = before.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
                let deviation = (squares / Double(before.count - 1)).squareRoot()
                let room = self == .overMean ? log(1.05) : 3 * deviation
                return log(values.last ?? 1) > mean + room
            case .changePoint:
                return (ChangePoints.latest(in: Array(values))?.change ?? 0) > 0
            }
        }
    }

    /// After 30 runs a rule looks at each; after an alarm it rests for five.
    func alarms(_ rule: Rule, seed: UInt64) -> (falseOnes: Int, delay: Int?) {
        let values = values(seed: seed)
        let changed = change > 0 ? Self.changed : Self.count
        var falseOnes = 0
        var silentUntil = 0
        for commit in 30..<Self.count where commit > silentUntil {
            guard rule.isAlarmed(by: values[...commit]) else { continue }
            if commit >= changed { return (falseOnes, commit - changed + 1) }
            falseOnes += 1
            silentUntil = commit + 5
        }
        return (falseOnes, nil)
    }

    struct Counts {
        var series = 0
        var falseOnes = 0
        var delays: [Int] = []

        var falsePerHundred: Double {
            100 * Double(falseOnes) / Double(series * (Commits.count - 30))
        }
    }

    func counts(_ rule: Rule, series: Int, seed: UInt64) -> Counts {
        (0..<series).reduce(into: Counts()) { counts, index in
            let alarms = alarms(rule, seed: seed &+ UInt64(index))
            counts.series += 1
            counts.falseOnes += alarms.falseOnes
            if let delay = alarms.delay { counts.delays.append(delay) }
        }
    }

    /// Series in which `ChangePoints.find` places one within three commits of the change, and the
    /// change points that it finds elsewhere.
    func found(series: Int, seed: UInt64) -> (found: Int, elsewhere: Int) {
        (0..<series).reduce(into: (0, 0)) { sums, index in
            let points = ChangePoints.find(in: values(seed: seed &+ UInt64(index)))
            let near = points.count { change > 0 && abs($0.row - Self.changed) <= 3 }
            sums.0 += min(1, near)
            sums.1 += points.count - min(1, near)
        }
    }
}
