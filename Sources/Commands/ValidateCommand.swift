import ArgumentParser

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Says every mistake in a scenario file at once, with line and column.")

    @OptionGroup var file: ScenarioArgument

    func run() throws {
        _ = try file.read()
        Terminal.print("\(file.scenario): valid\n")
    }
}
