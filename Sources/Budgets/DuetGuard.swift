import Metrics
import Results
import Statistics

/// Whether the two targets of a duet disturb each other: the reference's median beside the candidate
/// against its median alone, before and after (`truth.md`, 5.1).
struct DuetGuard: Sendable {
    private let alone: BudgetScope
    private let together: BudgetScope
    private var aloneParts = Slices<BudgetPart>()
    private var togetherParts = Slices<BudgetPart>()

    /// nil where nothing ran alone beside a duet.
    init?(_ start: RunStart, reference: String) {
        guard let design = start.design else { return nil }
        let alone = design.passes.filter { $0.kind == .alone && $0.phases.count == 1 }
            .flatMap(\.phases).filter { !start.phases[$0].measured }
        let duets = design.passes.filter { $0.kind == .duet }.flatMap(\.phases)
            .filter { start.phases[$0].adapter == reference && start.phases[$0].measured }
        guard !alone.isEmpty, !duets.isEmpty else { return nil }
        self.alone = BudgetScope(responseTimesOf: Set(alone), of: start)
        together = BudgetScope(responseTimesOf: Set(duets), of: start)
    }

    mutating func add(_ second: RecordBuilder.SettledSecond) {
        let alone = alone.part(of: second.series)
        if alone.count > 0 { aloneParts.add(alone, second: second.number) }
        let together = together.part(of: second.series)
        if together.count > 0 { togetherParts.add(together, second: second.number) }
    }

    /// What they do to each other, as a share of the reference's median; nil where they leave each other
    /// alone, or too little is known.
    var effect: Double? {
        func samples(_ parts: Slices<BudgetPart>) -> [Sample] {
            parts.slices.filter { $0.count > 0 }.map { Sample($0.durations) }
        }
        guard
            let found = Interference(
                alone: samples(aloneParts), together: samples(togetherParts)),
            found.isPresent
        else { return nil }
        return found.difference.change.value
    }
}
