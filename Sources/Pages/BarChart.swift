import Reports

/// Numbers as bars to the right, each with its name and its words.
package struct BarChart: Sendable {
    package struct Bar: Sendable {
        package var name: String
        package var value: Double
        package var words: String
        package var ink: SVGDrawing.Ink

        package init(name: String, value: Double, words: String, ink: SVGDrawing.Ink) {
            self.name = name
            self.value = value
            self.words = words
            self.ink = ink
        }
    }

    private static let width = 760.0
    private static let row = 26.0
    private static let names = 230.0
    private static let longest = 400.0

    private let title: String
    private let bars: [Bar]

    package init(_ title: String, _ bars: [Bar]) {
        self.title = title
        self.bars = bars
    }

    package var drawing: SVGDrawing {
        var drawing = SVGDrawing(
            width: Self.width, height: max(40, Self.row * Double(bars.count) + 12), title: title,
            summary: bars.map { "\($0.name): \($0.words)." }.joined(separator: " "))
        let most = bars.map(\.value).filter(\.isFinite).max() ?? 0
        for (index, bar) in bars.enumerated() {
            let top = 6 + Self.row * Double(index)
            let share = most > 0 && bar.value.isFinite ? max(0, bar.value) / most : 0
            drawing.text(
                bar.name.clipped(to: 34), at: .init(x: Self.names - 8, y: top + 17), anchor: .end)
            let right = Self.names + max(1.5, share * Self.longest)
            drawing.cell(
                from: .init(x: Self.names, y: top + 4), to: .init(x: right, y: top + Self.row - 4),
                ink: bar.ink, tip: "\(bar.name): \(bar.words)")
            drawing.text(bar.words, at: .init(x: right + 6, y: top + 17), ink: .muted)
        }
        return drawing
    }
}
