import ArgumentParser
import Curl
import Documents
import FoundationEssentials
import Scenarios

/// The scenario file that most commands take.
struct ScenarioArgument: ParsableArguments {
    @Argument(help: "The scenario: one YAML file (or the same tree as JSON).")
    var scenario: String

    /// Reads it; where it can't be used, says every mistake and ends with 64.
    ///
    /// - Parameter baseline: whether the command line brings what relative budgets are relative to.
    func read(baseline: BaselineSupply = .none) throws -> Scenario {
        try Self.read(scenario, baseline: baseline)
    }

    static func read(_ path: String, baseline: BaselineSupply = .none) throws -> Scenario {
        do {
            return try ScenarioReader.read(
                path: path, environment: ProcessInfo.processInfo.environment,
                libcurl: Libcurl.version, baseline: baseline)
        } catch {
            Terminal.say(error.description)
            throw ExitStatus.usage.exit
        }
    }
}
