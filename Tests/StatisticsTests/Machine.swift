import Glibc
import Statistics

/// How loud the machine of a run is: everything on it takes longer or shorter by the same factor, which
/// is of the run, wanders slowly and fast, and leaps in bursts (`truth.md`, 5.1).
struct Machine: Sendable {
    var name: String
    /// Log-sds: of the run, of the slow wander (time constant 60 s), of the fast one (2 s).
    var machine = 0.06
    var slow = 0.03
    var fast = 0.05
    /// Mean seconds from burst to burst; each lasts 1.5 s on average.
    var burstGap = 60.0
    var burst = 2.0...3.0

    static let quiet = Machine(
        name: "QUIET", machine: 0.01, slow: 0.01, fast: 0.02, burstGap: 600, burst: 1.3...1.6)
    static let cloud = Machine(
        name: "CLOUD", machine: 0.03, slow: 0.02, fast: 0.03, burstGap: 180, burst: 1.5...2.5)
    static let shared = Machine(name: "SHARED")
}

/// One job on a machine: its noise in time, and the response times of what runs on it.
///
/// Times are log-normal around 40 ms with log-sd 0.45, drawn from 8,192 equally likely ones and counted
/// in bins of 0.2 %: no logarithm a payment.
struct Job {
    static let spread = 0.45
    static let middle = 0.04
    /// Logarithm of a bin's width.
    static let width = 0.002
    /// Of the first bin: 1 ms.
    private static let origin = log(1e-3)
    private static let step = 0.25
    private static let law: [Double] = (0..<8192).map { index in
        let share = (Double(index) + 0.5) / 8192
        let z = Normal.quantile(confidence: abs(2 * share - 1))
        return spread * (share < 0.5 ? -z : z)
    }

    /// Log factors, each for a quarter of a second.
    private var noise: [Double]
    var draws: Draws

    init(on machine: Machine, seconds: Double, drift: Double = 0, draws: Draws) {
        self.draws = draws
        let count = Int(seconds / Self.step) + 4
        noise = [Double](repeating: machine.machine * self.draws.normal(), count: count)
        for (deviation, constant) in [(machine.slow, 60.0), (machine.fast, 2.0)] {
            var wander = Autoregression(
                correlation: exp(-Self.step / constant), draws: &self.draws)
            for index in noise.indices {
                noise[index] += deviation * wander.value
                wander.step(&self.draws)
            }
        }
        for index in noise.indices { noise[index] += drift * Double(index) / Double(count) }
        var start = self.draws.exponential(mean: machine.burstGap)
        while start < seconds {
            let end = start + self.draws.exponential(mean: 1.5)
            let leap = log(Double.random(in: machine.burst, using: &self.draws))
            let last = min(count - 1, Int(end / Self.step))
            for index in Int(start / Self.step)...last { noise[index] += leap }
            start += self.draws.exponential(mean: machine.burstGap)
        }
    }

    /// Response times of Poisson arrivals in a stretch of the job.
    mutating func sample(
        from start: Double, for seconds: Double, rate: Double, factor: Double = 1,
        noise own: OwnNoise? = nil, stalls: Stalls? = nil
    ) -> Sample {
        let shift = log(Self.middle * factor) - Self.origin
        var counts = Counts()
        for _ in 0..<poisson(rate * seconds) {
            let bits = draws.next()
            let instant = start + Double(bits >> 13) * 0x1p-51 * seconds
            let cell = Int(instant / Self.step)
            var level = shift + Self.law[Int(bits & 8191)] + noise[cell]
            if let own { level += own.levels[cell] }
            if let wait = stalls?.wait(at: instant), wait > 0 {
                level = log(exp(level + Self.origin) + wait) - Self.origin
            }
            counts.add(Int(level / Self.width))
        }
        return counts.sample
    }

    /// Normal where the mean is 50 or more.
    private mutating func poisson(_ mean: Double) -> Int {
        if mean >= 50 { return max(0, Int((mean + mean.squareRoot() * draws.normal()).rounded())) }
        var (count, product) = (0, draws.uniform())
        while product > exp(-mean) {
            product *= draws.uniform()
            count += 1
        }
        return count
    }

    private struct Counts {
        private static let values = (0..<6000).map { exp(Job.origin + Job.width * Double($0)) }
        private var counts = [Int](repeating: 0, count: 6000)
        private var least = 5999
        private var most = 0

        mutating func add(_ bin: Int) {
            let bin = min(max(0, bin), 5999)
            counts[bin] += 1
            if bin < least { least = bin }
            if bin > most { most = bin }
        }

        var sample: Sample {
            var bins: [Sample.Bin] = []
            var index = least
            while index <= most {
                if counts[index] > 0 {
                    let value = Self.values[index]
                    bins.append(.init(low: value, high: value, count: counts[index]))
                }
                index += 1
            }
            return Sample(bins: bins)
        }
    }
}

/// Noise that one arm has by itself: log-sd `spread`, time constant 1 s.
struct OwnNoise {
    let levels: [Double]

    init(spread: Double, seconds: Double, draws: inout Draws) {
        var wander = Autoregression(correlation: exp(-0.25), draws: &draws)
        levels = (0..<Int(seconds * 4) + 4).map { _ in
            wander.step(&draws)
            return spread * wander.value
        }
    }
}

/// An arm stands still now and then: what arrives waits for the end.
struct Stalls {
    var period = 30.0
    var length = 0.5
    var phase: Double

    func wait(at instant: Double) -> Double {
        let since = fmod(instant + phase, period)
        return since < length ? length - since : 0
    }
}
