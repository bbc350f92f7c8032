/// A CSV file (RFC 4180, UTF-8) that was read once from end to end and found sound: a header row
/// with the columns' names, then at least one row, each with as many cells.
///
/// Up to 64 MiB are copied into memory; beyond that the file is mapped, costs 8 bytes for each 64
/// rows, may be larger than memory, and must not be truncated while it is in use.
package final class DataFile: Sendable {
    /// Rows from one entry of the index to the next.
    static let stride = 64

    package let columns: [String]
    package let rows: Int
    /// Of each column, the bytes of its longest cell without the quotes around it.
    private let longest: [Int]
    private let memory: FileMemory
    /// Where rows 0, 64, 128, … begin.
    let index: [UInt64]
    let hasInnerBreaks: Bool

    init(_ survey: RowSurvey, columns: [String], memory: FileMemory) {
        self.columns = columns
        self.memory = memory
        rows = survey.rows
        longest = survey.longest
        // A copy, as growing left the array up to twice as large as needed.
        index = survey.index.withUnsafeBufferPointer { [UInt64]($0) }
        hasInnerBreaks = survey.hasInnerBreaks
    }

    var bytes: UnsafeRawBufferPointer { memory.bytes }

    /// Bytes of the column's longest cell as it stands in the file, without the quotes around it.
    package func longest(_ column: Int) -> Int { longest[column] }

    /// Of all bytes, to tell one file from another by accident (FNV-1a over words of eight bytes). Cost: one
    /// pass over the file.
    package var fingerprint: UInt64 {
        let prime: UInt64 = 0x0000_0100_0000_01B3
        let whole = bytes.count / 8 * 8
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(bytes.count)
        for place in Swift.stride(from: 0, to: whole, by: 8) {
            let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            hash = (hash ^ UInt64(littleEndian: word)) &* prime
            hash ^= hash >> 32
        }
        return bytes[whole...].reduce(hash) { ($0 ^ UInt64($1)) &* prime }
    }

    /// Rows will be taken out of order; of use to the kernel where the file is mapped.
    package func expectRandomAccess() { memory.expect(.random) }
}

extension DataFile: Equatable {
    /// The same bytes.
    package static func == (left: DataFile, right: DataFile) -> Bool {
        left === right || left.bytes.elementsEqual(right.bytes)
    }
}

/// A CSV file of which the header was read; its rows are still to be checked.
package struct DataFileHead: Sendable {
    package let columns: [String]
    private let memory: FileMemory
    /// Where the first row begins.
    private let start: Int

    /// Cost: one read or mapping of the file, and its first line.
    package init(path: String) throws(DataFileError) {
        self = try DataFileHead(memory: FileMemory(path: path))
    }

    init(memory: FileMemory) throws(DataFileError) {
        let bytes = memory.bytes
        let bodyStart = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var scanner = CellScanner(bytes, from: bodyStart)
        if scanner.isAtEnd { throw DataFileError(.empty) }
        var header = Header()
        do throws(CellScanner.Fault) {
            try header.read(&scanner, bytes)
        } catch {
            throw DataFileError([bytes.mistake(error)])
        }
        if !header.mistakes.isEmpty { throw DataFileError(header.mistakes) }
        self.memory = memory
        columns = header.columns
        start = scanner.position
    }

    /// Reads every row once: finds each mistake, builds the index.
    ///
    /// - Parameter inspect: says what is wrong with a cell of a column (counted from 0), its bytes as
    ///   they stand in the file without the quotes around them. Asked for the columns in `inspected`.
    package func checked(
        inspected: Set<Int> = [],
        _ inspect: (Int, UnsafeRawBufferPointer) -> CellFault? = { _, _ in nil }
    ) throws(DataFileError) -> DataFile {
        memory.expect(.sequential)
        var survey = RowSurvey(memory.bytes, columns: columns, inspected: inspected)
        survey.run(from: start, inspect)
        if survey.mistakes.isEmpty, survey.rows == 0 { throw DataFileError(.noRows) }
        if !survey.mistakes.isEmpty { throw DataFileError(survey.mistakes) }
        return DataFile(survey, columns: columns, memory: memory)
    }
}

/// The first row: names, none empty, none twice.
private struct Header {
    private(set) var columns: [String] = []
    private(set) var mistakes: [DataFileError.Mistake] = []

    mutating func read(
        _ scanner: inout CellScanner, _ bytes: UnsafeRawBufferPointer
    ) throws(CellScanner.Fault) {
        var first: [String: Int] = [:]
        var ending = CellScanner.Ending.comma
        while ending == .comma {
            let start = scanner.position
            let cell = try scanner.next()
            let raw = String(decoding: bytes[cell.start..<cell.end], as: UTF8.self)
            let name = raw.replacing("\"\"", with: "\"")
            columns.append(name)
            if name.isEmpty {
                mistakes.append(bytes.mistake(.unnamedColumn, at: start))
            } else if let earlier = first[name] {
                mistakes.append(bytes.mistake(.duplicateColumn(name, first: earlier), at: start))
            } else {
                first[name] = columns.count
            }
            ending = cell.ending
        }
    }
}
