import Foundation
import FoundationXML
import Pages
import Payments
import Reports
import Results
import Testing

@Suite struct RunPageTests {
    @Test(arguments: Runs.odd.indices)
    func oddRunsAreDrawnSanely(index: Int) throws {
        let (name, material) = Runs.odd[index]
        let html = RunPage(material).html
        for svg in Self.drawings(in: html) {
            let drawing = Drawing(svg)
            #expect(drawing.isWellFormed, "\(name)")
            #expect(drawing.numbers.allSatisfy { abs($0) <= 2000 }, "\(name)")
        }
        #expect(!html.contains("nan") && !html.contains(">inf"), "\(name)")
        #expect(html.contains("<h1>made-up</h1>"))
    }

    @Test func aPageNeedsNothingBesideIt() {
        let html = RunPage(Runs.odd[6].material).html
        let outside = ["<script", "<link", "<img", "@import", "url(", "src=", "https://"]
        for word in outside { #expect(!html.contains(word), "\(word)") }
        let addresses = html.components(separatedBy: "http://").dropFirst()
        #expect(addresses.allSatisfy { $0.hasPrefix("www.w3.org/2000/svg\"") })
        #expect(html.contains("default-src 'none'"))
    }

    @Test func hostileNamesStayNames() {
        let name = "</title><script>x</script><img src=x>\u{202e}"
        let html = RunPage(
            Runs.material(seconds: 3, times: [1000], outcome: .rejected, name: name)
        ).html
        #expect(!html.contains("<script") && !html.contains("<img"))
        #expect(!html.contains("\u{202e}"))
        #expect(html.contains("&lt;script&gt;"))
    }

    @Test func aDayIsSmallAndKeepsItsWorstSecond() throws {
        let times = (1...20).map { UInt64($0 * $0 * 997) }
        let material = Runs.material(seconds: 86_400, times: times, errorBurstAt: 54_321)
        let timeline = try #require(material.record?.timeline)
        let columns = TimelineColumns(timeline, atMost: 168)
        #expect(columns.columns.count <= 168)
        // 86,400 seconds of 20 payments.
        #expect(columns.columns.reduce(0) { $0 + $1.planned.sum } == 1_728_000)
        let errors = columns.columns.map { $0.outcomes[Int(Outcome.providerError.rawValue)].most }
        #expect(errors.max() == 777)
        #expect(errors.count { $0 > 0 } == 1)
        #expect(RunPage(material).html.utf8.count < 1_000_000)
    }

    @Test func headingsAreInOrderAndEveryChartIsTold() {
        let html = RunPage(Runs.odd[3].material).html
        let levels = html.matches(of: /<h([1-6])[ >]/).compactMap { Int($0.output.1) }
        #expect(levels.first == 1 && levels.count { $0 == 1 } == 1)
        for (before, after) in zip(levels, levels.dropFirst()) { #expect(after <= before + 1) }
        let drawings = Self.drawings(in: html)
        #expect(drawings.count >= 6)
        for svg in drawings {
            #expect(svg.contains("role=\"img\"") && svg.contains("<title>"))
            #expect(svg.contains("<desc>"))
        }
    }

    static func drawings(in html: String) -> [String] {
        html.components(separatedBy: "<svg ").dropFirst().map { part in
            "<svg " + (part.components(separatedBy: "</svg>").first ?? "") + "</svg>"
        }
    }
}

/// The coordinates of a drawing, as a reader of XML sees them.
private final class Drawing: NSObject, XMLParserDelegate {
    private(set) var numbers: [Double] = []
    private(set) var isWellFormed = false

    init(_ svg: String) {
        super.init()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = self
        isWellFormed = parser.parse()
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
    ) {
        let places = ["x", "y", "cx", "cy", "r", "d", "width", "height"]
        for text in places.compactMap({ attributes[$0] }) {
            let words = text.split { "MLZ ".contains($0) }
            numbers += words.map { Double($0) ?? .infinity }
        }
    }
}
