import Arrivals
import Engine
import Payments
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
            case .open(let rate, let process): .open(.profile(.constant(rate), process))
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
