import ArgumentParser
import Documents
import Glibc
import Reports
import Results

struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Shows how the figures of many results move, and where their level changed.",
        discussion: """
            Each scenario is a series of its accepted runs: whole, and not invalid. It shows the \
            metrics of their budgets; where there are none, response_time.p50, p95, p99 and \
            errors.rate. What can't be read is skipped, with a note. Exit status: 0, or 64 where \
            there are no results (docs/HISTORY.md).
            """)

    @Argument(help: "The folder with the result folders.")
    var folder = "results"

    @Option(help: "Only the scenario of this name.")
    var scenario: String?

    @Option(help: "Only so many accepted runs of each scenario, the latest.")
    var last: Int?

    @Option(
        help: ArgumentHelp(
            "Only this metric, as budgets name it; may be given again.",
            discussion: "Without labels it stands for all of them."))
    var metric: [String] = []

    @Option(help: "File for the table: a row for each run and metric.")
    var csv: String?

    @Option(help: "File for the charts, or a folder that is there: a file for each then.")
    var svg: String?

    @Flag(help: "As JSON on stdout, in place of the text.")
    var json = false

    @Flag(help: "No colours.")
    var noColor = false

    func validate() throws {
        if let last, last < 1 { throw ValidationError("--last \(last): 1 or more is expected") }
    }

    func run() throws {
        let found = try read()
        for note in found.skipped { Terminal.say("paybench: skipped \(note)") }
        guard !found.runs.isEmpty else {
            Terminal.say(
                "paybench: \(folder.printable): no results in it; a folder is expected whose "
                    + "folders have a summary.json each, such as results")
            throw ExitStatus.usage.exit
        }
        let history = try history(of: found)
        var isWritten = Terminal.print(
            json
                ? try history.json()
                : HistoryText(history).text(style: Terminal.style(noColor: noColor)))
        for file in files(of: history) { isWritten = write(file) && isWritten }
        guard isWritten else { throw ExitStatus.ours.exit }
    }

    private func read() throws -> HistoryFolder {
        do {
            return try HistoryFolder.read(folder)
        } catch {
            Terminal.say("paybench: \(error.description)")
            throw ExitStatus.usage.exit
        }
    }

    private func history(of found: HistoryFolder) throws -> History {
        do {
            return try History(
                found.runs, skipped: found.skipped, scenario: scenario, last: last,
                metrics: metric)
        } catch {
            Terminal.say("paybench: \(error.sentence(in: folder))")
            throw ExitStatus.usage.exit
        }
    }

    private typealias File = (path: String, text: String)

    private func files(of history: History) -> [File] {
        (csv.map { [($0, history.csv)] } ?? []) + charts(of: history)
    }

    private func charts(of history: History) -> [File] {
        guard let svg else { return [] }
        guard isFolder(svg) else { return [(svg, HistoryChart.all(of: history).svg)] }
        var taken: [String: Int] = [:]
        return history.scenarios.flatMap { scenario in
            scenario.trends.map { trend in
                let chart = HistoryChart(trend, of: scenario)
                let number = taken[chart.fileName, default: 0] + 1
                taken[chart.fileName] = number
                // Names that differ only in what a file name can't bear.
                let suffix = number > 1 ? "-\(number).svg" : ".svg"
                let name = chart.fileName.dropLast(".svg".count) + suffix
                return ("\(svg)/\(name)", chart.drawing.svg)
            }
        }
    }

    private func write(_ file: File) -> Bool {
        do throws(ResultError) {
            try writeFile(file.text, to: file.path)
            return true
        } catch {
            Terminal.say("paybench: \(error.description)")
            return false
        }
    }

    private func isFolder(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }
}

extension History.Problem {
    fileprivate func sentence(in folder: String) -> String {
        switch self {
        case .unknownScenario(let name, let known):
            Self.sentence("--scenario", name, "scenarios in \(folder.printable)", known)
        case .unknownMetric(let name, let known):
            Self.sentence("--metric", name, "metrics of these runs", known)
        }
    }

    private static func sentence(
        _ option: String, _ word: String, _ what: String, _ known: [String]
    ) -> String {
        let most = 20
        let hint = nearestWord(to: word, in: known).map {
            "; did you mean \"\($0.printable)\"?"
        }
        let list = known.isEmpty ? "none" : known.prefix(most).joined(separator: ", ").printable
        return "\(option) \"\(word.printable)\" is unknown; \(what) are \(list)"
            + (known.count > most ? ", …" : "") + (hint ?? "")
    }
}
