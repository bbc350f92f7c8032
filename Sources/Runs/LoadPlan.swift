import Arrivals
import DataFiles
import Engine
import Payments
import Results
import Scenarios

extension PhasePlan {
    /// - Parameter arms: that share one schedule with this rate for each of them.
    init(_ phase: Scenario.Phase, weights: [Int], arm: Int, dealt arms: Int = 1) {
        let model: Model =
            switch phase.model {
            case .open:
                .open((phase.schedule ?? .profile(.pause, .uniform)).multiplied(by: arms))
            case .closed(let users): .closed(UsersPlan(users))
            }
        self.init(
            model: model, length: phase.end.length?.nanoseconds,
            payments: phase.end.payments.map { $0 * arms }, mix: PaymentMix(weights: weights),
            arm: arm)
    }
}

extension ArrivalSchedule {
    /// At so many times its rate.
    fileprivate func multiplied(by factor: Int) -> ArrivalSchedule {
        guard factor > 1, case .profile(let profile, let process) = self else { return self }
        let factor = Double(factor)
        let pieces = profile.pieces.map {
            RateProfile.Piece(length: $0.length, from: $0.from * factor, to: $0.to * factor)
        }
        let after = profile.length == nil ? profile.rateAfter * factor : nil
        return .profile(RateProfile(pieces, rateAfter: after), process)
    }
}

extension UsersPlan {
    init(_ users: Scenario.Users) {
        let thinkTime: ThinkTime =
            switch users.thinkTime {
            case .constant(let time): .constant(time.nanoseconds)
            case .uniform(let low, let high):
                .uniform(from: low.nanoseconds, to: high.nanoseconds)
            case .exponential(let mean): .exponential(mean: mean.nanoseconds)
            }
        self.init(
            from: users.from, to: users.to, thinkTime: thinkTime,
            pace: users.pace?.nanoseconds ?? 0, paymentsEach: users.paymentsEach)
    }
}

extension RetryPlan {
    init(_ retry: Scenario.Retry) {
        switch retry.delay {
        case .retryAfter(let otherwise):
            self.init(
                outcomes: retry.outcomes, most: retry.most, hearsRetryAfter: true,
                delay: otherwise.nanoseconds)
        case .fixed(let delay):
            self.init(
                outcomes: retry.outcomes, most: retry.most, hearsRetryAfter: false,
                delay: delay.nanoseconds)
        }
    }
}

extension Scenario.Phase {
    /// Arrivals a second, on average over a pass; 0 where that is not known.
    var meanRate: Double {
        guard let payments = plannedPayments, let length = plannedDuration, length > .zero else {
            return 0
        }
        return payments / (Double(length.nanoseconds) / 1e9)
    }

    /// The highest rate of an open phase; nil in the closed model.
    var peakRate: Double? {
        switch model {
        case .closed: nil
        case .open(.pause): 0
        case .open(.recorded(let recording)):
            schedule?.rates(over: max(1, recording.totals.length), samples: 100).max()
        case .open(.rate(let shape, _)): shape.peak
        }
    }
}

extension Scenario.RateShape {
    var peak: Double {
        switch self {
        case .constant(let rate): rate.perSecond
        case .ramp(let from, let to): max(from, to)
        case .stairs(let from, let to, _, _): max(from.perSecond, to.perSecond)
        case .spike(let base, let peak, _, _): max(base, peak.perSecond)
        }
    }

    /// How the rate changes; nil where it does not.
    var words: String? {
        switch self {
        case .constant: nil
        case .ramp(let from, let to):
            "ramp \(Figures.rate(perSecond: from)) to \(Figures.rate(perSecond: to))"
        case .stairs(let from, let to, _, _):
            "stairs \(Figures.rate(perSecond: from.perSecond)) to "
                + Figures.rate(perSecond: to.perSecond)
        case .spike(let base, let peak, _, _):
            "spike \(Figures.rate(perSecond: base)) to \(Figures.rate(perSecond: peak.perSecond))"
        }
    }
}

extension Scenario {
    /// Which row of each data set a payment of the first pass takes, counted from 0; 0 where it takes
    /// none.
    ///
    /// - Parameters:
    ///   - position: in its phase, from 0.
    ///   - phase: the first that pays.
    package func draws(at position: UInt64, inPhase phase: Int, keys: RunKeys) -> [UInt64] {
        let requests = RequestSet(target: target, payments: payments, data: dataFiles)
        let weights = phases[phase].weights ?? payments.map(\.weight)
        return data.indices.map { set in
            requests.ranking(ofSet: set, weights: weights)?.count(before: position) ?? 0
        }
    }
}

/// What is sent to one target, as far as rows of data sets are taken for it.
struct RequestSet {
    let requests: [RequestTemplate]
    let varyingHeaders: [ByteTemplate]

    /// - Parameter data: the scenario's data sets, in its order.
    init(target: Scenario.Target, payments: [PaymentTemplate], data: [DataFile]) {
        requests = payments.map {
            RequestTemplate($0, parameters: target.parameters, format: target.format, data: data)
        }
        varyingHeaders = HeaderTemplates(target, data: data).varying
    }

    /// Of the payments that take a row of the data set; nil where none does.
    func ranking(ofSet set: Int, weights: [Int]) -> Ranking? {
        let isInHeaders = varyingHeaders.contains { $0.uses(dataSet: set) }
        let used = requests.indices.filter { entry in
            weights[entry] > 0 && (isInHeaders || requests[entry].uses(dataSet: set))
        }
        return used.isEmpty ? nil : Ranking(PaymentMix(weights: weights), entries: Set(used))
    }
}
