import Glibc
import Pages
import Results
import Runs
import Scenarios
import Synchronization

/// What a run leaves behind, from the first payment on. A disk that fails does not stop the run:
/// the first failure is said at once, and the summary still goes to stdout.
final class RunOutput: Sendable {
    let folder: ResultFolder
    private let scenarioText: String
    private let reconcile: ReconcileWriter
    private let log: IntervalLogWriter
    private let journal = Mutex<JournalFile?>(nil)
    /// nil before the start, and once finished.
    private let latency = Mutex<LatencyLogWriter?>(nil)
    /// nil where nobody asked for samples.
    private let samples: SampleWriter?
    private let failure = Mutex<ResultError?>(nil)
    /// The first ones, for the page.
    private let uncertain = Mutex<[UncertainPayment]>([])

    /// - Parameters:
    ///   - name: of the folder; nil: as the scenario.
    ///   - kind: of the folder, behind the scenario's name.
    ///   - samples: the file to which every request is written, if any.
    init(
        _ scenario: Scenario, in parent: String, name: String? = nil, kind: String = "",
        samples: String?
    ) throws(ResultError) {
        self.samples = try samples.map { path throws(ResultError) in try SampleWriter(path: path) }
        folder = try ResultFolder.create(
            in: parent, name: (name ?? scenario.name) + kind, startedAt: Double(time(nil)))
        reconcile = try folder.reconcile()
        log = try folder.log()
        scenarioText = scenario.effectiveText
    }

    /// Room for the payments under way; without it the run goes on.
    func makeJournal(_ layout: JournalFile.Layout) -> JournalFile? {
        do {
            let made = try folder.journal(layout)
            journal.withLock { $0 = made }
            return made
        } catch {
            Terminal.say(
                "paybench: \(error.description); the run goes on, but should it be killed, nobody "
                    + "knows which payments were under way")
            return nil
        }
    }

    /// - Parameter budgets: of the run; they may end it.
    func listener(budgets: RunBudgets) -> Run.Listener {
        Run.Listener(
            progress: { _ in },
            uncertain: { payments in
                self.uncertain.withLock { first in
                    first += payments.prefix(RunMaterial.mostPayments - first.count)
                }
                self.noting { () throws(ResultError) in try self.reconcile.append(payments) }
            },
            started: { start in
                budgets.begin(start)
                self.noting { () throws(ResultError) in
                    try self.log.begin(start)
                    try self.latency.withLock { (writer) throws(ResultError) in
                        writer = try LatencyLogWriter(start, in: self.folder)
                    }
                }
            },
            interval: { interval in
                budgets.add(interval)
                self.noting { () throws(ResultError) in try self.log.append(interval) }
            },
            settled: { seconds in
                self.noting { () throws(ResultError) in
                    try self.latency.withLock { (writer) throws(ResultError) in
                        try writer?.append(seconds)
                    }
                }
                return budgets.add(seconds).map { .stop($0) }
            },
            ended: { end in
                self.noting { () throws(ResultError) in try self.log.finish(end) }
            },
            samples: { self.append($0) })
    }

    private func append(_ rows: [SampleRow]) {
        noting { () throws(ResultError) in try samples?.append(rows) }
    }

    /// `report.html` of a run with one target.
    func page(_ record: Record, _ summary: Summary) -> String {
        var material = RunMaterial(summary, record: record, scenario: scenarioText)
        material.uncertain = uncertain.withLock { $0 }
        return RunPage(material).html
    }

    /// Writes the files; false where any of them could not be written.
    ///
    /// - Parameter page: `report.html`, if there is one.
    func finish(_ record: Record, _ summary: Summary, page: String? = nil) -> Bool {
        noting { () throws(ResultError) in
            try reconcile.finish()
            try samples?.finish()
            try latency.withLock { (writer) throws(ResultError) in try writer.take()?.finish() }
            if let page { try folder.write(page, to: "report.html") }
            try folder.write(record, summary, scenario: scenarioText)
        }
        let isWhole = failure.withLock { $0 == nil }
        if isWhole { journal.withLock { $0?.remove() } }
        return isWhole
    }

    private func noting(_ work: () throws(ResultError) -> Void) {
        do {
            try work()
        } catch {
            let isFirst = failure.withLock { first in
                defer { first = first ?? error }
                return first == nil
            }
            if isFirst { Terminal.say("paybench: \(error.description); the run goes on") }
        }
    }
}
