import ArgumentParser
import Curl
import Documents
import Glibc
import Results
import Runs

/// The command line: one type a subcommand, each parse → call → print.
package struct Paybench: ParsableCommand {
    package static let version = "0.1.0"

    package static let configuration = CommandConfiguration(
        commandName: "paybench",
        abstract: "Load and latency benchmark for payment APIs (makePayment).",
        discussion: """
            stdout is the result, stderr is the talk. Exit status: 0 fine, 1 our own failure, \
            4 some payments stay open (reconcile) or nobody can tell (compare), 5 the measurement is invalid, \
            6 stopped by a guard rail, 64 bad command line or scenario (nothing was sent), \
            69 target unreachable before the start, 130 interrupted or 143 terminated (results saved).

            paybench help TOPIC says more about: \(HelpTopic.allCases.map(\.rawValue).joined(separator: ", ")).
            """,
        version: "paybench \(version) (libcurl \(Libcurl.version))",
        subcommands: [
            RunCommand.self, CompareCommand.self, CapacityCommand.self, BudgetCommand.self,
            BaselineCommand.self, MergeCommand.self,
            ReportCommand.self, HistoryCommand.self, ReconcileCommand.self, PlanCommand.self,
            ValidateCommand.self, SimulateCommand.self, InitCommand.self, ExplainCommand.self,
            SchemaCommand.self, CompletionsCommand.self,
        ])

    package init() {}

    /// Runs the command that the process was started with, and ends the process with its status.
    package static func start() -> Never {
        // A closed pipe or connection is an error of that write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        // So is a file that may not grow.
        signal(SIGXFSZ, SIG_IGN)
        Descriptors.fillStandardStreams()
        Libcurl.initialise()
        let arguments = Array(CommandLine.arguments.dropFirst())
        if let complaint = Misspelling.complaint(arguments, known: subcommandNames) {
            Terminal.say(complaint)
            Glibc.exit(ExitStatus.usage.rawValue)
        }
        if let answer = HelpRequest(arguments, commands: subcommandNames) { answer.give() }
        main(arguments)
        Glibc.exit(ExitStatus.fine.rawValue)
    }

    private static var subcommandNames: [String] {
        configuration.subcommands.map { $0._commandName } + ["help"]
    }
}

/// What the process ends with; the same for every command (`docs/TERMS.md`).
enum ExitStatus: Int32, CaseIterable {
    case fine = 0
    case ours = 1
    case budget = 3
    case inconclusive = 4
    case invalid = 5
    case guardRail = 6
    case usage = 64
    case unreachable = 69
    case interrupted = 130
    case terminated = 143

    /// Ends a command from within `run()`.
    var exit: ExitCode { ExitCode(rawValue) }
}

/// A first word that is no command: the parser would take it for a stray argument.
enum Misspelling {
    static func complaint(_ arguments: [String], known: [String]) -> String? {
        guard let word = arguments.first, !word.hasPrefix("-"), !known.contains(word) else {
            return nil
        }
        let hint = nearestWord(to: word, in: known).map { "; did you mean \"\($0)\"?" } ?? ""
        return "paybench: unknown command \"\(word.printable)\"; commands are "
            + known.joined(separator: ", ") + hint
    }
}
