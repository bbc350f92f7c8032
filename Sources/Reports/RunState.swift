import Results

/// What a pipeline has to know of a run: the gravest of its ending, its validity and its budgets.
package struct RunState: Equatable {
    package enum Grade: Equatable {
        case good
        /// Nothing failed, and something can't be told.
        case doubtful
        case bad
    }

    package let grade: Grade
    /// One clause without a full stop: `1 of 4 budgets failed, 1 inconclusive`.
    package let headline: String

    package init(_ summary: Summary) {
        let verdict = summary.verdict
        if let complaint = summary.ending.complaint {
            self.init(.bad, complaint)
        } else if verdict.validity == .invalid, !verdict.accepted {
            self.init(.bad, "measurement invalid")
        } else {
            self.init(budgets: summary.budgets ?? [], verdict)
        }
    }

    private init(_ grade: Grade, _ headline: String) {
        self.grade = grade
        self.headline = headline
    }

    private init(budgets: [BudgetResult], _ verdict: Verdict) {
        let failed = budgets.count { $0.verdict == .fail }
        let open = budgets.count { $0.verdict == .inconclusive }
        let all = "\(Figures.count(budgets.count)) \(budgets.count == 1 ? "budget" : "budgets")"
        let parts = [
            failed > 0 ? "\(Figures.count(failed)) of \(all) failed" : nil,
            open > 0 ? "\(Figures.count(open))\(failed > 0 ? "" : " of \(all)") inconclusive" : nil,
            failed + open == 0 ? (budgets.isEmpty ? "no budgets" : "\(all) kept") : nil,
            verdict.validity == .valid ? nil : "measurement \(verdict.words)",
        ]
        let isSure = open == 0 && verdict.validity == .valid
        self.init(
            failed > 0 ? .bad : isSure ? .good : .doubtful,
            parts.compactMap(\.self).joined(separator: ", "))
    }
}

extension Verdict {
    /// Whether budgets mean anything: valid, or at most doubtful, or taken as it is.
    var isUsable: Bool { validity != .invalid || accepted }

    /// `invalid, accepted by --accept-invalid`.
    package var words: String {
        validity.rawValue + (accepted ? " (accepted by --accept-invalid)" : "")
    }

    /// `schedule.lag: The generator sent late…`, one for each.
    var causesInWords: [String] {
        causes.map { "\($0.check.printable): \($0.advice.printable)" }
    }
}

extension Ending {
    /// Why there is less than was planned; nil where the run came to its own end.
    package var complaint: String? {
        switch self {
        case .completed, .judged: nil
        case .interrupted(let signal): "interrupted by \(signal.name)"
        case .killed: "killed before its end"
        case .guardRail(let limit): "stopped by a guard rail: \(limit.printable)"
        case .failed(let reason): "stopped: \(reason.printable)"
        }
    }
}

extension Summary {
    /// Whether its figures may stand beside those of other runs: whole, and not invalid.
    var isComparable: Bool { ending.complaint == nil && verdict.isUsable }

    /// Without control characters, and never empty.
    package var shownName: String {
        scenario.name.isEmpty ? "unnamed" : scenario.name.printable
    }

    /// `2026-08-01 12:01:02 UTC`.
    package var shownStart: String {
        let text = startedAt.printable
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8)) UTC"
    }
}
