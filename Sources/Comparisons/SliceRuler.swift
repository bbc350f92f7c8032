import Results

/// Which slice of a comparison a second of the run belongs to.
///
/// * Measured at the same time: stretches of intended time, of 4 s, or a 16th of a short comparison.
/// * In blocks: the rounds. Where a block is shorter than the seconds in which runs are recorded:
///   whole seconds that have a round's length.
/// * One after another: stretches of each adapter's own time; those with the same number have
///   nothing else in common.
struct SliceRuler: Sendable {
    private static let usualSlice = 4
    private static let fewestSlices = 16

    private let start: RunStart
    /// By record, of those that are measured: the pass that fills it.
    private let passes: [Int: Int]
    /// Of a stretch of time.
    private let length: Int
    private let isByRound: Bool
    /// Slices, if all goes on to its end; nil where adapters have their turns one after another, or
    /// something else than time ends it.
    let planned: Int?
    private var spans: [Int: PhaseRecord.Span] = [:]
    /// Of a record, the blocks by their order in time.
    private var blocks: [Int: [RunDesign.Block]] = [:]

    init(_ start: RunStart) {
        self.start = start
        let filled = Self.passes(of: start)
        passes = filled
        let plans = start.design.map { design in
            Set(filled.values).filter { $0 < design.passes.count }.map { design.passes[$0] }
        }
        let block = (plans ?? []).filter { $0.kind == .blocks }.max { $0.block < $1.block }
        isByRound = block.map { $0.block >= 1_000_000_000 } ?? false
        if let block {
            length = Int((block.block * Int64(block.phases.count) + 999_999_999) / 1_000_000_000)
        } else {
            let planned = (plans ?? []).compactMap(\.length).min().map { Int($0 / 1_000_000_000) }
            length =
                planned.map { max(1, min(Self.usualSlice, $0 / Self.fewestSlices)) }
                ?? Self.usualSlice
        }
        planned = Self.planned(plans ?? [], isByRound: isByRound, seconds: length)
    }

    private static func planned(
        _ plans: [RunDesign.Pass], isByRound: Bool, seconds: Int
    ) -> Int? {
        guard let plan = plans.first, plans.count == 1, let own = plan.length else { return nil }
        switch plan.kind {
        case .alone: return nil
        case .duet: return Int(own / 1_000_000_000) / seconds
        case .blocks:
            let all = own * Int64(plan.phases.count) / 1_000_000_000
            return isByRound ? Int(own / max(1, plan.block)) : Int(all) / seconds
        }
    }

    private static func passes(of start: RunStart) -> [Int: Int] {
        var passes: [Int: Int] = [:]
        for pass in start.passes.indices {
            let plans = start.design?.passes ?? []
            let records = pass < plans.count ? plans[pass].phases : [start.passes[pass]]
            for record in records where start.phases[record].measured {
                passes[record] = passes[record] ?? pass
            }
        }
        return passes
    }

    /// Of a slice in the time of the run.
    var seconds: Int { length }

    /// When passes were under way, as far as that is known.
    mutating func learn(_ known: [Int: PhaseRecord.Span]) {
        guard !known.isEmpty else { return }
        spans.merge(known) { $1 }
        guard isByRound, let design = start.design else { return }
        for pass in Set(passes.values) {
            guard known[pass] != nil, let span = spans[pass] else { continue }
            let found = Dictionary(grouping: design.blocks(ofPass: pass, span), by: \.phase)
            blocks.merge(found) { $1 }
        }
    }

    /// Of what was due in this second.
    func slice(of second: Int, record: Int) -> Int {
        if isByRound, let blocks = blocks[record], let block = Self.block(at: second, of: blocks) {
            return block.round
        }
        return stretch(at: Double(second) + 0.5, record)
    }

    /// Of what ended at this instant: that of the block it came from.
    func slice(ofEndAt instant: Double, record: Int) -> Int {
        if isByRound, let blocks = blocks[record] {
            let begun = blocks.last { $0.span.start <= instant } ?? blocks.first
            if let begun { return begun.round }
        }
        return stretch(at: instant, record)
    }

    private func stretch(at instant: Double, _ record: Int) -> Int {
        // One target has its phases one after another.
        let own =
            start.design == nil ? Set(passes.values) : Set([passes[record]].compactMap(\.self))
        let begin = own.compactMap { spans[$0]?.start }.min() ?? 0
        return max(0, Int((instant - begin).rounded(.down)) / max(1, length))
    }

    /// The block that has most of a second.
    private static func block(at second: Int, of blocks: [RunDesign.Block]) -> RunDesign.Block? {
        let (begin, end) = (Double(second), Double(second + 1))
        func shared(_ block: RunDesign.Block) -> Double {
            min(end, block.span.end) - max(begin, block.span.start)
        }
        // The nearest ones only: there may be thousands.
        let near = blocks.partition(before: end)
        return blocks[max(0, near - 3)..<near].max { shared($0) < shared($1) } ?? blocks.first
    }

    /// When a record was measured, as far as that is known.
    func spans(ofRecords records: Set<Int>) -> [PhaseRecord.Span] {
        records.flatMap { start.spans(ofPhase: $0, passes: spans) }
    }

    func span(ofPass pass: Int) -> PhaseRecord.Span? { spans[pass] }
}

extension [RunDesign.Block] {
    /// How many begin before an instant; they are in the order of time.
    fileprivate func partition(before instant: Double) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].span.start < instant { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
