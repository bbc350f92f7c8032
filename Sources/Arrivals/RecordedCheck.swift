extension RecordedArrivals {
    /// Reads the whole file once and finds the first mistake in it. 64 KiB of memory, whatever the
    /// file; some 20 million rows a second.
    package static func check(
        path: String, _ options: Options = Options()
    ) throws(ArrivalFileProblem) -> RecordedArrivals {
        precondition(options.speed.isFinite && options.speed > 0, "a speed is above 0")
        var rows = try RowScanner(path: path)
        try rows.skipByteOrderMark()
        let (column, unit) = try rows.layout(options)
        var reader = TimestampReader(rows, column: column, unit: unit)
        let findings = try Findings(&reader, window: options.window)
        return RecordedArrivals(
            path: path, column: column, unit: unit, speed: options.speed, window: options.window,
            count: findings.count, first: findings.first, last: findings.last,
            dataOffset: findings.dataOffset, dataLine: findings.dataLine, counts: findings.counts)
    }
}

/// What the rows of a file come to.
private struct Findings {
    var count = 0
    var first: Int64
    var last: Int64
    var dataOffset: Int64 = 0
    var dataLine = 0
    var counts = ArrivalCounts()

    init(
        _ reader: inout TimestampReader, window: RecordedArrivals.Window
    ) throws(ArrivalFileProblem) {
        guard let first = try reader.next() else { throw ArrivalFileProblem(.empty) }
        (self.first, last) = (first, first)
        let line = reader.rows.line
        guard case (let opens, false) = first.addingReportingOverflow(window.from) else {
            throw ArrivalFileProblem(.emptyWindow(recordedSeconds: 0), line: line)
        }
        let (closes, isEndless) = first.addingReportingOverflow(window.to ?? .max)
        var next: Int64? = first
        while let instant = next {
            if instant >= opens, instant < closes || isEndless || window.to == nil {
                if count == 0 {
                    (dataOffset, dataLine) = (reader.rows.offset, reader.rows.line)
                }
                count += 1
                counts.add(instant - opens)
            }
            last = instant
            next = try reader.next()
        }
        guard count > 0 else {
            let seconds = (Double(last) - Double(first)) / 1e9
            throw ArrivalFileProblem(.emptyWindow(recordedSeconds: seconds))
        }
    }
}

extension RowScanner {
    /// UTF-8 is what the rest can read; a mark that says so is no part of the first cell.
    fileprivate mutating func skipByteOrderMark() throws(ArrivalFileProblem) {
        let opening = try opening()
        let marks: [([UInt8], ArrivalFileProblem.Kind)] = [
            ([0xFF, 0xFE], .utf16), ([0xFE, 0xFF], .utf16), ([0x1F, 0x8B], .compressed),
            ([0x28, 0xB5, 0x2F, 0xFD], .compressed), (Array("PK\u{3}\u{4}".utf8), .compressed),
        ]
        for (mark, problem) in marks where opening.starts(with: mark) {
            throw ArrivalFileProblem(problem)
        }
        if opening.prefix(100).contains(0) { throw ArrivalFileProblem(.utf16) }
        if opening.starts(with: [0xEF, 0xBB, 0xBF]) { skip(3) }
    }

    /// Which column it is and what its timestamps are. The next row is the first one with a timestamp
    /// then.
    fileprivate mutating func layout(
        _ options: RecordedArrivals.Options
    ) throws(ArrivalFileProblem) -> (column: Int, unit: TimeUnit) {
        let cells = try firstRow()
        let column = try column(options.column, in: cells)
        let name = cells[column]
        let isNamed = if case .named = options.column { true } else { false }
        let isHeader = isNamed || !(name.first.map { "0123456789+-.".contains($0) } ?? true)
        if !isHeader { back() }
        guard let row = try next(column) else { throw ArrivalFileProblem(.empty) }
        back()
        if let unit = options.unit { return (column, unit) }
        guard case .cell(let start, let end) = row else { return (column, .seconds) }
        let cell = UnsafeBufferPointer(start: bytes + start, count: end - start)
        guard let unit = TimeUnit(of: cell, header: isHeader ? name : "") else {
            throw ArrivalFileProblem(.notATime(shown(cell), nil), line: line)
        }
        return (column, unit)
    }

    private mutating func firstRow() throws(ArrivalFileProblem) -> [String] {
        var cells: [String] = []
        while let row = try next(cells.count) {
            guard case .cell(let start, let end) = row else { return cells }
            var cell = UnsafeBufferPointer(start: bytes + start, count: end - start)[...]
            while cell.last == UInt8(ascii: " ") { cell.removeLast() }
            cells.append(String(decoding: cell.drop { $0 == UInt8(ascii: " ") }, as: UTF8.self))
            back()
        }
        throw ArrivalFileProblem(.empty)
    }

    private func column(
        _ wanted: RecordedArrivals.Column?, in cells: [String]
    ) throws(ArrivalFileProblem) -> Int {
        switch wanted {
        case .named(let name):
            if let column = cells.firstIndex(of: name) { return column }
            throw ArrivalFileProblem(.unknownColumn(name, header: cells), line: line)
        case .number(let number):
            if cells.indices.contains(number - 1) { return number - 1 }
            throw ArrivalFileProblem(.missingCell(column: number), line: line)
        case nil:
            if cells.count == 1 { return 0 }
            throw ArrivalFileProblem(.severalColumns(cells), line: line)
        }
    }
}

extension TimeUnit {
    /// What a timestamp looks like; nil: like none.
    fileprivate init?(of cell: UnsafeBufferPointer<UInt8>, header: String) {
        if TimeUnit.rfc3339.instant(cell) != nil {
            self = .rfc3339
        } else if TimeUnit.milliseconds.instant(cell) != nil {
            let name = header.lowercased()
            let saysSo = ["ms", "millis", "milliseconds"].contains {
                name == $0 || name.hasSuffix("_" + $0)
            }
            self = saysSo || TimeUnit.seconds.instant(cell) == nil ? .milliseconds : .seconds
        } else {
            return nil
        }
    }
}
