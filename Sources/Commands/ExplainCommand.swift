import ArgumentParser
import Documents
import Providers
import Scenarios

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Says what a key of the scenario file is for, what it may hold and its default.",
        discussion: "Without a key it shows all of them.")

    @Argument(help: "The key by its path, such as load.rate or target.http.reuse.")
    var key: String?

    func run() throws {
        let guide = KeyGuide(ScenarioReader.shape)
        guard let key else {
            Terminal.print(Explanation.tree(of: guide))
            return
        }
        var entries = guide.entries(at: key)
        if entries.isEmpty { entries = KeyGuide(ProviderReader.shape).entries(at: key) }
        guard !entries.isEmpty else {
            Terminal.say(Self.complaint(about: key, guide))
            throw ExitStatus.usage.exit
        }
        Terminal.print(entries.map { Explanation($0).text }.joined(separator: "\n"))
    }

    private static func complaint(about key: String, _ guide: KeyGuide) -> String {
        let meant = guide.suggestions(for: key).prefix(5).joined(separator: ", ")
        let hint = meant.isEmpty ? "" : "; did you mean \(meant)?"
        return "paybench: unknown key \(quoted(key)); paybench explain lists all of them\(hint)"
    }
}

/// What `paybench explain` says about one key.
struct Explanation {
    private let entry: KeyGuide.Entry

    init(_ entry: KeyGuide.Entry) { self.entry = entry }

    var text: String {
        let member = entry.member
        var lines = [entry.path, "  \(member.documentation)", ""]
        lines.append("  allowed   \(member.shape.briefly)")
        lines.append(presence)
        if let sample = member.example ?? member.sample?.flow {
            lines.append("  example   \(member.key): \(sample)")
        }
        if !entry.below.isEmpty { lines += ["", "  keys"] + Self.rows(of: entry.below) }
        return lines.joined(separator: "\n") + "\n"
    }

    private var presence: String {
        switch entry.member.presence {
        case .required: "  required"
        case .optional: "  optional"
        case .defaultsTo(let text): "  default   \(text)"
        case .otherwise(let words): "  without   \(words)"
        }
    }

    private static func rows(of members: [ObjectShape.Member]) -> [String] {
        var seen: Set<String> = []
        let rows = members.map { (Self.name(of: $0), $0.documentation) }
            .filter { seen.insert($0.0).inserted }
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { name, documentation in
            "    \(name)\(String(repeating: " ", count: width - name.count))  \(documentation)"
        }
    }

    /// Required keys bear a star.
    private static func name(of member: ObjectShape.Member) -> String {
        member.presence == .required ? "\(member.key)*" : member.key
    }

    /// Every key with its line; a key that is read in several ways once.
    static func tree(of guide: KeyGuide) -> String {
        var seen: Set<String> = []
        let rows = guide.entries.filter { seen.insert($0.path).inserted }.map { entry in
            let depth = entry.path.split(separator: ".").count - 1
            let inside = entry.path.hasSuffix("NAME.\(entry.member.key)") ? "NAME." : ""
            let name = String(repeating: "  ", count: depth) + inside + name(of: entry.member)
            return (name, entry.member.documentation)
        }
        let width = rows.map(\.0.count).max() ?? 0
        let lines = rows.map { name, documentation in
            "\(name)\(String(repeating: " ", count: width - name.count))  \(documentation)"
        }
        return lines.joined(separator: "\n")
            + "\n\n* required where its mapping is there; paybench explain KEY says more\n"
    }
}
