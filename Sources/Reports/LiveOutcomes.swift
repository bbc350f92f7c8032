import Payments
import Results

/// How payments ended, and what is to be worried about.
extension LiveSections {
    private var shown: [(outcome: Outcome, count: Int)] {
        Outcome.allCases.map { ($0, state.outcomes[Int($0.rawValue)]) }.filter { $0.1 > 0 }
    }

    /// In words: one line, or two where there are too many for one.
    var outcomeWords: [LiveLine] {
        guard state.completed > 0 else { return [LiveLine("no answer yet", .faint)] }
        return Array(words(shown).prefix(2))
    }

    /// A bar each.
    var outcomeBars: [LiveLine] {
        state.completed > 0 ? shown.map(bar) : outcomeWords
    }

    /// Bars of the most frequent ones, the others in words.
    var fewBars: [LiveLine] {
        let frequent = shown.filter { $0.count * 100 >= state.completed }.prefix(Self.fewest)
        guard !frequent.isEmpty, shown.count > frequent.count + 1 else { return outcomeBars }
        let others = shown.filter { one in !frequent.contains { $0.outcome == one.outcome } }
        return frequent.map(bar) + words(others)
    }

    private static let fewest = 3

    private func words(_ outcomes: [(outcome: Outcome, count: Int)]) -> [LiveLine] {
        var lines = [LiveLine()]
        for (outcome, count) in outcomes {
            var part = LiveLine(outcome.name, outcome.ink)
            part.add(" \(Figures.share(count, of: state.completed))")
            if lines[lines.count - 1].columns + 2 + part.columns > width {
                lines.append(LiveLine())
            }
            if lines[lines.count - 1].columns > 0 { lines[lines.count - 1].add("  ") }
            lines[lines.count - 1].add(part)
        }
        return lines
    }

    private func bar(_ outcome: Outcome, _ count: Int) -> LiveLine {
        let figures = 18
        let share = Double(count) / Double(state.completed)
        var line = LiveLine(outcome.name.clipped(to: labelWidth - 1), outcome.ink)
        line.pad(to: labelWidth)
        let room = max(1, width - labelWidth - figures - 1)
        line.add(glyphs.bar(share, width: room), outcome.ink)
        let percent = Figures.share(share)
        line.pad(to: width - figures + 9 - percent.columns)
        line.add(percent)
        let number = Figures.shortCount(count)
        line.pad(to: width - number.columns)
        line.add(number, .faint)
        return line
    }

    /// The most frequent codes of what was not accepted, as many as fit.
    var codes: [LiveLine] {
        var line = LiveLine("codes")
        line.pad(to: labelWidth - 2)
        let begin = line.columns
        for code in state.codes {
            var part = LiveLine("  ")
            part.add(code.code.printable.clipped(to: 24), code.outcome.ink)
            part.add(" \(Figures.shortCount(code.count))")
            guard line.columns + part.columns <= width else { break }
            line.add(part)
        }
        return line.columns > begin ? [line] : []
    }

    /// The first one is in danger more than the others.
    var budgets: [LiveLine] {
        state.budgets.sorted { $0.danger > $1.danger }.map { budget in
            var line = LiveLine("budget")
            line.pad(to: labelWidth)
            line.add("\(budget.state.word)  ", budget.state.ink)
            line.add(budget.budget.printable)
            if budget.value != nil { line.add("  now \(budget.figure(budget.value))", .strong) }
            return line
        }
    }

    var warnings: [LiveLine] {
        state.warnings.map { warning in
            let words = warning.words
            let long = words.short + words.more
            var line = LiveLine("! ", warning.isOurs ? .bad : .doubtful)
            line.add(
                long.columns + 2 <= width ? long : words.short,
                warning.isOurs ? .bad : .doubtful)
            return line
        }
    }
}

extension Outcome {
    fileprivate var ink: LiveInk {
        switch self {
        case .accepted: .good
        case .declined: .accent
        case .rejected, .throttled: .doubtful
        case .providerError, .malformed, .notSent, .inDoubt: .bad
        }
    }
}

extension BudgetResult {
    fileprivate enum State {
        case failing, near, open, kept

        var word: String {
            switch self {
            case .failing: "failing"
            case .near: "in danger"
            case .open: "open"
            case .kept: "kept"
            }
        }

        var ink: LiveInk {
            switch self {
            case .failing: .bad
            case .near: .doubtful
            case .open: .faint
            case .kept: .good
            }
        }
    }

    /// Closer than this share to its limit.
    private static let near = 0.1

    fileprivate var state: State {
        if verdict == .fail || (margin ?? 0) < 0 { return .failing }
        if let margin, margin < Self.near { return .near }
        return verdict == .pass ? .kept : .open
    }

    /// More is worse.
    fileprivate var danger: Double {
        switch state {
        case .failing: 2 + min(1, -(margin ?? 0))
        case .near: 1 - (margin ?? 0)
        case .open, .kept: -min(1, margin ?? 1)
        }
    }
}
