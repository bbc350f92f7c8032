import Payments
import Testing

@testable import Engine

@Suite struct CodeTableTests {
    private func index(
        _ table: inout CodeTable, _ code: String, field: String? = nil,
        outcome: Outcome = .rejected, status: Int = 400
    ) -> Int {
        Array(code.utf8).withUnsafeBytes { code in
            Array((field ?? "").utf8).withUnsafeBytes { text in
                table.index(
                    of: .service(code: code, field: field == nil ? nil : text), outcome: outcome,
                    status: status)
            }
        }
    }

    @Test func theSameCodeKeepsItsNumber() {
        var table = CodeTable()
        #expect(index(&table, "A") == 0)
        #expect(index(&table, "B") == 1)
        #expect(index(&table, "A") == 0)
        #expect(
            table.entries == [
                .init(outcome: .rejected, code: "A", httpStatus: 400, field: nil),
                .init(outcome: .rejected, code: "B", httpStatus: 400, field: nil),
            ])
    }

    @Test func whateverTellsCodesApartMakesAnother() {
        var table = CodeTable()
        let numbers = [
            index(&table, "A"), index(&table, "A", field: "F"), index(&table, "AF"),
            index(&table, ""), index(&table, "A", status: 401),
            index(&table, "A", outcome: .declined),
            table.index(of: .status, outcome: .rejected, status: 400),
            table.index(of: .status, outcome: .rejected, status: 401),
            table.index(of: .named("X", number: 1), outcome: .notSent, status: 0),
            table.index(of: .named("Y", number: 2), outcome: .notSent, status: 0),
        ]
        #expect(numbers == Array(0..<10))
    }

    @Test func anEntrySaysWhatHappened() {
        var table = CodeTable()
        _ = table.index(of: .status, outcome: .providerError, status: 503)
        _ = table.index(of: .named("COULDNT_CONNECT", number: 7), outcome: .notSent, status: 0)
        _ = index(&table, "NotEmpty", field: "PaymentId")
        #expect(
            table.entries == [
                .init(outcome: .providerError, code: "HTTP 503", httpStatus: 503, field: nil),
                .init(outcome: .notSent, code: "COULDNT_CONNECT", httpStatus: nil, field: nil),
                .init(outcome: .rejected, code: "NotEmpty", httpStatus: 400, field: "PaymentId"),
            ])
    }

    @Test func aTargetThatMakesUpCodesFillsNoMemory() {
        var table = CodeTable()
        for number in 0..<512 { #expect(index(&table, "code \(number)") == number) }
        for number in 512..<5000 {
            let outcome = Outcome.allCases[number % Outcome.allCases.count]
            #expect(index(&table, "code \(number)", outcome: outcome) >= 512)
        }
        // One for each outcome beyond the 512.
        #expect(table.entries.count == 512 + Outcome.allCases.count)
        #expect(
            table.entries[512...].allSatisfy {
                $0.code == "(further codes)" && $0.httpStatus == nil
            })
        #expect(Set(table.entries[512...].map(\.outcome)) == Set(Outcome.allCases))
        #expect(index(&table, "code 511") == 511)
    }

    @Test func aLongCodeIsCut() {
        var table = CodeTable()
        _ = index(&table, String(repeating: "x", count: 100_000))
        #expect(table.entries[0].code == String(repeating: "x", count: 200))
    }

    @Test func bytesThatAreNoTextBecomeOne() {
        var table = CodeTable()
        [0xFF, 0x41, 0xC3].withUnsafeBufferPointer { (bytes: UnsafeBufferPointer<UInt8>) in
            _ = table.index(
                of: .service(code: UnsafeRawBufferPointer(bytes), field: nil), outcome: .rejected,
                status: 400)
        }
        #expect(table.entries[0].code == "\u{FFFD}A\u{FFFD}")
    }
}
