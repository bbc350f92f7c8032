import Glibc
import Results
import Verdicts

/// A result folder read back, whatever became of the run that made it.
struct StoredResult {
    let folder: ResultFolder
    let summary: Summary
    /// Started, and without an answer in the results; of a run that was killed.
    var unanswered: [UnansweredPayment] = []
    /// What is missing or had to be made again, in whole sentences.
    var notes: [String] = []

    static func read(_ path: String) throws(ResultError) -> StoredResult {
        let folder = ResultFolder(path: path)
        guard folder.isThere else { throw .system(.read, path: path, code: ENOENT) }
        guard folder.isComplete else { return try remade(folder) }
        do throws(ResultError) {
            return StoredResult(folder: folder, summary: try Summary.read(path))
        } catch {
            guard folder.hasLog else { throw error }
            var result = try remade(folder)
            result.notes.insert("\(error.description); this is made from interval.log", at: 0)
            return result
        }
    }

    private static func remade(_ folder: ResultFolder) throws(ResultError) -> StoredResult {
        guard folder.hasLog else {
            throw .corrupt(
                path: folder.path,
                reason: "no result folder: neither summary.json nor interval.log is in it")
        }
        let run = try LoggedRun.read(folder: folder.path)
        let record = run.record
        var result = StoredResult(
            folder: folder, summary: Summary(record: record, verdict: judge(record)))
        result.notes = [run.whatIsMissing]
        // Where the log is whole, so is the record, whatever the journal says.
        if !run.isWhole { try result.addUnanswered(of: run) }
        return result
    }

    private mutating func addUnanswered(of run: LoggedRun) throws(ResultError) {
        do throws(ResultError) {
            unanswered = try JournalReader.unanswered(folder: folder.path, of: run)
        } catch {
            notes.append("\(error.description); which payments were under way is not known")
            return
        }
        if !folder.hasJournal {
            notes.append(
                "There is no inflight.journal: which payments were under way is not known.")
        }
    }

    /// The payments that a ledger has to be asked about.
    func questions() throws(ResultError) -> [OpenQuestion] {
        let path = folder.path
        var questions = try OpenQuestion.read(reconcileFile: "\(path)/reconcile.csv")
        questions += try OpenQuestion.read(reconcileFile: "\(path)/reconcile.csv.part")
        if folder.hasLog, !folder.isComplete {
            _ = try LoggedRun.read(folder: path) { questions += $0.map(OpenQuestion.init) }
        }
        return questions + unanswered.map(OpenQuestion.init)
    }
}

extension LoggedRun {
    fileprivate var whatIsMissing: String {
        if isWhole {
            return "The run was over but summary.json was not written; this is made from "
                + "interval.log, and nothing is missing."
        }
        let until = Figures.length(seconds: elapsed)
        guard let breakage else {
            return "The run was killed after \(until); at most a second of it is missing."
        }
        switch breakage.kind {
        case .cutOff:
            return "The run was killed after \(until); at most a second of it is missing. "
                + "interval.log ends within a frame, at byte \(breakage.offset)."
        case .damaged:
            return "interval.log is damaged at byte \(breakage.offset); what the run did after "
                + "\(until) is missing, \(Figures.bytes(breakage.remaining)) of it."
        }
    }
}
