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
        for payment in uncertain { writer.put(optional: payment.adapter) }
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
        phases = try reader.list { reader throws(PayloadError) in try reader.phase() }
        for _ in 0..<(try reader.count(upTo: reader.remaining)) {
            let number = try reader.count(upTo: Second.most)
            seconds[number] = try reader.second(of: start)
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
        // Logs of earlier programs end here.
        if reader.remaining > 0 {
            for index in uncertain.indices { uncertain[index].adapter = try reader.optionalText() }
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
    private static let nothing = Interval.Phase()

    fileprivate var isNothing: Bool { self == Self.nothing }
}

extension PayloadWriter {
    fileprivate mutating func put(_ phase: Interval.Phase) {
        put(!phase.isNothing)
        guard !phase.isNothing else { return }
        for count in [phase.planned, phase.started, phase.skipped, phase.retries] { put(count) }
        for count in phase.repeats.counts { put(count) }
        put(phase.bytesSent)
        put(phase.bytesReceived)
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
        put(list: second.series.sorted { $0.key < $1.key }) { writer, series in
            writer.put(series.key)
            writer.put(series.value)
        }
    }

    /// Of response and service time only what has payments, each behind its slot.
    private mutating func put(_ series: PhaseSeries) {
        let slots = series.responseTime.indices.filter { !series.responseTime[$0].isEmpty }
        put(list: slots) { writer, slot in
            writer.put(slot)
            writer.put(series.responseTime[slot])
            writer.put(series.serviceTime[slot])
        }
        for histogram in series.times.all { put(histogram) }
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
    fileprivate mutating func phase() throws(PayloadError) -> Interval.Phase {
        var phase = Interval.Phase()
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

    private mutating func series(slots: Int) throws(PayloadError) -> PhaseSeries {
        var series = PhaseSeries()
        let filled = try count(upTo: slots)
        if filled > 0 {
            series.responseTime = [Histogram](repeating: Histogram(), count: slots)
            series.serviceTime = series.responseTime
        }
        for _ in 0..<filled {
            let slot = try count(upTo: slots - 1)
            series.responseTime[slot] = try histogram()
            series.serviceTime[slot] = try histogram()
        }
        series.times.lag = try histogram()
        series.times.slotWait = try histogram()
        series.times.sendDelay = try histogram()
        series.times.firstByte = try histogram()
        series.times.connect = try histogram()
        series.times.tls = try histogram()
        return series
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

    fileprivate mutating func second(
        of start: RunStart
    ) throws(PayloadError) -> Interval.Second {
        var second = Interval.Second()
        second.planned = try count()
        second.started = try count()
        second.outcomes = try byOutcome(
            try list { reader throws(PayloadError) in try reader.count() })
        second.completedByFlow = try list { reader throws(PayloadError) in try reader.count() }
        for _ in 0..<(try count(upTo: start.phases.count)) {
            let phase = try count(upTo: start.phases.count - 1)
            second.series[phase] = try series(
                slots: start.paymentNames.count * Outcome.allCases.count)
        }
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
