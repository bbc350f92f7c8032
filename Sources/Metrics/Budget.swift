/// What a run has to keep to: `response_time.p99{payment=card} < 800ms`, or relative to a baseline,
/// `response_time.p95 <= baseline + 10%`.
package struct Budget: Sendable, Hashable {
    /// The check as it was written.
    package var text: String
    package var clause: Clause
    package var limit: Limit
    /// The only phase that it is about, said beside the check; else as the check's labels say.
    package var phase: String?
    /// It is judged on every window of this length; nil: on all of its part of the run at once.
    package var window: Duration?
    /// The first part of the run, or of the phase, which is not judged.
    package var after: Duration?
    /// It fails only when windows failed for this long in a row; nil: with the first that fails.
    package var lasting: Duration?
    /// The run stops as soon as it has failed; only with a window.
    package var abort = false
    /// Of the interval that it is judged by, two-sided.
    package var confidence = Budget.usualConfidence
    package var onInconclusive: OnInconclusive

    /// What the metric has to keep to.
    package enum Limit: Sendable, Hashable {
        case absolute(MetricValue)
        case baseline(Allowance)
    }

    /// How far from the baseline's value the limit is.
    package enum Allowance: Sendable, Hashable {
        /// A part of that value: 0.1 is 10 % above it, −0.05 is 5 % below.
        case share(Double)
        /// Added to that value; below it where it is negative.
        case value(MetricValue)
    }

    /// What an inconclusive budget means to whoever waits for the exit status.
    package enum OnInconclusive: String, CaseIterable, Sendable {
        /// Said, and nothing more.
        case warn
        /// Exit status 4.
        case fail
    }

    package static let usualConfidence = 0.95

    /// Reads `metric[{label=value, …}] op limit`; everything else as it is by default.
    package init(_ text: String) throws(BudgetProblem) {
        let clause: Clause
        do throws(ConditionProblem) { clause = try Clause(text) } catch { throw .clause(error) }
        self.text = text
        self.clause = clause
        limit = try Limit(clause)
        onInconclusive = .usual(for: limit)
        try checkComparison()
    }

    package var metric: Metric { clause.metric }
    package var comparison: Comparison { clause.comparison }
    package var isRelative: Bool { if case .baseline = limit { true } else { false } }

    /// The part of the run that it is about.
    package var selection: Selection {
        var selection = clause.selection
        selection.phase = phase ?? selection.phase
        return selection
    }

    /// A count that has to be 0, however long it is counted for.
    package var allowsNone: Bool {
        guard metric.unit == .count, case .absolute(.count(let count)) = limit else { return false }
        switch comparison {
        case .equal, .lessOrEqual: return count == 0
        case .less: return count == 1
        case .notEqual, .greater, .greaterOrEqual: return false
        }
    }

    /// `response_time.p99{payment=card}`
    package var subject: String { metric.name + selection.text }
}

extension Budget.OnInconclusive {
    /// A gate that fails when nobody can tell flakes, a promise that passes then is none.
    package static func usual(for limit: Budget.Limit) -> Budget.OnInconclusive {
        switch limit {
        case .absolute: .fail
        case .baseline: .warn
        }
    }
}

extension Budget {
    /// Equality is for what is counted, and a limit leaves something to find out.
    private func checkComparison() throws(BudgetProblem) {
        switch (comparison, limit) {
        case (.equal, .baseline), (.notEqual, .baseline): throw .equalToBaseline(comparison)
        case (.equal, .absolute), (.notEqual, .absolute):
            if metric.unit != .count { throw .equalToMeasured(comparison, metric) }
        case (.less, .absolute(let value)), (.greaterOrEqual, .absolute(let value)):
            if value.isLeast { throw .foregone(text, holds: comparison == .greaterOrEqual) }
        case (.lessOrEqual, .absolute(let value)), (.greater, .absolute(let value)):
            if value.isMost { throw .foregone(text, holds: comparison == .lessOrEqual) }
        case (.less, .baseline), (.lessOrEqual, .baseline), (.greater, .baseline),
            (.greaterOrEqual, .baseline):
            break
        }
    }
}

extension Budget.Limit {
    private static let word = "baseline"

    /// Reads what stands behind the comparison.
    fileprivate init(_ clause: Clause) throws(BudgetProblem) {
        let (text, unit) = (clause.rest, clause.metric.unit)
        guard text.hasPrefix(Self.word) else {
            if text.first?.isLetter ?? false { throw .unknownLimit(text, unit) }
            do throws(ConditionProblem) {
                self = .absolute(try MetricValue(Substring(text), in: unit))
            } catch { throw .clause(error) }
            return
        }
        let behind = text.dropFirst(Self.word.count).trimmed
        if behind.isEmpty {
            self = .baseline(.share(0))
            return
        }
        guard let sign = ["+": 1.0, "-": -1.0][behind.prefix(1)] else {
            throw .malformedAllowance(text, clause.metric)
        }
        let amount = behind.dropFirst().trimmed
        guard let allowance = Budget.Allowance(amount, times: sign, in: unit) else {
            throw .malformedAllowance(text, clause.metric)
        }
        // Below nothing there is nothing.
        if case .share(let share) = allowance, share <= -1 {
            throw .malformedAllowance(text, clause.metric)
        }
        self = .baseline(allowance)
    }
}

extension Budget.Allowance {
    /// Reads `10%`, or a value of the metric. Of a metric that is a ratio itself, `10%` could be of
    /// either whole: it is refused.
    fileprivate init?(_ text: Substring, times sign: Double, in unit: Metric.Unit) {
        if text.hasSuffix("%") {
            guard unit != .ratio, let share = Double(plain: text.dropLast()) else { return nil }
            self = .share(sign * share / 100)
        } else {
            guard let value = try? MetricValue(text, in: unit) else { return nil }
            self = .value(sign < 0 ? value.negated : value)
        }
    }
}

extension MetricValue {
    fileprivate var negated: MetricValue {
        switch self {
        case .duration(let value): .duration(.zero - value)
        case .ratio(let value): .ratio(-value)
        case .count(let value): .count(-value)
        case .perSecond(let value): .perSecond(-value)
        }
    }

    /// Nothing is below it.
    fileprivate var isLeast: Bool {
        switch self {
        case .duration(let value): value == .zero
        case .ratio(let value), .perSecond(let value): value == 0
        case .count(let value): value == 0
        }
    }

    /// Nothing is above it.
    fileprivate var isMost: Bool {
        switch self {
        case .ratio(let value): value == 1
        case .duration, .count, .perSecond: false
        }
    }
}
