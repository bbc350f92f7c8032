import Foundation
import Pages
import Testing

/// What every page promises, whatever was measured: nothing is fetched, nothing runs, every coordinate is
/// a number, every text stays text.
func expectItIsSafe(_ page: Page, _ place: SourceLocation = #_sourceLocation) {
    let html = page.html
    for word in ["<script", "src=", "href=\"http", "href=\"//", "url(", "@import", "<iframe"] {
        #expect(!html.contains(word), "\(word)", sourceLocation: place)
    }
    for (name, drawing) in page.drawings {
        let svg = drawing.svg
        for attribute in svg.matches(of: #/ (x|y|cx|cy|r|d|width|height|fill-opacity)="([^"]*)"/#) {
            let numbers = attribute.output.2.split { !"0123456789.-+einfa".contains($0) }
            #expect(
                numbers.allSatisfy { Double($0).map(\.isFinite) ?? false },
                "\(name): \(attribute.0)",
                sourceLocation: place)
        }
        #expect(!svg.contains("nan") || svg.contains("Finance"), sourceLocation: place)
    }
    #expect(Set(page.drawings.map(\.name)).count == page.drawings.count, sourceLocation: place)
    let ids = html.matches(of: #/ id="([^"]*)"/#).map { String($0.output.1) }
    #expect(Set(ids).count == ids.count, sourceLocation: place)
    for link in html.matches(of: /href="#([^"]*)"/) {
        #expect(ids.contains(String(link.output.1)), sourceLocation: place)
    }
    #expect(html.utf8.count < 1 << 20, sourceLocation: place)
}

/// Reads what a file would have, so that a page is tested on what can be stored.
func decoded<Value: Decodable>(_ json: String) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(json.utf8))
}
