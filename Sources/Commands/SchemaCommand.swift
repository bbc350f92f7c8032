import ArgumentParser
import Documents
import Providers
import Scenarios

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints the JSON Schema (2020-12) of scenario files, for editors.",
        discussion: """
            An editor with the YAML language server completes and checks a scenario whose first \
            line says where the schema is:

              # yaml-language-server: $schema=paybench.schema.json

            The schema allows all that a run does; `paybench validate` knows more than it can say.
            """)

    enum Kind: String, CaseIterable, ExpressibleByArgument {
        case scenario, provider

        var schema: JSONSchema {
            switch self {
            case .scenario: JSONSchema(ScenarioReader.shape, title: "paybench scenario")
            case .provider: JSONSchema(ProviderReader.shape, title: "paybench provider file")
            }
        }
    }

    @Argument(help: "Of which kind of file.")
    var kind = Kind.scenario

    func run() throws {
        if !Terminal.print(kind.schema.tree.json) { throw ExitStatus.ours.exit }
    }
}
