import Results

/// What became of the budgets.
extension TextReport {
    func budgets(_ style: TextStyle) -> [String] {
        guard let budgets = summary.budgets else { return [] }
        guard !budgets.isEmpty else {
            return [
                "budgets".padded(to: Paragraph.labelWidth)
                    + "not judged: the measurement is invalid"
            ]
        }
        return budgets.flatMap { budget in
            let ink: TextStyle.Ink =
                switch budget.verdict {
                case .pass: .green
                case .fail: .red
                case .inconclusive: .yellow
                }
            let verdict = budget.verdict.rawValue.padded(to: Self.verdictWidth)
            return [style.ink(ink, verdict) + budget.budget.printable.clipped(to: 80)]
                + Paragraph(label: "", sentence: budget.reason.printable)
                .lines(width: Self.width, indent: Self.verdictWidth)
        }
    }

    /// `inconclusive` and two blanks.
    private static let verdictWidth = 14
}

extension TextReport {
    /// The budgets alone, behind what can be believed. Ends with a line feed.
    package func budgetText(style: TextStyle = .plain) -> String {
        let blocks = [headline(style), budgets(style), verdict(style)]
        return blocks.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }
            .joined(separator: "\n")
    }
}
