import Glibc
import Results
import Scenarios
import Synchronization

/// What a run leaves behind, from the first payment on. A disk that fails does not stop the run:
/// the first failure is said at once, and the summary still goes to stdout.
final class RunOutput: Sendable {
    let folder: ResultFolder
    private let scenarioText: String
    private let reconcile: ReconcileWriter
    /// nil where nobody asked for samples.
    private let samples: SampleWriter?
    private let failure = Mutex<ResultError?>(nil)

    /// - Parameter samples: the file to which every request is written, if any.
    init(_ scenario: Scenario, in parent: String, samples: String?) throws(ResultError) {
        self.samples = try samples.map { path throws(ResultError) in try SampleWriter(path: path) }
        folder = try ResultFolder.create(
            in: parent, name: scenario.name, startedAt: Double(time(nil)))
        reconcile = try folder.reconcile()
        scenarioText = scenario.effectiveText
    }

    func append(_ payments: [UncertainPayment]) {
        noting { () throws(ResultError) in try reconcile.append(payments) }
    }

    func append(_ rows: [SampleRow]) {
        noting { () throws(ResultError) in try samples?.append(rows) }
    }

    /// Writes the files; false where any of them could not be written.
    func finish(_ record: Record, _ summary: Summary) -> Bool {
        noting { () throws(ResultError) in
            try reconcile.finish()
            try samples?.finish()
            try folder.write(record, summary, scenario: scenarioText)
        }
        return failure.withLock { $0 == nil }
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
