/// What is wrong at a place of a file: data, with the sentence for it written elsewhere.
package protocol Problem: Sendable {
    /// `what was read; what is allowed; nearest right word`.
    var sentence: String { get }
}

/// One mistake of one file.
package struct Complaint: Sendable, CustomStringConvertible {
    package var file: String
    /// nil: the file as a whole.
    package var place: Place?
    package var problem: any Problem

    package init(file: String, place: Place?, problem: any Problem) {
        self.file = file
        self.place = place
        self.problem = problem
    }

    /// `file:line:column: sentence`
    package var description: String {
        let position = place.map { ":\($0.line):\($0.column)" } ?? ""
        return "\(file)\(position): \(problem.sentence)"
    }
}

/// Every mistake of a document, by place; at least one.
package struct DocumentError: Error, Sendable, CustomStringConvertible {
    package var complaints: [Complaint]
    /// Mistakes that were counted and not kept, because there are too many.
    package var omitted: Int

    package init(_ complaints: [Complaint], omitted: Int = 0) {
        precondition(!complaints.isEmpty, "an error has a complaint")
        self.complaints = complaints
        self.omitted = omitted
    }

    package init(file: String, place: Place?, _ problem: any Problem) {
        self.init([Complaint(file: file, place: place, problem: problem)])
    }

    /// One line for each complaint.
    package var description: String {
        var lines = complaints.map(\.description)
        if omitted > 0 { lines.append("and \(omitted) more") }
        return lines.joined(separator: "\n")
    }
}

/// Collects the complaints about one file while its parts are read.
package final class Complaints {
    /// Complaints kept; a file with more mistakes than this is no scenario.
    package static let limit = 100

    /// As it stands in front of each complaint.
    package let file: String
    private var kept: [Complaint] = []
    private var omitted = 0

    package init(file: String) { self.file = file }

    package var isEmpty: Bool { kept.isEmpty }

    package func add(_ problem: some Problem, at place: Place?) {
        add(Complaint(file: file, place: place, problem: problem))
    }

    package func add(_ complaint: Complaint) {
        if kept.count < Self.limit { kept.append(complaint) } else { omitted += 1 }
    }

    /// Takes over the complaints about another file that this one names.
    package func add(_ error: DocumentError) {
        error.complaints.forEach { add($0) }
        omitted += error.omitted
    }

    /// Throws what was collected, if anything: in the order of the file, other files behind.
    package func check() throws(DocumentError) {
        if kept.isEmpty { return }
        let own = kept.enumerated().sorted { left, right in
            (rank(left.element), left.offset) < (rank(right.element), right.offset)
        }
        throw DocumentError(own.map(\.element), omitted: omitted)
    }

    private func rank(_ complaint: Complaint) -> Place {
        guard complaint.file == file else { return Place(line: .max, column: .max) }
        return complaint.place ?? Place(line: 0, column: 0)
    }
}
