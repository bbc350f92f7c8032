import Comparisons
import Pages
import Results
import Scenarios
import Verdicts

/// Results that were stored before, compared: several runs, or the adapters of one.
struct StoredComparison {
    private let paths: [String]
    private let allowUnlike: Bool
    private let acceptInvalid: Bool

    init(_ paths: [String], allowUnlike: Bool, acceptInvalid: Bool) {
        self.paths = paths
        self.allowUnlike = allowUnlike
        self.acceptInvalid = acceptInvalid
    }

    /// Says what is wrong and ends with 64 where they can't be compared.
    func result() throws -> Comparison? {
        let stored = try paths.map { try readResult($0) }
        for note in stored.flatMap(\.notes) { Terminal.say("paybench: \(note)") }
        if stored.count > 1 { try check(stored) }
        do throws(ResultError) {
            return try stored.count == 1 ? comparedBefore(stored[0]) : apart(stored)
        } catch {
            Terminal.say("paybench: \(error.description)")
            throw ExitStatus.usage.exit
        }
    }

    /// What a page shows of each adapter.
    func courses() throws(ResultError) -> [ComparedCourse] {
        guard paths.count > 1 else {
            return ComparedCourse.all(of: try LoggedRun.read(folder: paths[0]).record)
        }
        var courses: [ComparedCourse] = []
        for index in paths.indices {
            let record = try LoggedRun.read(folder: paths[index]).record
            courses.append(
                ComparedCourse(name: name(at: index), record.phases.filter(\.measured)))
        }
        return courses
    }

    private func summary(of stored: StoredResult) -> Summary {
        var summary = stored.summary
        if acceptInvalid { summary.verdict = summary.verdict.acceptedIfInvalid }
        return summary
    }

    /// Judged again from its log, by what it was judged by.
    private func comparedBefore(_ stored: StoredResult) throws(ResultError) -> Comparison {
        let path = stored.folder.path
        let start = try IntervalLogReader(folder: path).start
        let before = try? Comparison.read("\(path)/\(Comparison.fileName)")
        guard var book = ComparisonBook(before?.judgedBy ?? .usual, of: start) else {
            throw .corrupt(
                path: path,
                reason: "its run had one target; name a second result to compare it with")
        }
        _ = try LoggedRun.read(
            folder: path,
            each: {
                book.add($0)
                book.add($1)
            })
        let slices = before.flatMap { $0.slices.endedEarly ? $0.slices.all : nil }
        guard let judge = ComparisonJudge(book.material, book.settings, slices: slices) else {
            throw .corrupt(path: path, reason: "none of its adapters is the reference")
        }
        var origin = Comparison.Origin(summary(of: stored))
        origin.endedEarly = slices != nil
        origin.duetBefore = before.flatMap { $0.design == .duet ? nil : $0.interference }
        origin.take(
            start, spans: stored.summary.phases.filter(\.measured).flatMap { $0.spans ?? [] })
        return Comparison(judge, origin)
    }

    private func apart(_ stored: [StoredResult]) throws(ResultError) -> Comparison? {
        let settings = ComparisonSettings.usual
        var runs: [ComparisonMaterial.StoredRun] = []
        for (index, result) in stored.enumerated() {
            runs.append(
                try .read(
                    log: "\(result.folder.path)/\(IntervalLog.fileName)",
                    name: name(at: index), isReference: index == 0,
                    metrics: settings.metrics))
        }
        let summaries = stored.map(summary)
        return ComparisonJudge(ComparisonMaterial(apart: runs), settings).map {
            Comparison($0, .init(summaries[0], Array(summaries.dropFirst())))
        }
    }

    /// The folder's own; numbered where several have the same.
    private func name(at index: Int) -> String {
        let names = paths.map { path in
            path.split(separator: "/").last.map(String.init) ?? path
        }
        let isAlone = names.count { $0 == names[index] } == 1
        return isAlone ? names[index] : "\(index + 1): \(names[index])"
    }

    /// What differs would be taken for a difference of the adapters.
    private func check(_ stored: [StoredResult]) throws {
        guard Scenario.Adapter.counts.contains(stored.count) else {
            Terminal.say(
                "paybench: \(stored.count) results; \(Scenario.Adapter.counts.lowerBound) to "
                    + "\(Scenario.Adapter.counts.upperBound) can be compared")
            throw ExitStatus.usage.exit
        }
        let differences = stored.dropFirst().flatMap { $0.differences(from: stored[0]) }
        guard !differences.isEmpty else { return }
        for difference in differences {
            Terminal.say(
                "paybench: \(difference)"
                    + (allowUnlike
                        ? "; compared all the same" : "; --allow-unlike compares all the same"))
        }
        if !allowUnlike { throw ExitStatus.usage.exit }
    }
}

extension StoredResult {
    fileprivate func differences(from other: StoredResult) -> [String] {
        var differences: [String] = []
        let (mine, theirs) = (summary.scenario.sha256, other.summary.scenario.sha256)
        if mine != theirs {
            differences.append(
                "\(folder.path.printable) is of another scenario than \(other.folder.path.printable) "
                    + "(sha256 \(mine.prefix(12))…, not \(theirs.prefix(12))…)")
        }
        if let version = summary.environment?.httpVersion,
            let first = other.summary.environment?.httpVersion, version != first
        {
            differences.append(
                "\(folder.path.printable) went over HTTP \(version), not \(first)")
        }
        return differences
    }
}

extension ComparisonSettings {
    /// Of runs that say nothing of it.
    static var usual: ComparisonSettings {
        ComparisonSettings(metrics: Scenario.Compare.usualMetrics)
    }
}
