import Payments
import Reports
import Results

/// The box at the top: can this be believed, did the budgets hold, what to look at first.
extension RunPage {
    var lead: [Markup] {
        let answers = [
            answer("Can this be believed?", belief),
            answer("Did the budgets hold?", keeping),
            answer("What to look at first", firstLook),
        ]
        return [.element("div", ["class": "answers"], answers)]
    }

    private func answer(_ question: String, _ words: [Markup]) -> Markup {
        .element("div", [:], [.element("h2", [:], question)] + words)
    }

    private var belief: [Markup] {
        let verdict = summary.verdict
        let kind =
            switch verdict.validity {
            case .valid: "good-word"
            case .suspect: "doubtful-word"
            case .invalid: "bad-word"
            }
        let sentence =
            switch verdict.validity {
            case .valid: "No check found a reason to doubt these numbers."
            case .suspect: "The numbers stand, with these reservations:"
            case .invalid: "The generator or its host disturbed the measurement:"
            }
        let causes = verdict.causes.map { cause in
            Markup.element(
                "li", [:],
                [.element("code", [:], cause.check), .text(": \(cause.advice)")])
        }
        let words = [
            Markup.element(
                "p", [:],
                [
                    .element("strong", ["class": kind], verdict.words.capitalised),
                    .text(". \(sentence)"),
                ])
        ]
        return words + (causes.isEmpty ? [] : [.element("ul", [:], causes)])
            + material.notes.map { .paragraph($0, "quiet") }
    }

    private var keeping: [Markup] {
        guard let budgets = summary.budgets else {
            return [.paragraph("The scenario has no budgets.")]
        }
        guard !budgets.isEmpty else {
            return [.paragraph("They were not judged, since the measurement is invalid.")]
        }
        let counts = BudgetResult.Verdict.allCases.compactMap { verdict -> Markup? in
            let count = budgets.count { $0.verdict == verdict }
            return count == 0
                ? nil
                : .element(
                    "li", [:],
                    [
                        .element("strong", ["class": verdict.kind], Figures.count(count)),
                        .text(" \(verdict.words)"),
                    ])
        }
        let worst = budgets.filter { $0.verdict == .fail }.prefix(3).map { budget in
            Markup.element("li", [:], [.element("code", [:], budget.budget)])
        }
        return [.element("ul", ["class": "plain"], counts)]
            + (worst.isEmpty ? [] : [.element("ul", [:], worst)])
            + [.element("p", [:], [.element("a", ["href": "#budgets"], "Each budget")])]
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
