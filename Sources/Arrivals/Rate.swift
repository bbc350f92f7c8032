/// Arrivals in a time, over all workers together.
package struct Rate: Sendable, Equatable {
    package let perSecond: Double

    /// - Precondition: `perSecond` is finite and above 0.
    package init(perSecond: Double) {
        precondition(perSecond.isFinite && perSecond > 0, "a rate is above 0/s")
        self.perSecond = perSecond
    }
}

/// How arrivals of the open model lie in time.
package enum ArrivalProcess: String, CaseIterable, Sendable {
    /// Independent arrivals: exponential gaps.
    case poisson
    /// Equal gaps.
    case uniform
}
