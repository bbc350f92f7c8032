import ArgumentParser

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Shows what a scenario would send; sends nothing.",
        discussion: """
            Phases, arrivals over time, totals, how many payments of each kind will be made, and \
            the first three requests with all their headers; secrets by name.
            """)

    @OptionGroup var file: ScenarioArgument

    @Flag(help: "The plan as JSON (docs/PLAN.md).")
    var json = false

    func run() throws {
        let plan = Plan(try file.read())
        Terminal.print(json ? plan.tree.json : PlanText(plan).text)
    }
}
