import Arrivals

extension Scenario.Phase {
    /// Payments that the phase means to make, at most; nil where only time ends it and the target
    /// sets the pace.
    package var plannedPayments: Double? {
        let counted = end.payments.map(Double.init)
        switch model {
        case .closed: return counted
        case .open(let rate, let arrivals):
            guard let length = end.length else { return counted }
            let timed =
                switch arrivals {
                case .uniform: Double(uniformArrivals(rate, within: length))
                case .poisson: rate.perSecond * length.seconds
                }
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

    /// Payments that the phase will not exceed; nil as above. Poisson arrivals vary by the root of
    /// their number; five of these are left free: of large numbers, one draw in three million is
    /// more.
    var mostPayments: Int? {
        let counted = end.payments
        guard case .open(let rate, let arrivals) = model, let length = end.length else {
            return counted
        }
        let timed =
            switch arrivals {
            case .uniform: uniformArrivals(rate, within: length)
            case .poisson: Int(withSpread(rate.perSecond * length.seconds).rounded(.up))
            }
        return min(counted ?? .max, timed)
    }

    /// Time that the phase will not exceed, by the same law; nil as above.
    var longestDuration: Duration? {
        guard case .open(let rate, .poisson) = model, let payments = end.payments else {
            return plannedDuration
        }
        let counted = Duration.milliseconds(
            (1000 * withSpread(Double(payments)) / rate.perSecond).rounded(.up))
        return end.length.map { min($0, counted) } ?? counted
    }
}

/// A mean and five standard deviations of the Poisson distribution with this mean.
private func withSpread(_ mean: Double) -> Double { mean + 5 * mean.squareRoot() }

/// How many of the instants 0, 1 / `rate`, 2 / `rate`, … lie before `length`, as `ArrivalStream`
/// rounds them.
private func uniformArrivals(_ rate: Rate, within length: Duration) -> Int {
    let nanoseconds = length.attoseconds / 1_000_000_000
    func isWithin(_ number: Int) -> Bool {
        Int128((Double(number) * (1e9 / rate.perSecond)).rounded()) < nanoseconds
    }
    var count = Int(rate.perSecond * length.seconds)
    while count > 0, !isWithin(count - 1) { count -= 1 }
    while isWithin(count) { count += 1 }
    return count
}

extension Scenario {
    /// Payments of all phases; nil when one of them has no plan.
    package var plannedPayments: Double? {
        phases.reduce(0) { sum, phase in
            sum.flatMap { sum in phase.plannedPayments.map { sum + $0 } }
        }
    }

    /// Length of all phases without drains; nil when one of them has no plan.
    package var plannedDuration: Duration? {
        phases.reduce(.zero) { sum, phase in
            sum.flatMap { sum in phase.plannedDuration.map { sum + $0 } }
        }
    }
}

extension Duration {
    fileprivate var seconds: Double { Double(attoseconds) / 1e18 }
}
