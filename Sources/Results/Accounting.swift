import Payments

/// A law of the counts that does not hold: a fault of ours, never of the target.
package struct BrokenLaw: Error, Sendable, Equatable, CustomStringConvertible {
    /// The law in words: `planned = started + skipped`.
    package var law: String
    /// Where it was broken: `totals`, `phase steady`.
    package var place: String
    package var left: Int
    package var right: Int

    package var description: String {
        "\(law) does not hold in \(place.printable): \(Figures.count(left)) and "
            + Figures.count(right)
    }
}

extension Record {
    /// The first law that the counts break; nil where all of them add up.
    package func brokenLaw() -> BrokenLaw? {
        let ledger = Ledger(
            totals: phases.totals,
            phases: phases.map { phase in
                Ledger.Part(
                    name: "phase \(phase.name)", totals: [phase].totals,
                    payments: phase.payments.map(\.outcomes))
            },
            payments: paymentNames.indices.map { phases.payment(at: $0).outcomes },
            codes: codes.map { ($0.outcome, $0.count) })
        return ledger.brokenLaw()
    }
}

extension Summary {
    package func brokenLaw() -> BrokenLaw? {
        let ledger = Ledger(
            totals: totals,
            phases: phases.map { phase in
                Ledger.Part(
                    name: "phase \(phase.name)", totals: phase.totals,
                    payments: phase.payments.map(\.outcomes))
            },
            payments: payments.map(\.outcomes),
            codes: errors.map { ($0.outcome, $0.count) })
        return ledger.brokenLaw()
    }
}

/// Every count of a run that must agree with another one. Sums wrap around, so that no number in a
/// corrupt file can trap.
private struct Ledger {
    struct Part {
        var name: String
        var totals: Totals
        var payments: [[Outcome: Int]]
    }

    var totals: Totals
    var phases: [Part]
    var payments: [[Outcome: Int]]
    var codes: [(outcome: Outcome, count: Int)]

    func brokenLaw() -> BrokenLaw? {
        let whole = Part(name: "totals", totals: totals, payments: payments)
        return ([whole] + phases).lazy.compactMap { $0.brokenLaw() }.first
            ?? sums.first { $0.left != $0.right }
    }

    private var sums: [BrokenLaw] {
        var laws = [
            sum("planned", totals.planned) { $0.planned },
            sum("started", totals.started) { $0.started },
            sum("skipped", totals.skipped) { $0.skipped },
            sum("retries", totals.retries) { $0.retries },
        ]
        for outcome in Outcome.allCases {
            let count = totals.count(of: outcome)
            laws.append(sum(outcome.name, count) { $0.count(of: outcome) })
            guard outcome != .accepted else { continue }
            let coded = codes.reduce(0) { $0 &+ ($1.outcome == outcome ? $1.count : 0) }
            laws.append(
                BrokenLaw(
                    law: "\(outcome.name) = Σ its codes", place: "errors", left: count,
                    right: coded))
        }
        return laws
    }

    private func sum(_ name: String, _ total: Int, _ count: (Totals) -> Int) -> BrokenLaw {
        BrokenLaw(
            law: "\(name) = Σ phases", place: "totals", left: total,
            right: phases.reduce(0) { $0 &+ count($1.totals) })
    }
}

extension Ledger.Part {
    func brokenLaw() -> BrokenLaw? {
        let started = totals.started
        let unanswered = totals.unanswered ?? 0
        let laws = [
            ("planned = started + skipped", totals.planned, started &+ totals.skipped),
            (
                "started = Σ outcomes", started,
                totals.outcomes.values.reduce(unanswered, &+)
            ),
            (
                "started = Σ payments", started,
                payments.reduce(unanswered) { $0 &+ $1.values.reduce(0, &+) }
            ),
        ]
        return laws.first { $0.1 != $0.2 }.map {
            BrokenLaw(law: $0.0, place: name, left: $0.1, right: $0.2)
        }
    }
}
