import Reports
import Results

/// Wholes side by side, each a bar of the same length, cut by its parts.
package struct ShareBars: Sendable {
    package struct Part: Sendable {
        package var name: String
        package var count: Int
        package var ink: SVGDrawing.Ink

        package init(_ name: String, _ count: Int, ink: SVGDrawing.Ink) {
            self.name = name
            self.count = count
            self.ink = ink
        }
    }

    private static let width = 760.0
    private static let row = 34.0
    private static let left = 160.0
    private static let right = 744.0

    private let title: String
    private let bars: [(name: String, parts: [Part])]

    package init(_ title: String, _ bars: [(name: String, parts: [Part])]) {
        self.title = title
        self.bars = bars
    }

    package var drawing: SVGDrawing {
        var drawing = SVGDrawing(
            width: Self.width, height: Self.row * Double(max(1, bars.count)) + 12, title: title,
            summary: summary)
        for (index, bar) in bars.enumerated() {
            let top = 6 + Self.row * Double(index)
            drawing.text(
                bar.name.clipped(to: 22), at: .init(x: Self.left - 8, y: top + 21), anchor: .end)
            draw(bar, top: top, in: &drawing)
        }
        return drawing
    }

    private func draw(
        _ bar: (name: String, parts: [Part]), top: Double, in drawing: inout SVGDrawing
    ) {
        let whole = bar.parts.reduce(0) { $0 + max(0, $1.count) }
        guard whole > 0 else {
            drawing.text("no payments", at: .init(x: Self.left, y: top + 21), ink: .muted)
            return
        }
        var left = Self.left
        for part in bar.parts where part.count > 0 {
            let width = Double(part.count) / Double(whole) * (Self.right - Self.left)
            // What came at all can be seen.
            let right = min(Self.right, max(left + width, left + 2))
            drawing.cell(
                from: .init(x: left, y: top + 4), to: .init(x: right, y: top + Self.row - 4),
                ink: part.ink, opacity: 0.75,
                tip: "\(bar.name): \(part.name) \(Figures.share(part.count, of: whole)), "
                    + Figures.count(part.count))
            left = min(left + width, Self.right)
        }
    }

    private var summary: String {
        bars.map { bar in
            let whole = bar.parts.reduce(0) { $0 + max(0, $1.count) }
            let parts = bar.parts.filter { $0.count > 0 }.map {
                "\(Figures.share($0.count, of: whole)) \($0.name)"
            }
            return "\(bar.name): \(parts.isEmpty ? "no payments" : parts.joined(separator: ", "))."
        }.joined(separator: " ")
    }
}
