import ArgumentParser
import FoundationEssentials
import Glibc
import Providers
import Reports
import Results
import Runs
import Scenarios
import Verdicts

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs the load, shows progress, prints the summary, writes a result folder.")

    @OptionGroup var file: ScenarioArgument

    @Option(help: "Threads that send; as many as there are cores, at most 4, if not given.")
    var workers: Int?

    @Option(name: .customLong("run"), help: "Run id; repeats the payment ids of that run.")
    var runID: String?

    @Option(help: "Folder in which the result folder is made.")
    var results = "results"

    @Option(help: "File to which every request is written as a row (CSV).")
    var samples: String?

    @Flag(help: "Consent to send to a target whose environment is production.")
    var yes = false

    @Flag(help: "Exit as if the measurement were valid, also where it is not.")
    var acceptInvalid = false

    @Flag(help: "First send for 2 s to a stand-in that answers at once, to tell what is our own.")
    var selfTest = false

    @Flag(help: "No progress and no talk on stderr, but errors.")
    var quiet = false

    @Flag(help: "The summary as JSON on stdout.")
    var json = false

    @Flag(help: "No colours.")
    var noColor = false

    @OptionGroup var metrics: MetricsArgument

    @OptionGroup var ci: CIOutput

    @OptionGroup(title: "Shards") var shardArguments: ShardArguments

    @OptionGroup(title: "Budgets") var budgetArguments: BudgetArguments

    func validate() throws {
        try ci.checkSources(samples: samples)
        if let workers, !(1...64).contains(workers) {
            throw ValidationError("--workers \(workers): 1…64 are possible")
        }
        if let runID, runID.isEmpty || runID.count > 64 || !runID.allSatisfy(Self.isRunLetter) {
            throw ValidationError(
                "--run \(runID): a run id is 1…64 letters, digits, dots, dashes or underscores")
        }
    }

    private static func isRunLetter(_ letter: Character) -> Bool {
        letter.isASCII && (letter.isLetter || letter.isNumber || "._-".contains(letter))
    }

    func run() throws {
        let shard = try shardArguments.settings(runID: runID, folder: results)
            .map(ShardedRun.init)
        if let shard { try checkOptions(of: shard) }
        let read = try budgetArguments.completed(file.read(baseline: budgetArguments.supply))
        let scenario = shard?.seeded(read) ?? read.seeded
        try checkLoad(of: scenario)
        try shard?.check(scenario, file: file.scenario)
        let budgets = shard == nil ? try budgetArguments.budgets(of: scenario) : RunBudgets([])
        try scenario.askForConsent(given: yes, file: file.scenario)
        let test = try makeSelfTest(of: scenario)
        let live = try metrics.open(isQuiet: quiet)
        defer { live?.close() }
        let signals = Signals()
        let simulator = try failingAsExit { () throws(RunFailure) in
            try scenario.startSimulator()
        }
        defer { simulator?.stop() }
        var preparation = try prepare(scenario, shard, simulator: simulator)
        preparation.noiseFloor = try failingAsExit { () throws(RunFailure) in
            try test?.perform(
                executable: "/proc/self/exe", workers: workers, toolVersion: Paybench.version)
        }
        if let signal = signals.received { throw signal.exitStatus.exit }
        let status =
            if let shard {
                try perform(preparation, as: shard, signals: signals)
            } else {
                try perform(preparation, budgets: budgets, signals: signals, metrics: live)
            }
        if status != .fine { throw status.exit }
    }

    /// A scenario may be for other commands only.
    private func checkLoad(of scenario: Scenario) throws {
        guard scenario.flows.isEmpty else { return }
        let commands = [
            scenario.compare.map { _ in "paybench compare" },
            scenario.capacity.map { _ in "paybench capacity" },
        ]
        Terminal.say(
            "\(file.scenario): neither load nor flows; it is for "
                + commands.compactMap(\.self).joined(separator: " and ")
                + ", or load: [phases] says what a run sends")
        throw ExitStatus.usage.exit
    }

    private func makeSelfTest(of scenario: Scenario) throws -> SelfTest? {
        guard selfTest else { return nil }
        if let test = SelfTest(of: scenario) { return test }
        Terminal.say(
            "\(file.scenario): no measured phase has a rate; --self-test needs one to send at")
        throw ExitStatus.usage.exit
    }

    private func prepare(
        _ scenario: Scenario, _ shard: ShardedRun?, simulator: SimulatorProcess?
    ) throws -> Preparation {
        var options = RunOptions(
            workers: workers, runID: shard?.settings.runID ?? runID, keepsSamples: samples != nil)
        options.shard = shard?.settings.place
        return try Preparation.checked(
            scenario, options: options, simulator: simulator, isQuiet: quiet)
    }

    private func perform(
        _ preparation: Preparation, budgets: RunBudgets, signals: Signals, metrics: LiveMetrics?
    ) throws -> ExitStatus {
        let run = try makeReady(preparation, signals: signals)
        let output = try makeOutput(preparation, run, in: results)
        let view = LiveView(isQuiet: quiet, noColor: noColor, budgets: budgets)
        view.watch(signals)
        let listener = view.listener(beside: output.listener(budgets: budgets))
        let record = run.perform(
            metrics?.listener(beside: listener, of: run) ?? listener,
            journal: output.makeJournal(preparation.journal))
        view.end()
        let judged = judge(record)
        let verdict = acceptInvalid ? judged.acceptedIfInvalid : judged
        metrics?.end(verdict)
        var summary = Summary(record: record, verdict: verdict)
        summary.budgets = budgets.results(summary)
        let isWritten = output.finish(
            record, summary, page: output.page(record, summary))
        let isPrinted = try printSummary(summary, folder: isWritten ? output.folder.path : nil)
        let isHandedOn = ci.write(
            summary, folder: isWritten ? output.folder.path : nil, samples: samples)
        return isWritten && isPrinted && isHandedOn ? status(of: summary) : .ours
    }

    func makeReady(_ preparation: Preparation, signals: Signals) throws -> Run {
        let run = Run(preparation, toolVersion: Paybench.version)
        signals.watch(run)
        let notices = try failingAsExit { () throws(RunFailure) in try run.makeReady() }
        if !quiet { for notice in notices { Terminal.say("paybench: \(notice)") } }
        return run
    }

    func makeOutput(
        _ preparation: Preparation, _ run: Run, in folder: String, name: String? = nil
    ) throws -> RunOutput {
        do {
            return try RunOutput(
                preparation.scenario, in: folder, name: name, samples: samples)
        } catch {
            run.callOff()
            Terminal.say("paybench: \(error.description)")
            throw ExitStatus.ours.exit
        }
    }

    func printSummary(_ summary: Summary, folder: String?) throws -> Bool {
        let text =
            json
            ? try summary.json()
            : TextReport(summary, folder: folder).text(style: Terminal.style(noColor: noColor))
        let isPrinted = Terminal.print(text)
        if !isPrinted { Terminal.say("paybench: the summary could not be written to stdout") }
        return isPrinted
    }

    /// A signal first, since it was the user's wish; then 6, 5, 3, 4.
    private func status(of summary: Summary) -> ExitStatus {
        switch summary.ending {
        case .interrupted(let signal): signal.exitStatus
        case .guardRail: .guardRail
        case .killed, .failed: .ours
        case .completed, .judged:
            summary.verdict.isJudged ? (summary.budgets ?? []).status : .invalid
        }
    }
}

/// Says why a run did not begin, and ends with the status for it.
func failingAsExit<Value>(_ work: () throws(RunFailure) -> Value) throws -> Value {
    do {
        return try work()
    } catch {
        Terminal.say("paybench: \(error.sentence)")
        throw error.exitStatus.exit
    }
}

extension RunFailure {
    var exitStatus: ExitStatus {
        switch self {
        case .unreachable: .unreachable
        case .notLoopback: .usage
        case .simulator: .ours
        }
    }

    var sentence: String {
        switch self {
        case .unreachable(let target, let reason):
            "\(target) can't be reached (\(reason)); nothing was sent"
        case .notLoopback(let host, let address):
            "\(host) stands for this machine but resolves to \(address); nothing was sent; write "
                + "127.0.0.1, or name the host in target.allow_hosts"
        case .simulator(let reason): "the simulator did not start: \(reason)"
        }
    }
}
