/// The timestamps of one column of a file, in order.
struct TimestampReader: Sendable {
    private(set) var rows: RowScanner
    private let column: Int
    private let unit: TimeUnit
    private var latest = Int64.min

    init(_ rows: RowScanner, column: Int, unit: TimeUnit) {
        self.rows = rows
        self.column = column
        self.unit = unit
    }

    /// The next instant in nanoseconds; nil: there is none. Throws for a row without one.
    mutating func next() throws(ArrivalFileProblem) -> Int64? {
        switch try rows.next(column) {
        case .none: return nil
        case .short: throw ArrivalFileProblem(.missingCell(column: column + 1), line: rows.line)
        case .cell(let start, let end):
            let cell = UnsafeBufferPointer(start: rows.bytes + start, count: end - start)
            guard let instant = unit.instant(cell) else {
                throw ArrivalFileProblem(.notATime(shown(cell), unit), line: rows.line)
            }
            guard instant >= latest else {
                let back = Double(latest) / 1e9 - Double(instant) / 1e9
                throw ArrivalFileProblem(
                    .backwards(shown(cell), seconds: back), line: rows.line)
            }
            latest = instant
            return instant
        }
    }
}

/// A cell as a message can bear it: 40 characters, control characters as escapes.
func shown(_ cell: UnsafeBufferPointer<UInt8>) -> String {
    let text = String(decoding: cell.prefix(200), as: UTF8.self)
    let isLong = cell.count > 200 || text.count > 40
    return text.prefix(40).unicodeScalars.map { scalar in
        scalar.value < 32 || scalar.value == 127
            ? scalar.escaped(asASCII: true) : String(scalar)
    }.joined() + (isLong ? "…" : "")
}
