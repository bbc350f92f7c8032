import Histograms
import Payments

extension Summary {
    /// - Precondition: every phase has one payment record for each name of the mix.
    package init(record: Record, verdict: Verdict) {
        precondition(
            record.phases.allSatisfy { $0.payments.count == record.paymentNames.count },
            "a phase has one payment record for each name of the mix")
        let identity = record.identity
        let measured = record.phases.filter(\.measured)
        let totals = record.phases.totals
        self.init(
            runID: identity.runID,
            tool: Tool(
                version: identity.toolVersion, libcurl: identity.libcurlVersion,
                swift: identity.swiftVersion),
            scenario: ScenarioIdentity(
                name: identity.scenarioName, sha256: identity.scenarioSHA256, seed: identity.seed),
            target: identity.target,
            startedAt: Timestamp(secondsSince1970: identity.startedAt).rfc3339,
            wallSeconds: record.wallSeconds,
            ending: record.ending,
            verdict: verdict,
            totals: totals,
            rate: Rates(of: record) { $0.measured },
            bytes: record.phases.bytes,
            latency: measured.latency,
            latencyByOutcome: measured.latencyByOutcome(),
            phases: record.phases.indices.map { Phase(at: $0, of: record) },
            payments: record.paymentNames.indices.map { index in
                Payment(
                    record.paymentNames[index], at: index, counted: record.phases,
                    timed: measured)
            },
            errors: record.codes.map { ErrorCode($0, started: totals.started) },
            generator: Generator(
                record.generator, requests: totals.requests + (record.signIns?.count ?? 0)),
            signIns: record.signIns.map(SignIns.init), host: record.host,
            environment: record.environment)
    }
}

extension SignIns {
    fileprivate init(_ record: SignInRecord) {
        self.init(count: record.count, failed: record.failed, time: Distribution(record.time))
    }
}

extension SignInRecord {
    fileprivate var count: Int { Int(clamping: time.count) }
}

extension Totals {
    /// Retries and repeats are requests too.
    fileprivate var requests: Int { started + retries + (repeats?.sent ?? 0) }
}

extension Summary.Phase {
    fileprivate init(at index: Int, of record: Record) {
        let phase = record.phases[index]
        self.init(
            name: phase.name, flow: phase.flow, adapter: phase.adapter, measured: phase.measured,
            load: phase.model, spans: phase.spans, seconds: phase.seconds,
            totals: [phase].totals,
            rate: Rates(of: record, at: [index]),
            bytes: [phase].bytes,
            latency: [phase].latency,
            latencyByOutcome: [phase].latencyByOutcome(),
            payments: record.paymentNames.indices.map {
                Summary.Payment(record.paymentNames[$0], at: $0, counted: [phase], timed: [phase])
            })
    }
}

extension Summary.Payment {
    fileprivate init(
        _ name: String, at index: Int, counted: [PhaseRecord], timed: [PhaseRecord]
    ) {
        let outcomes = counted.payment(at: index).outcomes
        self.init(
            name: name, started: outcomes.values.reduce(0, +), outcomes: outcomes,
            latency: timed.latency(of: index), latencyByOutcome: timed.latencyByOutcome(of: index))
    }
}

extension Summary.ErrorCode {
    fileprivate init(_ code: CodeCount, started: Int) {
        self.init(
            outcome: code.outcome, code: code.code, httpStatus: code.httpStatus, field: code.field,
            count: code.count, share: started > 0 ? Double(code.count) / Double(started) : 0)
    }
}

extension Summary.Generator {
    fileprivate init(_ record: GeneratorRecord, requests: Int) {
        self.init(
            workers: record.workers, cores: record.cores, cpuSeconds: record.cpuSeconds,
            cpuMicrosecondsPerRequest: requests > 0
                ? (record.cpuSeconds * 1e6 / Double(requests)).toThousandths : nil,
            busiestWorker: record.busiestWorker, peakRSSBytes: record.peakRSSBytes,
            connectionsOpened: record.connectionsOpened)
    }
}

extension Rates {
    fileprivate init(of record: Record, where isWanted: (PhaseRecord) -> Bool) {
        self.init(
            of: record, at: record.phases.indices.filter { isWanted(record.phases[$0]) })
    }

    fileprivate init(of record: Record, at indices: [Int]) {
        let phases = indices.map { record.phases[$0] }
        let stretches = phases.flatMap(\.spans).united
        let seconds = stretches.reduce(0) { $0 + $1.end - $1.start }
        let totals = phases.totals
        let completed = indices.reduce(0) { $0 + record.completions(ofPhase: $1) }
        let whole =
            record.timeline.isEmpty ? 0 : stretches.reduce(0) { $0 + $1.wholeSeconds.count }
        self.init(
            plannedPerSecond: Self.quotient(totals.planned, seconds),
            startedPerSecond: Self.quotient(totals.started, seconds),
            completedPerSecond: Self.quotient(completed, Double(whole)))
    }

    private static func quotient(_ count: Int, _ seconds: Double) -> Double? {
        seconds > 0 ? (Double(count) / seconds).toThousandths : nil
    }
}

extension Record {
    /// Payments of the phase's flow that were completed in the seconds of the timeline that lie wholly in
    /// one of its passes.
    fileprivate func completions(ofPhase index: Int) -> Int {
        let flow = flows.firstIndex(of: phases[index].flow)
        return phases[index].spans.united.flatMap(\.wholeSeconds).reduce(0) {
            $0 + completed(in: $1, flow: flow)
        }
    }

    /// In their order, which is that of the timeline's counts.
    private var flows: [String?] {
        phases.reduce(into: []) { flows, phase in
            if !flows.contains(phase.flow) { flows.append(phase.flow) }
        }
    }

    private func completed(in second: Int, flow: Int?) -> Int {
        guard timeline.indices.contains(second) else { return 0 }
        let row = timeline[second]
        guard let flow, row.completedByFlow.indices.contains(flow) else { return row.completed }
        return row.completedByFlow[flow]
    }
}

extension [PhaseRecord.Span] {
    /// What they cover together, in order; those that meet within a millisecond as one.
    var united: [PhaseRecord.Span] {
        sorted { $0.start < $1.start }.reduce(into: []) { united, span in
            if let last = united.last, span.start <= last.end + 0.001 {
                united[united.count - 1].end = Swift.max(last.end, span.end)
            } else {
                united.append(span)
            }
        }
    }
}

extension PhaseRecord.Span {
    /// The seconds of the timeline that lie in it; a millisecond is forgiven at both ends.
    fileprivate var wholeSeconds: Range<Int> {
        let first = Int((start - 0.001).rounded(.up))
        return first..<max(first, Int((end + 0.001).rounded(.down)))
    }
}
