import ArgumentParser
import Capacity
import Pages
import Reports
import Results
import Runs
import Scenarios

struct CapacityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capacity",
        abstract: "Searches for the highest rate that keeps the scenario's promises.",
        discussion: """
            Exit status: 0 a rate is proven, 4 none is, or the generator was at its end before the \
            target, 6 stopped by a guard rail, 64 bad command line or scenario, 69 target unreachable \
            before the start, 130 interrupted; what is known then is saved, and --resume goes on.
            """)

    @OptionGroup var file: ScenarioArgument

    @Option(help: "Threads that send; as many as there are cores, at most 4, if not given.")
    var workers: Int?

    @Option(help: "Folder in which the result folder is made.")
    var results = "results"

    @Option(help: "Result folder of a search that was interrupted; it goes on there.")
    var resume: String?

    @Flag(help: "Consent to put a target under load that is not this machine, or is production.")
    var yes = false

    @Flag(help: "No progress and no talk on stderr, but errors.")
    var quiet = false

    @Flag(help: "The answer as JSON on stdout.")
    var json = false

    @Flag(help: "No colours.")
    var noColor = false

    @OptionGroup var noShards: NoShards

    @OptionGroup var metrics: MetricsArgument

    func validate() throws {
        if let workers, !(1...64).contains(workers) {
            throw ValidationError("--workers \(workers): 1…64 are possible")
        }
    }

    func run() throws {
        var scenario = try file.read().seeded
        guard let capacity = scenario.capacity else {
            throw refusal(
                "no capacity: section says what to search for; see paybench explain capacity")
        }
        let settings = try settings(capacity, of: scenario)
        let stored = try storedState(of: scenario)
        if let stored { scenario.seed = stored.seed }
        try askForConsent(scenario)
        let live = try metrics.open(isQuiet: quiet)
        defer { live?.close() }
        let signals = Signals()
        let simulator = try failingAsExit { () throws(RunFailure) in
            try scenario.simulator.map { provider throws(RunFailure) in
                try SimulatorProcess.start(
                    executable: "/proc/self/exe", provider: provider.documentText)
            }
        }
        defer { simulator?.stop() }
        let preparation = try prepare(
            scenario, capacity, runID: stored?.runID, simulator: simulator)
        if let signal = signals.received { throw signal.exitStatus.exit }
        let state =
            stored
            ?? CapacityState(
                scenarioSHA256: scenario.sha256, runID: preparation.runID,
                seed: preparation.seed, search: CapacitySearch(settings))
        let output = try makeOutput(scenario, sitting: stored?.sittings)
        let drive = CapacityDrive(
            state, preparation, capacity, output: output, signals: signals,
            view: LiveView(isQuiet: quiet, noColor: noColor), metrics: live)
        let end = try failingAsExit { () throws(RunFailure) in try drive.perform() }
        let status = try finish(drive, end, output, target: preparation.targetURL)
        if status != .fine { throw status.exit }
    }

    private func refusal(_ words: String) -> any Error {
        Terminal.say("\(file.scenario): \(words)")
        return ExitStatus.usage.exit
    }

    private func settings(
        _ capacity: Scenario.Capacity, of scenario: Scenario
    ) throws -> CapacitySettings {
        do throws(UncountedPromise) {
            return try CapacitySettings(capacity, payments: scenario.payments)
        } catch {
            throw refusal(error.sentence)
        }
    }

    /// nil where a search begins.
    private func storedState(of scenario: Scenario) throws -> CapacityState? {
        guard let resume else { return nil }
        var state: CapacityState
        do throws(ResultError) {
            state = try CapacityState.read(resume)
        } catch {
            Terminal.say("paybench: --resume: \(error.description)")
            throw ExitStatus.usage.exit
        }
        guard state.scenarioSHA256 == scenario.sha256 else {
            throw refusal("not the scenario that the search in \(resume) began with")
        }
        state.search.resume()
        return state
    }

    private func askForConsent(_ scenario: Scenario) throws {
        guard !yes else { return }
        if scenario.target.environment == .production {
            throw refusal("target.environment is production; add --yes to send real payments")
        }
        if case .url(let url) = scenario.target.base, !url.isLoopback {
            throw refusal("\(url.host) will be driven until it breaks; add --yes to do that")
        }
    }

    /// Checked for the highest rate that may be tried.
    private func prepare(
        _ scenario: Scenario, _ capacity: Scenario.Capacity, runID: String?,
        simulator: SimulatorProcess?
    ) throws -> Preparation {
        var scenario = scenario
        scenario.baseline = nil
        scenario.flows = [
            capacity.flow([
                .init(
                    name: "top", perSecond: capacity.search.to.perSecond, length: .seconds(1),
                    measure: true)
            ])
        ]
        let preparation = try failingAsExit { [scenario] () throws(RunFailure) in
            var preparation = try Preparation(
                scenario, options: RunOptions(workers: workers, runID: runID),
                toolVersion: Paybench.version,
                simulator: simulator.flatMap {
                    try? Scenario.BaseURL(parsing: $0.addresses.payments)
                })
            try preparation.checkTarget()
            return preparation
        }
        if !quiet { for warning in preparation.warnings { Terminal.say("paybench: \(warning)") } }
        return preparation
    }

    /// - Parameter sitting: of a search that goes on, the last one.
    private func makeOutput(_ scenario: Scenario, sitting: Int?) throws -> CapacityOutput {
        do throws(ResultError) {
            guard let resume, let sitting else {
                return try CapacityOutput(scenario, in: results)
            }
            return try CapacityOutput(resuming: resume, sitting: sitting)
        } catch {
            Terminal.say("paybench: \(error.description)")
            throw ExitStatus.ours.exit
        }
    }

    private func finish(
        _ drive: CapacityDrive, _ end: CapacityDrive.End, _ output: CapacityOutput, target: String
    ) throws -> ExitStatus {
        var state = drive.state
        state.sittings += 1
        output.save(state)
        let answer = state.search.answer
        let folder = output.folder.path
        let stopped = end.reason(folder: folder)
        output.finish(
            answer, name: drive.name,
            page: CapacityPage(answer, name: drive.name, target: target, stopped: stopped))
        let text =
            json
            ? try Commands.json(of: answer, "capacity.json")
            : CapacityText(
                answer, name: drive.name, target: target, folder: folder,
                stopped: stopped
            ).text(style: Terminal.style(noColor: noColor))
        let isPrinted = Terminal.print(text)
        if case .failed(let reason) = end { Terminal.say("paybench: \(reason)") }
        return isPrinted && output.isWhole ? end.status : .ours
    }
}

extension CapacityDrive.End {
    fileprivate var status: ExitStatus {
        switch self {
        case .answered(let answer): answer.status
        case .guardRail: .guardRail
        case .interrupted(let signal): signal.exitStatus
        case .failed: .ours
        }
    }

    /// Why there is no answer yet; nil where there is one.
    fileprivate func reason(folder: String) -> String? {
        switch self {
        case .answered: nil
        case .guardRail(let reason): "a guard rail, \(reason)"
        case .interrupted(let signal):
            "interrupted by \(signal.name); --resume \(folder) goes on from here"
        case .failed(let reason): reason
        }
    }
}

extension CapacityAnswer {
    /// A lower bound that the generator is to blame for is no answer.
    fileprivate var status: ExitStatus {
        switch ending {
        case .proven, .atLeast: .fine
        case .generatorCeiling, .failsAtStart, .notRecovered, .noProof, .lost, .unfinished:
            .inconclusive
        }
    }
}
