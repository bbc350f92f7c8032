import DataFiles
import Documents
import Foundation
import Payments
import Scenarios
import Testing

/// A folder with these files, in which scenarios are read; gone when the value is.
final class DataFolder {
    private let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID())")

    init(_ files: [String: String]) throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        for (name, text) in files {
            try Data(text.utf8).write(to: url.appending(path: name))
        }
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func read(_ text: String) -> Result<Scenario, DocumentError> {
        do throws(DocumentError) {
            return .success(
                try ScenarioReader.read(
                    bytes: Array(text.utf8), name: "file", directory: url.path(),
                    environment: ["FILE": "cards.csv", "TOKEN": "t0k"]))
        } catch { return .failure(error) }
    }

    /// Every complaint, with its place.
    func complaints(_ scenario: ScenarioText) -> [String] {
        guard case .failure(let error) = read(scenario.text) else { return [] }
        return error.complaints.map(\.description)
    }
}

extension ScenarioText {
    /// With these data sets, and a payment with this token; `data` stands in line 6, column 7.
    static func data(
        _ data: String, token: String = "${data.cards.token}",
        target: String = "{ base_url: simulator }"
    ) -> ScenarioText {
        ScenarioText(
            target: target, payments: method("token: '\(token)'"), more: "data: \(data)")
    }
}

@Suite struct DataTests {
    private static let cards = "{ cards: { file: cards.csv } }"

    private func folder(_ cards: String = "token,kind\nt-1,visa\nt-2,amex\n") throws -> DataFolder {
        try DataFolder(["cards.csv": cards, "people.csv": "name\nAda\n"])
    }

    @Test func aCellIsReadByItsNames() throws {
        let scenario = try folder().read(
            ScenarioText.data(
                "{ people: { file: people.csv, order: shuffle, at_end: stop }, "
                    + "cards: { file: '${env:FILE}' } }",
                token: "x-${data.cards.kind}-${data.people.name}"
            ).text
        ).get()
        #expect(scenario.data.map(\.name) == ["people", "cards"])
        #expect(scenario.data.map(\.order) == [.shuffle, .sequential])
        #expect(scenario.data.map(\.atEnd) == [.stop, .wrap])
        #expect(scenario.data.map(\.file.rows) == [1, 2])
        let request = RequestTemplate(
            scenario.payments[0], parameters: .query, format: .accept, data: scenario.dataFiles)
        let keys = RunKeys(seed: 1, runID: "r")
        let body = (UInt64(0)..<3).map { draw in
            let identity = RequestIdentity(number: draw, keys: keys)
            let context = scenario.context(of: identity, intended: 0, draws: [draw, draw])
            return String(decoding: request.body.rendered(context), as: UTF8.self)
        }
        #expect(
            body == ["visa", "amex", "visa"].map { #"{"paymentMethod":{"token":"x-\#($0)-Ada"}}"# })
    }

    @Test func cellsMayStandWhereverRequestsDiffer() throws {
        let payments = """
            [{ name: card, client_type: 1, payment_id: '${data.cards.token}-${uuid}',
               payment_method: { deep: [{ token: '${data.cards.kind}' }] },
               return_url: 'https://shop.example.test/${data.cards.kind}?at=${now}' }]
            """
        let target =
            "{ base_url: simulator, auth: { bearer: '${data.cards.token}' }, "
            + "headers: { X-Kind: 'a ${data.cards.kind} ${choice(x,y)}', X-Now: '${now}' } }"
        let scenario = try folder().read(
            ScenarioText(target: target, payments: payments, more: "data: \(Self.cards)").text
        ).get()
        let headers = HeaderTemplates(
            credentials: scenario.target.credentials,
            headers: scenario.target.headers.map { ($0.name, $0.value) }, data: scenario.dataFiles)
        #expect(headers.constant.isEmpty)
        #expect(headers.varying.count == 3)
        #expect(scenario.payments[0].dataReferences.map(\.columnName) == ["token", "kind", "kind"])
    }

    @Test func theEffectiveTextReadsBackToTheSameScenario() throws {
        let folder = try folder()
        let text = ScenarioText.data(
            "{ cards: { file: cards.csv, order: shuffle, at_end: stop } }",
            token: "${data.cards.token} ${choice(a,b c)} ${now}",
            target: "{ base_url: simulator, auth: { bearer: 'pre-${data.cards.token}' }, "
                + "headers: { X: '${data.cards.kind}' } }"
        ).text
        let scenario = try folder.read(text).get()
        #expect(scenario.effectiveText.contains("order: shuffle\n    at_end: stop"))
        #expect(scenario.effectiveText.contains("bearer: \"***${data.cards.token}\""))
        var again = try folder.read(scenario.effectiveText).get()
        again.sha256 = scenario.sha256
        again.target.credentials = scenario.target.credentials
        #expect(again == scenario)
    }

    private static let refusals: [(String, String, String)] = [
        (
            "{ cards: { file: crads.csv } }", "${data.cards.token}",
            "file:6:24: file \"crads.csv\" cannot be read: No such file or directory; a readable "
                + "file is allowed, relative to the scenario's folder"
        ),
        (
            "{ cards: { file: cards.csv, order: shufle } }", "${data.cards.token}",
            "file:6:42: \"shufle\"; allowed: sequential, shuffle; did you mean \"shuffle\"?"
        ),
        (
            "{ cards: { file: cards.csv, at_end: halt } }", "${data.cards.token}",
            "file:6:43: \"halt\"; allowed: wrap, stop"
        ),
        (
            "{ cards: { order: shuffle } }", "${data.cards.token}",
            "file:6:16: key \"file\" is missing; it is required here"
        ),
        (
            "{ 'a.b': { file: cards.csv } }", "${data.a.b.token}",
            "file:6:9: \"a.b\" is no name of a data set; 1 to 64 letters, digits, _ and - are "
                + "allowed"
        ),
        (
            "{ cards: { file: cards.csv } }", "${data.crads.token}",
            "${data.crads.token}: no data set \"crads\"; allowed: cards; did you mean \"cards\"?"
        ),
        (
            "{ cards: { file: cards.csv } }", "${data.cards.tokn}",
            "${data.cards.tokn}: no column \"tokn\"; allowed: token, kind; did you mean \"token\"?"
        ),
        (
            "{ cards: { file: cards.csv } }", "x",
            "file:6:9: data set \"cards\" is not used; use it as ${data.cards.COLUMN}, or leave it "
                + "out"
        ),
        ("[]", "x", "file:6:7: a list; allowed: a mapping of names to data files"),
    ]

    @Test(arguments: refusals)
    func mistakesInTheScenarioAreTold(data: String, token: String, said: String) throws {
        let complaints = try folder().complaints(.data(data, token: token))
        #expect(complaints.contains { $0.hasSuffix(said) }, "\(complaints)")
    }

    @Test(arguments: [
        ("", "cards.csv: the file is empty; a row of column names and rows below it are allowed"),
        (
            "token,kind\n",
            "cards.csv: no rows below the column names; at least one row is allowed"
        ),
        (
            "token,kind\na,b\nc\n",
            "cards.csv:3:1: 1 cell in a row; 2 are allowed, one for each column"
        ),
        (
            "token,kind\na,b\nZoë,x\"y\n",
            "cards.csv:3:6: a quote inside a cell; put the whole cell in quotes and write a quote "
                + "in it twice"
        ),
        (
            "token,kind\na,\"b\" \n",
            "cards.csv:2:6: text behind the quote that closes the cell; a comma or a line break "
                + "is allowed there, and a quote in a cell is written twice"
        ),
        (
            "token,kind\na,\"b\n",
            "cards.csv:2:3: the quote that begins this cell is never closed; close it"
        ),
        (
            "token,kind\na,b\rc,d\n",
            "cards.csv:2:4: a carriage return without line feed; rows end with LF or CRLF, and "
                + "line breaks in a cell are allowed in quotes"
        ),
        (
            "token,kind\n\na,b\n",
            "cards.csv:2:1: an empty line; allowed at the end of the file only"
        ),
        (
            "token,kind\na,\u{0}\n",
            "cards.csv:2:3: a NUL byte, so this is no text file; UTF-8 text is allowed"
        ),
        (
            "token,,kind\na,b,c\n",
            "cards.csv:1:7: a column without a name; a name that no other column has is allowed"
        ),
        (
            "token,token\na,b\n",
            "cards.csv:1:7: column \"token\" again, first as column 1; once is allowed"
        ),
    ])
    func mistakesInTheFileAreTold(text: String, said: String) throws {
        #expect(try folder(text).complaints(.data(Self.cards)) == [said])
    }

    @Test func realCardNumbersAreRefusedWhereTheyAreUsed() throws {
        // Luhn holds for 4539148803436467, which nobody publishes for tests; 4242… is published.
        let text = "token,kind\n4242424242424242,4539148803436467\n\"4539 1488 0343 6467\",x\n"
        let sentence =
            "453914******6467 looks like the number of a real card; allowed: tokens, and test "
            + "numbers that are published, such as 4242424242424242"
        #expect(
            try folder(text).complaints(.data(Self.cards))
                == ["cards.csv:3:1: column \"token\": \(sentence)"])
        #expect(
            try folder(text).complaints(.data(Self.cards, token: "${data.cards.kind}"))
                == ["cards.csv:2:18: column \"kind\": \(sentence)"])
    }

    @Test(arguments: [
        ("4539148803436467", true), ("pan 4539-1488-0343-6467.", true),
        ("x:4539148803436467", true),
        ("4539 148803 436467", true), ("id_4539148803436467", true),
        // One digit off; published; part of a hexadecimal token; two groups of a UUID.
        ("4539148803436468", false), ("4111111111111111", false), ("a4539148803436467", false),
        ("4539148803436467f", false), ("45391488-0343-6467-9b1c-000000000000", false),
        ("45391488-03436467", false), ("é4539148803436467", false),
    ])
    func aCardNumberInACellStandsAlone(cell: String, isRefused: Bool) throws {
        let said = try folder("token\n\(cell)\n").complaints(.data(Self.cards))
        #expect(said.isEmpty != isRefused, "\(said)")
    }

    @Test(arguments: [
        ("a b", false, true), ("", true, true), ("\"a\nb\"", true, true), ("Zoë", true, true),
        ("\" a\"", true, true), ("a\t", true, true), ("a,b", false, false),
        ("\"a,b\"", false, false), ("a~", false, false),
    ])
    func cellsInHeadersAreVisible(cell: String, inHeader: Bool, inBearer: Bool) throws {
        let cells = cell == "a,b" ? "a" : cell
        let folder = try folder("token,kind\nx,x\n\(cells),x\n")
        let header = folder.complaints(
            .data(
                Self.cards, token: "x",
                target: "{ base_url: simulator, headers: { X: '${data.cards.token}' } }"))
        let headerSaid =
            "cards.csv:3:1: column \"token\": the cell is used in a header and is empty, or has "
            + "characters that a header must not have; visible ASCII is allowed, with blanks inside"
        #expect(header == (inHeader ? [headerSaid] : []))
        let bearer = folder.complaints(
            .data(
                Self.cards, token: "x",
                target: "{ base_url: simulator, auth: { bearer: '${data.cards.token}' } }"))
        let bearerSaid =
            "cards.csv:3:1: column \"token\": the cell is used as a bearer token and is empty, or "
            + "has characters that it must not have; visible ASCII is allowed, without blanks"
        #expect(bearer == (inBearer ? [bearerSaid] : []))
    }

    @Test func onlyBearersDifferFromRequestToRequest() throws {
        for auth in ["api_key: 'X'", "basic: { username: 'X', password: p }"] {
            let auth = auth.replacing("X", with: "${data.cards.token}")
            let said = try folder().complaints(
                .data(Self.cards, target: "{ base_url: simulator, auth: { \(auth) } }"))
            #expect(
                said.count == 1 && said[0].contains("where all requests share the value"), "\(said)"
            )
        }
    }

    @Test(arguments: ["' ${seq}'", "'${choice(ü,b)}'", "\"${seq}\\n\"", "'${seq} '"])
    func headersThatDifferAreVisibleToo(value: String) throws {
        let said = sentences(
            about: ScenarioText(target: "{ base_url: simulator, headers: { X: \(value) } }"))
        #expect(said.count == 1 && said[0].contains("the value of header \"X\""), "\(said)")
    }
}
