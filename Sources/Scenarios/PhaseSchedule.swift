import Arrivals
import Documents

extension Scenario.Phase {
    /// When payments are due; nil in the closed model, where answers say it.
    package var schedule: ArrivalSchedule? {
        switch model {
        case .closed: nil
        case .open(let load): load.schedule(over: end.length)
        }
    }

    /// It waits and pays nothing.
    package var isPause: Bool { model == .open(.pause) }

    /// Arrivals a second on average, as planned; nil in the closed model.
    package var meanRate: Double? { openTotals?.meanRate }

    /// Arrivals a second at most, as planned; of recorded ones in about a hundredth of the phase, all
    /// together. nil in the closed model.
    package var peakRate: Double? {
        switch model {
        case .closed, .open(.pause): return nil
        case .open(.rate(let shape, _)): return shape.peak
        case .open(.recorded(let recording)):
            let length = recording.arrivals.length
            guard length > 0 else { return nil }
            return schedule?.rates(over: length, samples: 100).max()
        }
    }
}

extension Scenario.OpenLoad {
    /// - Parameter length: of the phase; a ramp needs it.
    package func schedule(over length: Duration?) -> ArrivalSchedule {
        switch self {
        case .pause: .profile(.pause, .uniform)
        case .recorded(let recording): .recorded(recording.arrivals)
        case .rate(let shape, let process): .profile(shape.profile(over: length), process)
        }
    }

    /// `poisson`, `uniform` or `recorded`.
    package var process: String {
        switch self {
        case .rate(_, let process): process.rawValue
        case .recorded: "recorded"
        case .pause: ArrivalProcess.uniform.rawValue
        }
    }

    /// How the rate changes, in words; nil where it does not.
    package var shape: String? {
        switch self {
        case .pause: "pause"
        case .recorded(let recording):
            recording.arrivals.speed == 1 ? nil : "\(recording.arrivals.speed)x"
        case .rate(let shape, _): shape.words
        }
    }
}

extension Scenario.RateShape {
    /// `500/s to 2000/s`; nil where the rate does not change.
    package var words: String? {
        switch self {
        case .constant: nil
        case .ramp(let from, let to): "\(written(from)) to \(written(to))"
        case .stairs(let from, let to, let step, let every):
            "\(from.written) to \(to.written), \(step.written) every \(every.written)"
        case .spike(let base, let peak, let at, let lasting):
            "\(written(base)), from \(at.written) \(peak.written) for \(lasting.written)"
        }
    }

    /// Arrivals a second where there are most.
    fileprivate var peak: Double {
        switch self {
        case .constant(let rate): rate.perSecond
        case .ramp(let from, let to): max(from, to)
        case .stairs(let from, let to, _, _): max(from.perSecond, to.perSecond)
        case .spike(let base, let peak, _, _): max(base, peak.perSecond)
        }
    }

    /// - Parameter length: of the phase; a ramp needs it.
    func profile(over length: Duration?) -> RateProfile {
        switch self {
        case .constant(let rate): return .constant(rate)
        case .ramp(let from, let to):
            guard let length else { preconditionFailure("a ramp has a length") }
            return .ramp(from: from, to: to, over: length.nanoseconds)
        case .stairs(let from, let to, let step, let every):
            return .stairs(from: from, to: to, step: step, every: every.nanoseconds)
        case .spike(let base, let peak, let at, let lasting):
            return .spike(
                base: base, peak: peak, at: at.nanoseconds, lasting: lasting.nanoseconds)
        }
    }
}

extension Duration {
    /// Rounded towards zero.
    var nanoseconds: Int64 { Int64(attoseconds / 1_000_000_000) }
}
