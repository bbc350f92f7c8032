import Capacity
import Glibc
import Pages
import Reports
import Results
import Scenarios
import Synchronization

/// What a capacity search leaves behind: its state after every step, its answer, its table, the payments
/// whose booking is uncertain. A disk that fails does not stop it: the first failure is said at once.
final class CapacityOutput: Sendable {
    let folder: ResultFolder
    private let reconcile: ReconcileWriter
    private let failure = Mutex<ResultError?>(nil)

    init(_ scenario: Scenario, in parent: String) throws(ResultError) {
        folder = try ResultFolder.create(
            in: parent, name: "\(scenario.name)-capacity", startedAt: Double(time(nil)))
        try folder.write(scenario.effectiveText, to: "scenario.yaml")
        reconcile = try folder.reconcile()
    }

    /// Goes on in the folder of a search.
    ///
    /// - Parameter sitting: counted from 1; each keeps its own payment ids to reconcile.
    init(resuming path: String, sitting: Int) throws(ResultError) {
        folder = ResultFolder(path: path)
        for suffix in ["", ".part"] {
            rename("\(path)/reconcile.csv\(suffix)", "\(path)/reconcile-\(sitting).csv\(suffix)")
        }
        reconcile = try folder.reconcile()
    }

    var isWhole: Bool { failure.withLock { $0 == nil } }

    func append(_ payments: [UncertainPayment]) {
        noting { () throws(ResultError) in try reconcile.append(payments) }
    }

    func save(_ state: CapacityState) {
        noting { () throws(ResultError) in try state.write(to: folder) }
    }

    /// `capacity.json` comes last: a folder that has it has an answer.
    ///
    /// - Parameter page: `report.html`.
    func finish(_ answer: CapacityAnswer, name: String, page: CapacityPage) {
        noting { () throws(ResultError) in
            try reconcile.finish()
            try folder.write(answer.csv, to: "capacity.csv")
            if let picture = CapacityPicture(answer, name: name).svg {
                try folder.write(picture, to: "capacity.svg")
            }
            try folder.write(page.page.html, to: "report.html")
            try folder.write(try json(of: answer, "capacity.json"), to: "capacity.json")
        }
    }

    private func noting(_ work: () throws(ResultError) -> Void) {
        do {
            try work()
        } catch {
            let isFirst = failure.withLock { first in
                defer { first = first ?? error }
                return first == nil
            }
            if isFirst { Terminal.say("paybench: \(error.description); the search goes on") }
        }
    }
}
