import Glibc

/// `results/<name>-<UTC time>/`: what one run leaves behind.
///
/// Every file is written under another name, synced and renamed. `summary.json` comes last: a folder
/// that has it is complete.
package struct ResultFolder: Sendable, Equatable {
    package let path: String

    /// Makes a folder that was not there before, and `parent` if need be. A second run of the same name
    /// in the same second gets the suffix `-2`, and so on.
    package static func create(in parent: String, name: String, startedAt: Double)
        throws(ResultError) -> ResultFolder
    {
        try makeParents(parent)
        let time = Timestamp(secondsSince1970: startedAt).fileName
        let path = "\(parent)/\(fileName(of: name))-\(time)"
        var attempt = 1
        while true {
            let candidate = attempt == 1 ? path : "\(path)-\(attempt)"
            if mkdir(candidate, 0o755) == 0 {
                try StagedFile.sync(folder: parent)
                return ResultFolder(path: candidate)
            }
            guard errno == EEXIST, attempt < 1000 else {
                throw .system(.create, path: candidate, code: errno)
            }
            attempt += 1
        }
    }

    /// The folder at `path`, made if need be, with those above it.
    package static func made(_ path: String) throws(ResultError) -> ResultFolder {
        try makeParents(path)
        return ResultFolder(path: path)
    }

    /// A folder that is there, or not: it is not looked at.
    package init(path: String) {
        self.path = path
    }

    package var isThere: Bool { access(path, F_OK) == 0 }
    /// And not a file.
    package var isFolder: Bool { access("\(path)/.", F_OK) == 0 }
    package var isComplete: Bool { has("summary.json") }
    package var hasLog: Bool { has(IntervalLog.fileName) }
    package var hasJournal: Bool { has(JournalFile.fileName) }

    /// Names in it, in no order; none where it can't be read.
    package var files: [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Copies what others are compared with: `NAME.json`, the summary, and `NAME.log`, the interval log.
    package func keep(as name: String, in parent: String) throws(ResultError) {
        try Self.makeParents(parent)
        let kept = ResultFolder(path: parent)
        let log = try readAll("\(path)/\(IntervalLog.fileName)")
        let summary = try readAll("\(path)/summary.json")
        try kept.write(log, to: "\(name).log")
        try kept.write(summary, to: "\(name).json")
    }

    /// Makes it a part of another one: it is there under `name` then, and no more where it was.
    package func move(into other: ResultFolder, as name: String) throws(ResultError) {
        let place = "\(other.path)/\(name)"
        guard rename(path, place) == 0 else {
            throw .system(.create, path: place, code: errno)
        }
        try StagedFile.sync(folder: other.path)
    }

    private func has(_ name: String) -> Bool { access("\(path)/\(name)", F_OK) == 0 }

    /// All files of a run but `reconcile.csv`, which grows while it lasts.
    ///
    /// - Parameter scenario: The effective scenario file, secrets masked.
    package func write(_ record: Record, _ summary: Summary, scenario: String) throws(ResultError) {
        try write(scenario, to: "scenario.yaml")
        try write(record.timeline.csv, to: "timeline.csv")
        try write(summary.errorsCSV, to: "errors.csv")
        try write(summary.csv, to: "summary.csv")
        try write(try summary.json(), to: "summary.json")
    }

    package func write(_ text: String, to name: String) throws(ResultError) {
        try write(Array(text.utf8), to: name)
    }

    private func write(_ bytes: [UInt8], to name: String) throws(ResultError) {
        let file = try StagedFile(name, in: path)
        do {
            try file.write(bytes)
        } catch {
            file.discard()
            throw error
        }
        try file.commit()
    }

    /// Opens `reconcile.csv`; once a run.
    package func reconcile() throws(ResultError) -> ReconcileWriter {
        try ReconcileWriter(in: path)
    }

    /// Makes `interval.log`; once a run.
    package func log() throws(ResultError) -> IntervalLogWriter {
        try IntervalLogWriter(in: path)
    }

    /// Makes `inflight.journal`; once a run. Fails where the folder does not have the room.
    package func journal(_ layout: JournalFile.Layout) throws(ResultError) -> JournalFile {
        try JournalFile(in: path, layout: layout)
    }

    private static func makeParents(_ path: String) throws(ResultError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += made.isEmpty || made.hasSuffix("/") ? part : "/" + part
            guard mkdir(made, 0o755) == 0 || errno == EEXIST || access(made, X_OK) == 0 else {
                throw .system(.create, path: made, code: errno)
            }
        }
    }

    /// Letters, digits, `.`, `_` and `-`, at most 100; anything else in a name becomes a `-`.
    private static func fileName(of name: String) -> String {
        let letters = name.unicodeScalars.prefix(100).map { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || "._-".unicodeScalars.contains(scalar))
                ? Character(scalar) : "-"
        }
        let text = String(letters)
        return text.isEmpty || text.hasPrefix(".") || text.hasPrefix("-") ? "run" + text : text
    }
}
