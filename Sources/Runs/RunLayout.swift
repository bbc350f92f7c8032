import Arrivals
import Curl
import Engine
import Payments
import Results
import Scenarios

/// The records of a run, and the passes that fill them: what the scenario's phases become for the arms
/// of the line-up.
struct RunLayout: Sendable {
    /// One record, as far as the engine does not need to know.
    struct Line: Sendable {
        enum Kind: Sendable {
            /// A phase of the scenario.
            case phase
            /// What was due at the beginning of its blocks.
            case settling
            /// The reference alone, which tells whether the arms of a duet interfere.
            case alone
        }

        var kind = Kind.phase
        /// With its flow's name before it where flows have names.
        var name: String
        /// The phase's own name.
        var phase: String
        var flow: String?
        var adapter: String?
        var measured: Bool
        var model: PhaseRecord.Model
        /// Index into the phases of the line-up's flows.
        var source: Int
    }

    private(set) var lines: [Line] = []
    /// By record.
    private(set) var phases: [PhasePlan] = []
    private(set) var passes: [PassPlan] = []
    private(set) var flows: [Range<Int>] = []
    private let lineup: Lineup
    private let weights: [Int]

    init(_ lineup: Lineup) {
        self.lineup = lineup
        weights = lineup.arms[0].payments.map(\.weight)
        var source = 0
        for flow in lineup.flows {
            let records = flow.phases.indices.map { index in
                add(flow.phases[index], of: flow, source: source + index)
            }
            let first = passes.count
            let alone = guardPass(of: flow, source: source)
            let guarded = flow.passes.indices.filter { isGuarded(flow.phases[flow.passes[$0]]) }
            for (place, phase) in flow.passes.enumerated() {
                if let alone, place == guarded.first { passes.append(alone) }
                play(flow.phases[phase], records[phase])
                if let alone, place == guarded.last { passes.append(alone) }
            }
            flows.append(first..<passes.count)
            source += flow.phases.count
        }
    }

    /// The phases of the line-up's flows, flow by flow.
    var sources: [Scenario.Phase] { lineup.flows.flatMap(\.phases) }

    private var isPlain: Bool { lineup.arms.count == 1 }

    /// The lanes of one pass of the phase.
    private mutating func add(
        _ phase: Scenario.Phase, of flow: Scenario.Flow, source: Int
    ) -> [PassPlan.Lane] {
        let style = style(of: phase)
        return lineup.arms.indices.map { arm in
            let plan = PhasePlan(
                phase, weights: phase.weights ?? weights, arm: arm,
                dealt: style == .dealt ? lineup.arms.count : 1)
            let line = Line(
                name: Self.name(phase.name, in: flow), phase: phase.name, flow: flow.name,
                adapter: lineup.arms[arm].name, measured: phase.measure,
                model: PhaseRecord.Model(phase), source: source)
            var lane = PassPlan.Lane(phase: add(line, plan))
            if style == .inBlocks {
                var settling = line
                settling.kind = .settling
                settling.name += Self.settling
                settling.measured = false
                lane.settling = add(settling, plan)
            }
            return lane
        }
    }

    private mutating func add(_ line: Line, _ plan: PhasePlan) -> Int {
        lines.append(line)
        phases.append(plan)
        return lines.count - 1
    }

    private mutating func play(_ phase: Scenario.Phase, _ lanes: [PassPlan.Lane]) {
        switch style(of: phase) {
        case .dealt: passes.append(PassPlan(lanes, .duet))
        case .inBlocks:
            let design = PassPlan.Design.blocks(
                lineup.block.nanoseconds, settle: lineup.settle.nanoseconds)
            passes.append(PassPlan(lanes, design))
        case .inTurn:
            let siblings = isPlain ? nil : passes.count..<passes.count + lanes.count
            passes += lanes.map { PassPlan([$0], .alone, siblings: siblings) }
        }
    }

    private enum Style { case dealt, inBlocks, inTurn }

    /// Users, and arrivals that were recorded, can't be dealt out: each arm needs them all.
    private func style(of phase: Scenario.Phase) -> Style {
        if isPlain { return .inTurn }
        switch (phase.model, lineup.design) {
        case (.open(.pause), _): return .dealt
        case (.open(.rate), .duet): return .dealt
        case (.open(.rate), .blocks), (.open(.recorded), .duet), (.open(.recorded), .blocks),
            (.closed, .duet), (.closed, .blocks):
            return .inBlocks
        case (.open(.rate), .sequential), (.open(.recorded), .sequential), (.closed, .sequential):
            return .inTurn
        }
    }

    private func isGuarded(_ phase: Scenario.Phase) -> Bool {
        phase.measure && style(of: phase) == .dealt
    }

    /// The reference alone under its part of the flow's first measured duet; nil where that is not asked
    /// for.
    private mutating func guardPass(of flow: Scenario.Flow, source: Int) -> PassPlan? {
        guard !isPlain, lineup.guardTime > .zero,
            let index = flow.phases.firstIndex(where: isGuarded),
            let arm = lineup.arms.firstIndex(where: \.isReference)
        else { return nil }
        let phase = flow.phases[index]
        var plan = PhasePlan(phase, weights: phase.weights ?? weights, arm: arm)
        plan.length = lineup.guardTime.nanoseconds
        plan.payments = nil
        let line = Line(
            kind: .alone, name: Self.name(Self.alone, in: flow), phase: Self.alone, flow: flow.name,
            adapter: lineup.arms[arm].name, measured: false, model: PhaseRecord.Model(phase),
            source: source + index)
        return PassPlan([PassPlan.Lane(phase: add(line, plan))], .alone)
    }

    /// What the record of the interference guard is called.
    static let alone = "alone"
    /// Behind the name of a phase, for what was due at the beginning of blocks.
    static let settling = " (settling)"

    private static func name(_ phase: String, in flow: Scenario.Flow) -> String {
        flow.name.map { "\($0)/\(phase)" } ?? phase
    }
}

extension RunLayout {
    /// The records of a phase of the line-up's flows, settling included.
    func records(ofSource source: Int) -> [Int] {
        lines.indices.filter { lines[$0].source == source && lines[$0].kind != .alone }
    }

    /// nil in a plain run.
    func design(_ plan: EnginePlan, targets: [String]) -> RunDesign? {
        guard !isPlain else { return nil }
        let adapters = zip(lineup.arms, targets).map { arm, target in
            RunDesign.Adapter(
                name: arm.name ?? "", target: target, isReference: arm.isReference)
        }
        return RunDesign(
            adapters: adapters,
            passes: plan.passes.indices.map { RunDesign.Pass(plan, pass: $0) })
    }
}

extension RunDesign.Pass {
    fileprivate init(_ plan: EnginePlan, pass: Int) {
        let lanes = plan.passes[pass].lanes
        self.init(
            kind: .alone, phases: lanes.map(\.phase), settling: lanes.compactMap(\.settling),
            seed: plan.orderSeed(ofPass: pass))
        switch plan.passes[pass].design {
        case .alone: kind = .alone
        case .duet: kind = .duet
        case .blocks(let block, let settle):
            kind = .blocks
            self.block = block
            self.settle = settle
        }
        length = plan.ownLength(ofPass: pass)
    }
}
