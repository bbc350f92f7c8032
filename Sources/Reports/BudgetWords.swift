import Results

/// The numbers of a budget as people read them.
extension BudgetResult {
    package func figure(_ number: Double?) -> String { unit.figure(number) }

    /// `790 ms … 845 ms (99 %)`; `–` on a side that is open, and where there is no interval.
    package var interval: String {
        guard lower != nil || upper != nil else { return Figures.none }
        let level = confidence.map { " (\(Figures.share($0)))" } ?? ""
        return "\(figure(lower)) … \(figure(upper))\(level)"
    }

    /// `11.5 %` inside the limit, `-1.5 %` beyond it.
    package var shownMargin: String {
        guard let margin else { return Figures.none }
        return margin < 0 ? "-\(Figures.share(-margin))" : Figures.share(margin)
    }

    /// One line a fact, for where there is room.
    var facts: [String] {
        [
            "budget   \(budget.printable)", "metric   \(metric.printable)",
            "value    \(figure(value))", "interval \(interval)", "count    \(Figures.count(count))",
            "limit    \(figure(limit))", "margin   \(shownMargin)",
        ] + comparisonFacts + windowFacts
    }

    private var comparisonFacts: [String] {
        guard let comparison else { return [] }
        let changes = [("typical slice", comparison.typical), ("whole run", comparison.whole)]
        return ["baseline \(figure(comparison.baseline))"]
            + changes.compactMap { name, change in change.map { "change   \($0.words), \(name)" } }
    }

    private var windowFacts: [String] {
        failedWindow.map {
            ["window   \($0.start.fixed(1)) s … \($0.end.fixed(1)) s from the start"]
        } ?? []
    }
}

extension BudgetResult.Change {
    /// `+10.2 % (+8.1 % … +12.3 %)`
    var words: String {
        "\(Figures.change(change)) (\(Figures.change(lower)) … \(Figures.change(upper)))"
    }
}

extension BudgetResult.Unit {
    /// `812 ms`, `0.12 %`, `498/s`, `41`; `–` where there is none.
    func figure(_ number: Double?) -> String {
        guard let number else { return Figures.none }
        switch self {
        case .microseconds:
            let isPlain = number >= 0 && number < 1e18
            return isPlain
                ? Figures.duration(microseconds: UInt64(number.rounded()))
                : "\(number.fixed(0)) µs"
        case .ratio: return Figures.share(number)
        case .perSecond: return Figures.rate(perSecond: number)
        case .count:
            let isWhole = number.magnitude < 1e15 && number == number.rounded()
            return isWhole ? Figures.count(Int(number)) : Figures.significant(number)
        }
    }
}

extension Figures {
    /// `+10.2 %`, `-3.1 %`.
    static func change(_ share: Double) -> String {
        share < 0 ? "-\(Figures.share(-share))" : "+\(Figures.share(share))"
    }
}

extension BudgetResult.Verdict {
    /// What is looked at first comes first.
    package var rank: Int {
        switch self {
        case .fail: 0
        case .inconclusive: 1
        case .pass: 2
        }
    }
}
