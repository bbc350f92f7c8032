import Foundation
import Reports
import Results
import Testing

/// What CI systems read, byte for byte. `PAYBENCH_GOLDEN=write` makes the files anew, to be looked at.
@Suite struct GoldenTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Golden")

    private static let isWriting = ProcessInfo.processInfo.environment["PAYBENCH_GOLDEN"] == "write"

    static func fileName(_ name: String, _ format: SummaryFormat) -> String {
        let suffix =
            switch format {
            case .text, .github, .gitlab: "txt"
            case .json, .bencher, .benchmarkAction, .benchmarkActionBigger: "json"
            case .csv: "csv"
            case .junit: "xml"
            case .markdown: "md"
            }
        return "\(name).\(format.rawValue).\(suffix)"
    }

    @Test(arguments: Summaries.names, Summaries.formats)
    func isAsItWas(name: String, format: SummaryFormat) throws {
        let text = try Summaries.named(name).text(as: format)
        let file = Self.folder.appendingPathComponent(Self.fileName(name, format))
        if Self.isWriting { try text.write(to: file, atomically: false, encoding: .utf8) }
        #expect(try text == String(contentsOf: file, encoding: .utf8))
    }

    @Test func nothingElseLiesThere() throws {
        let expected = Summaries.names.flatMap { name in
            Summaries.formats.map { Self.fileName(name, $0) }
        }
        let found = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(found.sorted() == expected.sorted())
    }
}
