import Curl
import Engine
import Histograms
import Payments
import Results

/// Turns the workers' tallies into intervals while the run lasts, and adds these up.
struct Collector {
    private let names: RunNames
    private(set) var builder: RecordBuilder
    private var interval: Interval
    private var answers: AnswersDue

    init(_ start: RunStart, names: RunNames) {
        self.names = names
        builder = RecordBuilder(start)
        interval = Interval(of: start)
        answers = AnswersDue(workers: start.workers, origin: names.origin)
    }

    /// Adds a tally; returns the payments in it whose booking is uncertain.
    mutating func add(_ tally: Tally) -> [UncertainPayment] {
        let entries = tally.codes.entries
        for (index, phase) in tally.phases.enumerated() {
            interval.phases[index].add(phase)
            interval.phases[index].punctuality.add(
                Punctuality(phase.punctuality, origin: names.origin))
            for (entry, count) in zip(entries, tally.codeCounts[index]) where count > 0 {
                interval.phases[index].codes[Interval.Code(entry), default: 0] += count
            }
        }
        for second in tally.seconds {
            interval.seconds[second.number, default: Interval.Second()].add(second)
        }
        answers.add(tally)
        interval.signIns.failed += tally.signIns.failed
        interval.signIns.time.add(tally.signIns.time)
        interval.tallies[tally.worker] = tally.number
        let uncertain = tally.uncertain.map { uncertainPayment($0, codes: entries) }
        interval.uncertain += uncertain
        return uncertain
    }

    /// Ends the interval and begins the next one. The record has what is in it from now on. Gives the
    /// seconds that are settled with it, too.
    ///
    /// - Parameter complete: adds what is no sum of tallies.
    mutating func closeInterval(
        _ complete: (inout Interval) -> Void
    ) -> (Interval, settled: [RecordBuilder.SettledSecond]) {
        complete(&interval)
        interval.settledBefore = answers.settle(atLeastBefore: interval.settledBefore)
        let closed = interval
        let settled = builder.add(closed)
        interval = Interval(of: builder.start)
        return (closed, settled)
    }

    /// The seconds that are left at the end.
    mutating func settleAll() -> [RecordBuilder.SettledSecond] { builder.settleAll() }

    private func uncertainPayment(
        _ uncertain: UncertainEnd, codes: [CodeTable.Entry]
    ) -> UncertainPayment {
        let end = uncertain.end
        let entry = codes[uncertain.code]
        return UncertainPayment(
            paymentID: String(decoding: uncertain.paymentID, as: UTF8.self),
            payment: names.payments[end.payment], phase: names.phases[end.phase],
            adapter: names.adapters[end.phase], outcome: end.outcome, code: entry.code,
            httpStatus: entry.httpStatus,
            intended: names.wallClock(at: end.intended), sent: names.wallClock(at: end.sent),
            completed: names.wallClock(at: end.completed), stage: RequestStage(uncertain.stage))
    }
}

/// Which seconds have all their answers.
private struct AnswersDue {
    private let origin: Nanoseconds
    /// By worker: all that was due until then is known.
    private var caughtUp: [Nanoseconds?]
    /// By second, payments without an answer; of those that are not settled.
    private var open: [Int: Int] = [:]
    private var settledBefore = 0

    init(workers: Int, origin: Nanoseconds) {
        self.origin = origin
        caughtUp = [Nanoseconds?](repeating: nil, count: workers)
    }

    mutating func add(_ tally: Tally) {
        caughtUp[tally.worker] = tally.caughtUp ?? caughtUp[tally.worker]
        for second in tally.seconds where second.number >= settledBefore {
            open[second.number, default: 0] +=
                second.planned - second.skipped - second.answered
        }
    }

    /// The first second for which an answer may still come.
    ///
    /// - Parameter time: what time alone says of it.
    mutating func settle(atLeastBefore time: Int) -> Int {
        let known = caughtUp.map { $0.map { Int(max(0, $0 - origin) / 1_000_000_000) } ?? 0 }
        let last = known.min() ?? 0
        while settledBefore < last, open[settledBefore, default: 0] == 0 {
            open[settledBefore] = nil
            settledBefore += 1
        }
        settledBefore = max(settledBefore, time)
        open = open.filter { $0.key >= settledBefore }
        return settledBefore
    }
}

extension Interval.Phase {
    fileprivate mutating func add(_ tally: PhaseTally) {
        planned += tally.planned
        started += tally.started
        skipped += tally.skipped
        retries += tally.retries
        repeats.add(tally.repeats)
        bytesSent += tally.bytesSent
        bytesReceived += tally.bytesReceived
    }
}

extension Interval.Second {
    fileprivate mutating func add(_ tally: SecondTally) {
        planned += tally.planned
        started += tally.started
        for outcome in outcomes.indices { outcomes[outcome] += tally.outcomes[outcome] }
        for (flow, count) in tally.completedByFlow.enumerated() {
            while completedByFlow.count <= flow { completedByFlow.append(0) }
            completedByFlow[flow] += count
        }
        for (phase, own) in tally.series.enumerated() where !own.isEmpty {
            series[phase, default: PhaseSeries()].add(own)
        }
    }
}

extension Interval.Code {
    fileprivate init(_ entry: CodeTable.Entry) {
        self.init(
            outcome: entry.outcome, code: entry.code, httpStatus: entry.httpStatus,
            field: entry.field)
    }
}

extension RequestStage {
    fileprivate init(_ stage: SendStage) {
        switch stage {
        case .nothingLeft: self = .nothingLeft
        case .partlyLeft: self = .partlyLeft
        case .allLeft: self = .allLeft
        case .answerBegun: self = .answerBegun
        }
    }
}

extension RepeatFindings {
    /// - Parameter counts: by `RepeatFinding.rawValue`.
    fileprivate mutating func add(_ counts: [Int]) {
        for finding in RepeatFinding.allCases {
            let count = counts[finding.rawValue]
            switch finding {
            case .same: same += count
            case .refused: refused += count
            case .different: different += count
            case .settled: settled += count
            case .unanswered: unanswered += count
            }
        }
    }
}

/// Names, and the wall clock, of what the engine knows by index and monotonic instant.
struct RunNames: Sendable {
    var phases: [String]
    /// By phase; nil where there is one target.
    var adapters: [String?]
    var payments: [String]
    var origin: Nanoseconds
    /// Seconds since 1970-01-01 UTC at `origin`.
    var startedAt: Double

    func wallClock(at instant: Nanoseconds) -> Double {
        startedAt + Double(instant - origin) / 1e9
    }
}
