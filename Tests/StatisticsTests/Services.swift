import Glibc

/// A synthetic service, asked by Poisson arrivals, whose law of response times is known in closed form
/// (or by one integral): the truth that intervals must cover. Seconds throughout.
enum Service: Sendable {
    /// Independent log-normal times around 20 ms, log-sd 0.5.
    case independent
    /// The same law for each payment, but the logarithms of neighbours correlate.
    case chained(correlation: Double)
    /// Independent times, scaled by a slow drift: log-sd `spread`, correlation time 5 s.
    case drifting(spread: Double)
    /// Four servers with exponential times, one queue, utilisation ρ (M/M/4).
    case queue(utilisation: Double)
    /// Independent times; now and then, after exponential gaps of mean 20 s, everything waits for
    /// the end of a stall of mean 0.3 s.
    case stalling
    /// Independent times; everything waits for the end of a freeze of 0.5 s that comes each 5 s.
    case freezing

    var name: String {
        switch self {
        case .independent: "independent"
        case .chained(let correlation): "AR(1) by payment, \(correlation)"
        case .drifting(let spread): "drift \(Int((spread * 100).rounded())) %, 5 s"
        case .queue(let utilisation): "M/M/4 at \(utilisation)"
        case .stalling: "rare stalls"
        case .freezing: "periodic freezes"
        }
    }

    /// Calls `receive` with each arrival (seconds from the start of the window) and its time, in order.
    func run(
        rate: Double, seconds: Double, draws: inout Draws,
        receive: (_ arrival: Double, _ time: Double) -> Void
    ) {
        switch self {
        case .independent:
            Self.arrivals(rate, seconds, &draws) { receive($0, Self.base(&$1)) }
        case .chained(let correlation):
            var chain = Autoregression(correlation: correlation, draws: &draws)
            Self.arrivals(rate, seconds, &draws) { arrival, draws in
                chain.step(&draws)
                receive(arrival, Self.middle * exp(Self.spread * chain.value))
            }
        case .drifting(let spread):
            drift(spread, rate, seconds, &draws, receive)
        case .queue(let utilisation):
            queue(utilisation, rate, seconds, &draws, receive)
        case .stalling:
            stall(rate, seconds, &draws, receive)
        case .freezing:
            let phase = draws.uniform() * Self.freezePeriod
            Self.arrivals(rate, seconds, &draws) { arrival, draws in
                let since = fmod(arrival + phase, Self.freezePeriod)
                receive(arrival, Self.base(&draws) + max(0, Self.freezeLength - since))
            }
        }
    }

    private static let middle = 0.02
    private static let spread = 0.5
    private static let freezePeriod = 5.0
    private static let freezeLength = 0.5
    private static let stallGap = 20.0
    private static let stallLength = 0.3

    private static func base(_ draws: inout Draws) -> Double {
        middle * exp(spread * draws.normal())
    }

    private static func arrivals(
        _ rate: Double, _ seconds: Double, _ draws: inout Draws,
        _ receive: (Double, inout Draws) -> Void
    ) {
        var arrival = draws.exponential(mean: 1 / rate)
        while arrival < seconds {
            receive(arrival, &draws)
            arrival += draws.exponential(mean: 1 / rate)
        }
    }

    private func drift(
        _ spread: Double, _ rate: Double, _ seconds: Double, _ draws: inout Draws,
        _ receive: (Double, Double) -> Void
    ) {
        let step = 0.1
        var level = Autoregression(correlation: exp(-step / 5), draws: &draws)
        var next = step
        Self.arrivals(rate, seconds, &draws) { arrival, draws in
            while arrival >= next {
                level.step(&draws)
                next += step
            }
            receive(arrival, Self.base(&draws) * exp(spread * level.value))
        }
    }

    private func queue(
        _ utilisation: Double, _ rate: Double, _ seconds: Double, _ draws: inout Draws,
        _ receive: (Double, Double) -> Void
    ) {
        let warmUp = 60.0
        var free = [Double](repeating: 0, count: 4)
        Self.arrivals(rate, warmUp + seconds, &draws) { arrival, draws in
            var first = 0
            for server in 1..<4 where free[server] < free[first] { first = server }
            free[first] =
                max(arrival, free[first]) + draws.exponential(mean: 4 * utilisation / rate)
            if arrival >= warmUp { receive(arrival - warmUp, free[first] - arrival) }
        }
    }

    private func stall(
        _ rate: Double, _ seconds: Double, _ draws: inout Draws,
        _ receive: (Double, Double) -> Void
    ) {
        var start = draws.exponential(mean: Self.stallGap)
        var end = start + draws.exponential(mean: Self.stallLength)
        Self.arrivals(rate, seconds, &draws) { arrival, draws in
            while arrival >= end {
                start = end + draws.exponential(mean: Self.stallGap)
                end = start + draws.exponential(mean: Self.stallLength)
            }
            receive(arrival, Self.base(&draws) + (arrival >= start ? end - arrival : 0))
        }
    }
}

extension Service {
    /// The exact quantile of the response time, by bisection of `tail`.
    func quantile(_ quantile: Double, rate: Double) -> Double {
        var (low, high) = (0.0, 100.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            let isBeyond = tail(beyond: middle, rate: rate) <= 1 - quantile
            if isBeyond { high = middle } else { low = middle }
        }
        return (low + high) / 2
    }

    /// P(response time > `time`) at a random arrival.
    private func tail(beyond time: Double, rate: Double) -> Double {
        switch self {
        case .independent, .chained: Self.logNormal(time, spread: Self.spread)
        case .drifting(let spread):
            Self.logNormal(time, spread: (Self.spread * Self.spread + spread * spread).squareRoot())
        case .queue(let utilisation): Self.erlang(time, utilisation: utilisation, rate: rate)
        case .stalling:
            // What is left of an exponential stall is exponential alike.
            Self.delayed(time, share: Self.stallLength / (Self.stallGap + Self.stallLength)) {
                exp(-$0 / Self.stallLength)
            }
        case .freezing:
            // What is left of a freeze is uniform.
            Self.delayed(time, share: Self.freezeLength / Self.freezePeriod) {
                max(0, 1 - $0 / Self.freezeLength)
            }
        }
    }

    private static func logNormal(_ time: Double, spread: Double) -> Double {
        time <= 0 ? 1 : erfc(log(time / middle) / (spread * 2.0.squareRoot())) / 2
    }

    /// `share` of the payments wait, longer than u with probability `rest(u)`, before their own time:
    /// P(X > t) + ∫ rest(u) f_X(t − u) du, integrated by parts over the wait (midpoints).
    private static func delayed(
        _ time: Double, share: Double, rest: (Double) -> Double
    ) -> Double {
        let own = logNormal(time, spread: spread)
        let steps = 1000
        let width = time / Double(steps)
        var waited = rest(time)
        for step in 0..<steps {
            let from = Double(step) * width
            waited +=
                (rest(from) - rest(from + width))
                * logNormal(time - from - width / 2, spread: spread)
        }
        return (1 - share) * own + share * waited
    }

    /// Response time of M/M/4: with probability C (Erlang) a wait, exponential of rate 4µ − λ, and
    /// then a service of rate µ (Kleinrock, Queueing Systems I, 3.5).
    private static func erlang(_ time: Double, utilisation: Double, rate: Double) -> Double {
        let offered = 4 * utilisation
        let full = offered * offered * offered * offered / 24 / (1 - utilisation)
        let least = 1 + offered + offered * offered / 2 + offered * offered * offered / 6
        let waits = full / (least + full)
        let service = rate / offered
        let queue = 4 * service - rate
        let both =
            (service * exp(-queue * time) - queue * exp(-service * time)) / (service - queue)
        return (1 - waits) * exp(-service * time) + waits * both
    }
}
