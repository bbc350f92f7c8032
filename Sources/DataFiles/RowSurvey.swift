/// One pass over the rows of a file: what is wrong with them, where they begin, how long cells are.
struct RowSurvey {
    private let bytes: UnsafeRawBufferPointer
    private let columns: [String]
    private let isInspected: [Bool]
    private(set) var rows = 0
    private(set) var index: [UInt64] = []
    private(set) var longest: [Int]
    private(set) var hasInnerBreaks = false
    private(set) var mistakes: [DataFileError.Mistake] = []

    init(_ bytes: UnsafeRawBufferPointer, columns: [String], inspected: Set<Int>) {
        self.bytes = bytes
        self.columns = columns
        isInspected = columns.indices.map(inspected.contains)
        longest = columns.map { _ in 0 }
    }

    mutating func run(
        from start: Int, _ inspect: (Int, UnsafeRawBufferPointer) -> CellFault?
    ) {
        var scanner = CellScanner(bytes, from: start)
        do throws(CellScanner.Fault) {
            while !scanner.isAtEnd, mistakes.count < DataFileError.limit {
                if try !skipEmptyLines(&scanner) { try readRow(&scanner, inspect) }
            }
        } catch {
            // What follows a broken quote or another encoding would be guesswork.
            mistakes.append(bytes.mistake(error))
        }
        hasInnerBreaks = scanner.sawInnerBreaks
    }

    /// Whether there were any; only the end of the file may have them.
    private mutating func skipEmptyLines(
        _ scanner: inout CellScanner
    ) throws(CellScanner.Fault) -> Bool {
        let start = scanner.position
        guard scanner.skipEmptyLine() else { return false }
        while scanner.skipEmptyLine() {}
        if !scanner.isAtEnd { mistakes.append(bytes.mistake(.emptyLine, at: start)) }
        return true
    }

    private mutating func readRow(
        _ scanner: inout CellScanner, _ inspect: (Int, UnsafeRawBufferPointer) -> CellFault?
    ) throws(CellScanner.Fault) {
        let start = scanner.position
        if rows & (DataFile.stride - 1) == 0 { index.append(UInt64(start)) }
        rows += 1
        var count = 0
        var ending = CellScanner.Ending.comma
        while ending == .comma {
            let cellStart = scanner.position
            let cell = try scanner.next()
            ending = cell.ending
            if count < longest.count {
                longest[count] = max(longest[count], cell.end - cell.start)
                if isInspected[count], let fault = inspect(count, bytes.part(cell)) {
                    let problem = DataFileProblem.unfit(column: columns[count], fault)
                    mistakes.append(bytes.mistake(problem, at: cellStart))
                }
            }
            count += 1
        }
        if count != columns.count {
            let problem = DataFileProblem.cells(read: count, columns: columns.count)
            mistakes.append(bytes.mistake(problem, at: start))
        }
    }
}

extension UnsafeRawBufferPointer {
    func part(_ cell: CellScanner.Cell) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[cell.start..<cell.end])
    }

    func mistake(_ fault: CellScanner.Fault) -> DataFileError.Mistake {
        mistake(fault.problem, at: fault.offset)
    }

    /// With its place in the file; cost: one pass over what is before it.
    func mistake(_ problem: DataFileProblem, at offset: Int) -> DataFileError.Mistake {
        let hasMark = starts(with: [0xEF, 0xBB, 0xBF])
        var line = 1
        var lineStart = hasMark ? 3 : 0
        for place in 0..<offset where self[place] == Byte.lineFeed {
            line += 1
            lineStart = place + 1
        }
        let column = self[lineStart..<Swift.max(lineStart, offset)].reduce(1) { count, byte in
            byte & 0xC0 == 0x80 ? count : count + 1
        }
        return DataFileError.Mistake(problem, line: line, column: column)
    }
}
