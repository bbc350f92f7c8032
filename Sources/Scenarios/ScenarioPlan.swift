import Arrivals

extension Scenario.Phase {
    /// Payments that the phase means to make, at most; nil where only time ends it and the target
    /// sets the pace.
    package var plannedPayments: Double? {
        let counted = end.payments.map(Double.init)
        switch model {
        case .closed: return counted
        case .open(let rate, _):
            guard let length = end.length else { return counted }
            let timed = rate.perSecond * length.seconds
            return counted.map { min($0, timed) } ?? timed
        }
    }

    /// How long the phase means to take, at most; nil where only the number of payments ends it and
    /// the target sets the pace.
    package var plannedDuration: Duration? {
        switch model {
        case .closed: return end.length
        case .open(let rate, _):
            guard let payments = end.payments else { return end.length }
            let counted = Duration.seconds(Double(payments) / rate.perSecond)
            return end.length.map { min($0, counted) } ?? counted
        }
    }
}

extension Scenario {
    /// Payments of all phases; nil when one of them has no plan.
    package var plannedPayments: Double? {
        load.reduce(0) { sum, phase in sum.flatMap { sum in phase.plannedPayments.map { sum + $0 } }
        }
    }

    /// Length of all phases without drains; nil when one of them has no plan.
    package var plannedDuration: Duration? {
        load.reduce(.zero) { sum, phase in
            sum.flatMap { sum in phase.plannedDuration.map { sum + $0 } }
        }
    }
}

extension Duration {
    fileprivate var seconds: Double { Double(attoseconds) / 1e18 }
}
