import Results

/// A run as workflow commands of GitHub Actions (`::error title=…::…`), one a line: what is wrong with
/// the measurement, each budget that was not kept, and a notice with the headline.
///
/// GitHub shows ten of each level for a step, so where there are more the tenth counts the rest.
package struct GitHubAnnotations: Sendable {
    private static let most = 10

    private let annotations: [Annotation]

    package init(_ summary: Summary) {
        let budgets = (summary.budgets ?? []).compactMap(Annotation.init)
        let all = Self.measurement(summary) + budgets
        let errors = Self.limited(all.filter { $0.level == .error })
        let warnings = Self.limited(all.filter { $0.level == .warning })
        annotations = errors + warnings + [Annotation(headline: summary)]
    }

    package var text: String { annotations.map(\.command).joined() }

    private static func measurement(_ summary: Summary) -> [Annotation] {
        let title = "paybench \(summary.shownName)"
        let ending = summary.ending.complaint.map {
            Annotation(level: .error, title: title, lines: ["The run was \($0)."])
        }
        let verdict = summary.verdict
        let doubts = Annotation(
            level: verdict.isUsable ? .warning : .error,
            title: "\(title): measurement \(verdict.words)", lines: verdict.causesInWords)
        return [ending, verdict.validity == .valid ? nil : doubts].compactMap(\.self)
    }

    private static func limited(_ annotations: [Annotation]) -> [Annotation] {
        guard annotations.count > most else { return annotations }
        let rest = annotations[(most - 1)...]
        let level = rest[rest.startIndex].level
        let last = Annotation(
            level: level, title: "paybench: \(rest.count) more", lines: rest.map(\.title))
        return annotations[..<(most - 1)] + [last]
    }
}

private struct Annotation {
    enum Level: String {
        case error, warning, notice
    }

    let level: Level
    let title: String
    let lines: [String]

    init(level: Level, title: String, lines: [String]) {
        self.level = level
        self.title = title
        self.lines = lines.isEmpty ? [title] : lines
    }

    /// nil for a budget that was kept.
    init?(_ budget: BudgetResult) {
        switch (budget.verdict, budget.onInconclusive) {
        case (.pass, _): return nil
        case (.fail, _):
            self.init(
                level: .error, title: "Budget failed: \(budget.budget)", lines: [budget.reason])
        case (.inconclusive, let meaning):
            self.init(
                level: meaning == .fail ? .error : .warning,
                title: "Budget inconclusive: \(budget.budget)", lines: [budget.reason])
        }
    }

    init(headline summary: Summary) {
        let times = summary.latency.responseTime
        let quantiles = [("p50", times.p50), ("p95", times.p95), ("p99", times.p99)]
            .map { "\($0.0) \(Figures.duration(microseconds: $0.1))" }.joined(separator: ", ")
        self.init(
            level: .notice, title: "paybench \(summary.shownName)",
            lines: [
                "\(RunState(summary).headline); response time \(quantiles), "
                    + "\(Figures.count(Int(clamping: times.count))) payments"
            ])
    }

    var command: String {
        let message = lines.map { Self.data($0.printable) }.joined(separator: "%0A")
        return "::\(level.rawValue) title=\(Self.property(title.printable))::\(message)\n"
    }

    /// By the rules of workflow commands; line feeds are none of the text's own.
    private static func data(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { escaped, scalar in
            switch scalar {
            case "%": escaped += "%25"
            case "\r": escaped += "%0D"
            case "\n": escaped += "%0A"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
    }

    private static func property(_ text: String) -> String {
        data(text).unicodeScalars.reduce(into: "") { escaped, scalar in
            switch scalar {
            case ":": escaped += "%3A"
            case ",": escaped += "%2C"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
    }
}
