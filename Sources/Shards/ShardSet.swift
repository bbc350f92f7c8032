import Results

/// Results of shards that belong together: of one run, one plan and one start, each shard once.
///
/// In whatever order they were found, they are the same set.
package struct ShardSet: Sendable {
    /// A result as it was found.
    package struct Found: Sendable {
        /// Of its file.
        package var name: String
        package var file: ShardFile

        package init(name: String, file: ShardFile) {
            self.name = name
            self.file = file
        }
    }

    /// By shard.
    let members: [Found]
    /// Shards of the plan.
    package let expected: Int

    /// - Parameters:
    ///   - expected: shards that the run had.
    ///   - run: the run id that they must have; nil: any.
    /// - Precondition: there is one.
    package init(
        _ found: [Found], expected: Int, run: String? = nil
    ) throws(MergeRefusal) {
        precondition(!found.isEmpty, "a set of shards has one")
        members = found.sorted {
            ($0.file.header.index, $0.name) < ($1.file.header.index, $1.name)
        }
        self.expected = expected
        for member in members { try members[0].checkBonds(with: member) }
        try checkWanted(run)
        for (first, second) in zip(members, members.dropFirst()) {
            guard first.file.header.index == second.file.header.index else { continue }
            throw .twice(
                index: first.file.header.index, first: first.name, second: second.name,
                isSame: first.file == second.file)
        }
    }

    private func checkWanted(_ run: String?) throws(MergeRefusal) {
        let first = members[0]
        let header = first.file.header
        if let run, header.runID != run {
            throw .unexpectedRun(.init(name: first.name, value: header.runID), wanted: run)
        }
        guard header.count == expected else {
            throw .unexpectedCount(
                .init(name: first.name, value: "\(header.count)"), wanted: expected)
        }
    }

    var headers: [ShardHeader] { members.map(\.file.header) }

    /// Indices of which there is no result.
    package var missing: [Int] {
        let present = Set(headers.map(\.index))
        return (0..<expected).filter { !present.contains($0) }
    }

    /// Indices of those that did not send their part to the end.
    package var cut: [Int] { headers.filter { !$0.isComplete }.map(\.index) }

    package var whole: Int { expected - missing.count - cut.count }
}

extension ShardSet.Found {
    /// What differs first, in the order in which it explains the rest.
    fileprivate func checkBonds(with other: Self) throws(MergeRefusal) {
        let (mine, theirs) = (file.header, other.file.header)
        let bonds: [(MergeRefusal.Bond, String, String)] = [
            (.run, mine.runID, theirs.runID),
            (.scenario, mine.scenarioSHA256, theirs.scenarioSHA256),
            (.seed, "\(mine.seed)", "\(theirs.seed)"),
            (.count, "\(mine.count)", "\(theirs.count)"),
            (.start, mine.clock.askedText, theirs.clock.askedText),
            (.plan, mine.planDigest, theirs.planDigest),
            (.plan, mine.plannedText, theirs.plannedText),
        ]
        for (bond, one, another) in bonds where one != another {
            throw .different(
                bond, .init(name: name, value: one), .init(name: other.name, value: another))
        }
    }
}

extension ShardHeader {
    fileprivate var plannedText: String { planned.map { "\($0)" } ?? "unknown" }
}

extension ShardClock {
    /// With all nine digits: a start that differs in one of them is another.
    fileprivate var askedText: String {
        let time = Timestamp(secondsSince1970: Double(startAsked / 1_000_000_000)).rfc3339
        let digits = String(startAsked % 1_000_000_000)
        let fraction = String(repeating: "0", count: 9 - digits.count) + digits
        return "\(time.prefix { $0 != "." }).\(fraction)Z"
    }
}
