import Results

/// A reason to doubt a measurement, with the number that raised it.
struct Doubt: Sendable, Equatable {
    var check: Check
    var validity: Verdict.Validity
    var value: Double
    /// The bound that `value` is on the wrong side of.
    var threshold: Double
    /// What was seen, and what to do about it.
    var advice: String
}

extension Doubt {
    /// nil where `value` is within `bounds`.
    ///
    /// - Parameter gravest: what it is beyond the last bound.
    init?(
        _ check: Check, _ value: Double, within bounds: Bounds,
        gravest: Verdict.Validity = .suspect, advice: @autoclosure () -> String
    ) {
        guard let crossed = bounds.crossed(by: value) else { return nil }
        self.init(
            check: check, validity: crossed == bounds.most ? gravest : .suspect, value: value,
            threshold: crossed, advice: advice())
    }
}

/// Up to `ok` all is well, up to `most` it is doubtful.
struct Bounds: Sendable {
    var ok: Double
    var most: Double

    /// The last one that `value` is above.
    func crossed(by value: Double) -> Double? {
        value > most ? most : value > ok ? ok : nil
    }
}

/// What is looked at; the name is that in files and reports.
enum Check: String, CaseIterable, Sendable {
    case accounting
    case scheduleLag = "schedule.lag"
    case scheduleComplete = "schedule.complete"
    case bunchedArrivals = "arrivals.burst"
    case loopStall = "loop.stall"
    case generatorCPU = "generator.cpu"
    case hostSteal = "host.steal"
    case clock
    case ports = "ports.ephemeral"
    case descriptors = "descriptors.headroom"
    case slots = "openloop.cap"
    case backlog = "queue.stable"
    case stationarity = "latency.stationary"
    case warmUp = "warmup.over"
    case resolution = "quantile.resolved"
    case completeness = "run.complete"
    case wholeness = "run.whole"
    case errors = "errors.bias"
    case churn = "connection.churn"
    case retransmits = "tcp.retrans"
    case noiseFloor = "noise.floor"
}

extension Doubt {
    static func all(of record: Record) -> [Doubt] {
        let measured = Measured(record)
        return ofGenerator(record, measured) + ofTarget(record, measured)
    }

    /// In the generator or its host.
    static func ofGenerator(_ record: Record, _ measured: Measured) -> [Doubt] {
        let late = LateSends(in: measured.openPhases)
        let generator: [Doubt?] = [
            record.brokenLaw().map(Doubt.init), late.map(Doubt.init),
            BunchedSends(in: measured.openPhases).map(Doubt.init),
            LoopStalls(in: measured.phases, workers: record.generator.workers).map(Doubt.init),
            BusyGenerator(in: record, sendsLate: late != nil).flatMap(Doubt.init),
            sentTooLate(in: measured), killed(record),
        ]
        let host: [Doubt?] = [
            takenCPU(record.host), slowClock(record.host), steppedClock(record.host),
            scarceConnections(measured, record.host), ports(measured, record),
            descriptors(measured, record.host),
            NarrowMargin(in: measured.openPhases, over: record.environment?.noiseFloor)
                .map(Doubt.init),
        ]
        return (generator + host).compactMap(\.self)
    }

    /// In the target, and in how much was seen of it.
    static func ofTarget(_ record: Record, _ measured: Measured) -> [Doubt] {
        let target: [Doubt?] = [
            neverSent(in: measured),
            SlotWaits(in: measured.openPhases, of: record.host).map(Doubt.init),
            unfinished(in: measured), biasedByErrors(measured, record.expectations),
            churn(measured, record), retransmits(measured, record.host),
            unresolved(in: measured),
        ]
        let course = measured.openPhases.compactMap { SteadyWindow($0, of: record) }
        let trends = [course.compactMap(growingBacklog), course.compactMap(driftingLatency)]
        return target.compactMap(\.self) + trends.compactMap(\.gravest)
    }
}

extension [Doubt] {
    /// One for each check is enough.
    fileprivate var gravest: Doubt? { self.max { abs($0.value) < abs($1.value) } }
}
