import Designs

/// How a run laid its load over several adapters; with it and the spans of the passes everybody can tell
/// which adapter had any instant, and in which round.
package struct RunDesign: Codable, Sendable, Equatable {
    package struct Adapter: Codable, Sendable, Equatable {
        package var name: String
        /// Where its load went, as shown to people.
        package var target: String
        /// What the others are judged against.
        package var isReference: Bool

        package init(name: String, target: String, isReference: Bool) {
            self.name = name
            self.target = target
            self.isReference = isReference
        }
    }

    package enum Kind: String, Codable, Sendable {
        /// One adapter at a time.
        case alone
        /// One schedule, each arrival to one of the adapters.
        case duet
        /// Rounds of one block for each adapter.
        case blocks
    }

    package struct Pass: Codable, Sendable, Equatable {
        package var kind: Kind
        /// A record for each of its adapters; arms go by their place here.
        package var phases: [Int]
        /// The records of what was due at the beginning of blocks; empty where there are none.
        package var settling: [Int]
        /// Of `ArmOrder`.
        package var seed: UInt64
        /// Nanoseconds; 0 where there are no blocks.
        package var block: Int64
        package var settle: Int64
        /// Of each adapter's part, in nanoseconds; nil where it did not end by time.
        package var length: Int64?

        package init(
            kind: Kind, phases: [Int], settling: [Int] = [], seed: UInt64, block: Int64 = 0,
            settle: Int64 = 0, length: Int64? = nil
        ) {
            self.kind = kind
            self.phases = phases
            self.settling = settling
            self.seed = seed
            self.block = block
            self.settle = settle
            self.length = length
        }

        /// Shorter ones nobody plays; 100 ms.
        private static let leastBlock: Int64 = 100_000_000

        /// What a log says need not be possible.
        func isPossible(records: Int) -> Bool {
            let known = (phases + settling).allSatisfy { (0..<records).contains($0) }
            let counts = (1...8).contains(phases.count)
            let blocks =
                kind != .blocks
                || ((Self.leastBlock..<1 << 50).contains(block) && (0..<block).contains(settle)
                    && settling.count == phases.count)
            return known && counts && blocks && (0..<1 << 55).contains(length ?? 0)
        }

        /// nil where there are no blocks.
        package var timetable: BlockTimetable? {
            guard kind == .blocks else { return nil }
            return BlockTimetable(
                order: ArmOrder(arms: phases.count, seed: seed), block: block, settle: settle,
                length: length)
        }
    }

    package var adapters: [Adapter]
    package var passes: [Pass]

    package init(adapters: [Adapter], passes: [Pass]) {
        self.adapters = adapters
        self.passes = passes
    }
}

extension RunDesign {
    /// One adapter's block, without its settling.
    package struct Block: Sendable, Equatable {
        package var pass: Int
        /// From 0.
        package var round: Int
        /// The record that its payments are in.
        package var phase: Int
        /// In seconds from the start of the run.
        package var span: PhaseRecord.Span
        /// It began `settle` before.
        package var settling: PhaseRecord.Span
    }

    /// The blocks of a pass, adapter by adapter, as far as the pass got. A judge that doubts some of them
    /// leaves these out.
    package func blocks(ofPass pass: Int, _ span: PhaseRecord.Span) -> [Block] {
        guard let timetable = passes[pass].timetable else { return [] }
        let length = Int64((min(max(0, span.end - span.start), 1e6) * 1e9).rounded())
        return passes[pass].phases.enumerated().flatMap { arm, phase in
            timetable.blocks(of: arm, before: length).map { block in
                let start = span.start + Double(block.start) / 1e9
                let end = min(span.end, span.start + Double(block.end) / 1e9)
                let settled = min(end, start + Double(passes[pass].settle) / 1e9)
                return Block(
                    pass: pass, round: block.round, phase: phase,
                    span: PhaseRecord.Span(start: settled, end: end),
                    settling: PhaseRecord.Span(start: start, end: settled))
            }
        }
    }
}

extension RunStart {
    /// When a record's payments were due, in the order of time: whole passes, or its part of their blocks.
    ///
    /// - Parameter passes: what is known of them.
    package func spans(ofPhase phase: Int, passes spans: [Int: PhaseRecord.Span]) -> [PhaseRecord
        .Span]
    {
        passes.indices.flatMap { pass -> [PhaseRecord.Span] in
            guard let span = spans[pass] else { return [] }
            guard let design, pass < design.passes.count else {
                return passes[pass] == phase ? [span] : []
            }
            let plan = design.passes[pass]
            if plan.kind != .blocks { return plan.phases.contains(phase) ? [span] : [] }
            let blocks = design.blocks(ofPass: pass, span)
            if let arm = plan.settling.firstIndex(of: phase) {
                return blocks.filter { $0.phase == plan.phases[arm] }.map(\.settling)
            }
            return blocks.filter { $0.phase == phase }.map(\.span)
        }
    }
}
