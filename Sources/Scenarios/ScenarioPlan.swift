import Arrivals
import Payments

extension Scenario.Phase {
    /// Payments that one pass of the phase means to make, at most; nil where only time ends it and
    /// the target sets the pace.
    package var plannedPayments: Double? {
        switch model {
        case .closed(let users): mostPayments(of: users).map(Double.init)
        case .open: openTotals?.arrivals
        }
    }

    /// How long one pass means to take, at most; nil where only the number of payments ends it and
    /// the target sets the pace.
    package var plannedDuration: Duration? {
        switch model {
        case .closed: end.length
        case .open: (openTotals?.length).map { .nanoseconds($0) }
        }
    }

    /// Payments that one pass will not exceed; nil as above. Poisson arrivals vary by the root of
    /// their number; five of these are left free: of large numbers, one draw in three million is
    /// more.
    var mostPayments: Int? {
        switch model {
        case .closed(let users): return mostPayments(of: users)
        case .open(.pause): return 0
        case .open(.recorded(let recording)): return Int(recording.totals.arrivals)
        case .open(.rate(_, let process)):
            guard let totals = openTotals else { return nil }
            let timed = process == .poisson ? withSpread(totals.arrivals) : totals.arrivals
            return min(end.payments ?? .max, Int(timed.rounded(.up)))
        }
    }

    /// Time that one pass will not exceed, by the same law; nil as above.
    var longestDuration: Duration? {
        guard case .open(.rate(_, .poisson)) = model, case .profile(let profile, _) = schedule,
            let payments = end.payments
        else { return plannedDuration }
        let counted = profile.instant(of: withSpread(Double(payments))).map { instant in
            Duration.milliseconds((Double(instant) / 1e6).rounded(.up))
        }
        let own = end.length ?? profile.length.map { .nanoseconds($0) }
        return [own, counted].compactMap(\.self).min()
    }

    private var openTotals: ArrivalTotals? {
        switch model {
        case .closed: return nil
        case .open(.recorded(let recording)): return recording.totals
        case .open(.rate), .open(.pause):
            let totals = try? schedule?.totals(
                length: end.length?.nanoseconds, count: end.payments)
            return totals ?? nil
        }
    }

    /// The fewest of what is shared, what each user may make, and what their pace lets them make.
    private func mostPayments(of users: Scenario.Users) -> Int? {
        var bounds = [end.payments, users.paymentsEach.map { $0 * users.most }].compactMap(\.self)
        if let pace = users.pace, let length = end.length {
            let turns = (length.attoseconds + pace.attoseconds - 1) / pace.attoseconds
            bounds.append(Int(turns) * users.most)
        }
        return bounds.min()
    }
}

/// A mean and five standard deviations of the Poisson distribution with this mean.
private func withSpread(_ mean: Double) -> Double { mean + 5 * mean.squareRoot() }

extension Scenario.Flow {
    /// Payments of all passes; nil when one of them has no plan.
    package var plannedPayments: Double? {
        let each = phases.map(\.plannedPayments)
        return passes.reduce(0) { sum, pass in
            sum.flatMap { sum in each[pass].map { sum + $0 } }
        }
    }

    /// Length of all passes without drains; nil when one of them has no plan.
    package var plannedDuration: Duration? {
        let each = phases.map(\.plannedDuration)
        return passes.reduce(.zero) { sum, pass in
            sum.flatMap { sum in each[pass].map { sum + $0 } }
        }
    }
}

extension Scenario {
    /// Payments of all flows; nil when one of them has no plan. Retries and repeats not counted.
    package var plannedPayments: Double? {
        flows.reduce(0) { sum, flow in
            sum.flatMap { sum in flow.plannedPayments.map { sum + $0 } }
        }
    }

    /// Length of the longest flow without drains; nil when one of them has no plan.
    package var plannedDuration: Duration? {
        flows.reduce(.zero) { longest, flow in
            longest.flatMap { longest in flow.plannedDuration.map { max(longest, $0) } }
        }
    }
}

extension Scenario {
    var isBesideBaseline: Bool { if case .beside = baseline { true } else { false } }

    /// Payments that a comparison by arrivals will not exceed, all adapters together, with every
    /// repeat and retry; nil where the targets set the pace.
    var mostCompared: Int? {
        guard let compare, case .rate(let rate) = compare.load else { return nil }
        let seconds = Double(compare.length.nanoseconds) / 1e9
        let share =
            switch compare.design {
            case .duet: Double(adapters.count)
            case .blocks, .sequential: 1.0
            }
        let drawn = withSpread(rate.perSecond * seconds * share)
        return Int(min(mostSent(drawn, weights: payments.map(\.weight)), 1e18))
    }

    /// How often ids are sent for so many payments, if every repeat that may be drawn is due and all
    /// of them are retried to the last.
    fileprivate func mostSent(_ payments: Double, weights: [Int]) -> Double {
        let all = Double(weights.reduce(0, +))
        let share = zip(self.payments, weights).reduce(0) { sum, entry in
            sum + (entry.0.repeats?.share ?? 0) * Double(entry.1) / all
        }
        let repeats = min(withSpread(share * payments), payments).rounded(.up)
        return (payments + repeats) * Double(1 + (retry?.most ?? 0))
    }
}

/// What is known of a plan: passes that have no plan count for nothing.
struct KnownPlan {
    /// Payments as planned, and as many as may be drawn.
    let payments: Int
    let drawn: Int
    /// The same with every repeat and every retry.
    let sent: Int
    private(set) var length: Duration = .zero
    private(set) var drawnLength: Duration = .zero

    init(_ scenario: Scenario) {
        var (payments, drawn, sent) = (0.0, 0.0, 0.0)
        for flow in scenario.flows {
            var (length, drawnLength): (Duration, Duration) = (.zero, .zero)
            for (phase, times) in zip(flow.phases, flow.passesOfPhases) {
                let most = Double(phase.mostPayments ?? 0)
                payments += (phase.plannedPayments ?? 0) * Double(times)
                drawn += most * Double(times)
                let weights = phase.weights ?? scenario.payments.map(\.weight)
                sent += scenario.mostSent(most, weights: weights) * Double(times)
                length += (phase.plannedDuration ?? .zero) * times
                drawnLength += (phase.longestDuration ?? .zero) * times
            }
            self.length = max(self.length, length)
            self.drawnLength = max(self.drawnLength, drawnLength)
        }
        self.payments = Self.whole(payments)
        self.drawn = Self.whole(drawn)
        self.sent = Self.whole(sent)
    }

    /// Far above every limit there may be, all numbers are the same.
    private static func whole(_ value: Double) -> Int { Int(min(value.rounded(), 1e18)) }
}

extension Scenario.Flow {
    /// How often each phase runs.
    fileprivate var passesOfPhases: [Int] {
        var passes = [Int](repeating: 0, count: phases.count)
        for pass in self.passes { passes[pass] += 1 }
        return passes
    }
}
