import Reports
import Results

/// Wholes side by side, each a bar of the same length, cut by its parts.
package struct ShareBars: Chart {
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

    private let title: String
    private let bars: [(name: String, parts: [Part])]

    package init(_ title: String, _ bars: [(name: String, parts: [Part])]) {
        self.title = title
        self.bars = bars
    }

    package func drawing(_ size: ChartSize) -> SVGDrawing {
        let rows = BarRows(size, names: 160)
        var drawing = SVGDrawing(
            width: size.width, height: rows.height(of: bars.count), title: title,
            summary: summary)
        for (index, bar) in bars.enumerated() {
            rows.drawName(bar.name, at: index, in: &drawing)
            draw(bar, rows, top: rows.top(of: index), in: &drawing)
        }
        return drawing
    }

    private func draw(
        _ bar: (name: String, parts: [Part]), _ rows: BarRows, top: Double,
        in drawing: inout SVGDrawing
    ) {
        let whole = bar.parts.reduce(0) { $0 + max(0, $1.count) }
        guard whole > 0 else {
            drawing.text("no payments", at: .init(x: rows.left, y: top + 13), ink: .muted)
            return
        }
        var left = rows.left
        for part in bar.parts where part.count > 0 {
            let width = Double(part.count) / Double(whole) * (rows.right - rows.left)
            // What came at all can be seen.
            let right = min(rows.right, max(left + width, left + 2))
            drawing.cell(
                from: .init(x: left, y: top), to: .init(x: right, y: top + BarRows.bar),
                ink: part.ink, opacity: 0.8,
                tip: "\(bar.name): \(part.name) \(Figures.share(part.count, of: whole)), "
                    + Figures.count(part.count))
            left = min(left + width, rows.right)
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
