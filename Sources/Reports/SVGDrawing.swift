import Results

/// A picture as SVG 1.1, that stands alone or within a page: coordinates are always finite, texts
/// escaped, colours those of the reader's light or dark theme, and a title and a description tell it
/// to those who don't see it. A value; elements lie in the order in which they were drawn.
package struct SVGDrawing: Sendable, Equatable {
    package struct Point: Sendable, Equatable {
        package var x: Double
        package var y: Double

        package init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }
    }

    /// What something is drawn in; each theme has its colour for it.
    package enum Ink: Sendable, Equatable {
        case text, muted, grid, worse, better
        /// Lines that stand beside each other; there are six, then they begin anew.
        case series(Int)

        static let seriesCount = 6

        /// Of its class, after `pb-`.
        package var name: String {
            switch self {
            case .text: "text"
            case .muted: "muted"
            case .grid: "grid"
            case .worse: "worse"
            case .better: "better"
            case .series(let index): "s\(abs(index % Self.seriesCount))"
            }
        }
    }

    package enum Stroke: String, Sendable {
        case thin, thick, dashed
    }

    package enum Fill: String, Sendable {
        /// What lies behind can be seen.
        case pale = "pb-area"
        case solid = "pb-solid"
    }

    package enum Anchor: String, Sendable {
        case start, middle, end
    }

    package let width: Double
    package private(set) var height: Double
    package let title: String
    private let summary: String
    private var elements: [String] = []

    /// - Parameters:
    ///   - title: what it is, in a few words.
    ///   - summary: what is to be seen on it, in sentences.
    package init(width: Double, height: Double, title: String, summary: String) {
        self.width = width
        self.height = height
        self.title = title
        self.summary = summary
    }

    package mutating func text(
        _ text: String, at point: Point, ink: Ink = .text, anchor: Anchor = .start,
        isBold: Bool = false
    ) {
        let style = isBold ? "pb-\(ink.name) pb-bold" : "pb-\(ink.name)"
        elements.append(
            "<text class=\"\(style)\" x=\"\(Self.number(point.x))\" y=\"\(Self.number(point.y))\""
                + " text-anchor=\"\(anchor.rawValue)\">\(XML.escaped(text))</text>")
    }

    package mutating func line(
        from start: Point, to end: Point, ink: Ink, stroke: Stroke = .thin, tip: String? = nil
    ) {
        elements.append(
            "<path class=\"pb-\(ink.name) pb-\(stroke.rawValue)\""
                + " d=\"\(Self.path([start, end]))\"" + Self.end(of: "path", tip))
    }

    /// A line through the points, broken where there is none.
    package mutating func polyline(
        _ points: [Point?], ink: Ink, stroke: Stroke = .thick, tip: String? = nil
    ) {
        let path = points.split(separator: nil).map { Self.path($0.compactMap(\.self)) }
            .joined()
        guard !path.isEmpty else { return }
        elements.append(
            "<path class=\"pb-\(ink.name) pb-\(stroke.rawValue)\" d=\"\(path)\""
                + Self.end(of: "path", tip))
    }

    /// The area between two lines, broken where one of them has no point; where a part has only one, a
    /// line between the two.
    package mutating func band(
        _ bounds: [(lower: Point, upper: Point)?], ink: Ink, fill: Fill = .pale
    ) {
        let parts = bounds.split(whereSeparator: { $0 == nil }).map { $0.compactMap(\.self) }
        for part in parts {
            if let only = part.first, part.count == 1 {
                line(from: only.lower, to: only.upper, ink: ink)
            } else {
                let outline = part.map(\.upper) + part.reversed().map(\.lower)
                elements.append(
                    "<path class=\"pb-\(ink.name) \(fill.rawValue)\" d=\"\(Self.path(outline))Z\"/>"
                )
            }
        }
    }

    /// - Parameter tip: what a pointer on it shows.
    package mutating func dot(at point: Point, radius: Double, ink: Ink, tip: String? = nil) {
        elements.append(
            "<circle class=\"pb-\(ink.name) pb-dot\" cx=\"\(Self.number(point.x))\""
                + " cy=\"\(Self.number(point.y))\" r=\"\(Self.number(max(0, radius)))\""
                + Self.end(of: "circle", tip))
    }

    /// A filled rectangle with these corners.
    ///
    /// - Parameters:
    ///   - opacity: 0…1.
    ///   - tip: what a pointer on it shows.
    package mutating func cell(
        from topLeft: Point, to bottomRight: Point, ink: Ink, opacity: Double = 1,
        tip: String? = nil
    ) {
        let width = max(0, bottomRight.x - topLeft.x)
        let height = max(0, bottomRight.y - topLeft.y)
        let shade =
            opacity < 1 ? " fill-opacity=\"\(Self.number(min(max(opacity, 0), 1)))\"" : ""
        elements.append(
            "<rect class=\"pb-\(ink.name) pb-cell\" x=\"\(Self.number(topLeft.x))\""
                + " y=\"\(Self.number(topLeft.y))\" width=\"\(Self.number(width))\""
                + " height=\"\(Self.number(height))\"\(shade)" + Self.end(of: "rect", tip))
    }

    /// What a pointer sees, and nobody else: shows its tip, and a shade while the pointer is on it.
    package mutating func hover(from topLeft: Point, to bottomRight: Point, tip: String) {
        let width = max(0, bottomRight.x - topLeft.x)
        let height = max(0, bottomRight.y - topLeft.y)
        elements.append(
            "<rect class=\"pb-hover\" x=\"\(Self.number(topLeft.x))\""
                + " y=\"\(Self.number(topLeft.y))\" width=\"\(Self.number(width))\""
                + " height=\"\(Self.number(height))\"" + Self.end(of: "rect", tip))
    }

    /// Puts another drawing below this one.
    package mutating func append(_ other: SVGDrawing) {
        elements.append(
            "<g transform=\"translate(0 \(Self.number(height)))\">\n"
                + other.elements.joined(separator: "\n") + "\n</g>")
        height += other.height
    }

    /// Ends with a line feed. Stands alone: with its style sheet and its paper.
    package var svg: String {
        markup([
            "<style>\(SVGStyle.css)</style>",
            "<rect class=\"pb-paper\" width=\"100%\" height=\"100%\"/>",
        ])
    }

    /// Ends with a line feed. For a page that has `SVGStyle.css`; its class names begin with `pb-`.
    package var embedded: String { markup([]) }

    private func markup(_ ground: [String]) -> String {
        let size = "\(Self.number(width)) \(Self.number(height))"
        let head =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"pb-chart\" role=\"img\""
            + " viewBox=\"0 0 \(size)\" width=\"\(Self.number(width))\""
            + " height=\"\(Self.number(height))\" aria-label=\"\(XML.escaped(title))\">"
        let words = [
            "<title>\(XML.escaped(title))</title>", "<desc>\(XML.escaped(summary))</desc>",
        ]
        return ([head] + words + ground + elements + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    private static func end(of tag: String, _ tip: String?) -> String {
        tip.map { "><title>\(XML.escaped($0))</title></\(tag)>" } ?? "/>"
    }

    private static func path(_ points: [Point]) -> String {
        points.enumerated().map { index, point in
            "\(index == 0 ? "M" : "L")\(number(point.x)) \(number(point.y))"
        }.joined()
    }

    /// Two decimals at most, within a million; 0 for what is not finite.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let text = min(max(value, -1e6), 1e6).fixed(2)
        let digits = text.reversed().drop { $0 == "0" }.drop { $0 == "." }
        return text.contains(".") ? String(digits.reversed()) : text
    }
}
