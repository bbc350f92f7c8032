import Reports
import Results
import Runs
import Verdicts

/// As one shard of a run.
extension RunCommand {
    /// Ends the command with 64 where options ask for what only the whole run can tell.
    func checkOptions(of shard: ShardedRun) throws {
        let refused = [
            ("--budgets", budgetArguments.file != nil),
            ("--baseline", budgetArguments.baseline != nil),
            ("--stop-when-decided", budgetArguments.stopWhenDecided),
            ("--write", !ci.files.isEmpty),
        ]
        let option = refused.first(where: \.1)?.0
        if let option {
            Terminal.say(
                "paybench: \(option): a shard judges no budgets and writes no report; that is for "
                    + "paybench merge")
        } else if json, shard.folder == nil {
            Terminal.say("paybench: --json: stdout is taken by --out -, the shard's result")
        } else {
            return
        }
        throw ExitStatus.usage.exit
    }

    func perform(
        _ preparation: Preparation, as shard: ShardedRun, signals: Signals
    ) throws -> ExitStatus {
        if !quiet {
            for notice in shard.notices(of: preparation.scenario) {
                Terminal.say("paybench: \(notice)")
            }
        }
        let run = try makeReady(preparation, signals: signals)
        let view = LiveView(isQuiet: quiet, noColor: noColor)
        view.watch(signals)
        let (output, record, clock) = try shard.perform(
            preparation, run, signals,
            makeOutput: { try makeOutput(preparation, run, of: shard) },
            beside: { view.listener(beside: $0) })
        view.end()
        let judged = judge(record)
        let verdict = acceptInvalid ? judged.acceptedIfInvalid : judged
        let summary = Summary(record: record, verdict: verdict)
        let isWritten = output.finish(record, summary)
        let isDelivered = shard.deliver(record, clock, preparation, from: output)
        let isPrinted = try show(summary, of: shard, folder: isWritten ? output.folder.path : nil)
        return isWritten && isDelivered && isPrinted ? status(ofShard: summary) : .ours
    }

    private func makeOutput(
        _ preparation: Preparation, _ run: Run, of shard: ShardedRun
    ) throws -> RunOutput {
        guard let folder = shard.folder else {
            return try makeOutput(preparation, run, in: results)
        }
        let place = shard.settings.place
        return try makeOutput(
            preparation, run, in: folder, name: "shard-\(place.index)-of-\(place.count)")
    }

    /// Where standard output is for the result, the figures are talk.
    private func show(
        _ summary: Summary, of shard: ShardedRun, folder: String?
    ) throws -> Bool {
        let report = TextReport(summary, folder: folder)
        guard shard.folder != nil else {
            if !quiet { Terminal.say(report.text(style: .plain) + shard.note) }
            return true
        }
        let isPrinted = try printSummary(summary, folder: folder)
        return isPrinted && (json || Terminal.print(shard.note))
    }

    /// Says nothing about budgets.
    private func status(ofShard summary: Summary) -> ExitStatus {
        switch summary.ending {
        case .interrupted(let signal): signal.exitStatus
        case .guardRail: .guardRail
        case .killed, .failed: .ours
        case .completed, .judged: summary.verdict.isJudged ? .fine : .invalid
        }
    }
}
