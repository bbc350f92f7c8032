import Histograms
import Results
import Statistics

/// Whether the targets of a duet disturb each other: the reference's median beside the others against its
/// median alone, before and after (`truth.md`, 5.1).
package struct DuetGuard: Sendable {
    /// What came in the last seconds may lack its slowest answers.
    private static let patience = 2.0
    /// Drift is not cancelled before the second stretch alone, so more is asked for.
    private static let earlyConfidence = 0.99
    /// On either side: fewer seconds tell nothing of how times vary.
    private static let fewestSeconds = 5
    /// However long the duet takes.
    private static let mostSlices = 120

    private let alone: BudgetScope
    private let together: BudgetScope
    private let passBefore: Int
    private let duet: Int
    /// By second, of seconds that are settled.
    private var aloneParts: [Int: BudgetPart] = [:]
    private var togetherParts = Slices<BudgetPart>(most: mostSlices)
    /// Of the beginning, as they come; by second.
    private var earlyAlone: [Int: BudgetPart] = [:]
    private var earlyTogether: [Int: BudgetPart] = [:]
    private var spans: [Int: PhaseRecord.Span] = [:]
    private var elapsed = 0.0
    private var wasEarly = false

    /// nil where the reference was not measured alone beside a duet.
    package init?(_ start: RunStart) {
        guard let design = start.design else { return nil }
        let duets = design.passes.indices.filter { pass in
            design.passes[pass].kind == .duet
                && design.passes[pass].phases.contains { start.phases[$0].measured }
        }
        let guards = design.passes.indices.filter { pass in
            design.passes[pass].kind == .alone
                && design.passes[pass].phases.allSatisfy { !start.phases[$0].measured }
        }
        guard let duet = duets.first, let before = guards.last(where: { $0 < duet }) else {
            return nil
        }
        (passBefore, self.duet) = (before, duet)
        let alone = Set(guards.flatMap { design.passes[$0].phases })
        let reference = Set(alone.map { start.phases[$0].adapter })
        let together = Set(duets.flatMap { design.passes[$0].phases }).filter {
            start.phases[$0].measured && reference.contains(start.phases[$0].adapter)
        }
        self.alone = BudgetScope(responseTimesOf: alone, of: start)
        self.together = BudgetScope(responseTimesOf: together, of: start)
    }

    /// What the run counted since the last time; only `early` needs it.
    package mutating func add(_ interval: Interval) {
        guard !wasEarly else { return }
        spans.merge(interval.spans) { $1 }
        elapsed = interval.elapsed
        for (number, second) in interval.seconds {
            let series = compact(second)
            Self.add(alone.part(of: series), second: number, to: &earlyAlone)
            Self.add(together.part(of: series), second: number, to: &earlyTogether)
        }
    }

    /// Of the reference.
    private func compact(_ second: Interval.Second) -> [Int: CompactSeries] {
        alone.phases.union(together.phases).reduce(into: [:]) { all, record in
            guard let series = second.series[record] else { return }
            all[record, default: [:]].add(series)
        }
    }

    package mutating func add(_ second: RecordBuilder.SettledSecond) {
        Self.add(alone.part(of: second.series), second: second.number, to: &aloneParts)
        let together = together.part(of: second.series)
        if together.count > 0 { togetherParts.add(together, second: second.number) }
    }

    private static func add(
        _ part: BudgetPart, second: Int, to parts: inout [Int: BudgetPart]
    ) {
        if part.count > 0 { parts[second, default: BudgetPart()].add(part) }
    }

    /// Once, as soon as the duet has lasted as long as the reference was alone before it: what that
    /// shows. nil before and after, and where nothing was found.
    package mutating func early() -> Interference? {
        guard !wasEarly, let before = spans[passBefore], let duet = spans[duet] else { return nil }
        let length = before.end - before.start
        guard elapsed >= duet.start + length + Self.patience else { return nil }
        wasEarly = true
        defer { (earlyAlone, earlyTogether) = ([:], [:]) }
        let end = Int(duet.start + length)
        let found = Self.finding(
            Self.inOrder(earlyAlone.filter { $0.key < Int(duet.start) }),
            Self.inOrder(earlyTogether.filter { $0.key < end }),
            confidence: Self.earlyConfidence)
        return found.flatMap { $0.isPresent ? $0 : nil }
    }

    /// From all of it; nil where it is too little.
    package var finding: Interference? {
        Self.finding(
            Self.inOrder(aloneParts), togetherParts.slices.filter { $0.count > 0 },
            confidence: 0.95)
    }

    private static func inOrder(_ parts: [Int: BudgetPart]) -> [BudgetPart] {
        parts.sorted { $0.key < $1.key }.map(\.value)
    }

    private static func finding(
        _ alone: [BudgetPart], _ together: [BudgetPart], confidence: Double
    ) -> Interference? {
        guard alone.count >= fewestSeconds, together.count >= fewestSeconds else { return nil }
        return Interference(
            alone: alone.map { Sample($0.durations) },
            together: together.map { Sample($0.durations) }, confidence: confidence)
    }
}
