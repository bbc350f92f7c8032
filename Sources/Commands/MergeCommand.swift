import ArgumentParser
import Budgets
import Metrics
import Reports
import Results
import Scenarios
import Shards

struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Adds up the shards of one run, losing nothing, and judges it.",
        discussion: """
            RESULT is a file of a shard, a folder with such files, a text with what shards printed \
            (--out -), or - for such a text on stdin. Writes a result folder like that of a run. Exits with \
            64 where results do not belong together, 5 where a shard is missing or cut (with \
            --allow-missing 4), and else like paybench run.
            """)

    @Argument(help: "Files, folders, captured output.")
    var results: [String]

    @Option(help: "Shards that the run had.")
    var expect: Int

    @Option(help: "So many shards may be missing or cut: then nothing is proved, but not invalid.")
    var allowMissing = 0

    @Option(name: .customLong("run"), help: "Run id that every shard must have.")
    var runID: String?

    @Option(help: "Folder in which the result folder is made.")
    var output = "results"

    @Flag(help: "The summary as JSON on stdout.")
    var json = false

    @Flag(help: "No colours.")
    var noColor = false

    @OptionGroup var ci: CIOutput

    @OptionGroup(title: "Budgets") var budgetArguments: BudgetArguments

    func validate() throws {
        guard (1...ShardHeader.mostShards).contains(expect) else {
            throw ValidationError(
                "--expect \(expect): 1…\(ShardHeader.mostShards) shards are possible")
        }
        guard (0..<expect).contains(allowMissing) else {
            throw ValidationError(
                "--allow-missing \(allowMissing): 0…\(expect - 1) of \(expect) shards may be "
                    + "missing")
        }
        guard results.count(where: { $0 == "-" }) < 2 else {
            throw ValidationError("-: stdin can be read once")
        }
    }

    func run() throws {
        let merge = try merge()
        let budgets =
            try budgetArguments.budgets(of: merge.start, in: "the shards' interval logs")
            + budgetArguments.read(names: Names(merge.start), supply: budgetArguments.supply)
        let merged = try added(merge, budgets)
        let text =
            json
            ? try merged.summary.json()
            : TextReport(merged.summary, folder: merged.folder)
                .text(style: Terminal.style(noColor: noColor))
        let isPrinted = Terminal.print(text)
        if !isPrinted { Terminal.say("paybench: the summary could not be written to stdout") }
        guard ci.write(merged.summary, folder: merged.folder), isPrinted else {
            throw ExitStatus.ours.exit
        }
        let status = status(of: merged.summary)
        if status != .fine { throw status.exit }
    }

    /// What belongs together; ends with 64 where something does not, and with 5 where there is nothing.
    private func merge() throws -> ShardMerge {
        do {
            let input = try MergeInput(results)
            for path in input.without {
                Terminal.say("paybench: \(path.printable): no result of a shard is in it")
            }
            guard !input.found.isEmpty else {
                Terminal.say(
                    "paybench: none of \(expect) shards left a result: there is nothing to merge")
                throw ExitStatus.invalid.exit
            }
            return try ShardMerge(ShardSet(input.found, expected: expect, run: runID))
        } catch let error as ShardFileError {
            Terminal.say("paybench: \(error.description)")
        } catch let error as MergeRefusal {
            Terminal.say("paybench: \(error.description)")
        }
        throw ExitStatus.usage.exit
    }

    private func added(_ merge: ShardMerge, _ budgets: [Budget]) throws -> MergedResult {
        let identity = merge.start.identity
        let baseline = try budgetArguments.baseline(
            sha256: identity.scenarioSHA256, httpVersion: merge.end.httpVersion, for: budgets)
        do {
            return try MergedResult(
                merge, budgets: budgets, baseline: baseline, allowMissing: allowMissing,
                in: output)
        } catch {
            Terminal.say("paybench: \(error.description)")
            throw ExitStatus.ours.exit
        }
    }

    private func status(of summary: Summary) -> ExitStatus {
        if case .guardRail = summary.ending { .guardRail } else { summary.judgedStatus }
    }
}

extension Summary {
    /// By validity and budgets alone: 5, 3, 4. What lacks a shard is never fine.
    var judgedStatus: ExitStatus {
        guard verdict.isJudged else { return .invalid }
        let status = (budgets ?? []).status
        return status == .fine && merge?.isWhole == false ? .inconclusive : status
    }
}

extension Summary.Merge {
    /// Results as they hold for the plan, of which not all may have been sent, or at one time.
    func seen(_ results: [BudgetResult], of budgets: [Budget]) -> [BudgetResult] {
        zip(results, budgets).map { result, budget in
            let seen = isAligned ? result : result.unaligned(of: budget)
            return isWhole ? seen : seen.seen(at: part, of: budget)
        }
    }
}
