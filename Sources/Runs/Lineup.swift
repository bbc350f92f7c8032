import Payments
import Scenarios

/// The targets of a run, and how its load is laid over them.
package struct Lineup: Sendable {
    package struct Arm: Sendable {
        /// As results call it; nil where there is one.
        package var name: String?
        package var target: Scenario.Target
        /// The mix as it is sent there: the same entries for every arm.
        package var payments: [PaymentTemplate]
        /// What the others are judged against.
        package var isReference: Bool

        package init(
            name: String?, target: Scenario.Target, payments: [PaymentTemplate],
            isReference: Bool
        ) {
            self.name = name
            self.target = target
            self.payments = payments
            self.isReference = isReference
        }
    }

    /// 1…8.
    package var arms: [Arm]
    package var design = Scenario.Design.duet
    package var block: Duration = .seconds(2)
    package var settle: Duration = .milliseconds(200)
    /// How long the reference has a duet's load for itself before and after it; zero: not at all.
    package var guardTime: Duration = .zero
    /// What is played: in a duet and in blocks each arm gets this load while it is measured.
    package var flows: [Scenario.Flow]

    package init(arms: [Arm], flows: [Scenario.Flow]) {
        precondition((1...8).contains(arms.count), "a run has one to eight targets")
        self.arms = arms
        self.flows = flows
    }

    /// A plain run.
    package init(_ scenario: Scenario) {
        self.init(
            arms: [
                Arm(
                    name: nil, target: scenario.target, payments: scenario.payments,
                    isReference: true)
            ],
            flows: scenario.flows)
    }

    /// The scenario's target, beside a baseline where the scenario asks for one.
    package init(running scenario: Scenario) {
        if case .beside(let baseline, let design) = scenario.baseline {
            self.init(scenario, beside: baseline, design)
        } else {
            self.init(scenario)
        }
    }

    /// The candidate, which is the scenario's target, beside the baseline, under the scenario's load.
    package init(
        _ scenario: Scenario, beside baseline: Scenario.Adapter, _ design: Scenario.Design
    ) {
        let candidate = Arm(
            name: Self.candidate, target: scenario.target, payments: scenario.payments,
            isReference: false)
        self.init(
            arms: [Arm(baseline, of: scenario), candidate], flows: scenario.flows)
        self.design = design
        if design == .duet, scenario.hasTimeForAGuard { guardTime = Scenario.guardTime }
    }

    /// The scenario's adapters under the load of its comparison; nil where it compares nothing.
    ///
    /// - Parameter other: in place of the design that the scenario asks for.
    package init?(comparing scenario: Scenario, _ other: Scenario.Design? = nil) {
        guard let compare = scenario.compare else { return nil }
        let design = other ?? compare.design
        // Users need blocks.
        let isDuet: Bool = if case .rate = compare.load { design == .duet } else { false }
        let guardTime = isDuet ? Self.usualGuard : .zero
        let flow = scenario.comparedFlow(
            isDuet || design == .sequential ? design : .blocks, aside: guardTime * 2)
        self.init(
            arms: scenario.adapters.map { Arm($0, of: scenario) },
            flows: [flow].compactMap(\.self))
        self.design = design
        self.guardTime = guardTime
        block = compare.block
        settle = compare.settle
    }

    private static let usualGuard = Duration.seconds(10)

    /// The one that the run is named after: a candidate, else what the others are judged against.
    var mainArm: Int {
        arms.firstIndex { $0.name == Self.candidate } ?? arms.firstIndex(where: \.isReference) ?? 0
    }

    /// Its name where it runs beside a baseline.
    package static let candidate = "candidate"
}

extension Lineup.Arm {
    fileprivate init(_ adapter: Scenario.Adapter, of scenario: Scenario) {
        self.init(
            name: adapter.name, target: adapter.target, payments: scenario.payments(to: adapter),
            isReference: adapter.isReference)
    }
}

extension Scenario {
    /// Of the reference alone, before a duet and after it (`truth.md`, 5.1).
    fileprivate static let guardTime = Duration.seconds(10)

    /// A duet that is too short to be judged needs none.
    fileprivate var hasTimeForAGuard: Bool {
        guard let planned = plannedDuration, planned >= .seconds(60) else { return false }
        return limits.duration.map { planned + Self.guardTime * 2 <= $0 } ?? true
    }
}
