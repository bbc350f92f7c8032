import ArgumentParser
import Comparisons
import Glibc
import Pages
import Reports
import Results
import Runs
import Scenarios
import Statistics
import Verdicts

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "The same payments to each adapter: which is better, by how much, how sure.",
        discussion: """
            With a scenario: measures its adapters as its compare section says. With stored results: the \
            same table of runs that were measured apart, or of one comparison again. Exits with 0 where \
            every verdict is there, 4 where any can't be told, 5 where an adapter is down or the \
            measurement is invalid.
            """)

    @Argument(help: "A scenario; or a stored comparison, or two or more stored runs.")
    var inputs: [String]

    @Option(help: "Threads that send; as many as there are cores, at most 4, if not given.")
    var workers: Int?

    @Option(help: "Folder in which the result folder is made.")
    var results = "results"

    @Flag(help: "Consent to send to a target whose environment is production.")
    var yes = false

    @Flag(help: "Exit as if the measurement were valid, also where it is not.")
    var acceptInvalid = false

    @Flag(help: "Compare stored results of unlike scenarios or HTTP versions all the same.")
    var allowUnlike = false

    @Flag(help: "No progress and no talk on stderr, but errors.")
    var quiet = false

    @Flag(help: "The comparison as JSON on stdout.")
    var json = false

    @Flag(help: "No colours.")
    var noColor = false

    @OptionGroup var noShards: NoShards

    @OptionGroup var metrics: MetricsArgument

    @Option(
        help: ArgumentHelp(
            "File to write besides the result folder; may be given again.",
            discussion: "Formats: text, markdown, json, csv, html.", valueName: "FORMAT=FILE"),
        transform: OutputFile<ComparisonFormat>.init)
    var write: [OutputFile<ComparisonFormat>] = []

    func validate() throws {
        if let workers, !(1...64).contains(workers) {
            throw ValidationError("--workers \(workers): 1…64 are possible")
        }
        for file in write { try file.checkFolder() }
    }

    func run() throws {
        let status = try isLive ? measure() : judgeStored()
        if status != .fine { throw status.exit }
    }

    /// One file is a scenario.
    private var isLive: Bool { inputs.count == 1 && !ResultFolder(path: inputs[0]).isFolder }

    private func judgeStored() throws -> ExitStatus {
        let stored = StoredComparison(
            inputs, allowUnlike: allowUnlike, acceptInvalid: acceptInvalid)
        return try stored.result().map {
            try deliver($0, folder: nil) { () throws(ResultError) in try stored.courses() }
        } ?? .usage
    }

    private func measure() throws -> ExitStatus {
        let scenario = try ScenarioArgument.read(inputs[0]).seeded
        guard let compare = scenario.compare else {
            Terminal.say(
                "\(inputs[0]): no adapters; adapters: { NAME: {…}, NAME: {…} } and compare: { rate: "
                    + "100/s, for: 5m } say what is compared")
            throw ExitStatus.usage.exit
        }
        try scenario.askForConsent(given: yes, file: inputs[0])
        let live = try metrics.open(isQuiet: quiet)
        defer { live?.close() }
        let signals = Signals()
        let simulator = try failingAsExit { () throws(RunFailure) in
            try scenario.startSimulator()
        }
        defer { simulator?.stop() }
        let first = ComparedRun(self, scenario, compare, simulator, signals, live)
        let status = try first.perform()
        guard let duet = first.givenUp else { return status }
        if let signal = signals.received { return signal.exitStatus }
        let change = duet.interference.difference.change.value
        Terminal.say(
            "paybench: the adapters interfere: beside the others the reference's median differs by "
                + "\(Comparison.Change.signed(change)) from what it is alone; blocks instead of a duet, "
                + "from the start")
        return try ComparedRun(self, scenario, compare, simulator, signals, live, behind: duet)
            .perform()
    }

    /// To stdout, and to the files that were asked for.
    ///
    /// - Parameter courses: what a page shows of each adapter.
    func deliver(
        _ comparison: Comparison, folder: String?,
        courses: () throws(ResultError) -> [ComparedCourse]
    ) throws -> ExitStatus {
        let style = Terminal.style(noColor: noColor)
        let text =
            json
            ? try comparison.json()
            : ComparisonReport(comparison, folder: folder).text(style: style)
        guard Terminal.print(text) else {
            Terminal.say("paybench: the comparison could not be written to stdout")
            return .ours
        }
        do throws(ResultError) {
            for file in write {
                try writeFile(
                    file.format.text(of: comparison, courses: courses), to: file.path)
            }
        } catch {
            Terminal.say("paybench: \(error.description)")
            return .ours
        }
        return comparison.status
    }
}

/// What a comparison can be written as.
enum ComparisonFormat: String, CaseIterable, Sendable {
    case text, markdown, json, csv, html

    func text(
        of comparison: Comparison, courses: () throws(ResultError) -> [ComparedCourse]
    ) throws(ResultError) -> String {
        switch self {
        case .text: ComparisonReport(comparison, folder: nil).text()
        case .markdown: ComparisonMarkdown(comparison).text
        case .json: try comparison.json()
        case .csv: comparison.csv
        case .html: ComparisonPage(comparison, courses: try courses()).page.html
        }
    }
}

/// One run of a comparison, from the first connection to the files.
private final class ComparedRun {
    /// A duet that ended for what its guard found.
    struct GivenUp {
        var interference: Interference
        var folder: ResultFolder
    }

    private let command: CompareCommand
    private let scenario: Scenario
    private let simulator: SimulatorProcess?
    private let signals: Signals
    private let metrics: LiveMetrics?
    private let comparison: RunComparison
    private let budgets: RunBudgets
    private let duet: GivenUp?
    private(set) var givenUp: GivenUp?

    /// - Parameter duet: that was given up; blocks follow, whatever the scenario says.
    init(
        _ command: CompareCommand, _ scenario: Scenario, _ compare: Scenario.Compare,
        _ simulator: SimulatorProcess?, _ signals: Signals, _ metrics: LiveMetrics?,
        behind duet: GivenUp? = nil
    ) {
        self.command = command
        self.scenario = scenario
        self.simulator = simulator
        self.signals = signals
        self.metrics = metrics
        comparison = RunComparison(compare)
        budgets = RunBudgets(scenario.budgets)
        self.duet = duet
    }

    func perform() throws -> ExitStatus {
        let preparation = try Preparation.checked(
            scenario, lineup: Lineup(comparing: scenario, duet.map { _ in .blocks }),
            options: RunOptions(workers: command.workers), simulator: simulator,
            isQuiet: command.quiet)
        if let signal = signals.received { throw signal.exitStatus.exit }
        let run = Run(preparation, toolVersion: Paybench.version)
        signals.watch(run)
        let notices = try failingAsExit { () throws(RunFailure) in try run.makeReady() }
        if !command.quiet { for notice in notices { Terminal.say("paybench: \(notice)") } }
        let output = try output(of: run)
        let view = LiveView(isQuiet: command.quiet, noColor: command.noColor, budgets: budgets)
        view.watch(signals)
        let listener = comparison.listener(
            beside: view.listener(beside: output.listener(budgets: budgets)))
        let record = run.perform(
            metrics?.listener(beside: listener, of: run) ?? listener,
            journal: output.makeJournal(preparation.journal))
        view.end()
        return try finish(record, output)
    }

    private func output(of run: Run) throws -> RunOutput {
        do {
            let output = try RunOutput(
                scenario, in: command.results, kind: "-compare", samples: nil)
            try duet?.folder.move(into: output.folder, as: Comparison.duetFolder)
            return output
        } catch {
            run.callOff()
            Terminal.say("paybench: \(error.description)")
            throw ExitStatus.ours.exit
        }
    }

    private func finish(_ record: Record, _ output: RunOutput) throws -> ExitStatus {
        let judged = judge(record)
        let verdict = command.acceptInvalid ? judged.acceptedIfInvalid : judged
        metrics?.end(verdict)
        var summary = Summary(record: record, verdict: verdict)
        summary.budgets = budgets.results(summary)
        // Of a duet that did not go on there is a run, and no comparison.
        givenUp = comparison.interference.map {
            GivenUp(interference: $0, folder: output.folder)
        }
        let made = givenUp == nil ? comparison.result(summary, behind: duet?.interference) : nil
        let courses = ComparedCourse.all(of: record)
        let isWritten = output.finish(record, summary) && write(made, courses, to: output.folder)
        guard let made else { return isWritten ? .fine : .ours }
        let status = try command.deliver(made, folder: isWritten ? output.folder.path : nil) {
            courses
        }
        guard isWritten, status != .ours else { return .ours }
        switch summary.ending {
        case .interrupted(let signal): return signal.exitStatus
        case .guardRail: return .guardRail
        case .killed, .failed: return .ours
        case .completed, .judged:
            let isOver = status == .invalid
            return !isOver && (summary.budgets ?? []).status == .budget ? .budget : status
        }
    }

    private func write(
        _ comparison: Comparison?, _ courses: [ComparedCourse], to folder: ResultFolder
    ) -> Bool {
        guard let comparison else { return true }
        do throws(ResultError) {
            try folder.write(try comparison.json(), to: Comparison.fileName)
            try folder.write(comparison.csv, to: "comparison.csv")
            try folder.write(
                ComparisonPage(comparison, courses: courses).page.html, to: "report.html")
            return true
        } catch {
            Terminal.say("paybench: \(error.description)")
            return false
        }
    }
}
