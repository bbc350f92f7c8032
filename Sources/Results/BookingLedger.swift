import FoundationEssentials

/// What the service says it booked: by payment id, how often.
///
/// Memory: about 100 bytes an id.
package struct BookingLedger: Sendable {
    package struct Entry: Sendable, Equatable {
        package var bookings = 0
        /// Seconds since 1970-01-01 UTC, of the first booking; nil where the ledger does not say.
        package var bookedAt: Double?
        /// The service was not done with it when the ledger was written.
        package var isPending = false
    }

    /// By `key(of:)`.
    private(set) var entries: [String: Entry] = [:]
    /// As the ledger writes them, those booked more than once; in its order.
    package private(set) var bookedTwice: [String] = []
    /// The last instant in it: what came later is not in it yet.
    package private(set) var latest: Double?

    package var count: Int { entries.count }

    package subscript(id: String) -> Entry? { entries[Self.key(of: id)] }

    /// A CSV text with a header row and a column of payment ids. Optional columns: `bookings`, how often
    /// (else each row is a booking); `booked_at`, when (RFC 3339, or a number since 1970); `answer`, empty
    /// where there is none yet. Capitals and underscores in their names don't matter.
    ///
    /// - Parameter name: of the file, for complaints.
    package init(csv: [UInt8], name: String) throws(ResultError) {
        var reader = CSVReader(csv)
        guard let header = reader.next() else {
            throw .corrupt(
                path: name, reason: "an empty ledger: a row with the columns' names is needed")
        }
        let columns = try Columns(header, name: name)
        while let row = reader.next() { add(row, columns) }
    }

    private mutating func add(_ row: [String], _ columns: Columns) {
        guard row.indices.contains(columns.id), !row[columns.id].isEmpty else { return }
        let id = row[columns.id]
        let key = Self.key(of: id)
        var entry = entries[key] ?? Entry()
        let bookings = columns.cell(columns.bookings, row).map { Int($0) ?? 0 } ?? 1
        let before = entry.bookings
        entry.bookings += max(0, min(bookings, 1 << 30))
        if let instant = columns.cell(columns.bookedAt, row).flatMap(Self.instant) {
            entry.bookedAt = min(entry.bookedAt ?? instant, instant)
            latest = max(latest ?? instant, instant)
        }
        entry.isPending = entry.bookings == 0 && columns.cell(columns.answer, row) == ""
        entries[key] = entry
        if before < 2, entry.bookings >= 2 { bookedTwice.append(id) }
    }

    /// What makes two ids the same: a GUID is one in whatever form it is written.
    static func key(of id: String) -> String {
        let digits = id.utf8.filter { !"-{}()".utf8.contains($0) }
        let isGUID = digits.count == 32 && digits.allSatisfy { UInt8($0).isHexadecimal }
        return isGUID ? String(decoding: digits, as: UTF8.self).lowercased() : id
    }

    static func instant(_ text: String) -> Double? {
        if let number = Double(text), number.isFinite, number > 0 {
            let unit: Double =
                switch number {
                case ..<1e11: 1
                case ..<1e14: 1e3
                case ..<1e17: 1e6
                default: 1e9
                }
            return number / unit
        }
        let fractional = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let date = (try? Date(text, strategy: fractional)) ?? (try? Date(text, strategy: .iso8601))
        return date?.timeIntervalSince1970
    }
}

/// Where in a row what stands.
private struct Columns {
    var id: Int
    var bookings: Int?
    var bookedAt: Int?
    var answer: Int?

    init(_ header: [String], name: String) throws(ResultError) {
        let names = header.map { $0.lowercased().filter { $0 != "_" && $0 != " " } }
        guard let id = names.firstIndex(of: "paymentid") ?? names.firstIndex(of: "id") else {
            throw .corrupt(
                path: name,
                reason: "no column of payment ids: its columns are "
                    + header.joined(separator: ", ")
                    + "; one named payment_id, paymentId or id is needed")
        }
        self.id = id
        bookings = names.firstIndex(of: "bookings")
        bookedAt = names.firstIndex(of: "bookedat")
        answer = names.firstIndex(of: "answer")
    }

    /// nil where there is no such column, or the row ends before it.
    func cell(_ column: Int?, _ row: [String]) -> String? {
        column.flatMap { row.indices.contains($0) ? row[$0] : nil }
    }
}

extension UInt8 {
    fileprivate var isHexadecimal: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
