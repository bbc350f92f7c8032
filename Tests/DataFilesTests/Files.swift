import DataFiles
import Foundation
import Testing

/// A file with these bytes, read and checked.
func read(
    _ bytes: some Sequence<UInt8>, inspected: Set<Int> = [],
    _ inspect: (Int, UnsafeRawBufferPointer) -> CellFault? = { _, _ in nil }
) throws -> DataFile {
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).csv")
    try Data(bytes).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try DataFileHead(path: url.path()).checked(inspected: inspected, inspect)
}

func read(_ text: String) throws -> DataFile { try read(text.utf8) }

/// What is wrong with a text: `line:column problem`.
func mistakes(in bytes: some Sequence<UInt8>) -> [String] {
    do {
        _ = try read(bytes)
        return []
    } catch let error as DataFileError {
        return error.mistakes.map { mistake in
            let place = mistake.place.map { "\($0.line):\($0.column) " } ?? ""
            return "\(place)\(mistake.problem)"
        }
    } catch { return ["\(error)"] }
}

func mistakes(in text: String) -> [String] { mistakes(in: text.utf8) }

extension DataFile {
    /// The text of a cell, quotes undoubled.
    func text(_ row: Int, _ column: Int, _ cursor: DataCursor) -> String {
        cursor.select(row)
        let cell = cursor.cell(column)
        let raw = String(decoding: cell.bytes, as: UTF8.self)
        return cell.hasDoubledQuotes ? raw.replacing("\"\"", with: "\"") : raw
    }

    var cells: [[String]] {
        let cursor = DataCursor(self)
        return (0..<rows).map { row in columns.indices.map { text(row, $0, cursor) } }
    }
}
