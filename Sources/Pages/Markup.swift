import Reports

/// A piece of HTML whose texts and attributes are escaped, whatever is in them; pieces are put into one
/// another.
package struct Markup: Sendable, Equatable {
    package let html: String
    /// Those in it, in their order.
    package let drawings: [SVGDrawing]

    private init(html: String, drawings: [SVGDrawing] = []) {
        self.html = html
        self.drawings = drawings
    }

    package static func text(_ text: String) -> Markup { Markup(html: XML.escaped(text)) }

    package static func element(
        _ tag: String, _ attributes: KeyValuePairs<String, String> = [:], _ children: [Markup] = []
    ) -> Markup {
        let inside = children.map(\.html).joined()
        let end = isInline(tag) ? "" : "\n"
        return Markup(
            html: "<\(tag)\(XML.attributes(attributes))>\(inside)</\(tag)>\(end)",
            drawings: children.flatMap(\.drawings))
    }

    /// Behind such an element a line feed would be seen as a blank.
    private static func isInline(_ tag: String) -> Bool {
        ["a", "code", "span", "strong"].contains(tag)
    }

    package static func element(
        _ tag: String, _ attributes: KeyValuePairs<String, String> = [:], _ text: String
    ) -> Markup {
        element(tag, attributes, [.text(text)])
    }

    package static func drawing(_ drawing: SVGDrawing) -> Markup {
        Markup(html: drawing.embedded, drawings: [drawing])
    }

    /// Of a drawing that is there already, so that it is not one of `drawings`.
    package static func variant(_ drawing: SVGDrawing) -> Markup {
        Markup(html: drawing.embedded)
    }

    package static func paragraph(_ text: String, _ kind: String? = nil) -> Markup {
        kind.map { element("p", ["class": $0], text) } ?? element("p", [:], text)
    }

    package static func list(_ items: [String]) -> Markup {
        element("ul", [:], items.map { element("li", [:], $0) })
    }

    /// One under another, as they are, in an element that keeps line feeds.
    package static func lines(_ lines: [Markup]) -> Markup {
        Markup(html: lines.map(\.html).joined(separator: "\n"))
    }

    /// In the box at the top.
    static func answer(_ question: String, _ words: [Markup]) -> Markup {
        element("div", [:], [element("h2", [:], question)] + words)
    }

    /// Names and what they stand for.
    package static func facts(_ facts: [(name: String, value: String)]) -> Markup {
        element(
            "dl", ["class": "facts"],
            facts.flatMap { fact in
                [element("dt", [:], fact.name), element("dd", [:], fact.value)]
            })
    }
}

/// A table; its first column names the rows.
package struct Table: Sendable, Equatable {
    package var caption: String
    package var head: [String]
    package var rows: [[String]]
    /// Columns of words, which begin at the left; all others hold numbers.
    package var wordy: Set<Int>

    package init(
        _ caption: String, head: [String], rows: [[String]], wordy: Set<Int> = []
    ) {
        self.caption = caption
        self.head = head
        self.rows = rows
        self.wordy = wordy
    }

    package var markup: Markup {
        let heads = head.enumerated().map { index, words in
            Markup.element("th", ["scope": "col", "class": kind(index)], words)
        }
        let body = rows.map { row in
            Markup.element("tr", [:], row.enumerated().map { cell($0.element, column: $0.offset) })
        }
        let table = Markup.element(
            "table", [:],
            [
                .element("caption", [:], caption),
                .element("thead", [:], [.element("tr", [:], heads)]),
                .element("tbody", [:], body),
            ])
        return .element("div", ["class": "wide", "tabindex": "0"], [table])
    }

    private func cell(_ words: String, column: Int) -> Markup {
        column == 0
            ? .element("th", ["scope": "row", "class": "word"], words)
            : .element("td", ["class": kind(column)], words)
    }

    private func kind(_ column: Int) -> String {
        column == 0 || wordy.contains(column) ? "word" : "number"
    }
}
