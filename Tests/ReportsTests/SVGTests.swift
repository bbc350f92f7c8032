import Foundation
import FoundationXML
import Reports
import Results
import Testing

@Suite struct SVGTests {
    private static let seeds: ClosedRange<UInt64> = 1...25

    @Test(arguments: seeds)
    func aChartIsWellFormedAndEveryCoordinateIsFinite(seed: UInt64) throws {
        let history = try HistoryTextTests.random(seed: seed)
        let picture = try Picture(HistoryChart.all(of: history).svg)
        #expect(picture.numbers.allSatisfy { $0.isFinite }, "seed \(seed)")
        #expect(!picture.hasOther, "seed \(seed): \(picture.other)")
        for scenario in history.scenarios {
            for trend in scenario.trends {
                let chart = HistoryChart(trend, of: scenario)
                _ = try Picture(chart.drawing.svg)
                #expect(!chart.fileName.contains("/") && chart.fileName.hasSuffix(".svg"))
            }
        }
    }

    @Test func everythingLiesWithinThePicture() throws {
        let picture = try Picture(HistoryChart.all(of: History(Histories.stepped)).svg)
        let width = try #require(picture.root["width"].flatMap(Double.init))
        let height = try #require(picture.root["height"].flatMap(Double.init))
        #expect(picture.dots.count == 24)
        for (x, y) in picture.dots {
            #expect((0...width).contains(x) && (0...height).contains(y))
        }
        // Upwards is more: the later runs are the slower ones.
        let heights = picture.dots.map(\.1)
        let later = try #require(heights.suffix(12).max())
        let earlier = try #require(heights.prefix(12).min())
        #expect(later < earlier)
        #expect(picture.texts.contains("▲ +20 %"))
    }

    @Test func itTellsWhatIsSeenAndHasBothThemes() throws {
        let svg = HistoryChart.all(of: try History(Histories.stepped)).svg
        let picture = try Picture(svg)
        #expect(picture.root["role"] == "img")
        #expect(picture.titles.first == "History of make-payment")
        #expect(picture.summary.contains("+20 % at 2026-08-13 12:01:02 UTC"))
        #expect(svg.contains("prefers-color-scheme:dark"))
        #expect(svg.components(separatedBy: "http://").count == 2, "nothing but the name space")
    }

    @Test(arguments: seeds)
    func aScaleKeepsTheOrderAndItsTicksAreRound(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for kind in [SVGScale.Kind.linear, .logarithmic] {
            let size = pow(10, Double.random(in: -9...12, using: &generator))
            let values = (0..<10).map { _ in Double.random(in: 0.001...1, using: &generator) * size
            }
            let scale = SVGScale(kind, covering: values, from: 300, to: 20)
            let places = values.sorted().compactMap(scale.position)
            #expect(places == places.sorted(by: >))
            #expect(places.allSatisfy { (20...300).contains($0) })
            let ticks = scale.ticks()
            #expect((2...12).contains(ticks.count), "seed \(seed): \(ticks)")
            #expect(ticks == ticks.sorted())
            for tick in ticks where tick != 0 { #expect(Self.isRound(tick, among: ticks)) }
        }
    }

    @Test func aScaleTakesAnything() {
        let hostile: [[Double]] = [
            [], [0], [5, 5], [.nan], [.infinity, 1], [-1e308, 1e308], [.leastNonzeroMagnitude],
            [1e15, 1e15 + 0.25],
            [-0.0, 0],
        ]
        for values in hostile {
            for kind in [SVGScale.Kind.linear, .logarithmic] {
                let scale = SVGScale(kind, covering: values, from: 0, to: 100)
                #expect(scale.domain.lowerBound < scale.domain.upperBound)
                #expect(scale.ticks().allSatisfy { $0.isFinite })
                #expect(scale.ticks().count <= 101)
                for value in values + [1] where value.isFinite {
                    #expect(scale.position(of: value).map { (0...100).contains($0) } == true)
                }
                #expect(scale.position(of: .nan) == nil)
            }
        }
    }

    @Test func ticksByHand() {
        #expect(SVGScale(covering: [0, 10], from: 0, to: 1).ticks() == [0, 2, 4, 6, 8, 10])
        #expect(SVGScale(covering: [3, 97], from: 0, to: 1).ticks() == [0, 20, 40, 60, 80, 100])
        let decades = SVGScale(.logarithmic, covering: [1, 1000], from: 0, to: 1)
        #expect(decades.ticks(about: 5) == [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000])
        #expect(decades.ticks(about: 2) == [1, 10, 100, 1000])
        #expect(decades.position(of: 10).map { abs($0 - 1.0 / 3) < 1e-12 } == true)
    }

    @Test func aLineIsBrokenWhereThereIsNoPoint() throws {
        var drawing = SVGDrawing(width: 10, height: 10, title: "a<b", summary: "\"&'")
        let point = SVGDrawing.Point(x: 1, y: .nan)
        drawing.polyline([point, nil, point, point], ink: .series(7))
        drawing.band([nil], ink: .text)
        drawing.text("</svg><script>", at: point)
        let picture = try Picture(drawing.svg)
        #expect(drawing.svg.contains("d=\"M1 0M1 0L1 0\""))
        #expect(picture.titles == ["a<b"])
        #expect(picture.texts == ["</svg><script>"])
    }

    /// 1, 2 or 5 times a power of ten, or a multiple of the step between two of them.
    private static func isRound(_ tick: Double, among ticks: [Double]) -> Bool {
        func isFirst(_ value: Double) -> Bool {
            let size = value.magnitude
            let mantissa = size / pow(10, log10(size * (1 + 1e-9)).rounded(.down))
            return [1.0, 2, 5].contains { abs(mantissa - $0) < 1e-6 }
        }
        return isFirst(tick) || isFirst(ticks[1] - ticks[0])
    }
}

/// An SVG file as Foundation's parser reads it, libxml2 below.
private final class Picture: NSObject, XMLParserDelegate {
    struct Malformed: Error { var line: Int }

    private(set) var root: [String: String] = [:]
    /// In attributes that hold coordinates.
    private(set) var numbers: [Double] = []
    /// What is in these attributes and is no number.
    private(set) var other = ""
    private(set) var dots: [(Double, Double)] = []
    private(set) var titles: [String] = []
    private(set) var texts: [String] = []
    private(set) var summary = ""
    private var text = ""

    var hasOther: Bool { !other.isEmpty }

    init(_ svg: String) throws {
        super.init()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = self
        guard parser.parse() else { throw Malformed(line: parser.lineNumber) }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String] = [:]
    ) {
        if name == "svg" { root = attributes }
        for key in ["x", "y", "cx", "cy", "r", "d", "viewBox", "transform"] {
            read(attributes[key] ?? "")
        }
        if name == "circle", let x = attributes["cx"].flatMap(Double.init),
            let y = attributes["cy"].flatMap(Double.init)
        {
            dots.append((x, y))
        }
        text = ""
    }

    private func read(_ attribute: String) {
        let words = attribute.replacingOccurrences(of: "translate(", with: " ")
            .split { " MLZ)".contains($0) }
        for word in words {
            if let number = Double(word) { numbers.append(number) } else { other += " \(word)" }
        }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
        qualifiedName: String?
    ) {
        if name == "title" { titles.append(text) }
        if name == "desc" { summary = text }
        if name == "text" { texts.append(text) }
        text = ""
    }
}
