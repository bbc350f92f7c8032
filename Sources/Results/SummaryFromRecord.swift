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
            latencyByOutcome: measured.latencyByOutcome,
            phases: record.phases.indices.map { Phase(at: $0, of: record) },
            payments: record.paymentNames.indices.map { index in
                Payment(
                    record.paymentNames[index], counted: record.phases.payment(at: index),
                    timed: measured.payment(at: index))
            },
            errors: record.codes.map { ErrorCode($0, started: totals.started) },
            generator: Generator(record.generator, requests: totals.started + totals.retries))
    }
}

extension Summary.Phase {
    fileprivate init(at index: Int, of record: Record) {
        let phase = record.phases[index]
        self.init(
            name: phase.name, measured: phase.measured, load: phase.model, seconds: phase.seconds,
            totals: [phase].totals,
            rate: Rates(of: record, at: [index]),
            bytes: [phase].bytes,
            latency: [phase].latency,
            latencyByOutcome: [phase].latencyByOutcome,
            payments: zip(record.paymentNames, phase.payments).map {
                Summary.Payment($0, counted: $1, timed: $1)
            })
    }
}

extension Summary.Payment {
    fileprivate init(_ name: String, counted: PaymentRecord, timed: PaymentRecord) {
        let outcomes = counted.outcomes
        self.init(
            name: name, started: outcomes.values.reduce(0, +), outcomes: outcomes,
            latency: timed.latency, latencyByOutcome: timed.latencyByOutcome)
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
        let seconds = phases.reduce(0) { $0 + $1.seconds }
        let totals = phases.totals
        let whole = record.timeline.isEmpty ? [] : indices.flatMap(record.wholeSeconds)
        let completed = whole.reduce(0) { $0 + record.completed(in: $1) }
        self.init(
            plannedPerSecond: Self.quotient(totals.planned, seconds),
            startedPerSecond: Self.quotient(totals.started, seconds),
            completedPerSecond: Self.quotient(completed, Double(whole.count)))
    }

    private static func quotient(_ count: Int, _ seconds: Double) -> Double? {
        seconds > 0 ? (Double(count) / seconds).toThousandths : nil
    }
}

extension Record {
    /// The seconds of the timeline that lie wholly in a phase; phases follow each other without a gap.
    /// A millisecond is forgiven at both ends.
    fileprivate func wholeSeconds(ofPhase index: Int) -> Range<Int> {
        let start = phases[..<index].reduce(0) { $0 + $1.seconds }
        let end = start + phases[index].seconds
        let first = Int((start - 0.001).rounded(.up))
        return first..<max(first, Int((end + 0.001).rounded(.down)))
    }

    fileprivate func completed(in second: Int) -> Int {
        timeline.indices.contains(second) ? timeline[second].completed : 0
    }
}
