import Metrics
import Payments
import Results

/// Which counts and durations of a run a budget is about.
struct BudgetScope: Sendable {
    let metric: Metric
    /// Of the run's records.
    let phases: Set<Int>
    /// Of the mix; nil: all of them.
    private let payment: Int?
    private let outcome: Outcome?
    private let expectations: [Set<Outcome>]
    /// Completions are counted by second and flow, not by payment or adapter.
    let countsCompletions: Bool
    private let flow: Int?

    /// - Parameter adapter: whose payments; nil: those of all, or of the one that the budget names.
    init(_ budget: Budget, of start: RunStart, adapter: String? = nil) {
        let selection = budget.selection
        metric = budget.metric
        let adapter = adapter ?? selection.adapter
        let named = selection.phase != nil
        phases = Set(
            start.phases.indices.filter { index in
                let phase = start.phases[index]
                let isPhase =
                    selection.phase.map {
                        phase.name == $0
                            || phase.flow.map { "\($0)/" }.map { prefix in
                                phase.name == prefix + (selection.phase ?? "")
                            } ?? false
                    } ?? phase.measured
                let isFlow = selection.flow == nil || selection.flow == phase.flow
                let isAdapter = adapter == nil || adapter == phase.adapter
                return isPhase && isFlow && isAdapter && (phase.measured || named)
            })
        payment = selection.payment.flatMap { start.paymentNames.firstIndex(of: $0) }
        outcome = selection.outcome
        expectations = start.expectations
        countsCompletions = payment == nil && adapter == nil
        let flows = start.phases.reduce(into: [String?]()) { flows, phase in
            if !flows.contains(phase.flow) { flows.append(phase.flow) }
        }
        let own = Set(phases.map { start.phases[$0].flow })
        flow =
            flows.count > 1 && own.count == 1
            ? flows.firstIndex { $0 == own.first ?? nil } : nil
    }

    /// All response times of some records.
    init(responseTimesOf phases: Set<Int>, of start: RunStart) {
        metric = .time(.responseTime, .percentile(50))
        self.phases = phases
        payment = nil
        outcome = nil
        expectations = start.expectations
        countsCompletions = false
        flow = nil
    }

    /// Of one second, whose payments all have an answer.
    func part(of series: [Int: CompactSeries]) -> BudgetPart {
        series.reduce(into: BudgetPart()) { part, entry in
            if phases.contains(entry.key) { part.add(self.part(of: entry.value)) }
        }
    }

    private func part(of series: CompactSeries) -> BudgetPart {
        var part = BudgetPart()
        switch metric {
        case .time(let time, _):
            part.durations = series.merged { isWanted($0, of: time) }
            part.count = Int(clamping: part.durations.count)
        case .errors:
            for (key, histogram) in series { add(histogram.count, of: key, to: &part, isError) }
        case .outcome(let wanted, _):
            for (key, histogram) in series {
                add(histogram.count, of: key, to: &part) { $1 == wanted }
            }
        case .rate(.started): part.events = Int(clamping: series[.sendDelay]?.count ?? 0)
        case .rate(.completed):
            for (key, histogram) in series {
                add(histogram.count, of: key, to: &part) { outcome == nil || outcome == $1 }
            }
        case .code, .skipped, .generatorCPU: break
        }
        return part
    }

    /// What an interval counted that is not kept by second.
    func events(in interval: Interval) -> Int {
        phases.reduce(0) { sum, index in
            let phase = interval.phases[index]
            switch metric {
            case .code(let name):
                return phase.codes.reduce(sum) { $1.key.code == name ? $0 + $1.value : $0 }
            case .skipped: return sum + phase.skipped
            case .errors, .outcome, .rate, .time, .generatorCPU: return sum
            }
        }
    }

    /// Completions in a second of the timeline.
    func completions(in second: Interval.Second) -> Int {
        if let flow, second.completedByFlow.indices.contains(flow) {
            return second.completedByFlow[flow]
        }
        return outcome.map { second.outcomes[Int($0.rawValue)] } ?? second.outcomes.reduce(0, +)
    }

    private func add(
        _ count: UInt64, of key: SeriesKey, to part: inout BudgetPart,
        _ isEvent: (Int, Outcome) -> Bool
    ) {
        guard case .responseTime = key, let place = key.part,
            payment == nil || payment == place.payment
        else { return }
        let outcome = Outcome.allCases[place.outcome]
        part.count += Int(clamping: count)
        if isEvent(place.payment, outcome) { part.events += Int(clamping: count) }
    }

    private func isError(_ payment: Int, _ outcome: Outcome) -> Bool {
        let expected =
            expectations.indices.contains(payment)
            ? expectations[payment] : [.accepted, .declined]
        return !expected.contains(outcome)
    }

    private func isWanted(_ key: SeriesKey, of time: Metric.Time) -> Bool {
        switch (key, time) {
        case (.responseTime, .responseTime), (.serviceTime, .serviceTime):
            guard let place = key.part else { return false }
            let isOutcome = outcome.map { Int($0.rawValue) == place.outcome } ?? true
            return isOutcome && (payment == nil || payment == place.payment)
        case (.sendDelay, .sendDelay), (.firstByte, .firstByte), (.connect, .connect), (.tls, .tls):
            return true
        case (.responseTime, _), (.serviceTime, _), (.sendDelay, _), (.firstByte, _), (.connect, _),
            (.tls, _):
            return false
        }
    }
}
