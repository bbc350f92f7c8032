/// What can be wrong with a data file; data, the sentences are written by who shows them.
package enum DataFileProblem: Sendable, Equatable {
    case unreadable(reason: String)
    /// A folder, a pipe, a device.
    case notAFile
    case empty
    /// Nothing below the header.
    case noRows
    case notUTF8(byte: UInt8)
    case nul
    /// A quote in a cell that does not begin with one.
    case strayQuote
    /// More text behind the closing quote.
    case behindQuote
    /// A quote that is never closed.
    case openQuote
    /// CR without LF, outside of quotes.
    case loneReturn
    /// Other than at the end of the file.
    case emptyLine
    case cells(read: Int, columns: Int)
    case longCell(limit: Int)
    case unnamedColumn
    /// `first`: which column bears the name already, counted from 1.
    case duplicateColumn(String, first: Int)
    case unfit(column: String, CellFault)
}

/// Why a cell can't be used for what it is used for.
package enum CellFault: Sendable, Equatable {
    /// Looks like the number of a real payment card; masked.
    case cardNumber(String)
    /// Can't be part of a header's value.
    case header
    /// Can't be part of a bearer token.
    case bearer
}

/// Every mistake of one data file, in its order; at least one, at most `limit`.
package struct DataFileError: Error, Sendable, Equatable {
    package static let limit = 20

    package struct Mistake: Sendable, Equatable {
        /// Both count from 1, columns in Unicode code points; nil: the file as a whole.
        package var place: (line: Int, column: Int)? { line.map { ($0, column) } }
        private let line: Int?
        private let column: Int
        package let problem: DataFileProblem

        init(_ problem: DataFileProblem, line: Int? = nil, column: Int = 1) {
            self.problem = problem
            self.line = line
            self.column = column
        }
    }

    package let mistakes: [Mistake]

    init(_ mistakes: [Mistake]) { self.mistakes = mistakes }
    init(_ problem: DataFileProblem) { mistakes = [Mistake(problem)] }
}
