import Curl
import Engine
import Histograms
import Payments
import Results

/// Adds up the workers' tallies while the run lasts. Memory is bounded by the plan and the run's
/// seconds, not by its payments: a second's histograms are kept only until its answers are in.
struct Collector {
    /// What a second needs only while answers to its payments may still come.
    private struct OpenSecond {
        var responseTime = Histogram()
        var sendDelay = Histogram()
    }

    private let plan: EnginePlan
    private let names: RunNames
    private(set) var phases: [PhaseTally]
    private(set) var signIns = SignInTally()
    private var codes: [CodeTable.Entry: Int] = [:]
    private var rows: [TimelineRow] = []
    private var openSeconds: [Int: OpenSecond] = [:]
    private var closedBefore = 0

    init(plan: EnginePlan, names: RunNames) {
        self.plan = plan
        self.names = names
        phases = Tally(plan: plan).phases
    }

    /// Adds a tally; returns the payments in it whose booking is uncertain.
    mutating func add(_ tally: Tally) -> [UncertainPayment] {
        for (index, phase) in tally.phases.enumerated() { phases[index].add(phase) }
        for counts in tally.codeCounts {
            for (entry, count) in zip(tally.codes.entries, counts) where count > 0 {
                codes[entry, default: 0] += count
            }
        }
        for second in tally.seconds { add(second) }
        signIns.add(tally.signIns)
        return tally.uncertain.map { uncertainPayment($0, codes: tally.codes.entries) }
    }

    private mutating func add(_ tally: SecondTally) {
        while rows.count <= tally.number { rows.append(TimelineRow()) }
        rows[tally.number].planned += tally.planned
        rows[tally.number].started += tally.started
        for outcome in tally.outcomes.indices {
            rows[tally.number].outcomes[outcome] += tally.outcomes[outcome]
        }
        for (flow, count) in tally.completedByFlow.enumerated() {
            while rows[tally.number].completedByFlow.count <= flow {
                rows[tally.number].completedByFlow.append(0)
            }
            rows[tally.number].completedByFlow[flow] += count
        }
        guard tally.number >= closedBefore else { return }
        openSeconds[tally.number, default: OpenSecond()].responseTime.add(tally.responseTime)
        openSeconds[tally.number, default: OpenSecond()].sendDelay.add(tally.sendDelay)
    }

    /// Closes the seconds for which no answer can come any more.
    mutating func closeSeconds(before number: Int) {
        closedBefore = max(closedBefore, number)
        for open in openSeconds.keys where open < number { close(open) }
    }

    private mutating func close(_ number: Int) {
        guard let second = openSeconds.removeValue(forKey: number) else { return }
        rows[number].p50 = second.responseTime.observedValue(at: 0.5)
        rows[number].p99 = second.responseTime.observedValue(at: 0.99)
        rows[number].sendDelayP99 = second.sendDelay.observedValue(at: 0.99)
    }

    /// p50 and p99 of the payments intended in second `number`, as far as they were answered.
    func responseTime(ofSecond number: Int) -> (p50: UInt64?, p99: UInt64?) {
        let histogram = openSeconds[number]?.responseTime ?? Histogram()
        return (histogram.observedValue(at: 0.5), histogram.observedValue(at: 0.99))
    }

    /// One row for each second; in flight at the end of each is what was sent less what was completed.
    func timeline() -> [TimelineRow] {
        var inFlight = 0
        return rows.map { row in
            var row = row
            inFlight += row.started - row.completed
            row.inFlight = inFlight
            return row
        }
    }

    func codeCounts() -> [CodeCount] {
        codes.map { entry, count in
            CodeCount(
                outcome: entry.outcome, code: entry.code, httpStatus: entry.httpStatus,
                field: entry.field, count: count)
        }.sorted {
            ($1.count, $0.outcome.rawValue, $0.code) < ($0.count, $1.outcome.rawValue, $1.code)
        }
    }

    var started: Int { phases.reduce(0) { $0 + $1.started } }

    var outcomes: [Int] {
        Outcome.allCases.map { outcome in
            phases.reduce(0) { sum, phase in
                stride(
                    from: Int(outcome.rawValue), to: phase.responseTime.count,
                    by: Outcome.allCases.count
                ).reduce(sum) { $0 + Int(phase.responseTime[$1].count) }
            }
        }
    }

    private func uncertainPayment(
        _ uncertain: UncertainEnd, codes: [CodeTable.Entry]
    ) -> UncertainPayment {
        let end = uncertain.end
        let entry = codes[uncertain.code]
        return UncertainPayment(
            paymentID: String(decoding: uncertain.paymentID, as: UTF8.self),
            payment: names.payments[end.payment], phase: names.phases[end.phase],
            outcome: end.outcome, code: entry.code, httpStatus: entry.httpStatus,
            intended: names.wallClock(at: end.intended), sent: names.wallClock(at: end.sent),
            completed: names.wallClock(at: end.completed))
    }
}

extension PhaseTally {
    mutating func add(_ other: PhaseTally) {
        planned += other.planned
        started += other.started
        skipped += other.skipped
        retries += other.retries
        for index in repeats.indices { repeats[index] += other.repeats[index] }
        bytesSent += other.bytesSent
        bytesReceived += other.bytesReceived
        for index in responseTime.indices where !other.responseTime[index].isEmpty {
            responseTime[index].add(other.responseTime[index])
            serviceTime[index].add(other.serviceTime[index])
        }
        times.add(other.times)
        punctuality.add(other.punctuality)
    }
}

/// Names, and the wall clock, of what the engine knows by index and monotonic instant.
struct RunNames: Sendable {
    var phases: [String]
    var payments: [String]
    var origin: Nanoseconds
    /// Seconds since 1970-01-01 UTC at `origin`.
    var startedAt: Double

    func wallClock(at instant: Nanoseconds) -> Double {
        startedAt + Double(instant - origin) / 1e9
    }
}
