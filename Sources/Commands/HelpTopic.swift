import Documents
import Glibc
import Results

/// What `paybench help TOPIC` tells about, beside the commands. Plain text of at most 80 columns.
enum HelpTopic: String, CaseIterable {
    case scenario, budgets, outcomes
    case exitStatuses = "exit-statuses"

    /// In a few words.
    var abstract: String {
        switch self {
        case .scenario: "the file that describes a test"
        case .budgets: "promises about a run, and how they are judged"
        case .outcomes: "how a payment ends, and what its code is"
        case .exitStatuses: "what the program ends with"
        }
    }

    var text: String {
        switch self {
        case .scenario: Self.scenarioText
        case .budgets: Self.budgetsText
        case .outcomes: Self.outcomesText
        case .exitStatuses: Self.exitStatusesText
        }
    }

    /// The topics, each with what it is about.
    static var list: String {
        "Topics of paybench help TOPIC:\n\n"
            + HelpTable(allCases.map { ($0.rawValue, $0.abstract) }).text
            + "\npaybench help COMMAND says what a command takes; paybench explain KEY what a\n"
            + "key of the scenario file is for.\n"
    }
}

/// `paybench help WORD` where the word is no command: of those the parser tells.
struct HelpRequest {
    private let output: String?
    private let complaint: String

    /// nil where the arguments are something else.
    init?(_ arguments: [String], commands: [String]) {
        guard arguments.first == "help", let first = arguments.dropFirst().first,
            !first.hasPrefix("-"), !commands.contains(first)
        else { return nil }
        // `help exit statuses`
        let word = arguments.dropFirst().joined(separator: "-").lowercased()
        let names = HelpTopic.allCases.map(\.rawValue)
        let hint = nearestWord(to: word, in: names + commands).map { "; did you mean \"\($0)\"?" }
        complaint =
            "paybench: no topic \"\(word.printable)\"; topics are \(names.joined(separator: ", "))"
            + (hint ?? "")
        output = word == "topics" ? HelpTopic.list : HelpTopic(rawValue: word)?.text
    }

    /// Ends the process.
    func give() -> Never {
        guard let output else {
            Terminal.say(complaint)
            Glibc.exit(ExitStatus.usage.rawValue)
        }
        let isPrinted = Terminal.print(output)
        Glibc.exit((isPrinted ? ExitStatus.fine : ExitStatus.ours).rawValue)
    }
}

/// Two columns; what is too long goes on below itself.
struct HelpTable {
    private static let width = 80

    private let rows: [(String, String)]

    init(_ rows: [(String, String)]) { self.rows = rows }

    var text: String {
        let indent = (rows.map(\.0.count).max() ?? 0) + 4
        return rows.map { name, words in
            let lines = Self.lines(of: words, columns: Self.width - indent)
            let head = "  " + name + String(repeating: " ", count: indent - 2 - name.count)
            let below = String(repeating: " ", count: indent)
            return head + lines.joined(separator: "\n" + below) + "\n"
        }.joined()
    }

    private static func lines(of text: String, columns: Int) -> [String] {
        text.split(separator: " ").reduce(into: [""]) { lines, word in
            let last = lines[lines.count - 1]
            if last.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if last.count + 1 + word.count <= columns {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append(String(word))
            }
        }
    }
}
