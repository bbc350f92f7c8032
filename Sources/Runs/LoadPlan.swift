import Arrivals
import DataFiles
import Engine
import Payments
import Results
import Scenarios

/// The flows of a scenario, as the engine numbers their passes.
struct Passes {
    /// Index into the scenario's phases, by pass.
    var phases: [Int] = []
    var flows: [Range<Int>] = []

    init(_ scenario: Scenario) {
        var firstPhase = 0
        for flow in scenario.flows {
            let firstPass = phases.count
            phases += flow.passes.map { firstPhase + $0 }
            flows.append(firstPass..<phases.count)
            firstPhase += flow.phases.count
        }
    }
}

extension PhasePlan {
    init(_ phase: Scenario.Phase, in scenario: Scenario) {
        let model: Model =
            switch phase.model {
            case .open: .open(phase.schedule ?? .profile(.pause, .uniform))
            case .closed(let users): .closed(UsersPlan(users))
            }
        self.init(
            model: model, length: phase.end.length?.nanoseconds, payments: phase.end.payments,
            mix: PaymentMix(weights: phase.weights ?? scenario.payments.map(\.weight)))
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

extension Scenario {
    /// As reports call the phases: behind the name of their flow where flows have names.
    var phaseNames: [String] {
        flows.flatMap { flow in
            flow.phases.map { phase in flow.name.map { "\($0)/\(phase.name)" } ?? phase.name }
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
        dataPlans(keys: keys).map { $0.rankings[phase]?.count(before: position) ?? 0 }
    }

    /// In the order of `data`, which templates refer to.
    func dataPlans(keys: RunKeys) -> [DataPlan] {
        let requests = payments.map {
            RequestTemplate(
                $0, parameters: target.parameters, format: target.format, data: dataFiles)
        }
        let headers = HeaderTemplates(
            credentials: target.credentials,
            headers: target.headers.map { ($0.name, $0.value) }, data: dataFiles)
        return zip(data.indices, rowOrders(keys: keys)).map { set, order in
            let isInHeaders = headers.varying.contains { $0.uses(dataSet: set) }
            let entries = requests.indices.filter {
                isInHeaders || requests[$0].uses(dataSet: set)
            }
            return DataPlan(
                file: data[set].file, order: order,
                rankings: phases.map { phase in
                    let weights = phase.weights ?? payments.map(\.weight)
                    let used = Set(entries.filter { weights[$0] > 0 })
                    return used.isEmpty
                        ? nil : Ranking(PaymentMix(weights: weights), entries: used)
                })
        }
    }
}
