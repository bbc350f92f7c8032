import Histograms
import Payments

/// An interval as a frame's payload. Phases that did nothing take one byte.
extension Interval {
    var payload: [UInt8] {
        var writer = PayloadWriter()
        writer.put(elapsed)
        writer.put(settledBefore)
        writer.put(cpuSeconds)
        writer.put(peakRSSBytes)
        writer.put(list: tallies) { $0.put(optional: $1.map(Int.init)) }
        writer.put(list: phases) { $0.put($1) }
        writer.put(list: seconds.sorted { $0.key < $1.key }) { writer, second in
            writer.put(second.key)
            writer.put(second.value)
        }
        writer.put(signIns.failed)
        writer.put(signIns.time)
        writer.put(list: spans.sorted { $0.key < $1.key }) { writer, span in
            writer.put(span.key)
            writer.put(span.value.start)
            writer.put(span.value.end)
        }
        writer.put(list: uncertain) { $0.put($1) }
        return writer.bytes
    }

    /// - Parameter start: of the run that it is an interval of.
    init(payload: [UInt8], of start: RunStart) throws(PayloadError) {
        var reader = PayloadReader(payload)
        self.init(of: start)
        elapsed = try reader.double()
        settledBefore = try reader.count()
        cpuSeconds = try reader.double()
        peakRSSBytes = try reader.count()
        tallies = try reader.list { reader throws(PayloadError) in
            try reader.optionalCount().map { UInt32(truncatingIfNeeded: $0) }
        }
        let mix = start.paymentNames.count
        phases = try reader.list { reader throws(PayloadError) in
            try reader.phase(payments: mix)
        }
        for _ in 0..<(try reader.count(upTo: reader.remaining)) {
            let number = try reader.count(upTo: Second.most)
            seconds[number] = try reader.second()
        }
        signIns.failed = try reader.count()
        signIns.time = try reader.histogram()
        for _ in 0..<(try reader.count(upTo: reader.remaining)) {
            let pass = try reader.count(upTo: max(0, start.passes.count - 1))
            spans[pass] = PhaseRecord.Span(
                start: try reader.double(), end: try reader.double())
        }
        uncertain = try reader.list { reader throws(PayloadError) in
            try reader.uncertainPayment()
        }
        guard tallies.count == start.workers, phases.count == start.phases.count else {
            throw PayloadError(what: "an interval has other phases or workers than its run")
        }
    }
}

extension Interval.Second {
    /// A run of a month: whoever says more is wrong.
    static let most = 2_700_000
}

extension Interval.Phase {
    private static let nothing = Interval.Phase(payments: 0)

    fileprivate var isNothing: Bool {
        var rest = self
        rest.payments = []
        return rest == Self.nothing && payments.allSatisfy { $0 == PaymentRecord() }
    }
}

extension PayloadWriter {
    fileprivate mutating func put(_ phase: Interval.Phase) {
        put(!phase.isNothing)
        guard !phase.isNothing else { return }
        for count in [phase.planned, phase.started, phase.skipped, phase.retries] { put(count) }
        for count in phase.repeats.counts { put(count) }
        put(phase.bytesSent)
        put(phase.bytesReceived)
        for payment in phase.payments {
            put(list: payment.responseTime) { $0.put($1) }
            put(list: payment.serviceTime) { $0.put($1) }
        }
        for histogram in phase.times.all { put(histogram) }
        put(phase.punctuality)
        let codes = phase.codes.sorted { $0.key.sortKey < $1.key.sortKey }
        put(list: codes) { writer, entry in
            writer.put(Int(entry.key.outcome.rawValue))
            writer.put(entry.key.code)
            writer.put(optional: entry.key.httpStatus)
            writer.put(optional: entry.key.field)
            writer.put(entry.value)
        }
    }

    private mutating func put(_ punctuality: Punctuality) {
        put(punctuality.stalledNanoseconds)
        put(UInt64(punctuality.longestStall.microseconds))
        put(punctuality.longestStall.end)
        put(punctuality.longestStall.worker)
        for count in punctuality.counts { put(count) }
    }

    fileprivate mutating func put(_ second: Interval.Second) {
        put(second.planned)
        put(second.started)
        put(list: second.outcomes) { $0.put($1) }
        put(list: second.completedByFlow) { $0.put($1) }
        put(second.responseTime)
        put(second.sendDelay)
    }

    fileprivate mutating func put(_ payment: UncertainPayment) {
        put(payment.paymentID)
        put(payment.payment)
        put(payment.phase)
        put(Int(payment.outcome.rawValue))
        put(payment.code)
        put(optional: payment.httpStatus)
        put(payment.intended)
        put(payment.sent != nil)
        if let sent = payment.sent { put(sent) }
        put(payment.completed)
        put(payment.stage.rawValue)
    }
}

extension PayloadReader {
    fileprivate mutating func phase(payments mix: Int) throws(PayloadError) -> Interval.Phase {
        var phase = Interval.Phase(payments: mix)
        guard try flag() else { return phase }
        phase.planned = try count()
        phase.started = try count()
        phase.skipped = try count()
        phase.retries = try count()
        phase.repeats = RepeatFindings(
            same: try count(), refused: try count(), different: try count(),
            settled: try count(), unanswered: try count())
        phase.bytesSent = UInt64(try count())
        phase.bytesReceived = UInt64(try count())
        for index in phase.payments.indices {
            phase.payments[index].responseTime = try histogramsByOutcome()
            phase.payments[index].serviceTime = try histogramsByOutcome()
        }
        phase.times.lag = try histogram()
        phase.times.slotWait = try histogram()
        phase.times.sendDelay = try histogram()
        phase.times.firstByte = try histogram()
        phase.times.connect = try histogram()
        phase.times.tls = try histogram()
        phase.punctuality = try punctuality()
        for _ in 0..<(try count(upTo: remaining)) {
            let code = Interval.Code(
                outcome: try outcome(), code: try text(), httpStatus: try optionalCount(),
                field: try optionalText())
            phase.codes[code] = try count()
        }
        return phase
    }

    private mutating func punctuality() throws(PayloadError) -> Punctuality {
        var punctuality = Punctuality()
        punctuality.stalledNanoseconds = try count()
        punctuality.longestStall = Punctuality.Stall(
            microseconds: UInt64(try count()), end: try double(), worker: try count())
        punctuality.sends = try count()
        punctuality.plannedIn10ms = try count()
        punctuality.plannedIn100ms = try count()
        punctuality.sentIn10ms = try count()
        punctuality.sentIn100ms = try count()
        return punctuality
    }

    private mutating func histogramsByOutcome() throws(PayloadError) -> [Histogram] {
        let histograms = try list { reader throws(PayloadError) in try reader.histogram() }
        return try byOutcome(histograms)
    }

    /// An outcome that is not known here is a fault of the file: those that are counted are written by name
    /// of their number.
    private func byOutcome<Element>(_ list: [Element]) throws(PayloadError) -> [Element] {
        guard list.count == Outcome.allCases.count else {
            throw PayloadError(what: "\(list.count) outcomes, not \(Outcome.allCases.count)")
        }
        return list
    }

    mutating func outcome() throws(PayloadError) -> Outcome {
        let number = try count(upTo: 255)
        guard let outcome = Outcome(rawValue: UInt8(number)) else {
            throw PayloadError(what: "outcome \(number) is unknown")
        }
        return outcome
    }

    fileprivate mutating func second() throws(PayloadError) -> Interval.Second {
        var second = Interval.Second()
        second.planned = try count()
        second.started = try count()
        second.outcomes = try byOutcome(
            try list { reader throws(PayloadError) in try reader.count() })
        second.completedByFlow = try list { reader throws(PayloadError) in try reader.count() }
        second.responseTime = try histogram()
        second.sendDelay = try histogram()
        return second
    }

    fileprivate mutating func uncertainPayment() throws(PayloadError) -> UncertainPayment {
        UncertainPayment(
            paymentID: try text(), payment: try text(), phase: try text(),
            outcome: try outcome(), code: try text(), httpStatus: try optionalCount(),
            intended: try double(), sent: try flag() ? try double() : nil,
            completed: try double(), stage: try stage())
    }

    private mutating func stage() throws(PayloadError) -> RequestStage {
        let name = try text()
        guard let stage = RequestStage(rawValue: name) else {
            throw PayloadError(what: "stage \(name) is unknown")
        }
        return stage
    }
}

extension RepeatFindings {
    fileprivate var counts: [Int] { [same, refused, different, settled, unanswered] }

    fileprivate init(same: Int, refused: Int, different: Int, settled: Int, unanswered: Int) {
        self.init()
        self.same = same
        self.refused = refused
        self.different = different
        self.settled = settled
        self.unanswered = unanswered
    }
}

extension Punctuality {
    fileprivate var counts: [Int] {
        [sends, plannedIn10ms, plannedIn100ms, sentIn10ms, sentIn100ms]
    }
}

extension PhaseTimes {
    fileprivate var all: [Histogram] { [lag, slotWait, sendDelay, firstByte, connect, tls] }
}

extension Interval.Code {
    fileprivate var sortKey: (UInt8, String, Int, String) {
        (outcome.rawValue, code, httpStatus ?? 0, field ?? "")
    }
}
