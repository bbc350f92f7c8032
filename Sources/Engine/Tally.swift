import Curl
import Histograms
import Payments

/// What one worker counted since it last gave a tally away.
package struct Tally: Sendable {
    package private(set) var phases: [PhaseTally]
    /// The seconds touched, in no order; few.
    package private(set) var seconds: [SecondTally] = []
    /// By phase: counts by index into `codes.entries`.
    package private(set) var codeCounts: [[Int]]
    package private(set) var codes = CodeTable()
    package private(set) var uncertain: [UncertainEnd] = []
    /// Whose it is, and how many that worker gave away before.
    package internal(set) var worker = 0
    package internal(set) var number: UInt32 = 0
    /// All that was due until then was started or skipped, and is in this tally or an earlier one; nil
    /// where that is not known.
    package internal(set) var caughtUp: Nanoseconds?
    package var signIns = SignInTally()
    package var samples = SampleBatch()

    private let origin: Nanoseconds
    /// By phase; empty where there is one flow.
    private let flows: [Int]
    private let slots: Int
    private var recycled: [SecondTally] = []

    package init(plan: EnginePlan) {
        origin = plan.origin
        slots = plan.requests.count * Outcome.allCases.count
        phases = plan.phases.map { _ in PhaseTally() }
        codeCounts = plan.phases.map { _ in [] }
        flows = plan.flows.count > 1 ? plan.flowOfPhase : []
    }

    /// Forgets the counts and keeps storage and code numbers.
    package mutating func removeCounts() {
        for index in phases.indices { phases[index].removeCounts() }
        recycled.append(contentsOf: seconds)
        seconds.removeAll(keepingCapacity: true)
        for phase in codeCounts.indices {
            for index in codeCounts[phase].indices { codeCounts[phase][index] = 0 }
        }
        uncertain.removeAll(keepingCapacity: true)
        caughtUp = nil
        signIns.removeCounts()
        samples.removeAll()
    }

    /// All durations of a phase; none where it had no payments. Adds them up anew.
    package func series(ofPhase phase: Int) -> PhaseSeries {
        seconds.reduce(into: PhaseSeries()) { $0.add($1.series[phase]) }
    }

    /// The tally that replaces this one goes on with the same code numbers.
    mutating func adoptCodes(of other: Tally) { codes = other.codes }

    mutating func countPlanned(_ payment: DuePayment) {
        phases[payment.phase].planned += 1
        seconds[second(of: payment.intended)].planned += 1
    }

    mutating func countSkipped(_ payment: DuePayment) {
        countPlanned(payment)
        phases[payment.phase].skipped += 1
        seconds[second(of: payment.intended)].skipped += 1
    }

    /// - Parameter slotWait: the part of the delay for which every slot was taken.
    mutating func countStarted(
        _ payment: DuePayment, sent: Nanoseconds, slotWait: Nanoseconds
    ) {
        countPlanned(payment)
        let delay = max(0, sent - payment.intended)
        let wait = min(slotWait, delay)
        phases[payment.phase].started += 1
        let intended = second(of: payment.intended)
        seconds[intended].series[payment.phase].times.sendDelay.record(microseconds(delay))
        seconds[intended].series[payment.phase].times.slotWait.record(microseconds(wait))
        seconds[intended].series[payment.phase].times.lag.record(microseconds(delay - wait))
        seconds[second(of: sent)].started += 1
    }

    mutating func countSend(
        of payment: DuePayment, at sent: Nanoseconds, windows: inout SendWindows
    ) {
        windows.count(
            intended: payment.intended, sent: sent, in: &phases[payment.phase].punctuality)
    }

    mutating func countStall(
        of length: Nanoseconds, until end: Nanoseconds, worker: Int, phase: Int
    ) {
        phases[phase].punctuality.countStall(of: length, until: end, worker: worker)
    }

    mutating func countEnd(_ end: PaymentEnd) {
        let slot = end.payment * Outcome.allCases.count + Int(end.outcome.rawValue)
        let intended = second(of: end.intended)
        seconds[intended].answered += 1
        seconds[intended].series[end.phase].record(
            slot: slot, of: slots, response: microseconds(end.completed - end.intended),
            service: microseconds(end.completed - end.sent))
        let completed = second(of: end.completed)
        seconds[completed].outcomes[Int(end.outcome.rawValue)] += 1
        if !flows.isEmpty { seconds[completed].countCompletion(inFlow: flows[end.phase]) }
    }

    mutating func countTimes(_ times: TransferTimes, of end: PaymentEnd) {
        let intended = second(of: end.intended)
        if let first = times.firstByte {
            seconds[intended].series[end.phase].times.firstByte.record(first)
        }
        if let connect = times.connect {
            seconds[intended].series[end.phase].times.connect.record(connect)
        }
        if let tls = times.tls { seconds[intended].series[end.phase].times.tls.record(tls) }
    }

    mutating func countBytes(sent: Int, received: Int, phase: Int) {
        phases[phase].bytesSent += UInt64(sent)
        phases[phase].bytesReceived += UInt64(received)
    }

    /// An attempt behind the first is made.
    mutating func countRetry(phase: Int) { phases[phase].retries += 1 }

    mutating func count(_ finding: RepeatFinding, phase: Int) {
        phases[phase].repeats[finding.rawValue] += 1
    }

    /// Counts a code; lists the payment where its booking is uncertain.
    ///
    /// - Parameter paymentID: is asked for then.
    /// - Returns: the code's index.
    @discardableResult
    mutating func countCode(
        _ source: CodeTable.Source, status: Int, of end: PaymentEnd,
        stage: SendStage = .nothingLeft, paymentID: () -> [UInt8] = { [] }
    ) -> Int {
        let index = codes.index(of: source, outcome: end.outcome, status: status)
        while codeCounts[end.phase].count <= index { codeCounts[end.phase].append(0) }
        codeCounts[end.phase][index] += 1
        if end.outcome.leavesBookingUncertain {
            uncertain.append(
                UncertainEnd(end: end, code: index, stage: stage, paymentID: paymentID()))
        }
        return index
    }

    private mutating func second(of instant: Nanoseconds) -> Int {
        let number = Int(max(0, instant - origin) / 1_000_000_000)
        if let known = seconds.lastIndex(where: { $0.number == number }) { return known }
        var fresh = recycled.popLast() ?? SecondTally(phases: phases.count)
        fresh.restart(as: number)
        seconds.append(fresh)
        return seconds.count - 1
    }

    private func microseconds(_ nanoseconds: Nanoseconds) -> UInt64 {
        UInt64(max(0, nanoseconds) + 500) / 1_000
    }
}

/// How one payment ended, and when it was what.
package struct PaymentEnd: Sendable, Equatable {
    package var phase: Int
    /// Index into the mix.
    package var payment: Int
    package var number: UInt64
    package var outcome: Outcome
    package var intended: Nanoseconds
    package var sent: Nanoseconds
    package var completed: Nanoseconds
}

package struct UncertainEnd: Sendable, Equatable {
    package var end: PaymentEnd
    /// Index into the tally's codes.
    package var code: Int
    package var stage: SendStage
    /// UTF-8.
    package var paymentID: [UInt8]
}

/// What libcurl knows of a finished transfer; microseconds, nil where it did not come to that.
struct TransferTimes {
    var firstByte: UInt64?
    var connect: UInt64?
    var tls: UInt64?
}

extension TransferTimes {
    init(_ transfer: Transfer) {
        func positive(_ time: Int) -> UInt64? { time > 0 ? UInt64(time) : nil }
        firstByte = positive(transfer.firstByteMicroseconds)
        guard transfer.openedConnection else { return }
        connect = positive(transfer.connectMicroseconds)
        tls = positive(transfer.tlsMicroseconds)
    }
}

package struct PhaseTally: Sendable {
    package var planned = 0
    package var started = 0
    package var skipped = 0
    /// Attempts behind the first.
    package var retries = 0
    /// Ids sent again on purpose, by `RepeatFinding.rawValue`.
    package var repeats = [Int](repeating: 0, count: RepeatFinding.allCases.count)
    package var bytesSent: UInt64 = 0
    package var bytesReceived: UInt64 = 0
    package var punctuality = PunctualityTally()

    mutating func removeCounts() {
        planned = 0
        started = 0
        skipped = 0
        retries = 0
        for index in repeats.indices { repeats[index] = 0 }
        bytesSent = 0
        bytesReceived = 0
        punctuality = PunctualityTally()
    }
}

/// One second of the run: times go by the intended instant, `started` by the sent one, outcomes by
/// completion.
package struct SecondTally: Sendable {
    /// Counted from the start of the run.
    package private(set) var number = 0
    package var planned = 0
    /// Of those planned.
    package var skipped = 0
    package var answered = 0
    package var started = 0
    package var outcomes = [Int](repeating: 0, count: Outcome.allCases.count)
    /// Completed, by flow; empty where there is one flow.
    package private(set) var completedByFlow: [Int] = []
    /// By phase.
    package var series: [PhaseSeries]

    init(phases: Int) { series = [PhaseSeries](repeating: PhaseSeries(), count: phases) }

    mutating func countCompletion(inFlow flow: Int) {
        while completedByFlow.count <= flow { completedByFlow.append(0) }
        completedByFlow[flow] += 1
    }

    mutating func restart(as number: Int) {
        self.number = number
        planned = 0
        skipped = 0
        answered = 0
        started = 0
        for index in outcomes.indices { outcomes[index] = 0 }
        for index in completedByFlow.indices { completedByFlow[index] = 0 }
        for phase in series.indices { series[phase].removeAll() }
    }
}
