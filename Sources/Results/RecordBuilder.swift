import Histograms
import Payments

/// Adds up the intervals of a run to its record. The run itself and whoever reads its log use the same
/// one, so that both have the same record to the last bit.
///
/// Memory is bounded by the plan and the run's seconds, not by its payments: a second's histograms are
/// kept only until its answers are in.
package struct RecordBuilder: Sendable {
    /// A second for which no answer can come any more.
    package struct SettledSecond: Sendable {
        package var number: Int
        /// By phase, of those that had payments due in it.
        package var series: [Int: CompactSeries]

        package init(number: Int, series: [Int: CompactSeries]) {
            self.number = number
            self.series = series
        }
    }

    package let start: RunStart
    private var sum: Interval
    private var phases: [PhaseSum]
    private var rows: [TimelineRow] = []
    private var openSeconds: [Int: [Int: CompactSeries]] = [:]
    /// Of seconds that were settled before: what retries took longer for than anyone waits.
    private var late: [Int: [Int: CompactSeries]] = [:]
    private var settledBefore = 0

    package init(_ start: RunStart) {
        self.start = start
        sum = Interval(of: start)
        let payments = [PaymentRecord](
            repeating: PaymentRecord(), count: start.paymentNames.count)
        phases = start.phases.map { _ in PhaseSum(payments: payments) }
    }

    /// Gives the seconds that are settled with it, in their order; before them what came for earlier ones
    /// after all.
    ///
    /// - Precondition: the interval has the phases, payments and workers of this run.
    @discardableResult
    package mutating func add(_ interval: Interval) -> [SettledSecond] {
        for (index, phase) in interval.phases.enumerated() { sum.phases[index].add(phase) }
        for (number, second) in interval.seconds.sorted(by: { $0.key < $1.key }) {
            add(second, number)
        }
        sum.signIns.failed += interval.signIns.failed
        sum.signIns.time.add(interval.signIns.time)
        sum.spans.merge(interval.spans) { $1 }
        for (worker, tally) in interval.tallies.enumerated() where tally != nil {
            sum.tallies[worker] = tally
        }
        sum.elapsed = interval.elapsed
        sum.cpuSeconds = interval.cpuSeconds
        sum.peakRSSBytes = interval.peakRSSBytes
        return settle(before: interval.settledBefore)
    }

    private mutating func add(_ second: Interval.Second, _ number: Int) {
        while rows.count <= number { rows.append(TimelineRow()) }
        rows[number].add(second)
        for (phase, series) in second.series.sorted(by: { $0.key < $1.key }) {
            phases[phase].add(series, second: number)
            if number >= settledBefore {
                openSeconds[number, default: [:]][phase, default: [:]].add(series)
            } else {
                late[number, default: [:]][phase, default: [:]].add(series)
            }
        }
    }

    /// Closes the seconds for which no answer can come any more.
    private mutating func settle(before number: Int) -> [SettledSecond] {
        settledBefore = max(settledBefore, number)
        let stragglers = late.sorted { $0.key < $1.key }.map {
            SettledSecond(number: $0.key, series: $0.value)
        }
        late.removeAll()
        return stragglers
            + openSeconds.keys.filter { $0 < settledBefore }.sorted().map { second in
                rows[second].take(
                    responseTime(of: second), times(of: second) { $0 == .sendDelay })
                return SettledSecond(
                    number: second, series: openSeconds.removeValue(forKey: second) ?? [:])
            }
    }

    /// The seconds that are not settled, as they are.
    package mutating func settleAll() -> [SettledSecond] { settle(before: .max) }

    private func responseTime(of second: Int) -> Histogram {
        times(of: second) { if case .responseTime = $0 { true } else { false } }
    }

    private func times(of second: Int, where isWanted: (SeriesKey) -> Bool) -> Histogram {
        let phases = openSeconds[second] ?? [:]
        return phases.values.reduce(into: CompactHistogram()) {
            $0.add($1.merged(where: isWanted))
        }.histogram
    }
}

/// What is there so far.
extension RecordBuilder {
    /// By worker, the number of its last tally that was added.
    package var tallies: [UInt32?] { sum.tallies }

    /// Until when it is known what the run did, in seconds from its start.
    package var elapsed: Double { sum.elapsed }

    package var started: Int { sum.phases.reduce(0) { $0 + $1.started } }

    /// Indexed by `Outcome.rawValue`.
    package var outcomes: [Int] {
        Outcome.allCases.map { outcome in
            phases.reduce(0) { total, phase in
                phase.payments.reduce(total) { $0 + $1.count(of: outcome) }
            }
        }
    }

    /// p50 and p99 of the payments intended in second `number`, as far as they were answered.
    package func responseTime(ofSecond number: Int) -> (p50: UInt64?, p99: UInt64?) {
        let histogram = responseTime(of: number)
        return (histogram.observedValue(at: 0.5), histogram.observedValue(at: 0.99))
    }
}

extension RecordBuilder {
    /// The record of a run that came to its end.
    package func record(_ end: RunEnd) -> Record {
        var whole = self
        _ = whole.settleAll()
        return whole.record(of: end)
    }

    /// The record of a run that did not: what was measured until then. Payments that had no answer by
    /// then are counted as unanswered.
    ///
    /// Of the generator's figures three are known only at the end: CPU has in it what was spent waiting,
    /// the busiest worker is taken for as busy as all of them, and connections opened are those of
    /// finished payments, at least.
    package func unfinishedRecord() -> Record {
        let connects = phases.reduce(0) { $0 + Int($1.times.connect.count) }
        let busy = sum.elapsed > 0 ? sum.cpuSeconds / sum.elapsed : 0
        return record(
            RunEnd(
                ending: .killed, wallSeconds: sum.elapsed,
                generator: GeneratorRecord(
                    workers: start.workers, cores: start.cores, cpuSeconds: sum.cpuSeconds,
                    busiestWorker: busy / Double(max(1, start.workers)),
                    peakRSSBytes: sum.peakRSSBytes, connectionsOpened: connects)))
    }

    private func record(of end: RunEnd) -> Record {
        var record = Record(
            identity: start.identity, ending: end.ending, wallSeconds: end.wallSeconds,
            phases: start.phases.indices.map { phase($0, isWhole: end.ending != .killed) },
            paymentNames: start.paymentNames, codes: codes, timeline: timeline,
            generator: end.generator)
        if start.signsIn { record.signIns = sum.signIns }
        record.expectations = start.expectations
        record.host = end.host
        record.environment = start.environment
        record.environment?.httpVersion = end.httpVersion
        record.design = start.design
        return record
    }

    private func phase(_ index: Int, isWhole: Bool) -> PhaseRecord {
        let plan = start.phases[index]
        let counts = sum.phases[index]
        let spans = start.spans(ofPhase: index, passes: sum.spans)
        var phase = PhaseRecord(
            name: plan.name, measured: plan.measured, model: plan.model, spans: spans,
            payments: phases[index].payments)
        phase.flow = plan.flow
        phase.adapter = plan.adapter
        phase.planned = counts.planned
        phase.started = counts.started
        phase.skipped = counts.skipped
        phase.retries = counts.retries
        phase.repeats = counts.repeats
        phase.times = phases[index].times
        phase.slices = phases[index].slices
        phase.punctuality = counts.punctuality
        phase.bytesSent = counts.bytesSent
        phase.bytesReceived = counts.bytesReceived
        if !isWhole {
            phase.unanswered =
                counts.started
                - phases[index].payments.reduce(0) { $0 + $1.outcomes.values.reduce(0, +) }
        }
        return phase
    }

    /// One row for each second; in flight at the end of each is what was sent less what was completed.
    private var timeline: [TimelineRow] {
        var inFlight = 0
        return rows.map { row in
            var row = row
            inFlight += row.started - row.completed
            row.inFlight = inFlight
            return row
        }
    }

    /// Most frequent first.
    private var codes: [CodeCount] {
        let counts = sum.phases.reduce(into: [Interval.Code: Int]()) {
            $0.merge($1.codes, uniquingKeysWith: +)
        }
        return counts.map { code, count in
            CodeCount(
                outcome: code.outcome, code: code.code, httpStatus: code.httpStatus,
                field: code.field, count: count)
        }.sorted { $0.stands(before: $1) }
    }
}

extension CodeCount {
    /// By count; the rest only so that the order is always the same.
    fileprivate func stands(before other: CodeCount) -> Bool {
        if count != other.count { return count > other.count }
        return (outcome.rawValue, code, httpStatus ?? 0, field ?? "")
            < (other.outcome.rawValue, other.code, other.httpStatus ?? 0, other.field ?? "")
    }
}

/// All durations of one phase.
private struct PhaseSum {
    var payments: [PaymentRecord]
    var times = PhaseTimes()
    var slices = PhaseSlices()

    mutating func add(_ series: PhaseSeries, second: Int) {
        for payment in payments.indices {
            payments[payment].add(series, firstSlot: payment * Outcome.allCases.count)
        }
        times.add(series.times)
        slices.add(series, second: second)
    }
}

extension PaymentRecord {
    fileprivate mutating func add(_ series: PhaseSeries, firstSlot: Int) {
        guard !series.responseTime.isEmpty else { return }
        for outcome in responseTime.indices {
            responseTime[outcome].add(series.responseTime[firstSlot + outcome])
            serviceTime[outcome].add(series.serviceTime[firstSlot + outcome])
        }
    }
}

extension Interval.Phase {
    fileprivate mutating func add(_ other: Interval.Phase) {
        planned += other.planned
        started += other.started
        skipped += other.skipped
        retries += other.retries
        repeats = repeats + other.repeats
        bytesSent += other.bytesSent
        bytesReceived += other.bytesReceived
        punctuality.add(other.punctuality)
        codes.merge(other.codes, uniquingKeysWith: +)
    }
}

extension TimelineRow {
    fileprivate mutating func add(_ second: Interval.Second) {
        planned += second.planned
        started += second.started
        for outcome in outcomes.indices { outcomes[outcome] += second.outcomes[outcome] }
        for (flow, count) in second.completedByFlow.enumerated() {
            while completedByFlow.count <= flow { completedByFlow.append(0) }
            completedByFlow[flow] += count
        }
    }

    fileprivate mutating func take(_ responseTime: Histogram, _ sendDelay: Histogram) {
        p50 = responseTime.observedValue(at: 0.5)
        p99 = responseTime.observedValue(at: 0.99)
        sendDelayP99 = sendDelay.observedValue(at: 0.99)
    }
}
