import ArgumentParser
import Budgets
import Documents
import Metrics
import Reports
import Results
import Scenarios

struct BudgetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "budget",
        abstract: "Judges the budgets of a stored result again, or others.",
        discussion: """
            Without --budgets: those that the run had. Exits with 0, 3 where one failed, 4 where one that \
            matters is undecided, 5 where the measurement is invalid.
            """)

    @Argument(help: "The result folder.")
    var result: String

    @OptionGroup var arguments: BudgetArguments

    @OptionGroup var ci: CIOutput

    @Flag(help: "The summary, with the budgets, as JSON on stdout.")
    var json = false

    @Flag(help: "No colours.")
    var noColor = false

    func run() throws {
        let stored = try readResult(result)
        for note in stored.notes { Terminal.say("paybench: \(note)") }
        let start = try start()
        let names = Names(start)
        let budgets =
            try arguments.file == nil
            ? arguments.budgets(of: start, in: "\(result)/interval.log")
            : arguments.read(names: names, supply: start.pair == nil ? arguments.supply : .given)
        guard !budgets.isEmpty else {
            Terminal.say(
                "paybench: \(result): the run had no budgets; give some with --budgets FILE")
            throw ExitStatus.usage.exit
        }
        var summary = stored.summary
        summary.budgets = try judge(budgets, summary, start)
        let text =
            json
            ? try summary.json()
            : TextReport(summary, folder: nil).budgetText(
                style: Terminal.style(noColor: noColor))
        let isPrinted = Terminal.print(text) && ci.write(summary, folder: stored.folder.path)
        guard isPrinted else { throw ExitStatus.ours.exit }
        let status = summary.judgedStatus
        if status != .fine { throw status.exit }
    }

    private func start() throws -> RunStart {
        do throws(ResultError) {
            return try IntervalLogReader(folder: result).start
        } catch {
            Terminal.say("paybench: \(error.description)")
            throw ExitStatus.usage.exit
        }
    }

    private func judge(
        _ budgets: [Budget], _ summary: Summary, _ start: RunStart
    ) throws -> [BudgetResult]? {
        let baseline = try arguments.baseline(
            sha256: summary.scenario.sha256, httpVersion: summary.environment?.httpVersion,
            for: budgets)
        let judge = RunBudgets(budgets, stored: baseline)
        judge.begin(start)
        do throws(ResultError) {
            _ = try LoggedRun.read(
                folder: result,
                each: { interval, seconds in
                    judge.add(interval)
                    _ = judge.add(seconds)
                })
        } catch {
            Terminal.say("paybench: \(error.description)")
            throw ExitStatus.usage.exit
        }
        let results = judge.results(summary)
        guard let merge = summary.merge else { return results }
        return results.map { merge.seen($0, of: budgets) }
    }
}

extension Names {
    /// As a stored result has them.
    init(_ start: RunStart) {
        var flows: [(flow: String?, names: [String])] = []
        for phase in start.phases {
            let prefix = phase.flow.map { "\($0)/" } ?? ""
            let name =
                phase.name.hasPrefix(prefix)
                ? String(phase.name.dropFirst(prefix.count)) : phase.name
            if let place = flows.firstIndex(where: { $0.flow == phase.flow }) {
                flows[place].names.append(name)
            } else {
                flows.append((phase.flow, [name]))
            }
        }
        self.init(
            payments: start.paymentNames, phases: flows,
            adapters: start.design?.adapters.map(\.name) ?? [])
    }
}

struct BaselineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baseline",
        abstract: "Keeps results that others are compared with.",
        subcommands: [Set.self, List.self])

    struct Set: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Keeps a result under a name: two files in results/baselines.")

        @Argument(help: "Letters, digits, dots, dashes and underscores.")
        var name: String

        @Argument(help: "The result folder.")
        var result: String

        func validate() throws {
            let isName =
                name.allSatisfy {
                    $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0))
                } && !name.hasPrefix(".") && (1...100).contains(name.count)
            guard isName else {
                throw ValidationError(
                    "\(name.printable): a name is 1…100 letters, digits, dots, dashes or "
                        + "underscores, and begins with no dot")
            }
        }

        func run() throws {
            let stored = try readResult(result)
            guard stored.folder.isComplete, stored.folder.hasLog else {
                Terminal.say(
                    "paybench: \(result): not a whole result; a baseline needs summary.json and "
                        + "interval.log")
                throw ExitStatus.usage.exit
            }
            guard stored.summary.merge?.isWhole != false else {
                Terminal.say("paybench: \(result): not all shards are in it; no baseline")
                throw ExitStatus.invalid.exit
            }
            guard stored.summary.verdict.isJudged else {
                Terminal.say("paybench: \(result): the measurement is invalid; no baseline")
                throw ExitStatus.invalid.exit
            }
            do throws(ResultError) {
                try stored.folder.keep(as: name, in: BaselineResult.folder)
            } catch {
                Terminal.say("paybench: \(error.description)")
                throw ExitStatus.ours.exit
            }
            _ = Terminal.print("\(BaselineResult.folder)/\(name).json\n")
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The names that there are.")

        func run() throws {
            let names = ResultFolder(path: BaselineResult.folder).files.filter {
                $0.hasSuffix(".json")
            }
            _ = Terminal.print(
                names.sorted().map { "\($0.dropLast(".json".count))\n" }.joined())
        }
    }
}
