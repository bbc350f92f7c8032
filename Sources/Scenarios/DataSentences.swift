import DataFiles
import Documents

/// What can be wrong with `data` and the files it names.
package enum DataProblem: Problem, Equatable {
    case name(String)
    case unused(String)
    /// Of a data set that stops at its end, in a phase that another one follows.
    case unknownRows(String, phase: String, until: Bool)
    /// In the data file itself.
    case file(DataFileProblem)

    package var sentence: String {
        switch self {
        case .name(let name):
            "\(quoted(name)) is no name of a data set; 1 to 64 letters, digits, _ and - are allowed"
        case .unused(let name):
            "data set \(quoted(name)) is not used; "
                + "use it as ${data.\(shown(name)).COLUMN}, or leave it out"
        case .unknownRows(let name, let phase, let hasUntil):
            "at_end: stop, but how many rows of \(quoted(name)) phase \(quoted(phase)) takes is not "
                + "known before, and others take rows after it; "
                + (hasUntil ? "leave out its until" : "give it payments")
                + ", make it the last one, or write at_end: wrap"
        case .file(let problem): problem.sentence
        }
    }
}

extension DataFileProblem {
    fileprivate var sentence: String {
        switch self {
        case .unreadable(let reason): "cannot be read: \(reason)"
        case .notAFile: "is no file that can be read twice; a regular file is allowed"
        case .empty: "the file is empty; a row of column names and rows below it are allowed"
        case .noRows: "no rows below the column names; at least one row is allowed"
        case .notUTF8(let byte):
            "byte 0x\(String(byte, radix: 16, uppercase: true)) is not UTF-8; "
                + "UTF-8 text is allowed"
        case .nul: "a NUL byte, so this is no text file; UTF-8 text is allowed"
        case .strayQuote:
            "a quote inside a cell; put the whole cell in quotes and write a quote in it twice"
        case .behindQuote:
            "text behind the quote that closes the cell; a comma or a line break is allowed there, "
                + "and a quote in a cell is written twice"
        case .openQuote: "the quote that begins this cell is never closed; close it"
        case .loneReturn:
            "a carriage return without line feed; rows end with LF or CRLF, "
                + "and line breaks in a cell are allowed in quotes"
        case .emptyLine: "an empty line; allowed at the end of the file only"
        case .cells(let read, let columns):
            "\(counted(read, "cell")) in a row; \(columns) \(columns == 1 ? "is" : "are") allowed, "
                + "one for each column"
        case .longCell(let limit):
            "a cell of more than \(limit) bytes; shorter ones are allowed; is a quote not closed?"
        case .unnamedColumn: "a column without a name; a name that no other column has is allowed"
        case .duplicateColumn(let name, let first):
            "column \(quoted(name)) again, first as column \(first); once is allowed"
        case .unfit(let column, let fault): "column \(quoted(column)): \(fault.sentence)"
        }
    }
}

extension CellFault {
    fileprivate var sentence: String {
        switch self {
        case .cardNumber(let masked): GuardRail.cardNumber(masked).sentence
        case .header:
            "the cell is used in a header and is empty, or has characters that a header must not "
                + "have; visible ASCII is allowed, with blanks inside"
        case .bearer:
            "the cell is used as a bearer token and is empty, or has characters that it must not "
                + "have; visible ASCII is allowed, without blanks"
        }
    }
}

private func counted(_ count: Int, _ word: String) -> String {
    count == 1 ? "1 \(word)" : "\(count) \(word)s"
}
