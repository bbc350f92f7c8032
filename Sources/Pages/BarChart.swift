import Reports

/// Numbers as bars to the right, each with its name and its words.
package struct BarChart: Chart {
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

    private let title: String
    private let bars: [Bar]

    package init(_ title: String, _ bars: [Bar]) {
        self.title = title
        self.bars = bars
    }

    package func drawing(_ size: ChartSize) -> SVGDrawing {
        let rows = BarRows(size, names: 210)
        var drawing = SVGDrawing(
            width: size.width, height: rows.height(of: bars.count), title: title,
            summary: bars.map { "\($0.name): \($0.words)." }.joined(separator: " "))
        let most = bars.map(\.value).filter(\.isFinite).max() ?? 0
        // Behind the longest there is room for its words.
        let longest = rows.right - rows.left - 116
        for (index, bar) in bars.enumerated() {
            rows.drawName(bar.name, at: index, in: &drawing)
            let share = most > 0 && bar.value.isFinite ? max(0, bar.value) / most : 0
            let right = rows.left + max(1.5, share * longest)
            let top = rows.top(of: index)
            drawing.cell(
                from: .init(x: rows.left, y: top), to: .init(x: right, y: top + BarRows.bar),
                ink: bar.ink, tip: "\(bar.name): \(bar.words)")
            drawing.text(bar.words, at: .init(x: right + 6, y: top + 13), ink: .muted)
        }
        return drawing
    }
}

/// Bars below one another: names at their left, or where there is no room for that, above them.
struct BarRows {
    /// Its thickness.
    static let bar = 18.0

    let left: Double
    let right: Double
    private let row: Double
    private let size: ChartSize

    /// - Parameter names: how much room they have at the left.
    init(_ size: ChartSize, names: Double) {
        self.size = size
        switch size {
        case .wide: (left, right, row) = (names, 748, 26)
        case .narrow: (left, right, row) = (2, 356, 44)
        }
    }

    func height(of count: Int) -> Double { row * Double(max(1, count)) + 8 }

    func top(of index: Int) -> Double { 4 + row * Double(index) + row - Self.bar - 4 }

    func drawName(_ name: String, at index: Int, in drawing: inout SVGDrawing) {
        let top = top(of: index)
        switch size {
        case .wide:
            let letters = Int((left - 8) / ChartSize.letter)
            drawing.text(
                name.clipped(to: letters), at: .init(x: left - 8, y: top + 13), anchor: .end)
        case .narrow:
            drawing.text(name.clipped(to: 48), at: .init(x: left, y: top - 6))
        }
    }
}
