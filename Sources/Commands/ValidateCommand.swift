import ArgumentParser
import Curl
import Documents
import FoundationEssentials
import Providers
import Scenarios

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Says every mistake in a scenario or provider file at once, with line and column."
    )

    @OptionGroup var file: ScenarioArgument

    func run() throws {
        do {
            Terminal.print("\(file.scenario): \(try verdict())\n")
        } catch {
            Terminal.say("\(error)")
            throw ExitStatus.usage.exit
        }
    }

    /// Reads the file once: it may be a pipe.
    private func verdict() throws(DocumentError) -> String {
        let path = file.scenario
        let bytes = try documentBytes(path: path, name: path)
        if ProviderReader.isProvider(bytes: bytes) {
            _ = try ProviderReader.read(bytes: bytes, name: path)
            return "valid (a provider)"
        }
        _ = try ScenarioReader.read(
            bytes: bytes, path: path, environment: ProcessInfo.processInfo.environment,
            libcurl: Libcurl.version)
        return "valid"
    }
}
