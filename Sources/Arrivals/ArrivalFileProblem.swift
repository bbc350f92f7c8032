import Glibc

/// Why a file gives no recorded arrivals.
package struct ArrivalFileProblem: Error, Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case unreadable(code: Int32)
        case notAFile
        /// Not a single timestamp.
        case empty
        case utf16
        case compressed
        /// Cells that are shown are cut to 40 characters. nil: the unit was to be found out.
        case notATime(String, TimeUnit?)
        /// Earlier than the row before, by so much.
        case backwards(String, seconds: Double)
        /// The row has no such cell; counted from 1.
        case missingCell(column: Int)
        case unknownColumn(String, header: [String])
        /// Which of several columns was not said.
        case severalColumns([String])
        case openQuote
        case textAfterQuote
        case rowTooLong(limit: Int)
        case emptyWindow(recordedSeconds: Double)
        /// It has fewer rows than when it was checked.
        case changed
    }

    package var kind: Kind
    /// From 1; nil: the file as a whole.
    package var line: Int?

    init(_ kind: Kind, line: Int? = nil) {
        (self.kind, self.line) = (kind, line)
    }
}

extension ArrivalFileProblem: CustomStringConvertible {
    /// What was read; what is right. Without the line.
    package var description: String {
        switch kind {
        case .unreadable(let code): "cannot be read: \(String(cString: strerror(code)))"
        case .notAFile: "is not a regular file; arrivals are read from a CSV file"
        case .empty: "holds no timestamps; expected one row for each arrival"
        case .utf16: "is not UTF-8, it looks like UTF-16; save it as UTF-8"
        case .compressed: "is compressed; unpack it first"
        case .notATime(let cell, let unit): "'\(cell)' is not a time; expected \(words(for: unit))"
        case .backwards(let cell, let seconds):
            "'\(cell)' is \(shown(seconds: seconds)) before the row above it; "
                + "expected rows in the order of time (equal times are fine)"
        case .missingCell(let column):
            "the row ends before column \(column); expected a timestamp there"
        case .unknownColumn(let name, let header):
            "there is no column '\(name)'; expected one of \(list(header)), or 1 to \(header.count)"
        case .severalColumns(let header):
            "there are \(header.count) columns, \(list(header)); say which holds the timestamps"
        case .openQuote: "a quoted cell begins here and does not end; expected a closing \""
        case .textAfterQuote:
            "text follows a closing quote; expected a comma or the end of the line "
                + "(a quote within a quoted cell is written \"\")"
        case .rowTooLong(let limit): "the row is longer than \(limit / 1024) KiB"
        case .emptyWindow(let seconds):
            "no arrival lies in the window; the file records \(shown(seconds: seconds))"
        case .changed: "has fewer rows than when it was checked; leave it alone during a run"
        }
    }

    private func words(for unit: TimeUnit?) -> String {
        switch unit {
        case .seconds: "seconds such as 1767225600.25"
        case .milliseconds: "milliseconds such as 1767225600250"
        case .rfc3339: "RFC 3339 such as 2026-01-01T00:00:00.25Z"
        case nil: "seconds, milliseconds or RFC 3339 such as 2026-01-01T00:00:00.25Z"
        }
    }

    private func list(_ header: [String]) -> String {
        let most = 12
        let names = header.prefix(most).map { "'\($0)'" }.joined(separator: ", ")
        return header.count > most ? names + ", …" : names
    }

    private func shown(seconds: Double) -> String {
        let milliseconds = (seconds * 1000).rounded() / 1000
        return milliseconds > 0 ? "\(milliseconds) s" : "less than 1 ms"
    }
}
