import Results

/// One number of a run that is followed from run to run, named as budgets name it.
struct TrackedFigure {
    enum Better {
        case smaller, bigger
    }

    /// `response_time.p99`
    let metric: String
    /// `{payment=card}`, or nothing.
    let labels: String
    let unit: BudgetResult.Unit
    let value: Double
    /// nil where no interval is known, or on a side that is open.
    var lower: Double?
    var upper: Double?

    var better: Better { unit == .perSecond ? .bigger : .smaller }

    init?(_ metric: String, labels: String = "", _ unit: BudgetResult.Unit, _ value: Double?) {
        guard let value else { return nil }
        self.metric = metric
        self.labels = labels
        self.unit = unit
        self.value = value
    }

    /// nil for a budget without data, and for one that tells of a window instead of the run.
    init?(_ budget: BudgetResult) {
        guard budget.failedWindow == nil else { return nil }
        let name = budget.metric.printable
        let brace = name.firstIndex(of: "{") ?? name.endIndex
        self.init(
            String(name[..<brace]), labels: String(name[brace...]), budget.unit, budget.value)
        lower = budget.lower
        upper = budget.upper
    }

    /// `response_time.p99{payment=card}`
    var name: String { metric + labels }

    /// Unlike for each metric; those of budgets come with their intervals.
    ///
    /// Empty for a run that is invalid or was stopped: its figures would stand beside those of others.
    static func all(of summary: Summary) -> [TrackedFigure] {
        guard summary.isComparable else { return [] }
        let judged = (summary.budgets ?? []).compactMap(TrackedFigure.init)
        var seen: Set<String> = []
        return (general(summary) + judged).compactMap { figure in
            guard seen.insert(figure.name).inserted else { return nil }
            return judged.first { $0.name == figure.name } ?? figure
        }
    }

    private static func general(_ summary: Summary) -> [TrackedFigure] {
        let payments = summary.payments.count > 1 ? summary.payments : []
        return times("response_time", "", summary.latency.responseTime)
            + payments.flatMap {
                times("response_time", "{payment=\($0.name.printable)}", $0.latency.responseTime)
            }
            + times("service_time", "", summary.latency.serviceTime)
            + [
                TrackedFigure("rate.completed", .perSecond, summary.rate.completedPerSecond)
            ].compactMap(\.self)
    }

    /// Without those quantiles that the run does not resolve.
    private static func times(
        _ metric: String, _ labels: String, _ times: Distribution
    ) -> [TrackedFigure] {
        let quantiles: [QuantileName] = [.p50, .p90, .p95, .p99]
        return quantiles.filter(times.resolves).compactMap { quantile in
            var figure = TrackedFigure(
                "\(metric).\(quantile.words)", labels: labels, .microseconds,
                times.value(of: quantile).map { Double($0) })
            figure?.lower = times.intervals?[quantile]?.lower.map { Double($0) }
            figure?.upper = times.intervals?[quantile]?.upper.map { Double($0) }
            return figure
        }
    }
}
