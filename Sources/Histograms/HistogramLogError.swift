/// A line of a histogram log that cannot be read, and why.
package struct HistogramLogError: Error, Equatable, Sendable {
    package enum Problem: Error, Equatable, Sendable {
        /// Longer than any line of the format, in bytes.
        case tooLong(limit: Int)
        case unknownVersion(String)
        /// Neither a comment, nor the legend, nor four columns behind an optional tag.
        case notAnInterval(columns: Int)
        case notANumber(Field, String)
        case histogram(HistogramCodingError)
    }

    package enum Field: Equatable, Sendable {
        case startTime, baseTime, start, length, maximum
    }

    /// Counted from 1.
    package var line: Int
    package var problem: Problem

    package init(line: Int, problem: Problem) {
        self.line = line
        self.problem = problem
    }
}
