import Curl
import Engine
import Payments
import Results
import Scenarios

/// The first and the last words of a run's log.
extension Course {
    static func start(
        of preparation: Preparation, plan: EnginePlan, names: RunNames, toolVersion: String
    ) -> RunStart {
        let scenario = preparation.scenario
        var start = RunStart(
            identity: RunIdentity(
                runID: preparation.runID, toolVersion: toolVersion,
                libcurlVersion: Libcurl.version, swiftVersion: Machine.swiftVersion,
                scenarioName: scenario.name, scenarioSHA256: scenario.sha256,
                seed: preparation.seed, startedAt: names.startedAt,
                target: preparation.targetURL),
            scenario: scenario.effectiveText,
            phases: preparation.layout.lines.map { line in
                RunStart.Phase(
                    name: line.name, flow: line.flow, adapter: line.adapter,
                    measured: line.measured, model: line.model)
            },
            passes: plan.passes.indices.map(plan.phase(ofPass:)), paymentNames: names.payments,
            workers: plan.workers, cores: Machine.cores,
            signsIn: plan.arms.contains { $0.signIn != nil })
        start.design = preparation.layout.design(plan, targets: preparation.targets.map(\.url))
        start.expectations = scenario.payments.map(\.expect)
        if !scenario.budgets.isEmpty { start.options["budgets"] = scenario.budgetsText }
        start.environment = EnvironmentRecord(preparation, limits: ContainerLimits())
        return start
    }

    /// After the last tick: the last interval, and the record.
    func record(of reports: [WorkerReport]) -> Record {
        gather()
        for report in reports { add(report.tally) }
        let finished = reports.map(\.finished).max() ?? plan.origin
        closeInterval { interval in
            interval.elapsed = self.seconds(to: finished)
            interval.spans = self.spans(of: reports)
        }
        _ = listener.settled(collector.withLock { $0.settleAll() })
        let end = end(of: reports, finished: finished)
        listener.ended(end)
        return collector.withLock { $0.builder.record(end) }
    }

    private func end(of reports: [WorkerReport], finished: Nanoseconds) -> RunEnd {
        let span = max(1, finished - plan.origin)
        let awake = Double(reports.reduce(0) { $0 + $1.vigil }) / 1e9
        var end = RunEnd(
            ending: ending, wallSeconds: Double(span) / 1e9,
            generator: GeneratorRecord(
                workers: plan.workers, cores: Machine.cores, cpuSeconds: cpuSeconds - awake,
                busiestWorker: Double(reports.map(\.cpu).max() ?? 0) / Double(span),
                peakRSSBytes: Machine.peakRSSBytes,
                connectionsOpened: reports.reduce(0) { $0 + $1.connectionsOpened }))
        end.host = host(reports)
        end.httpVersion = reports.lazy.compactMap(\.httpVersion).first.map {
            "\($0 / 10).\($0 % 10)"
        }
        return end
    }

    private var ending: Results.Ending {
        switch control.stopReason {
        case nil: .completed
        case .arrivalsLost: .failed(control.lostArrivals?.description ?? "arrivals are missing")
        case .interrupt: .interrupted(.interrupt)
        case .terminate: .interrupted(.terminate)
        case .paymentsLimit: .guardRail("limits.payments: \(plan.mostPayments ?? 0) were started")
        case .durationLimit: .guardRail("limits.duration was reached")
        case .judged: .judged(judgement ?? "its budgets are decided")
        case .condition: .guardRail("limits.stop_if: \(stopReason ?? "")")
        }
    }

    /// By pass: from the first worker's start to the last one's end.
    private func spans(of reports: [WorkerReport]) -> [Int: PhaseRecord.Span] {
        reports.flatMap(\.spans).reduce(into: [:]) { spans, span in
            let own = PhaseRecord.Span(
                start: seconds(to: span.start), end: seconds(to: span.end))
            let known = spans[span.pass] ?? own
            spans[span.pass] = PhaseRecord.Span(
                start: min(known.start, own.start), end: max(known.end, own.end))
        }
    }

    /// From the start of the run.
    func seconds(to instant: Nanoseconds) -> Double {
        Double(max(0, instant - plan.origin)) / 1e9
    }
}

extension Punctuality {
    init(_ tally: PunctualityTally, origin: Nanoseconds) {
        self.init()
        stalledNanoseconds = Int(tally.stalled)
        longestStall = Stall(
            microseconds: UInt64(tally.longestStall / 1000),
            end: Double(max(0, tally.longestStallEnd - origin)) / 1e9,
            worker: tally.longestStallWorker + 1)
        sends = tally.sends
        plannedIn10ms = tally.planned.in10ms
        plannedIn100ms = tally.planned.in100ms
        sentIn10ms = tally.sent.in10ms
        sentIn100ms = tally.sent.in100ms
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

extension LostArrivals: CustomStringConvertible {
    package var description: String {
        let line = problem.line.map { ":\($0)" } ?? ""
        return "\(file)\(line): \(problem)"
    }
}
