import Curl
import Engine
import Payments
import Results
import Scenarios

extension Course {
    /// After the last tick.
    func record(of reports: [WorkerReport], toolVersion: String, cpuSeconds: Double) -> Record {
        gather()
        for report in reports { add(report.tally) }
        let (host, environment) = surroundings(reports)
        let finished = reports.map(\.finished).max() ?? plan.origin
        let span = max(1, finished - plan.origin)
        return collector.withLock { collector in
            collector.closeSeconds(before: .max)
            var record = Record(
                identity: identity(toolVersion), ending: ending, wallSeconds: Double(span) / 1e9,
                phases: phaseRecords(collector.phases, reports: reports),
                paymentNames: names.payments, codes: collector.codeCounts(),
                timeline: collector.timeline(),
                generator: GeneratorRecord(
                    workers: plan.workers, cores: Machine.cores, cpuSeconds: cpuSeconds,
                    busiestWorker: Double(reports.map(\.cpu).max() ?? 0) / Double(span),
                    peakRSSBytes: Machine.peakRSSBytes,
                    connectionsOpened: reports.reduce(0) { $0 + $1.connectionsOpened }))
            if plan.extras.signIn != nil {
                record.signIns = SignInRecord(
                    failed: collector.signIns.failed, time: collector.signIns.time)
            }
            record.expectations = preparation.scenario.payments.map(\.expect)
            record.host = host
            record.environment = environment
            return record
        }
    }

    private func identity(_ toolVersion: String) -> RunIdentity {
        RunIdentity(
            runID: preparation.runID, toolVersion: toolVersion,
            libcurlVersion: Libcurl.version, swiftVersion: Machine.swiftVersion,
            scenarioName: preparation.scenario.name,
            scenarioSHA256: preparation.scenario.sha256, seed: preparation.seed,
            startedAt: names.startedAt, target: preparation.targetURL)
    }

    private var ending: Results.Ending {
        switch control.stopReason {
        case nil, .dataUsedUp: .completed
        case .interrupt: .interrupted(.interrupt)
        case .terminate: .interrupted(.terminate)
        case .paymentsLimit: .guardRail("limits.payments: \(plan.mostPayments ?? 0) were started")
        case .durationLimit: .guardRail("limits.duration was reached")
        case .condition: .guardRail("limits.stop_if: \(stopReason ?? "")")
        }
    }

    private func phaseRecords(_ tallies: [PhaseTally], reports: [WorkerReport]) -> [PhaseRecord] {
        let spans = Self.spans(of: reports)
        var records: [PhaseRecord] = []
        for flow in preparation.scenario.flows {
            for phase in flow.phases {
                let index = records.count
                let own = plan.passes.indices.filter { plan.passes[$0] == index }
                    .compactMap { spans[$0] }
                    .map { span in
                        PhaseRecord.Span(
                            start: seconds(from: plan.origin, to: span.start),
                            end: seconds(from: plan.origin, to: span.end))
                    }
                records.append(
                    PhaseRecord(
                        phase, name: names.phases[index], flow: flow.name,
                        tally: tallies[index], spans: own))
                records[index].punctuality = Punctuality(
                    tallies[index].punctuality, origin: plan.origin)
            }
        }
        return records
    }

    /// By pass: from the first worker's start to the last one's end.
    private static func spans(of reports: [WorkerReport]) -> [Int: PassSpan] {
        reports.flatMap(\.spans).reduce(into: [:]) { spans, span in
            guard let known = spans[span.pass] else {
                spans[span.pass] = span
                return
            }
            spans[span.pass]?.start = min(known.start, span.start)
            spans[span.pass]?.end = max(known.end, span.end)
        }
    }

    private func seconds(from start: Nanoseconds, to end: Nanoseconds) -> Double {
        Double(max(0, end - start)) / 1e9
    }
}

extension PhaseRecord {
    init(
        _ phase: Scenario.Phase, name: String, flow: String?, tally: PhaseTally, spans: [Span]
    ) {
        let outcomes = Outcome.allCases.count
        let payments = stride(from: 0, to: tally.responseTime.count, by: outcomes).map { first in
            var payment = PaymentRecord()
            payment.responseTime = Array(tally.responseTime[first..<(first + outcomes)])
            payment.serviceTime = Array(tally.serviceTime[first..<(first + outcomes)])
            return payment
        }
        self.init(
            name: name, measured: phase.measure, model: Model(phase), spans: spans,
            payments: payments)
        self.flow = flow
        planned = tally.planned
        started = tally.started
        skipped = tally.skipped
        retries = tally.retries
        repeats = RepeatFindings(tally.repeats)
        times = tally.times
        bytesSent = tally.bytesSent
        bytesReceived = tally.bytesReceived
    }
}

extension Punctuality {
    init(_ tally: PunctualityTally, origin: Nanoseconds) {
        self.init()
        stalledSeconds = Double(tally.stalled) / 1e9
        longestStall = Stall(
            microseconds: UInt64(tally.longestStall / 1000),
            end: Double(max(0, tally.longestStallEnd - origin)) / 1e9,
            worker: tally.longestStallWorker + 1)
        sends = tally.sends
        guard sends > 0 else { return }
        excessIn10ms = Double(tally.sent.in10ms - tally.planned.in10ms) / Double(sends)
        excessIn100ms = Double(tally.sent.in100ms - tally.planned.in100ms) / Double(sends)
    }
}

extension PhaseRecord.Model {
    init(_ phase: Scenario.Phase) {
        switch phase.model {
        case .closed(let users): self = .closed(users: users.most)
        case .open(.pause): self = .open(ratePerSecond: 0, process: "none", shape: "pause")
        case .open(.recorded(let recording)):
            self = .open(
                ratePerSecond: recording.totals.meanRate, process: "recorded",
                shape: "recorded arrivals")
        case .open(.rate(let shape, let process)):
            self = .open(
                ratePerSecond: phase.meanRate, process: process.rawValue, shape: shape.words)
        }
    }
}

extension RepeatFindings {
    /// - Parameter counts: by `RepeatFinding.rawValue`.
    init(_ counts: [Int]) {
        self.init()
        for finding in RepeatFinding.allCases {
            let count = counts[finding.rawValue]
            switch finding {
            case .same: same = count
            case .refused: refused = count
            case .different: different = count
            case .settled: settled = count
            case .unanswered: unanswered = count
            }
        }
    }
}
