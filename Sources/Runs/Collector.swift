import Curl
import Engine
import Histograms
import Payments
import Results

/// Adds up the workers' tallies while the run lasts. Memory is bounded by the plan and the run's
/// seconds, not by its payments: a second's histograms are kept only until its answers are in.
struct Collector {
    private struct Second {
        var row = TimelineRow()
        var responseTime = Histogram()
        var sendDelay = Histogram()
        var isOpen = true
    }

    private let plan: EnginePlan
    private let names: RunNames
    private(set) var phases: [PhaseTally]
    private var codes: [CodeTable.Entry: Int] = [:]
    private var seconds: [Second] = []
    private var firstOpen = 0

    init(plan: EnginePlan, names: RunNames) {
        self.plan = plan
        self.names = names
        phases = Tally(plan: plan).phases
    }

    /// Adds a tally; returns the payments in it whose booking is uncertain.
    mutating func add(_ tally: Tally) -> [UncertainPayment] {
        for (index, phase) in tally.phases.enumerated() { phases[index].add(phase) }
        for (entry, count) in zip(tally.codes.entries, tally.codeCounts) where count > 0 {
            codes[entry, default: 0] += count
        }
        for second in tally.seconds { add(second) }
        return tally.uncertain.map { uncertainPayment($0, codes: tally.codes.entries) }
    }

    private mutating func add(_ tally: SecondTally) {
        while seconds.count <= tally.number { seconds.append(Second()) }
        let index = tally.number
        seconds[index].row.planned += tally.planned
        seconds[index].row.started += tally.started
        for outcome in tally.outcomes.indices {
            seconds[index].row.outcomes[outcome] += tally.outcomes[outcome]
        }
        seconds[index].responseTime.add(tally.responseTime)
        seconds[index].sendDelay.add(tally.sendDelay)
    }

    /// Closes the seconds for which no answer can come any more.
    mutating func closeSeconds(before number: Int) {
        while firstOpen < min(number, seconds.count) {
            close(firstOpen)
            firstOpen += 1
        }
    }

    private mutating func close(_ index: Int) {
        seconds[index].row.p50 = seconds[index].responseTime.observedValue(at: 0.5)
        seconds[index].row.p99 = seconds[index].responseTime.observedValue(at: 0.99)
        seconds[index].row.sendDelayP99 = seconds[index].sendDelay.observedValue(at: 0.99)
        seconds[index].responseTime = Histogram()
        seconds[index].sendDelay = Histogram()
        seconds[index].isOpen = false
    }

    /// p50 and p99 of the payments intended in second `number`, as far as they were answered.
    func responseTime(ofSecond number: Int) -> (p50: UInt64?, p99: UInt64?) {
        guard seconds.indices.contains(number) else { return (nil, nil) }
        let histogram = seconds[number].responseTime
        return (histogram.observedValue(at: 0.5), histogram.observedValue(at: 0.99))
    }

    /// One row for each second; in flight at the end of each is what was sent less what was completed.
    func timeline() -> [TimelineRow] {
        var inFlight = 0
        return seconds.map { second in
            var row = second.row
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
        let identity = RequestIdentity(number: end.number, keys: plan.keys)
        let id = plan.requests[end.payment].paymentID.rendered(identity)
        let entry = codes[uncertain.code]
        return UncertainPayment(
            paymentID: String(decoding: id, as: UTF8.self),
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
        bytesSent += other.bytesSent
        bytesReceived += other.bytesReceived
        for index in responseTime.indices where !other.responseTime[index].isEmpty {
            responseTime[index].add(other.responseTime[index])
            serviceTime[index].add(other.serviceTime[index])
        }
        times.add(other.times)
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
