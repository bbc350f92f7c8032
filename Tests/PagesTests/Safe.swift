import Foundation
import Pages
import Testing

/// What every page promises, whatever was measured: nothing is fetched, nothing runs, every coordinate is
/// a number within its picture, every chart is told to those who don't see it, and it is small.
func expectItIsSafe(_ page: Page, _ place: SourceLocation = #_sourceLocation) throws {
    let html = page.html
    let reader = try #require(PageReader(page: html), sourceLocation: place)
    #expect(reader.isWellFormed, sourceLocation: place)
    #expect(html.utf8.count <= 1_000_000, sourceLocation: place)
    expectNothingIsFetched(html, reader.root, place)
    expectItIsTold(reader.root, place)

    let drawings = reader.root.inner("svg")
    for drawing in drawings { expectItLiesWithin(drawing, place) }
    for (name, drawing) in page.drawings {
        let alone = PageReader(drawing.svg)
        #expect(alone.isWellFormed, "\(name)", sourceLocation: place)
    }
    #expect(Set(page.drawings.map(\.name)).count == page.drawings.count, sourceLocation: place)
    // Each once for wide windows and once for telephones.
    #expect(drawings.count == 2 * page.drawings.count, sourceLocation: place)
}

private func expectNothingIsFetched(
    _ html: String, _ root: PageReader.Element, _ place: SourceLocation
) {
    let head = html.components(separatedBy: "<body>").first ?? ""
    for word in ["url(", "@import", "<script", "<link", "<base", "refresh"] {
        #expect(!head.lowercased().contains(word), "\(word)", sourceLocation: place)
    }
    #expect(head.contains("default-src 'none'"), sourceLocation: place)

    let ids = root.inner.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count, sourceLocation: place)
    let active: Set = [
        "script", "iframe", "img", "object", "embed", "link", "style", "image", "use",
    ]
    for element in root.inner {
        #expect(!active.contains(element.name), "\(element.name)", sourceLocation: place)
        for (name, value) in element.attributes where name != "xmlns" {
            let isPlain = !name.hasPrefix("on") && !["src", "srcset", "style"].contains(name)
            #expect(isPlain, "\(element.name) \(name)", sourceLocation: place)
            if name.hasSuffix("href") {
                let isWithin = value.hasPrefix("#") && ids.contains(String(value.dropFirst()))
                #expect(isWithin, "\(value)", sourceLocation: place)
            }
        }
    }
}

/// Headings in order, every chart with words and its numbers as a table, every table with its heads.
private func expectItIsTold(_ root: PageReader.Element, _ place: SourceLocation) {
    let levels = root.inner.filter { $0.name.count == 2 && $0.name.hasPrefix("h") }
        .compactMap { Int($0.name.dropFirst()) }
    #expect(levels.first == 1 && levels.count { $0 == 1 } == 1, sourceLocation: place)
    for (before, after) in zip(levels, levels.dropFirst()) {
        #expect(after <= before + 1, sourceLocation: place)
    }
    for figure in root.inner("figure") {
        let title = figure.inner("h3").first?.text ?? "?"
        #expect(figure.inner("svg").count == 2, "\(title)", sourceLocation: place)
        #expect(!figure.inner("table").isEmpty, "\(title)", sourceLocation: place)
    }
    for drawing in root.inner("svg") {
        let names = drawing.children.prefix(2).map(\.name)
        #expect(names == ["title", "desc"], sourceLocation: place)
        #expect(drawing.children.prefix(2).allSatisfy { !$0.text.isEmpty }, sourceLocation: place)
        #expect(drawing.attributes["role"] == "img", sourceLocation: place)
        #expect(drawing.attributes["aria-label"]?.isEmpty == false, sourceLocation: place)
        var parent = drawing.parent
        while let element = parent, element.name != "figure" { parent = element.parent }
        #expect(parent != nil, "a drawing without a figure", sourceLocation: place)
    }
    for table in root.inner("table") {
        #expect(table.inner("caption").first?.text.isEmpty == false, sourceLocation: place)
        let heads = table.inner("th")
        #expect(heads.allSatisfy { $0.attributes["scope"] != nil }, sourceLocation: place)
    }
}

/// Coordinates and, as far as their length can be guessed, words.
private func expectItLiesWithin(_ drawing: PageReader.Element, _ place: SourceLocation) {
    let box = (drawing.attributes["viewBox"] ?? "").split(separator: " ").compactMap { Double($0) }
    guard box.count == 4 else {
        Issue.record("no viewBox", sourceLocation: place)
        return
    }
    let title = drawing.attributes["aria-label"] ?? ""
    func expect(_ x: Double, _ y: Double) {
        let isWithin = (-1...box[2] + 1).contains(x) && (-1...box[3] + 1).contains(y)
        #expect(isWithin, "\(title): \(x), \(y) in \(box)", sourceLocation: place)
    }
    for element in drawing.inner {
        let xs = element.numbers("x", "cx")
        for (x, y) in zip(xs, element.numbers("y", "cy")) { expect(x, y) }
        let size = element.numbers("width", "height", "r")
        #expect(size.allSatisfy { $0 >= 0 }, "\(title)", sourceLocation: place)
        if element.name == "rect", size.count == 2, let x = xs.first {
            expect(x + size[0], element.numbers("y").first.map { $0 + size[1] } ?? .nan)
        }
        let path = (element.attributes["d"] ?? "").split { "MLZ ".contains($0) }
            .map { Double($0) ?? .nan }
        for index in stride(from: 0, to: path.count, by: 2) { expect(path[index], path[index + 1]) }
        if element.name == "text", let x = xs.first {
            let length = 6 * Double(element.text.count)
            let starts = ["start": x, "middle": x - length / 2, "end": x - length]
            let start = starts[element.attributes["text-anchor"] ?? ""] ?? .nan
            expect(start + 3, 0)
            expect(start + length - 3, 0)
        }
    }
}

/// Reads what a file would have, so that a page is tested on what can be stored.
func decoded<Value: Decodable>(_ json: String) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(json.utf8))
}
