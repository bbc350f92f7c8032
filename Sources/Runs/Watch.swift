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
        var phases: [Int]
        var flow: Int
        var pass: Int
        var conditions: [ConditionWatch]
    }

    private let plan: EnginePlan
    private var run: [ConditionWatch]
    private var passes: [PassWatch]
    /// The condition of `limits.stop_if` that held.
    private(set) var reason: String?

    init(_ scenario: Scenario, _ records: RunLayout, plan: EnginePlan) {
        self.plan = plan
        let layout = Layout(scenario, records)
        run = scenario.limits.stopIf.map {
            ConditionWatch(
                $0, layout: layout, phases: layout.phases($0.selection), from: plan.origin)
        }
        let flows = plan.flowOfPhase
        passes = records.sources.enumerated().compactMap { index, phase in
            guard !phase.until.isEmpty else { return nil }
            let phases = records.records(ofSource: index)
            let conditions = phase.until.map {
                ConditionWatch($0, layout: layout, phases: phases, from: plan.origin)
            }
            return PassWatch(
                phases: phases, flow: flows[phases[0]], pass: -1, conditions: conditions)
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
            guard passes[watch].phases.contains(plan.phase(ofPass: pass)) else { return nil }
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
    private let lines: [RunLayout.Line]
    let paymentNames: [String]
    /// By payment.
    let expected: [Set<Outcome>]

    init(_ scenario: Scenario, _ records: RunLayout) {
        lines = records.lines
        paymentNames = scenario.payments.map(\.name)
        expected = scenario.payments.map(\.expect)
    }

    /// The records, settling included.
    func phases(_ selection: Selection) -> [Int] {
        lines.indices.filter { index in
            let line = lines[index]
            let isPhase = selection.phase.map { $0 == line.phase || $0 == line.name } ?? true
            let isAdapter = selection.adapter.map { $0 == line.adapter } ?? true
            return isPhase && isAdapter
                && (selection.flow == nil || selection.flow == line.flow)
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
