import ArgumentParser

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract:
            "Shows what a scenario would send: phases, totals, a sample request; sends nothing.")

    @OptionGroup var file: ScenarioArgument

    func run() throws {
        Terminal.print(PlanText(try file.read()).text)
    }
}
