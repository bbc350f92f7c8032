import Glibc
import Payments

/// Reads a file that `SampleWriter` wrote, row by row; a last row that is cut off is left out. Memory: a
/// few hundred kilobytes, however long the file is.
package struct SampleReader: ~Copyable {
    private static let chunk = 1 << 18

    private let path: String
    private let descriptor: Int32
    private var columns: SampleColumns?
    private var rows = CSVReader([])
    /// Behind the last whole row that was read.
    private var rest: [UInt8] = []
    private var rowNumber = 0

    package init(path: String) throws(ResultError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(.read, path: path, code: errno) }
    }

    deinit { close(descriptor) }

    /// nil behind the last one.
    package mutating func next() throws(ResultError) -> SampleRow? {
        while let cells = try nextCells() {
            guard let columns else {
                columns = try SampleColumns(cells, path: path)
                continue
            }
            guard let row = columns.row(cells) else {
                throw .corrupt(path: path, reason: "row \(rowNumber) is not one of samples")
            }
            return row
        }
        guard columns != nil else {
            throw .corrupt(path: path, reason: "no samples: not even their header is in it")
        }
        return nil
    }

    private mutating func nextCells() throws(ResultError) -> [String]? {
        repeat {
            if let cells = rows.next() {
                rowNumber += 1
                return cells
            }
        } while try readOn()
        return nil
    }

    /// false at the end of the file.
    private mutating func readOn() throws(ResultError) -> Bool {
        var buffer = [UInt8](repeating: 0, count: Self.chunk)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(.read, path: path, code: errno) }
            guard count > 0 else { return false }
            rest += buffer[..<count]
            guard let end = Self.endOfWholeRows(rest) else { continue }
            rows = CSVReader(Array(rest[..<end]))
            rest.removeFirst(end)
            return true
        }
    }

    /// Behind the last line feed that is not within quotes.
    private static func endOfWholeRows(_ bytes: [UInt8]) -> Int? {
        var isQuoted = false
        var end: Int?
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == UInt8(ascii: "\n"), !isQuoted { end = index + 1 }
        }
        return end
    }
}

/// Where in a row what stands; columns go by their names, so that files may have more of them.
private struct SampleColumns {
    private static let names =
        SampleRow.header.dropLast().split(separator: ",").map(String.init)

    /// By name, in the order of `names`; nil where the file is of a version without it.
    private let places: [Int?]
    private let fewest: Int

    init(_ header: [String], path: String) throws(ResultError) {
        places = Self.names.map { header.firstIndex(of: $0) }
        let missing = zip(Self.names, places).filter { $1 == nil && $0 != "adapter" }.map(\.0)
        guard missing.isEmpty else {
            throw .corrupt(
                path: path,
                reason: "no samples of a run: it has no column \(missing.joined(separator: ", "))")
        }
        fewest = (places.compactMap(\.self).max() ?? 0) + 1
    }

    /// nil where it is none.
    func row(_ cells: [String]) -> SampleRow? {
        guard cells.count >= fewest else { return nil }
        var values = places.map { $0.map { cells[$0] } ?? "" }[...]
        func text() -> String { values.popFirst() ?? "" }
        func optional() -> String? { Optional(text()).flatMap { $0.isEmpty ? nil : $0 } }
        func instant() -> Double? {
            optional().flatMap(Timestamp.init(rfc3339:)).map { Double($0.microseconds) / 1e6 }
        }
        func time() -> UInt64? { UInt64(text()) }
        func count() -> Int? { Int(text()) }
        let (id, phase, payment) = (text(), text(), text())
        let (outcome, code, status) = (Outcome(name: text()), optional(), count())
        let (intended, sent, completed) = (instant(), instant(), instant())
        let (response, service, delay) = (time(), time(), time())
        let (firstByte, connect, tls) = (time(), time(), time())
        let (opened, attempts, bytesSent, bytesReceived) = (text(), count(), count(), count())
        guard let outcome, let intended, let completed, let response, let service, let delay,
            let attempts, let bytesSent, let bytesReceived
        else { return nil }
        return SampleRow(
            paymentID: id, phase: phase, adapter: optional(), payment: payment, outcome: outcome,
            code: code, httpStatus: status, intended: intended, sent: sent, completed: completed,
            responseTime: response, serviceTime: service, sendDelay: delay, firstByte: firstByte,
            connect: connect, tls: tls, opensConnection: opened == "1", attempts: attempts,
            bytesSent: bytesSent, bytesReceived: bytesReceived)
    }
}
