import Payments
import Reports
import Results

/// Budgets, payments in doubt, phases, scenario and environment.
extension RunPage {
    var budgets: Page.Section? {
        guard let budgets = summary.budgets else { return nil }
        guard !budgets.isEmpty else {
            return Page.Section(
                "budgets", "Budgets", [.paragraph("Not judged: the measurement is invalid.")])
        }
        let ordered = BudgetResult.Verdict.allCases.sorted { $0.rank < $1.rank }
            .flatMap { verdict in budgets.filter { $0.verdict == verdict } }
        let cards = ordered.map { budget in
            Markup.element(
                "div", ["class": "budget"],
                [
                    .element(
                        "p", [:],
                        [
                            .element(
                                "strong", ["class": budget.verdict.kind],
                                budget.verdict.rawValue.capitalised),
                            .text(" "), .element("code", [:], budget.budget),
                        ]),
                    .paragraph(budget.reason, "quiet"),
                ])
        }
        let rows = ordered.map { budget in
            [
                budget.budget.printable, budget.verdict.rawValue, budget.figure(budget.value),
                budget.interval, budget.figure(budget.limit), budget.shownMargin,
                Figures.count(budget.count),
            ]
        }
        let table = Table(
            "Budgets",
            head: ["budget", "verdict", "value", "interval", "limit", "margin", "observations"],
            rows: rows, wordy: [1])
        return Page.Section("budgets", "Budgets", cards + [hidden(table)])
    }

    private func hidden(_ table: Table) -> Markup {
        .element("details", [:], [.element("summary", [:], "The numbers"), table.markup])
    }

    var doubts: Page.Section? {
        let totals = summary.totals
        let kinds = Outcome.allCases.filter(\.leavesBookingUncertain)
            .map { (name: $0.words, count: totals.count(of: $0)) }.filter { $0.count > 0 }
        let uncertain = kinds.reduce(0) { $0 + $1.count }
        let unanswered = totals.unanswered ?? 0
        guard uncertain + unanswered > 0 else {
            return Page.Section(
                "doubt", "In doubt",
                [.paragraph("Every payment got a conclusive answer, or never left.")])
        }
        let parts = kinds.map { "\(Figures.count($0.count)) \($0.name)" }
        let words =
            "\(Figures.count(uncertain)) \(uncertain == 1 ? "payment" : "payments") may or may not "
            + "have been booked\(parts.isEmpty ? "" : ": \(parts.joined(separator: ", "))"). They "
            + "are in reconcile.csv; paybench reconcile compares them with the ledger."
        let lost =
            "\(Figures.count(unanswered)) more were started and have no answer in these results "
            + "(unanswered.csv)."
        return Page.Section(
            "doubt", "In doubt",
            [.paragraph(words)] + (unanswered > 0 ? [.paragraph(lost)] : []) + doubtTables)
    }

    private var doubtTables: [Markup] {
        let shown = material.uncertain.prefix(RunMaterial.mostPayments)
        let lost = material.unanswered.prefix(RunMaterial.mostPayments)
        let first = Table(
            "The first \(Figures.count(shown.count))",
            head: ["payment id", "payment", "phase", "outcome", "code", "sent (UTC)"],
            rows: shown.map { payment in
                [
                    payment.paymentID.printable, payment.payment.printable,
                    payment.phase.printable, payment.outcome.words, payment.code.printable,
                    Self.instant(payment.sent),
                ]
            }, wordy: [1, 2, 3, 4, 5])
        let second = Table(
            "Without an answer in these results", head: ["payment id", "payment", "sent (UTC)"],
            rows: lost.map {
                [$0.paymentID.printable, $0.payment.printable, Self.instant($0.sent)]
            }, wordy: [1, 2])
        return [first, second].filter { !$0.rows.isEmpty }.map { table in
            .element(
                "details", [:], [.element("summary", [:], "Which payments"), table.markup])
        }
    }

    private static func instant(_ seconds: Double?) -> String {
        seconds.map { Timestamp(secondsSince1970: $0).rfc3339 } ?? Figures.none
    }

    private static let mostParts = 100

    var parts: Page.Section? {
        let phases = summary.phases.prefix(Self.mostParts).map { phase in
            [
                phase.label.printable, phase.load.words.printable,
                phase.measured ? "yes" : "no", Figures.length(seconds: phase.seconds),
                Figures.count(phase.totals.started),
                Figures.rate(perSecond: phase.rate.completedPerSecond),
                Figures.duration(microseconds: phase.latency.responseTime.p50),
                Figures.duration(microseconds: phase.latency.responseTime.p99),
            ]
        }
        let table = Table(
            "Phases",
            head: ["phase", "load", "measured", "for", "started", "completed", "p50", "p99"],
            rows: phases, wordy: [1, 2])
        let payments = summary.payments.prefix(Self.mostParts).map {
            Self.latencyRow($0.name.printable, $0.latency.responseTime)
        }
        let outcomes = Outcome.allCases.compactMap { outcome in
            summary.latencyByOutcome[outcome].map {
                Self.latencyRow(outcome.words, $0.responseTime)
            }
        }
        let tables = [
            Table(
                "Response time by payment", head: Self.latencyHead("payment"), rows: payments),
            Table(
                "Response time by outcome", head: Self.latencyHead("outcome"), rows: outcomes),
        ]
        return Page.Section(
            "phases", "Phases and payments",
            ([table] + tables).filter { !$0.rows.isEmpty }.map(\.markup))
    }

    /// Longer ones are in `scenario.yaml`.
    private static let mostLetters = 60_000

    var scenario: Page.Section? {
        guard let text = material.scenario else { return nil }
        let lines = text.prefix(Self.mostLetters).split(
            separator: "\n", omittingEmptySubsequences: false)
        let rest = text.count > Self.mostLetters ? "\nThe rest is in scenario.yaml." : ""
        let code = lines.map { Markup.text(String($0)) }
        return Page.Section(
            "scenario", "Effective scenario",
            [
                .paragraph(
                    "The file with its defaults filled in and secrets masked; SHA-256 of the file "
                        + "as written: \(summary.scenario.sha256).", "quiet"),
                .element("pre", ["tabindex": "0"], [Markup.lines(code), .text(rest)]),
            ])
    }

    var environment: Page.Section? {
        let generator = summary.generator
        let own = [
            ("paybench", summary.tool.version), ("libcurl", summary.tool.libcurl),
            ("Swift", summary.tool.swift), ("Target", summary.target),
            ("Workers", "\(generator.workers) on \(generator.cores) cores"),
            (
                "CPU a request",
                generator.cpuMicrosecondsPerRequest.map { "\(Figures.significant($0)) µs" }
                    ?? Figures.none
            ), ("Peak memory", Figures.bytes(generator.peakRSSBytes)),
            ("Connections opened", Figures.count(generator.connectionsOpened)),
        ]
        let facts = own + machine
        return Page.Section(
            "environment", "Environment", [.facts(facts.map { (name: $0.0, value: $0.1) })])
    }

    private var machine: [(String, String)] {
        guard let place = summary.environment else { return [] }
        let host = summary.host
        let facts: [(String, String?)] = [
            ("Kernel", place.kernel), ("Processor", place.cpuModel),
            ("Cores", Figures.count(place.cores)), ("Governor", place.governor),
            ("CPU limit", place.cpuLimit.map { "\(Figures.significant($0)) cores" }),
            ("Clock", place.clockSource), ("TLS library", place.tlsLibrary),
            ("Peer", place.peer), ("HTTP", place.httpVersion), ("TLS", place.tlsVersion),
            ("Target on this machine", place.sameHost ? "yes: it competes for the CPU" : "no"),
            ("Machine busy", host?.busyShare.map(Figures.share)),
            ("Taken by other guests", host?.stealShare.map(Figures.share)),
            ("Host", place.hostHash),
        ]
        return facts.compactMap { name, value in value.map { (name, $0) } }
    }
}
