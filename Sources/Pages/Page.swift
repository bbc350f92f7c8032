import Reports

/// One HTML file that needs nothing beside it: no network (its policy forbids it), no script, readable on
/// a telephone and on paper, light or dark as the reader's system is.
///
/// A page is a headline, a box that says what matters most, and sections. To add one, make a `Section` of
/// markup: charts go through `Figure`, so that each has words and its numbers as a table.
package struct Page: Sendable {
    /// What the box at the top is about: what colour it has, beside its words.
    package enum Mood: String, Sendable { case good, doubtful, bad }

    package var title: String
    /// Below the title: run, seed, time.
    package var facts: String
    package var mood: Mood
    package var headline: String
    package var lead: [Markup]
    package var sections: [Section]

    package init(
        title: String, facts: String, mood: Mood, headline: String, lead: [Markup],
        sections: [Section]
    ) {
        self.title = title
        self.facts = facts
        self.mood = mood
        self.headline = headline
        self.lead = lead
        self.sections = sections
    }

    package struct Section: Sendable {
        /// What a link within the page names it by.
        package var id: String
        package var title: String
        package var body: [Markup]

        package init(_ id: String, _ title: String, _ body: [Markup]) {
            self.id = id
            self.title = title
            self.body = body
        }

        fileprivate var markup: Markup {
            .element(
                "section", ["id": id, "aria-labelledby": "h-\(id)"],
                [.element("h2", ["id": "h-\(id)"], title)] + body)
        }
    }

    /// Ends with a line feed.
    package var html: String {
        let policy = "default-src 'none'; style-src 'unsafe-inline'"
        let head = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <title>\(XML.escaped(title))</title>
            <style>
            \(PageStyle.css)
            </style>
            </head>
            <body>
            """
        return head + "\n" + body.html + "</body>\n</html>\n"
    }

    private var body: Markup {
        let top = Markup.element(
            "header", [:],
            [.element("h1", [:], title), .paragraph(facts, "quiet")])
        let box = Markup.element(
            "div", ["class": "box \(mood.rawValue)", "role": "group", "aria-label": "Verdict"],
            [.paragraph(headline, "headline")] + lead)
        let links = sections.map { section in
            Markup.element(
                "li", [:], [.element("a", ["href": "#\(section.id)"], section.title)])
        }
        let contents = Markup.element(
            "nav", ["aria-label": "Contents"], [.element("ul", [:], links)])
        return .element("main", [:], [top, box, contents] + sections.map(\.markup))
    }
}

/// A chart with what it shows in words, its legend and its numbers.
package struct Figure: Sendable {
    package var title: String
    /// How to read it, in a sentence or two.
    package var words: String
    package var drawing: SVGDrawing
    /// The same, for a telephone.
    package var narrow: SVGDrawing
    package var legend: [(words: String, ink: SVGDrawing.Ink)] = []
    package var tables: [Table] = []

    package init(
        _ title: String, _ words: String, _ chart: some Chart,
        legend: [(words: String, ink: SVGDrawing.Ink)] = [], tables: [Table] = []
    ) {
        self.title = title
        self.words = words
        drawing = chart.drawing(.wide)
        narrow = chart.drawing(.narrow)
        self.legend = legend
        self.tables = tables
    }

    package var markup: Markup {
        let caption = Markup.element(
            "figcaption", [:],
            [.element("h3", [:], title), .paragraph(words, "quiet")])
        let charts = [
            Markup.element("div", ["class": "chart"], [.drawing(drawing)]),
            Markup.element("div", ["class": "chart-narrow"], [.variant(narrow)]),
        ]
        return .element("figure", [:], [caption] + key + charts + details)
    }

    private var key: [Markup] {
        guard !legend.isEmpty else { return [] }
        let entries = legend.map { entry in
            Markup.element(
                "li", [:],
                [
                    .element("span", ["class": "swatch pb-\(entry.ink.name)"]),
                    .text(entry.words),
                ])
        }
        return [.element("ul", ["class": "key"], entries)]
    }

    private var details: [Markup] {
        guard !tables.isEmpty else { return [] }
        return [
            .element(
                "details", [:], [.element("summary", [:], "The numbers")] + tables.map(\.markup))
        ]
    }
}
