import ArgumentParser
import Documents
import Providers

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Says every mistake in a scenario or provider file at once, with line and column."
    )

    @OptionGroup var file: ScenarioArgument

    func run() throws {
        let path = file.scenario
        do {
            if ProviderReader.isProvider(bytes: try documentBytes(path: path, name: path)) {
                _ = try ProviderReader.read(path: path)
                return Terminal.print("\(path): valid (a provider)\n")
            }
        } catch {
            Terminal.say("\(error)")
            throw ExitStatus.usage.exit
        }
        _ = try file.read()
        Terminal.print("\(path): valid\n")
    }
}
