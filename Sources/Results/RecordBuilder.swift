import Histograms
import Payments

/// Adds up the intervals of a run to its record. The run itself and whoever reads its log use the same
/// one, so that both have the same record to the last bit.
///
/// Memory is bounded by the plan and the run's seconds, not by its payments: a second's histograms are
/// kept only until its answers are in.
package struct RecordBuilder: Sendable {
    private struct OpenSecond {
        var responseTime = Histogram()
        var sendDelay = Histogram()
    }

    package let start: RunStart
    private var sum: Interval
    private var rows: [TimelineRow] = []
    private var openSeconds: [Int: OpenSecond] = [:]
    private var settledBefore = 0

    package init(_ start: RunStart) {
        self.start = start
        sum = Interval(of: start)
    }

    /// - Precondition: the interval has the phases, payments and workers of this run.
    package mutating func add(_ interval: Interval) {
        for (index, phase) in interval.phases.enumerated() { sum.phases[index].add(phase) }
        for (number, second) in interval.seconds { add(second, number) }
        sum.signIns.failed += interval.signIns.failed
        sum.signIns.time.add(interval.signIns.time)
        sum.spans.merge(interval.spans) { $1 }
        for (worker, tally) in interval.tallies.enumerated() where tally != nil {
            sum.tallies[worker] = tally
        }
        sum.elapsed = interval.elapsed
        sum.cpuSeconds = interval.cpuSeconds
        sum.peakRSSBytes = interval.peakRSSBytes
        settle(before: interval.settledBefore)
    }

    private mutating func add(_ second: Interval.Second, _ number: Int) {
        while rows.count <= number { rows.append(TimelineRow()) }
        rows[number].add(second)
        guard number >= settledBefore else { return }
        openSeconds[number, default: OpenSecond()].responseTime.add(second.responseTime)
        openSeconds[number, default: OpenSecond()].sendDelay.add(second.sendDelay)
    }

    /// Closes the seconds for which no answer can come any more.
    private mutating func settle(before number: Int) {
        settledBefore = max(settledBefore, number)
        for open in openSeconds.keys where open < settledBefore {
            rows[open].take(responseTime(of: open), openSeconds[open]?.sendDelay ?? Histogram())
            openSeconds[open] = nil
        }
    }

    private func responseTime(of second: Int) -> Histogram {
        openSeconds[second]?.responseTime ?? Histogram()
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
            sum.phases.reduce(0) { total, phase in
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
        whole.settle(before: .max)
        return whole.record(of: end)
    }

    /// The record of a run that did not: what was measured until then. Payments that had no answer by
    /// then are counted as unanswered.
    ///
    /// Of the generator's figures three are known only at the end: CPU has in it what was spent waiting,
    /// the busiest worker is taken for as busy as all of them, and connections opened are those of
    /// finished payments, at least.
    package func unfinishedRecord() -> Record {
        let connects = sum.phases.reduce(0) { $0 + Int($1.times.connect.count) }
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
            payments: counts.payments)
        phase.flow = plan.flow
        phase.adapter = plan.adapter
        phase.planned = counts.planned
        phase.started = counts.started
        phase.skipped = counts.skipped
        phase.retries = counts.retries
        phase.repeats = counts.repeats
        phase.times = counts.times
        phase.punctuality = counts.punctuality
        phase.bytesSent = counts.bytesSent
        phase.bytesReceived = counts.bytesReceived
        if !isWhole {
            phase.unanswered =
                counts.started
                - counts.payments.reduce(0) { $0 + $1.outcomes.values.reduce(0, +) }
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

extension Interval.Phase {
    fileprivate mutating func add(_ other: Interval.Phase) {
        planned += other.planned
        started += other.started
        skipped += other.skipped
        retries += other.retries
        repeats = repeats + other.repeats
        bytesSent += other.bytesSent
        bytesReceived += other.bytesReceived
        for index in payments.indices { payments[index].add(other.payments[index]) }
        times.add(other.times)
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
