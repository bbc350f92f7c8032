/// One budget of a run, judged.
package struct BudgetResult: Codable, Sendable, Equatable {
    package enum Verdict: String, Codable, Sendable, CaseIterable {
        case pass, fail, inconclusive
    }

    /// What an inconclusive budget means to whoever waits for the exit status.
    package enum OnInconclusive: String, Codable, Sendable, CaseIterable {
        /// Said, and nothing more.
        case warn
        /// Exit status 4.
        case fail
    }

    package enum Unit: String, Codable, Sendable, CaseIterable {
        case microseconds = "us"
        /// 0…1.
        case ratio
        case perSecond = "per_s"
        case count
    }

    /// As it was written.
    package var budget: String
    /// `response_time.p99{payment=card}`.
    package var metric: String
    package var verdict: Verdict
    package var onInconclusive: OnInconclusive
    package var unit: Unit
    /// nil without data, which is never a pass.
    @NullWhenNone package var value: Double?
    /// The interval of the value; nil on a side that the data do not bound.
    @NullWhenNone package var lower: Double?
    @NullWhenNone package var upper: Double?
    /// Two-sided, of the interval.
    @NullWhenNone package var confidence: Double?
    /// Observations that the value rests on.
    package var count: Int
    /// What the value must keep to; of a relative budget the baseline's value with its allowance.
    @NullWhenNone package var limit: Double?
    /// How far the value is inside the limit, as a share of it; negative where it is beyond.
    @NullWhenNone package var margin: Double?
    /// One sentence: value, interval, count, limit, margin.
    package var reason: String
    /// Of a relative budget.
    package var comparison: Comparison?
    /// Of a budget with windows: the seconds of the first one that failed, from the start of the run.
    package var failedWindow: PhaseRecord.Span?

    /// Candidate against baseline; changes are shares: 0.1 is 10 % more.
    package struct Comparison: Codable, Sendable, Equatable {
        @NullWhenNone package var baseline: Double?
        /// Of the typical slice (Hodges–Lehmann).
        package var typical: Change?
        /// Of the whole run (pooled quantile, bootstrap over slices).
        package var whole: Change?

        package init(baseline: Double?, typical: Change?, whole: Change?) {
            self.baseline = baseline
            self.typical = typical
            self.whole = whole
        }
    }

    package struct Change: Codable, Sendable, Equatable {
        package var change: Double
        package var lower: Double
        package var upper: Double

        package init(change: Double, lower: Double, upper: Double) {
            self.change = change
            self.lower = lower
            self.upper = upper
        }
    }

    enum CodingKeys: String, CodingKey {
        case budget, metric, verdict, unit, value, lower, upper, confidence, count, limit, margin
        case reason, comparison
        case onInconclusive = "on_inconclusive"
        case failedWindow = "failed_window"
    }

    package init(
        budget: String, metric: String, verdict: Verdict, onInconclusive: OnInconclusive,
        unit: Unit, count: Int, reason: String
    ) {
        self.budget = budget
        self.metric = metric
        self.verdict = verdict
        self.onInconclusive = onInconclusive
        self.unit = unit
        self.count = count
        self.reason = reason
    }
}
