import Foundation
import Payments
import Testing

@testable import Results

@Suite struct SampleTests {
    private static func sample(_ generator: inout Seeded) -> SampleRow {
        func time() -> UInt64 { .random(in: 0...5_000_000, using: &generator) }
        func maybe(_ value: UInt64) -> UInt64? { Bool.random(using: &generator) ? value : nil }
        let words = ["a,b", "\"q\"", "line\nfeed", "", "plain", "é"]
        func word() -> String { words.randomElement(using: &generator) ?? "" }
        let at = 1_700_000_000 + Double(Int.random(in: 0..<1_000_000, using: &generator)) / 64
        let outcome = Outcome.allCases.randomElement(using: &generator) ?? .accepted
        return SampleRow(
            paymentID: "id " + word(), phase: "p" + word(),
            adapter: Bool.random(using: &generator) ? "north" : nil, payment: word(),
            outcome: outcome, code: outcome == .accepted ? nil : "Code", httpStatus: 402,
            intended: at, sent: Bool.random(using: &generator) ? at + 0.5 : nil,
            completed: at + 1, responseTime: time(), serviceTime: time(), sendDelay: time(),
            firstByte: maybe(time()), connect: maybe(time()), tls: maybe(time()),
            opensConnection: .random(using: &generator), attempts: 2, bytesSent: 3,
            bytesReceived: 4)
    }

    private func read(_ path: String) throws -> [SampleRow] {
        var reader = try SampleReader(path: path)
        var rows: [SampleRow] = []
        while let row = try reader.next() { rows.append(row) }
        return rows
    }

    private func path() -> String {
        FileManager.default.temporaryDirectory
            .appendingPathComponent("paybench-samples-\(UUID().uuidString).csv").path
    }

    /// More than fits one reading, with line feeds and quotes in their cells.
    @Test func whatWasWrittenIsRead() throws {
        var generator = Seeded(17)
        let rows = (0..<5000).map { _ in Self.sample(&generator) }
        let path = path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let writer = try SampleWriter(path: path)
        try writer.append(rows)
        try writer.finish()
        #expect(try read(path).map(\.csv) == rows.map(\.csv))
    }

    @Test func whatIsCutOffOrNoSampleIsNotRead() throws {
        var generator = Seeded(3)
        let rows = (0..<3).map { _ in Self.sample(&generator) }
        let path = path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = SampleRow.header + rows.map(\.csv).joined()
        try Data(text.utf8.dropLast(4)).write(to: URL(fileURLWithPath: path))
        #expect(try read(path).count == 2)
        for (text, words) in [
            ("", "header"), ("a,b\n1,2\n", "no column payment_id"),
            (SampleRow.header + "1,2\n", "row 2"),
            (
                SampleRow.header
                    + rows[0].csv.replacingOccurrences(of: rows[0].outcome.name, with: "lost"),
                "row 2"
            ),
        ] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: ResultError.self) { _ = try read(path) }
            #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        }
    }

    @Test(arguments: [
        0.0, 951_782_399.999_999, 951_782_400, 1_709_164_800, 1_735_689_599.5, 4_102_444_800,
        -2_208_988_800, 253_402_300_799,
    ])
    func anInstantIsReadAsItWasWritten(seconds: Double) throws {
        let written = Timestamp(secondsSince1970: seconds)
        #expect(Timestamp(rfc3339: written.rfc3339) == written)
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let other = try Date(written.rfc3339, strategy: style).timeIntervalSince1970
        #expect(abs(other - seconds) < 0.002)
    }

    @Test(arguments: [
        "", "2026-08-01", "2026-08-01T12:01:02", "2026-13-01T12:01:02Z", "2026-08-01T24:01:02Z",
        "2026-08-01 12:01:02Z", "2026-08-01T12:01:02.Z", "2026-08-01T12:01:02.xZ",
        "+026-08-01T12:01:02Z", "2026-08-01T12:01:02.1234567890123456789Z",
    ])
    func whatIsNoInstantIsNotRead(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }
}
