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
    private let failure = Mutex<ResultError?>(nil)

    init(_ scenario: Scenario, in parent: String) throws(ResultError) {
        folder = try ResultFolder.create(
            in: parent, name: scenario.name, startedAt: Double(time(nil)))
        reconcile = try folder.reconcile()
        scenarioText = scenario.effectiveText
    }

    func append(_ payments: [UncertainPayment]) {
        noting { () throws(ResultError) in try reconcile.append(payments) }
    }

    /// Writes the files; false where any of them could not be written.
    func finish(_ record: Record, _ summary: Summary) -> Bool {
        noting { () throws(ResultError) in
            try reconcile.finish()
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
