import Payments
import Reports
import Results

/// The box at the top: can this be believed, did the budgets hold, what to look at first.
extension RunPage {
    var lead: [Markup] {
        let answers = [
            Markup.answer("Can this be believed?", belief),
            .answer("Did the budgets hold?", keeping),
            .answer("What to look at first", firstLook),
        ]
        return [.element("div", ["class": "answers"], answers)]
    }

    private var belief: [Markup] {
        summary.verdict.belief + material.notes.map { .paragraph($0, "quiet") }
    }

    private var keeping: [Markup] {
        guard let budgets = summary.budgets else {
            return [.paragraph("The scenario has no budgets.")]
        }
        guard !budgets.isEmpty else {
            return [.paragraph("They were not judged, since the measurement is invalid.")]
        }
        let counts = BudgetResult.Verdict.allCases.sorted { $0.rank < $1.rank }
            .compactMap { count(of: $0, in: budgets) }
        return [.element("ul", ["class": "plain"], counts)]
            + [.element("p", [:], [.element("a", ["href": "#budgets"], "Each budget")])]
    }

    private static let mostNamed = 3

    /// With the names of the first ones that did not hold.
    private func count(of verdict: BudgetResult.Verdict, in budgets: [BudgetResult]) -> Markup? {
        let those = budgets.filter { $0.verdict == verdict }
        guard !those.isEmpty else { return nil }
        let named = verdict == .pass ? [] : those.prefix(Self.mostNamed)
        let names = named.map { Markup.element("li", [:], [.element("code", [:], $0.budget)]) }
        return .element(
            "li", [:],
            [
                .element("strong", ["class": verdict.kind], Figures.count(those.count)),
                .text(" \(verdict.words)"),
            ] + (names.isEmpty ? [] : [.element("ul", [:], names)]))
    }

    private var firstLook: [Markup] {
        let looks = FirstLook(summary).looks.prefix(3).map { look in
            Markup.element(
                "li", [:],
                [
                    .text("\(look.words) "),
                    .element("a", ["href": "#\(look.section)"], look.link),
                ])
        }
        return [.element("ul", [:], looks)]
    }
}

extension Verdict {
    /// Whether numbers can be believed, and why not.
    var belief: [Markup] {
        let (kind, sentence) =
            switch validity {
            case .valid: ("good-word", "No check found a reason to doubt these numbers.")
            case .suspect: ("doubtful-word", "The numbers stand, with these reservations:")
            case .invalid: ("bad-word", "The generator or its host disturbed the measurement:")
            }
        let reasons = causes.map { cause in
            Markup.element(
                "li", [:], [.element("code", [:], cause.check), .text(": \(cause.advice)")])
        }
        let verdict = Markup.element(
            "p", [:],
            [.element("strong", ["class": kind], words.capitalised), .text(". \(sentence)")])
        return [verdict] + (reasons.isEmpty ? [] : [.element("ul", [:], reasons)])
    }
}

extension BudgetResult.Verdict {
    /// The class of its word.
    var kind: String {
        switch self {
        case .pass: "good-word"
        case .fail: "bad-word"
        case .inconclusive: "doubtful-word"
        }
    }

    var words: String {
        switch self {
        case .pass: "held"
        case .fail: "failed"
        case .inconclusive: "can't be told"
        }
    }
}

/// What a reader should look at before anything else, the gravest first; never empty.
struct FirstLook {
    struct Look: Equatable {
        var words: String
        /// The id of a section of the page.
        var section: String
        var link: String
    }

    let looks: [Look]

    init(_ summary: Summary) {
        let found = [
            Self.ending(summary), Self.doubt(summary), Self.code(summary), Self.skipped(summary),
            Self.tail(summary),
        ].compactMap(\.self)
        looks =
            found.isEmpty
            ? [
                Look(
                    words: "Nothing stands out: no error, no doubt, no long tail.",
                    section: "latency", link: "Latency")
            ] : found
    }

    private static func ending(_ summary: Summary) -> Look? {
        summary.ending.complaint.map {
            Look(
                words: "The run was \($0); all figures are of what came before.",
                section: "phases", link: "Phases")
        }
    }

    private static func doubt(_ summary: Summary) -> Look? {
        let count = summary.totals.count(of: .inDoubt) + (summary.totals.unanswered ?? 0)
        guard count > 0 else { return nil }
        let words =
            count == 1
            ? "One payment may have been booked without an answer."
            : "\(Figures.count(count)) payments may have been booked without an answer."
        return Look(words: words, section: "doubt", link: "In doubt")
    }

    private static func code(_ summary: Summary) -> Look? {
        let codes = summary.errors.filter { $0.outcome != .declined }
        guard let first = codes.max(by: { $0.count < $1.count }), first.outcome != .inDoubt else {
            return nil
        }
        let words =
            "\(first.code.printable.clipped(to: 40)) is the most frequent error: "
            + "\(Figures.share(first.share)) of all payments."
        return Look(words: words, section: "outcomes", link: "Outcomes")
    }

    private static func skipped(_ summary: Summary) -> Look? {
        let totals = summary.totals
        guard totals.skipped > 0 else { return nil }
        let share = Figures.share(totals.skipped, of: totals.planned)
        return Look(
            words: "\(share) of the planned payments were never started.", section: "course",
            link: "Over time")
    }

    /// The slowest percent takes this much longer than the typical payment.
    private static let longTail = 5.0

    private static func tail(_ summary: Summary) -> Look? {
        let times = summary.latency.responseTime
        guard let typical = times.p50, let slow = times.p99, typical > 0,
            Double(slow) / Double(typical) >= longTail
        else { return nil }
        let factor = Figures.significant(Double(slow) / Double(typical))
        return Look(
            words: "The slowest percent takes at least \(factor) times the median.",
            section: "latency", link: "Latency")
    }
}
