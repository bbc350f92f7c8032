import Glibc

/// A target in virtual time: some servers with one queue, and what may be the matter with them. One
/// pass over the arrivals, in order; no clock. Seconds throughout.
struct VirtualTarget {
    struct Law: Sendable {
        enum Times: Sendable {
            case exponential
            /// With a coefficient of variation of 1.
            case logNormal
        }

        var servers: Int
        var mean: Double
        var times = Times.logNormal
        /// Standard deviation of the logarithm of the speed, which wanders with a time constant of 15 s.
        var wander = 0.0
        /// Token bucket: what comes without a token is answered 429 at once.
        var bucket: (perSecond: Double, burst: Double)?
        /// A queue costs: times grow by this share while the wait comes to 100 ms, and stay there.
        var thrash = 0.0
        /// From 30 s after a load began, times are longer by this factor, until 2 s without one.
        var heat = 1.0
        /// From then on nothing is answered any more.
        var end = Double.infinity
    }

    struct Answer {
        enum Kind { case accepted, throttled, refused }

        var kind: Kind
        var time: Double
    }

    let law: Law
    private(set) var now = 0.0
    private var draws: Draws
    private var free: [Double]
    private var tokens: Double
    private var tokensAt = 0.0
    private var speeds: [Double] = []
    private var speed = 0.0
    private var loadSince = 0.0
    private var lastArrival = -10.0
    private var next = 0.0

    static let speedStep = 0.5

    init(_ law: Law, seed: UInt64) {
        self.law = law
        draws = Draws(seed: seed)
        free = [Double](repeating: 0, count: law.servers)
        tokens = law.bucket?.burst ?? 0
        speed = draws.normal()
    }

    var saturation: Double { Double(law.servers) / law.mean }
    /// Until the last payment is answered.
    var leftover: Double { max(0, (free.max() ?? 0) - now) }
    mutating func uniform() -> Double { draws.uniform() }

    /// Poisson arrivals for so long, each with its answer.
    mutating func run(
        rate: Double, seconds: Double, receive: (_ arrival: Double, _ answer: Answer) -> Void
    ) {
        let end = now + seconds
        var arrival = now + draws.exponential(mean: 1 / rate)
        while arrival < end {
            receive(arrival, answer(to: arrival))
            arrival += draws.exponential(mean: 1 / rate)
        }
        now = end
    }

    /// Arrivals whose rate rises from 0 to `rate`, by thinning.
    mutating func ramp(
        to rate: Double, seconds: Double, receive: (_ arrival: Double, _ answer: Answer) -> Void
    ) {
        let (start, end) = (now, now + seconds)
        var arrival = now + draws.exponential(mean: 1 / rate)
        while arrival < end {
            if draws.uniform() < (arrival - start) / seconds {
                receive(arrival, answer(to: arrival))
            }
            arrival += draws.exponential(mean: 1 / rate)
        }
        now = end
    }

    mutating func pause(_ seconds: Double) { now += seconds }

    private mutating func answer(to arrival: Double) -> Answer {
        guard arrival < law.end else { return Answer(kind: .refused, time: 0.0005) }
        if let bucket = law.bucket {
            tokens = min(bucket.burst, tokens + (arrival - tokensAt) * bucket.perSecond)
            tokensAt = arrival
            guard tokens >= 1 else { return Answer(kind: .throttled, time: 0.001) }
            tokens -= 1
        }
        if arrival - lastArrival > 2 { loadSince = arrival }
        lastArrival = arrival
        var first = 0
        for server in 1..<max(1, free.count) where free[server] < free[first] { first = server }
        let start = max(arrival, free[first])
        free[first] = start + duration(from: start, waited: start - arrival)
        return Answer(kind: .accepted, time: free[first] - arrival)
    }

    private mutating func duration(from start: Double, waited: Double) -> Double {
        var time: Double
        switch law.times {
        case .exponential: time = draws.exponential(mean: law.mean)
        case .logNormal:
            let variance = 0.6931471805599453
            time = law.mean * exp(variance.squareRoot() * draws.normal() - variance / 2)
        }
        if law.wander > 0 { time *= wandered(at: start) }
        if law.thrash > 0 { time *= 1 + law.thrash * min(1, waited / 0.1) }
        if law.heat != 1, start - loadSince > 30 { time *= law.heat }
        return time
    }

    private mutating func wandered(at time: Double) -> Double {
        let index = Int(time / Self.speedStep)
        let correlation = 0.9672161004820059  // exp(−0.5 / 15)
        while speeds.count <= index {
            speeds.append(exp(law.wander * speed))
            speed =
                correlation * speed
                + (1 - correlation * correlation).squareRoot() * draws.normal()
        }
        return speeds[index]
    }
}
