import Curl
import Dispatch
import Histograms
import Payments
import Synchronization
import Testing

@testable import Engine

private let description = plan(
    [open(1, for: second), open(1, for: second), closed(1, for: second)], requests: 3)

/// One payment of a simulated life, the same for the same number.
private struct Life {
    var end: PaymentEnd
    var isSkipped: Bool
    var source: CodeTable.Source?

    init(number: UInt64, using random: inout SeededGenerator) {
        let intended = origin + Nanoseconds.random(in: 0..<(5 * second), using: &random)
        let sent = intended + Nanoseconds.random(in: 0..<second, using: &random)
        let outcome = Outcome.allCases.randomElement(using: &random) ?? .accepted
        end = PaymentEnd(
            phase: Int.random(in: 0..<3, using: &random),
            payment: Int.random(in: 0..<3, using: &random), number: number, outcome: outcome,
            intended: intended, sent: sent,
            completed: sent + Nanoseconds.random(in: 0..<second, using: &random))
        isSkipped = number % 10 == 0
        let code = UInt64.random(in: 0..<5, using: &random)
        source = outcome == .accepted ? nil : .named("CODE_\(code)", number: code)
    }

    func count(into tally: inout Tally) {
        let payment = DuePayment(
            phase: end.phase, pass: 0, number: end.number, position: 0, intended: end.intended)
        if isSkipped { return tally.countSkipped(payment) }
        tally.countStarted(payment, sent: end.sent, slotWait: (end.sent - end.intended) / 3)
        tally.countEnd(end)
        if let source { tally.countCode(source, status: 500, of: end) }
    }
}

/// Sums over everything that a series of tallies says.
private struct Sums: Equatable {
    var planned = 0
    var started = 0
    var skipped = 0
    var ended = 0
    var sendDelays = 0
    var secondsPlanned = 0
    var secondsStarted = 0
    var secondsEnded = 0
    var secondsTimes = 0
    var uncertain = 0
    var codes: [CodeTable.Entry: Int] = [:]

    mutating func add(_ tally: Tally) {
        for phase in tally.phases {
            planned += phase.planned
            started += phase.started
            skipped += phase.skipped
        }
        for phase in tally.phases.indices {
            let series = tally.series(ofPhase: phase)
            ended += series.responseTime.reduce(0) { $0 + Int($1.count) }
            sendDelays += Int(series.times.sendDelay.count)
        }
        for second in tally.seconds {
            secondsPlanned += second.planned
            secondsStarted += second.started
            secondsEnded += second.outcomes.reduce(0, +)
            secondsTimes += second.answered
        }
        uncertain += tally.uncertain.count
        for counts in tally.codeCounts {
            for (entry, count) in zip(tally.codes.entries, counts) where count > 0 {
                codes[entry, default: 0] += count
            }
        }
    }
}

@Suite struct TallyTests {
    @Test func everyCountIsThereByPhaseByPaymentAndBySecond() {
        let seed: UInt64 = 6
        var random = SeededGenerator(seed: seed)
        var tally = Tally(plan: description)
        let lives = (0..<5000).map { Life(number: $0, using: &random) }
        for life in lives { life.count(into: &tally) }
        let started = lives.filter { !$0.isSkipped }
        for phase in 0..<3 {
            let own = lives.filter { $0.end.phase == phase }
            let series = tally.series(ofPhase: phase)
            #expect(tally.phases[phase].planned == own.count, "seed \(seed)")
            #expect(tally.phases[phase].skipped == own.count(where: \.isSkipped))
            for payment in 0..<3 {
                for outcome in Outcome.allCases {
                    let count = started.count {
                        ($0.end.phase, $0.end.payment, $0.end.outcome) == (phase, payment, outcome)
                    }
                    let slot = payment * Outcome.allCases.count + Int(outcome.rawValue)
                    #expect(series.responseTime[slot].count == UInt64(count))
                    #expect(series.serviceTime[slot].count == UInt64(count))
                }
            }
        }
        for row in tally.seconds {
            func isIn(_ instant: Nanoseconds) -> Bool {
                (instant - origin) / second == Nanoseconds(row.number)
            }
            #expect(row.planned == lives.count { isIn($0.end.intended) })
            #expect(row.started == started.count { isIn($0.end.sent) })
            let recorded = row.series.flatMap(\.responseTime).reduce(0) { $0 + Int($1.count) }
            #expect(recorded == row.answered)
            #expect(row.answered == started.count { isIn($0.end.intended) })
            for outcome in Outcome.allCases {
                #expect(
                    row.outcomes[Int(outcome.rawValue)]
                        == started.count { $0.end.outcome == outcome && isIn($0.end.completed) })
            }
        }
        let uncertain = started.filter(\.end.outcome.leavesBookingUncertain)
        #expect(tally.uncertain.map(\.end) == uncertain.map(\.end))
        #expect(
            tally.codeCounts.joined().reduce(0, +) == started.count { $0.end.outcome != .accepted })
    }

    @Test func aDelayIsLatenessAndWaitForASlot() {
        var tally = Tally(plan: description)
        let payment = DuePayment(phase: 0, pass: 0, number: 0, position: 0, intended: origin)
        // Sent 10 ms late: 4 ms without a slot, 6 ms of our own.
        tally.countStarted(payment, sent: origin + 10 * millisecond, slotWait: 4 * millisecond)
        // A wait can't be longer than the delay, and nothing is sent before its time.
        tally.countStarted(payment, sent: origin + 10 * millisecond, slotWait: second)
        tally.countStarted(payment, sent: origin - 1, slotWait: 0)
        let phase = tally.series(ofPhase: 0)
        #expect(phase.times.sendDelay.value(at: 1) == histogram(10_000).value(at: 1))
        #expect(phase.times.lag.maximum == histogram(6000).maximum)
        #expect(phase.times.slotWait.maximum == histogram(10_000).maximum)
        #expect(phase.times.sendDelay.minimum == 0 && phase.times.lag.minimum == 0)
    }

    @Test func timesAreRoundedToMicroseconds() {
        var tally = Tally(plan: description)
        for (sent, completed) in [(499, 1498), (500, 1500)] as [(Nanoseconds, Nanoseconds)] {
            tally.countEnd(
                PaymentEnd(
                    phase: 0, payment: 0, number: 0, outcome: .accepted, intended: origin,
                    sent: origin + sent, completed: origin + completed))
        }
        // 1498 and 1500 ns from the intended instant, 999 and 1000 ns from the sent one.
        #expect(tally.series(ofPhase: 0).responseTime[0].minimum == 1)
        #expect(tally.series(ofPhase: 0).responseTime[0].maximum == 2)
        #expect(tally.series(ofPhase: 0).serviceTime[0].maximum == 1)
    }

    @Test func aForgottenTallyIsAsGoodAsNew() {
        var random = SeededGenerator(seed: 8)
        var tally = Tally(plan: description)
        for number in UInt64(0)..<500 { Life(number: number, using: &random).count(into: &tally) }
        tally.removeCounts()
        var sums = Sums()
        sums.add(tally)
        #expect(sums == Sums())
        var fresh = Tally(plan: description)
        var again = SeededGenerator(seed: 9)
        random = again
        for number in UInt64(0)..<500 {
            Life(number: number, using: &again).count(into: &fresh)
            Life(number: number, using: &random).count(into: &tally)
        }
        var left = Sums()
        var right = Sums()
        left.add(fresh)
        right.add(tally)
        #expect(left == right)
    }

    private func histogram(_ value: UInt64) -> Histogram {
        var histogram = Histogram()
        histogram.record(value)
        return histogram
    }
}

@Suite struct MailboxTests {
    @Test func aTallyThatWasNotFetchedIsKept() {
        let mailbox = Mailbox()
        var tally = Tally(plan: description)
        tally.countSkipped(DuePayment(phase: 0, pass: 0, number: 0, position: 0, intended: origin))
        #expect(mailbox.post(&tally, plan: description))
        #expect(tally.phases[0].planned == 0)
        tally.countSkipped(DuePayment(phase: 0, pass: 0, number: 1, position: 0, intended: origin))
        #expect(!mailbox.post(&tally, plan: description))
        #expect(tally.phases[0].planned == 1)
        #expect(mailbox.collect()?.phases[0].planned == 1)
        #expect(mailbox.collect() == nil)
        #expect(mailbox.post(&tally, plan: description))
    }

    @Test func codeNumbersSurviveAnExchange() throws {
        let mailbox = Mailbox()
        var random = SeededGenerator(seed: 1)
        var life = Life(number: 1, using: &random)
        life.end.outcome = .rejected
        var tally = Tally(plan: description)
        for number in UInt64(1)...3 {
            life.source = .named("CODE_\(number)", number: number)
            life.count(into: &tally)
            #expect(mailbox.post(&tally, plan: description))
            let posted = try #require(mailbox.collect())
            #expect(posted.codes.entries.count == Int(number))
            #expect(posted.codeCounts[life.end.phase].last == 1)
            #expect(posted.codeCounts[life.end.phase].dropLast().allSatisfy { $0 == 0 })
            mailbox.recycle(posted)
        }
    }

    /// One thread counts and posts, another collects at the same time: in the end nothing is missing.
    @Test func noCountIsLostUnderAConcurrentCollector() {
        let seed: UInt64 = 20_240_611
        let lives: UInt64 = 2000
        let mailbox = Mailbox()
        let rest = Mutex<Tally?>(nil)
        let isDone = Atomic(false)
        let worker = DispatchQueue(label: "worker")
        worker.async {
            var random = SeededGenerator(seed: seed)
            var tally = Tally(plan: description)
            for number in UInt64(0)..<lives {
                Life(number: number, using: &random).count(into: &tally)
                if number % 50 == 0 { _ = mailbox.post(&tally, plan: description) }
            }
            rest.withLock { [tally] in $0 = tally }
            isDone.store(true, ordering: .releasing)
        }
        var collected = Sums()
        var collections = 0
        while !isDone.load(ordering: .acquiring) {
            guard let tally = mailbox.collect() else { continue }
            collected.add(tally)
            collections += 1
            mailbox.recycle(tally)
        }
        if let tally = mailbox.collect() { collected.add(tally) }
        if let tally = rest.withLock({ $0 }) { collected.add(tally) }
        var expected = Sums()
        var random = SeededGenerator(seed: seed)
        var whole = Tally(plan: description)
        for number in UInt64(0)..<lives {
            Life(number: number, using: &random).count(into: &whole)
        }
        expected.add(whole)
        #expect(collected == expected, "seed \(seed)")
        #expect(collections > 0)
    }
}
