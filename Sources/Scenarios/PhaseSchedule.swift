import Arrivals

extension Scenario.Phase {
    /// When payments are due; nil in the closed model, where answers say it.
    package var schedule: ArrivalSchedule? {
        switch model {
        case .closed: nil
        case .open(.pause): .profile(.pause, .uniform)
        case .open(.recorded(let recording)): .recorded(recording.arrivals)
        case .open(.rate(let shape, let process)):
            .profile(shape.profile(over: end.length), process)
        }
    }

    /// It waits and pays nothing.
    package var isPause: Bool { model == .open(.pause) }
}

extension Scenario.RateShape {
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
