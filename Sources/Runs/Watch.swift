import Curl
import Engine
import Histograms
import Metrics
import Payments
import Scenarios

/// The conditions of a scenario, looked at four times a second: `limits.stop_if` over the whole run,
/// `until` over the pass that is under way.
struct Watch {
    private struct PassWatch {
        var phase: Int
        var flow: Int
        var pass: Int
        var conditions: [ConditionWatch]
    }

    private let plan: EnginePlan
    private var run: [ConditionWatch]
    private var passes: [PassWatch]
    /// The condition of `limits.stop_if` that held.
    private(set) var reason: String?

    init(_ scenario: Scenario, plan: EnginePlan) {
        self.plan = plan
        let layout = Layout(scenario)
        run = scenario.limits.stopIf.map {
            ConditionWatch(
                $0, layout: layout, phases: layout.phases($0.selection), from: plan.origin)
        }
        let flows = plan.flowOfPhase
        passes = scenario.phases.enumerated().compactMap { index, phase in
            guard !phase.until.isEmpty else { return nil }
            let conditions = phase.until.map {
                ConditionWatch($0, layout: layout, phases: [index], from: plan.origin)
            }
            return PassWatch(phase: index, flow: flows[index], pass: -1, conditions: conditions)
        }
    }

    mutating func add(_ tally: Tally) {
        for index in run.indices { run[index].add(tally) }
        for watch in passes.indices {
            for index in passes[watch].conditions.indices {
                passes[watch].conditions[index].add(tally)
            }
        }
    }

    mutating func isStopped(at now: Nanoseconds) -> Bool {
        for index in run.indices where reason == nil && run[index].holds(at: now) {
            reason = run[index].condition.text
        }
        return reason != nil
    }

    /// Of the passes that the flows are in, those that a condition ends.
    mutating func endedPasses(_ current: [PassSpan], at now: Nanoseconds) -> [Int] {
        passes.indices.compactMap { watch in
            let span = current[passes[watch].flow]
            let pass = span.pass
            guard plan.passes[pass] == passes[watch].phase else { return nil }
            if passes[watch].pass != pass {
                // What was counted is of this pass, or of the last one of the same phase.
                let isFirst = passes[watch].pass < 0
                passes[watch].pass = pass
                for index in passes[watch].conditions.indices {
                    isFirst
                        ? passes[watch].conditions[index].begin(at: max(span.start, plan.origin))
                        : passes[watch].conditions[index].restart(at: now)
                }
            }
            var isEnded = false
            for index in passes[watch].conditions.indices {
                if passes[watch].conditions[index].holds(at: now) { isEnded = true }
            }
            return isEnded ? pass : nil
        }
    }
}

/// What names and expectations of the scenario mean for the indices of a tally.
struct Layout: Sendable {
    let phaseNames: [(name: String, full: String, flow: String?)]
    let paymentNames: [String]
    /// By payment.
    let expected: [Set<Outcome>]

    init(_ scenario: Scenario) {
        phaseNames = scenario.flows.flatMap { flow in
            flow.phases.map { phase in
                (phase.name, flow.name.map { "\($0)/\(phase.name)" } ?? phase.name, flow.name)
            }
        }
        paymentNames = scenario.payments.map(\.name)
        expected = scenario.payments.map(\.expect)
    }

    func phases(_ selection: Selection) -> [Int] {
        phaseNames.indices.filter { index in
            let phase = phaseNames[index]
            let isPhase = selection.phase.map { $0 == phase.name || $0 == phase.full } ?? true
            return isPhase && (selection.flow == nil || selection.flow == phase.flow)
        }
    }
}

/// One condition over the last stretch of time, or since it began.
struct ConditionWatch {
    /// A window is taken in this many steps: what is older than it by one step may still be in it.
    private static let steps = 40

    private struct Step {
        var begin: Nanoseconds
        var reading: Reading
    }

    let condition: Condition
    private let layout: Layout
    private let phases: [Int]
    private var begin: Nanoseconds
    private var steps: [Step] = []
    private let window: Nanoseconds?

    init(_ condition: Condition, layout: Layout, phases: [Int], from begin: Nanoseconds) {
        self.condition = condition
        self.layout = layout
        self.phases = phases
        self.begin = begin
        window = condition.window?.nanoseconds
    }

    mutating func begin(at start: Nanoseconds) {
        begin = start
        if !steps.isEmpty { steps[0].begin = start }
    }

    /// What was counted until now counts no more.
    mutating func restart(at now: Nanoseconds) {
        begin = now
        steps.removeAll()
    }

    mutating func add(_ tally: Tally) {
        let reading = Reading(
            condition.metric, condition.selection, of: tally, phases: phases, layout: layout)
        if steps.isEmpty { steps.append(Step(begin: begin, reading: Reading())) }
        steps[steps.count - 1].reading.add(reading)
    }

    /// With a window: not before that has passed once.
    mutating func holds(at now: Nanoseconds) -> Bool {
        if let window {
            let length = window / Nanoseconds(Self.steps)
            if steps.last.map({ now >= $0.begin + length }) ?? false {
                steps.append(Step(begin: now, reading: Reading()))
            }
            while let first = steps.dropFirst().first, first.begin <= now - window {
                steps.removeFirst()
            }
            if now < begin + window { return false }
        }
        let reading = steps.reduce(into: Reading()) { $0.add($1.reading) }
        let seconds = Double(min(window ?? .max, now - begin)) / 1e9
        guard let value = reading.value(of: condition.metric, seconds: seconds) else {
            return false
        }
        return condition.comparison.holds(value, condition.value.number)
    }
}
