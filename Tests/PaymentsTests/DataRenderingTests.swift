import DataFiles
import Foundation
import Payments
import Testing

/// A data file with this text.
func dataFile(_ text: String) throws -> DataFile {
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).csv")
    try Data(text.utf8).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try DataFileHead(path: url.path()).checked()
}

func cell(_ column: Int, of set: Int = 0) -> Template.Piece {
    .data(
        Template.DataReference(
            set: set, column: column, setName: "set\(set)", columnName: "column\(column)"))
}

/// A context whose data sets stand at their first rows.
func context(_ files: [DataFile], number: UInt64 = 0, intended: Int64 = 0) -> RenderContext {
    let cursors = files.map(DataCursor.init)
    cursors.forEach { $0.select(0) }
    return RenderContext(
        identity: RequestIdentity(number: number, keys: keys), intended: intended, cursors: cursors)
}

@Suite struct DataRenderingTests {
    /// One row with one cell that needs every escape.
    private static let nasty = "a\"b\\c\nd\té/💳 &"

    private func nastyFile() throws -> DataFile {
        try dataFile("c\n\"\(Self.nasty.replacing("\"", with: "\"\""))\"\n")
    }

    @Test func cellsAreEscapedWhereTheyStand() throws {
        let file = try nastyFile()
        let request = payment(
            id: Template([.literal("<"), cell(0), .literal(">")]),
            method: object(["token": .string(Template([cell(0)]))]))
        let inBody = RequestTemplate(request, parameters: .body, format: .accept, data: [file])
        let body = inBody.body.rendered(context([file]))
        let read = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
        #expect(read?["paymentId"] as? String == "<\(Self.nasty)>")
        let method = read?["paymentMethod"] as? [String: String]
        #expect(method == ["token": Self.nasty])
        let id = inBody.paymentID.rendered(context([file]))
        #expect(String(decoding: id, as: UTF8.self) == "<\(Self.nasty)>")

        let inQuery = RequestTemplate(request, parameters: .query, format: .accept, data: [file])
        let query = String(
            decoding: try #require(inQuery.query).rendered(context([file])), as: UTF8.self)
        #expect(URLComponents(string: "?\(query)")?.queryItems?.first?.value == "<\(Self.nasty)>")
    }

    @Test func theBoundHoldsForTheLongestAndWorstCell() throws {
        let worst = String(repeating: "\u{1}", count: 50)
        let file = try dataFile("c,d\nx,y\n\(worst),\(worst)\n")
        let template = RequestTemplate(
            payment(id: Template([cell(0), cell(1)])), parameters: .body, format: .accept,
            data: [file])
        var longest = context([file])
        longest.cursors[0].select(1)
        // The same bytes plus 6 for each of 100 characters where the short row has 2.
        let short = template.body.rendered(context([file])).count
        #expect(template.body.rendered(longest).count == short - 2 + 600)
        #expect(template.body.maximumCount == short - 2 + 600)
        longest.identity.number = 1
        #expect(template.body.rendered(longest).count <= template.body.maximumCount)
    }

    @Test func twoDataSetsStandAtTheirOwnRows() throws {
        let files = [try dataFile("a\n1\n2\n"), try dataFile("b,c\nx,y\nz,w\n")]
        let context = context(files)
        context.cursors[1].select(1)
        let template = RequestTemplate(
            payment(id: Template([cell(0), .literal("-"), cell(1, of: 1)])), parameters: .body,
            format: .accept, data: files)
        #expect(String(decoding: template.paymentID.rendered(context), as: UTF8.self) == "1-w")
    }
}

@Suite struct ChoiceTests {
    private let template = RequestTemplate(
        payment(id: Template([.choice(["a\"", "bb", "ccc"])])), parameters: .body, format: .accept)

    @Test func eachTextIsAsLikely() {
        var counts: [String: Int] = [:]
        for number in UInt64(0)..<30_000 {
            counts[text(template.paymentID, number: number), default: 0] += 1
        }
        #expect(Set(counts.keys) == ["a\"", "bb", "ccc"])
        // Mean 10,000, deviation √(30,000 · 1/3 · 2/3) = 82; five of them.
        #expect(counts.values.allSatisfy { abs($0 - 10_000) < 410 })
    }

    @Test func aTextIsEscapedWhereItStands() {
        let number = (UInt64(0)..<100).first { text(template.paymentID, number: $0) == "a\"" }
        #expect(text(template.body, number: number ?? 0).contains(#""paymentId":"a\"""#))
    }

    @Test func choicesOfOneRequestAreDrawnApart() {
        let coin = Template.Piece.choice(["0", "1"])
        let template = RequestTemplate(
            payment(id: Template([coin, coin])), parameters: .body, format: .accept)
        let seen = Set((UInt64(0)..<100).map { text(template.paymentID, number: $0) })
        #expect(seen == ["00", "01", "10", "11"])
    }

    @Test func choicesAreShownAsWritten() {
        let template = Template([.choice(["a", "b"]), .now, cell(1)])
        #expect(template.masked == "${choice(a,b)}${now}${data.set0.column1}")
        #expect(template.concealed == "***${now}${data.set0.column1}")
        #expect(template.constant == nil)
    }
}

@Suite struct NowTests {
    private func now(_ intended: Int64) -> String {
        let template = RequestTemplate(
            payment(id: Template([.now])), parameters: .body, format: .accept)
        return String(
            decoding: template.paymentID.rendered(context([], intended: intended)), as: UTF8.self)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"),
        // date -u -d @951782400: the leap day of a century.
        (951_782_400_123_999_999, "2000-02-29T00:00:00.123Z"),
        (1_709_251_199_999_999_999, "2024-02-29T23:59:59.999Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (Int64.max, "2262-04-11T23:47:16.854Z"),
    ])
    func anInstantIsWrittenAsRFC3339(intended: Int64, written: String) {
        #expect(now(intended) == written)
    }

    @Test func everyInstantIsWrittenAsFoundationDoes() {
        let seed: UInt64 = 13
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let seconds = Int64.random(in: -2_208_988_800..<7_258_118_400, using: &random)
            let milliseconds = Int64.random(in: 0..<1000, using: &random)
            let written = now((seconds * 1000 + milliseconds) * 1_000_000)
            let whole = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
            let fraction = String(1000 + milliseconds).dropFirst()
            #expect(written == "\(whole.dropLast()).\(fraction)Z", "seed \(seed)")
        }
    }
}
