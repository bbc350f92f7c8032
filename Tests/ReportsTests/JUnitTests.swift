import Foundation
import FoundationXML
import Reports
import Results
import Testing

@Suite struct JUnitTests {
    private static let seeds: ClosedRange<UInt64> = 1...100

    @Test func aBudgetIsATestCaseAndSoIsTheMeasurement() throws {
        let cases = try Document(JUnitReport(Summaries.budgeted).text).cases
        #expect(
            cases.map(\.name) == ["measurement"] + (Summaries.budgeted.budgets ?? []).map(\.budget))
        #expect(cases.map(\.results) == [[], [], ["failure"], ["skipped"], ["skipped"]])
    }

    @Test func theCountsAreThoseOfTheCases() throws {
        for name in Summaries.names {
            let document = try Document(JUnitReport(Summaries.named(name)).text)
            let results = document.cases.flatMap(\.results)
            let counted = ["tests": document.cases.count]
                .merging(
                    [("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]
                        .map { pair in (pair.0, results.count { $0 == pair.1 }) }
                ) { $1 }
            for (attribute, count) in counted {
                #expect(document.suite[attribute] == "\(count)", "\(name): \(attribute)")
            }
        }
    }

    @Test func anInvalidMeasurementIsAnErrorUnlessItIsAccepted() throws {
        let invalid = try Document(JUnitReport(Summaries.invalid).text)
        #expect(invalid.cases.map(\.results) == [["error"]])
        var accepted = Summaries.invalid
        accepted.verdict = Runs.invalid.acceptedIfInvalid
        #expect(try Document(JUnitReport(accepted).text).cases.map(\.results) == [[]])
    }

    @Test(arguments: [
        Ending.interrupted(.terminate), .killed, .guardRail("limits.payments"), .failed("no disk"),
    ])
    func aRunThatWasStoppedIsAnError(ending: Ending) throws {
        var summary = Summaries.kept
        summary.ending = ending
        #expect(try Document(JUnitReport(summary).text).cases.map(\.results) == [["error"], []])
    }

    @Test(arguments: seeds)
    func whateverIsInATextItIsReadBack(seed: UInt64) throws {
        let summary = Summaries.random(seed: seed)
        let document = try Document(JUnitReport(summary).text)
        let budgets = try #require(summary.budgets)
        #expect(
            document.cases.dropFirst().map(\.name)
                == budgets.map { ($0.budget.isEmpty ? $0.metric : $0.budget).printable })
        #expect(document.properties["run_id"] == summary.runID.printable)
        #expect(document.properties["target"] == summary.target.printable)
    }
}

/// A `junit.xml` as Foundation's parser reads it, libxml2 below.
private final class Document: NSObject, XMLParserDelegate {
    struct Case {
        var name: String
        /// The tags in it.
        var results: [String] = []
    }

    struct Malformed: Error { var line: Int }

    private(set) var suite: [String: String] = [:]
    private(set) var cases: [Case] = []
    private(set) var properties: [String: String] = [:]

    init(_ text: String) throws {
        super.init()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = self
        guard parser.parse() else { throw Malformed(line: parser.lineNumber) }
    }

    func parser(
        _ parser: XMLParser, didStartElement element: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
    ) {
        switch element {
        case "testsuite": suite = attributes
        case "testcase": cases.append(Case(name: attributes["name"] ?? ""))
        case "property": properties[attributes["name"] ?? ""] = attributes["value"]
        case "failure", "error", "skipped": cases[cases.count - 1].results.append(element)
        default: break
        }
    }
}
