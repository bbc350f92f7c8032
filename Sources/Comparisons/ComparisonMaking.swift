import Metrics
import Payments
import Results
import Statistics

extension Comparison {
    /// What is known of the runs beside their adapters.
    package struct Origin: Sendable {
        package var scenario: Summary.ScenarioIdentity
        package var runIDs: [String]
        package var startedAt: String
        /// Of the run, or the worst of several.
        package var validity: Verdict
        package var endedEarly = false
        /// nil where nothing was drawn.
        package var orderSeed: UInt64?
        package var order: [[String]]?
        /// What a duet showed that was given up for it.
        package var duetBefore: Guard?

        package init(_ first: Summary, _ others: [Summary] = []) {
            let summaries = [first] + others
            scenario = first.scenario
            runIDs = summaries.map(\.runID)
            startedAt = first.startedAt
            let verdicts = summaries.map(\.verdict)
            validity = Verdict(
                validity: verdicts.map(\.validity).max() ?? .valid,
                causes: verdicts.flatMap(\.causes))
            validity.accepted = verdicts.contains(where: \.accepted)
        }

        /// Who came when, as the run's design says.
        package mutating func take(_ start: RunStart, spans: [PhaseRecord.Span]) {
            guard let design = start.design,
                let pass = design.passes.lastIndex(where: { pass in
                    pass.phases.contains { start.phases[$0].measured }
                })
            else { return }
            let plan = design.passes[pass]
            orderSeed = plan.kind == .alone ? nil : plan.seed
            guard plan.kind == .blocks, let first = spans.map(\.start).min(),
                let last = spans.map(\.end).max()
            else { return }
            // Spans are without their settling.
            let settle = Double(plan.settle) / 1e9
            let span = PhaseRecord.Span(start: max(0, first - settle), end: last)
            let rounds = Dictionary(grouping: design.blocks(ofPass: pass, span), by: \.round)
            order = rounds.sorted { $0.key < $1.key }.map { _, blocks in
                blocks.sorted { $0.span.start < $1.span.start }.map {
                    start.phases[$0.phase].adapter ?? ""
                }
            }
        }
    }

    package init(_ judge: ComparisonJudge, _ origin: Origin) {
        let (material, settings) = (judge.material, judge.settings)
        scenario = origin.scenario
        runIDs = origin.runIDs
        startedAt = origin.startedAt
        design = material.design
        self.settings = Settings(
            metrics: settings.metrics.map(\.name), equivalentWithin: settings.equivalentWithin,
            confidence: settings.confidence, confidenceEach: judge.confidenceEach,
            looks: settings.looks, orderSeed: origin.orderSeed, order: origin.order)
        slices = Slices(
            seconds: material.sliceSeconds, judged: judge.keys.count,
            endedEarly: origin.endedEarly, dropped: judge.dropped)
        adapters = material.arms.map { Adapter($0, judge) }
        verdicts = judge.verdicts
        shifts = judge.shifts
        codes = judge.codes
        interference = material.interference.map(Guard.init) ?? origin.duetBefore
        validity = origin.validity.with(judge.drops)
        notes = []
        notes = sentences
    }

    private func sentence(of interference: Guard) -> String {
        let effect =
            "beside the others the reference's median differs by \(interference.change.text) from "
            + "what it is alone"
        return design == .duet
            ? "The adapters interfere: \(effect); design: blocks measures them one at a time."
            : "The adapters interfere: in the duet that came before this, \(effect). So they were "
                + "measured in blocks; what the duet sent is in \(Self.duetFolder)/."
    }

    private var sentences: [String] {
        var notes: [String] = []
        if !design.isPaired {
            notes.append(
                "Measured \(design == .apart ? "in runs of their own" : "one after another"): drift "
                    + "between them is not excluded, and no interval has it in it.")
        }
        if let interference, interference.interferes { notes.append(sentence(of: interference)) }
        for adapter in adapters where adapter.isDown {
            notes.append("\(adapter.name) is down: hardly any of its payments got an answer.")
        }
        let failing = adapters.filter { !$0.isDown && $0.errorRate > 0.01 }
        if !failing.isEmpty {
            let list = failing.map { "\($0.name) \(Figures.share($0.errorRate))" }
            notes.append(
                "Errors are in the response times: \(list.joined(separator: ", ")) of the payments; "
                    + "failures that come fast make quantiles look better.")
        }
        return notes
    }
}

extension Comparison.Guard {
    package init(_ interference: Interference) {
        self.init(
            change: Comparison.Change(interference.difference.change),
            interferes: interference.isPresent)
    }
}

extension Comparison.Change {
    /// `+3.1 % [+2.5 %, +3.8 %]`
    package var text: String {
        "\(Self.signed(change)) [\(lower.map(Self.signed) ?? "–"), \(upper.map(Self.signed) ?? "∞")]"
    }

    package static func signed(_ share: Double) -> String {
        guard share.isFinite else { return share > 0 ? "∞" : "-∞" }
        return (share < 0 ? "-" : "+") + Figures.share(abs(share))
    }
}

extension Comparison.Adapter {
    fileprivate init(_ arm: ComparedArm, _ judge: ComparisonJudge) {
        let outcomes = judge.outcomes(arm)
        self.init(
            name: arm.name, target: arm.target, isReference: arm.isReference,
            payments: outcomes.reduce(0, +),
            outcomes: Dictionary(
                uniqueKeysWithValues: Outcome.allCases.map { ($0, outcomes[Int($0.rawValue)]) }),
            errorRate: judge.errorRate(arm), isDown: judge.isDown(arm),
            values: judge.settings.metrics.map { metric in
                .init(
                    metric: metric.name, unit: BudgetResult.Unit(metric),
                    value: judge.value(arm, metric))
            })
    }
}

extension ComparisonJudge {
    /// Slices left out are a reason to doubt; too many, not to believe.
    fileprivate var drops: Verdict.Cause? {
        let all = keys.count + dropped.count
        guard !dropped.isEmpty, all > 0 else { return nil }
        let share = Double(dropped.count) / Double(all)
        return Verdict.Cause(
            check: "slices.dropped", value: share, threshold: Self.mostDropped,
            advice: "\(dropped.count) of \(all) slices were left out: the generator was late in "
                + "them by more than a fifth of the response time. Lower the rate, or use a machine "
                + "with nothing else to do.")
    }
}

extension Verdict {
    fileprivate func with(_ drops: Cause?) -> Verdict {
        guard let drops else { return self }
        var verdict = self
        verdict.causes.append(drops)
        let own: Validity = drops.value > drops.threshold ? .invalid : .suspect
        verdict.validity = max(validity, own)
        return verdict
    }
}
