/// The arrivals of a recorded phase, read from the file as they are needed: 64 KiB of memory.
struct RecordedRows: Sendable {
    private let recorded: RecordedArrivals
    private var reader: TimestampReader?
    private var left: Int
    private(set) var failure: ArrivalFileProblem?

    /// Opens the file; if that fails, there are no rows and a `failure`.
    init(_ recorded: RecordedArrivals) {
        self.recorded = recorded
        left = recorded.count
        do throws(ArrivalFileProblem) {
            let scanner = try RowScanner(
                path: recorded.path, from: recorded.dataOffset, line: recorded.dataLine)
            reader = TimestampReader(scanner, column: recorded.column, unit: recorded.unit)
        } catch {
            failure = error
        }
    }

    /// When the next one is due, in nanoseconds from the start of the phase. nil: that were all, or
    /// a failure; the file is closed then.
    mutating func next() -> Int64? {
        guard left > 0, failure == nil else {
            reader = nil
            return nil
        }
        left -= 1
        do throws(ArrivalFileProblem) {
            if let instant = try reader?.next() { return recorded.offset(of: instant) }
            failure = ArrivalFileProblem(.changed, line: nil)
        } catch {
            failure = error
        }
        reader = nil
        return nil
    }
}
