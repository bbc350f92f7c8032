import Digests
import Glibc
import Rendezvous
import Reports
import Results
import Runs
import Scenarios
import Shards
import Verdicts

/// One shard of a run: begins when the others do, judges no budgets, and leaves a result that
/// `paybench merge` adds up.
struct ShardedRun {
    let settings: ShardSettings
    /// Everything but the wait itself is done so early.
    private static let outputAhead: Int64 = 600_000_000

    /// The result folder, which a killed shard leaves too, lies beside the shard's file.
    var folder: String? {
        switch settings.output {
        case .folder(let folder): "\(folder)/\(settings.runID)"
        case .standardOutput: nil
        }
    }

    var name: String { "shard \(settings.place) of run \(settings.runID)" }

    /// The seeds of a scenario that has none follow from the run id, so that all shards draw the same.
    func seeded(_ scenario: Scenario) -> Scenario {
        var scenario = scenario
        let digest = SHA256.digest(of: Array("seed of run \(settings.runID)".utf8))
        scenario.seed = scenario.seed ?? digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } >> 11
        return scenario.seeded
    }

    /// Ends the command with 64 where shards would not come to the same as one run, or where the result
    /// of this one is there already.
    func check(_ scenario: Scenario, file: String) throws {
        let problems = ShardingProblem.problems(
            of: scenario, Lineup(running: scenario), shards: settings.place.count)
        for problem in problems { Terminal.say("\(file): --shard: \(problem)") }
        if !problems.isEmpty { throw ExitStatus.usage.exit }
        guard let folder else { return }
        let path =
            "\(folder)/" + ShardFile.name(index: settings.place.index, of: settings.place.count)
        if access(path, F_OK) == 0 {
            Terminal.say(
                "paybench: \(path.printable) is there already: a run id is used once; nothing was "
                    + "sent")
            throw ExitStatus.usage.exit
        }
    }

    /// What may surprise who wrote the scenario.
    func notices(of scenario: Scenario) -> [String] {
        scenario.budgets.contains { $0.abort }
            ? ["a budget's abort: true ends no shard: budgets are judged by paybench merge"] : []
    }

    /// When all begin; blocks until that is known.
    func start(_ preparation: Preparation, _ run: Run, _ signals: Signals) throws -> CommonStart {
        switch settings.start {
        case .now: return CommonStart(instant: Machine.wallNanoseconds + 1_000_000_000)
        case .at(let instant): return CommonStart(instant: instant)
        case .barrier(let address):
            let pass = BarrierPass(
                runID: settings.runID, plan: preparation.planDigest, place: settings.place)
            do throws(BarrierFailure) {
                let start = try Barrier.meet(
                    at: address, pass, seconds: settings.barrierSeconds,
                    isInterrupted: { signals.received != nil })
                return CommonStart(
                    instant: start.instant, offset: start.offset, bound: start.bound)
            } catch {
                run.callOff()
                if let signal = signals.received { throw signal.exitStatus.exit }
                throw failed(error.description)
            }
        }
    }

    /// Waits for the start, then runs to the end.
    ///
    /// - Parameters:
    ///   - makeOutput: shortly before the start.
    ///   - beside: makes of what listens what else listens, too.
    func perform(
        _ preparation: Preparation, _ run: Run, _ signals: Signals,
        makeOutput: () throws -> RunOutput, beside: (Run.Listener) -> Run.Listener
    ) throws -> (output: RunOutput, record: Record, clock: ClockFacts) {
        let start = try start(preparation, run, signals)
        do {
            try run.approach(start, ahead: Self.outputAhead)
            let output = try makeOutput()
            let (record, clock) = try run.perform(
                beside(output.listener(budgets: RunBudgets([]))),
                journal: output.makeJournal(preparation.journal), at: start)
            return (output, record, clock)
        } catch let failure as StartFailure {
            if let signal = signals.received { throw signal.exitStatus.exit }
            throw failed(failure.description)
        }
    }

    private func failed(_ reason: String) -> any Error {
        Terminal.say("paybench: \(name): \(reason.printable); nothing was sent")
        return ExitStatus.invalid.exit
    }

    /// Writes the shard's result; false where that failed, which was said then.
    func deliver(
        _ record: Record, _ clock: ClockFacts, _ preparation: Preparation, from output: RunOutput
    ) -> Bool {
        do {
            let log = try readAll("\(output.folder.path)/\(IntervalLog.fileName)")
            let file = ShardFile(
                header: ShardHeader(record, clock, preparation, settings), log: log)
            if let folder {
                let path = try file.write(in: folder)
                Terminal.say("paybench: \(name) is in \(path)")
                return true
            }
            return Terminal.print(try ShardText.text(of: file))
        } catch let error as ResultError {
            Terminal.say("paybench: \(error.description)")
        } catch let error as ShardFileError {
            Terminal.say("paybench: \(error.description)")
        } catch {
            Terminal.say("paybench: \(error)")
        }
        return false
    }

    /// What stands below a shard's own figures.
    var note: String {
        """

        These are the figures of shard \(settings.place.index) of \(settings.place.count) alone. \
        No budget was judged: paybench merge does that, over all shards.

        """
    }
}

extension ShardHeader {
    fileprivate init(
        _ record: Record, _ clock: ClockFacts, _ preparation: Preparation,
        _ settings: ShardSettings
    ) {
        let isDisciplined = clock.isSynchronised ?? false
        self.init(
            runID: record.identity.runID, planDigest: preparation.planDigest,
            scenarioSHA256: record.identity.scenarioSHA256, seed: record.identity.seed,
            index: settings.place.index, count: settings.place.count,
            planned: preparation.plannedArrivals,
            clock: ShardClock(
                startAsked: clock.asked, startActual: clock.actual, step: clock.step,
                offset: clock.offset, offsetBound: clock.bound,
                kernelBound: isDisciplined ? clock.kernelBound : nil),
            hostHash: record.environment?.hostHash ?? "", toolVersion: Paybench.version,
            libcurlVersion: record.identity.libcurlVersion,
            isComplete: record.ending == .completed)
    }
}
