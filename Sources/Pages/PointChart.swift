import Reports

/// Numbers over numbers: dots, lines through others, levels and marks.
package struct PointChart: Chart {
    package struct Dot: Sendable {
        package var x: Double
        package var y: Double
        package var ink: SVGDrawing.Ink
        package var tip: String

        package init(x: Double, y: Double, ink: SVGDrawing.Ink, tip: String) {
            self.x = x
            self.y = y
            self.ink = ink
            self.tip = tip
        }
    }

    /// A line across at a height, or upright at a place.
    package struct Mark: Sendable {
        package var at: Double
        package var words: String
        package var ink: SVGDrawing.Ink

        package init(at: Double, _ words: String, ink: SVGDrawing.Ink) {
            self.at = at
            self.words = words
            self.ink = ink
        }
    }

    private static let height = 232.0
    private static let top = 12.0
    private static let largeDot = 4.5
    private static let lineOfMark = 15.0

    package var title: String
    package var summary: String
    package var kind = SVGScale.Kind.linear
    package var dots: [Dot] = []
    /// Small dots behind the others.
    package var pale: [Dot] = []
    package var curve: [(x: Double, y: Double)] = []
    package var levels: [Mark] = []
    package var marks: [Mark] = []
    /// A stretch of the axis to the right.
    package var stretch: ClosedRange<Double>?
    package var xWords: @Sendable (Double) -> String
    package var yWords: @Sendable (Double) -> String

    package init(
        _ title: String, _ summary: String, x xWords: @escaping @Sendable (Double) -> String,
        y yWords: @escaping @Sendable (Double) -> String
    ) {
        self.title = title
        self.summary = summary
        self.xWords = xWords
        self.yWords = yWords
    }

    package func drawing(_ size: ChartSize) -> SVGDrawing {
        var drawing = SVGDrawing(
            width: size.width, height: Self.top + Self.height + ChartSize.base, title: title,
            summary: summary)
        let known = (dots + pale).filter { $0.x.isFinite && $0.y.isFinite }
        guard let low = known.map(\.x).min(), let high = known.map(\.x).max() else {
            drawing.text("Nothing was measured.", at: .init(x: 12, y: 32), ink: .muted)
            return drawing
        }
        let margin = max(0.03 * (high - low), 0.01 * high.magnitude, 1e-6)
        let values =
            known.map(\.y) + curve.map(\.y).filter(\.isFinite) + levels.map(\.at).filter(\.isFinite)
        let plot = SVGPlot(
            in: size.frame(top: Self.top, height: Self.height), x: low - margin...high + margin,
            covering: kind == .linear ? values + [0] : values.filter { $0 > 0 }, kind)
        plot.drawRules(in: &drawing, words: yWords)
        drawStretch(plot, in: &drawing)
        let ticks = plot.x.ticks(about: size.labels).map { (at: $0, words: xWords($0)) }
        plot.drawBase(in: &drawing, labels: plot.spaced(ticks))
        drawLevels(plot, in: &drawing)
        plot.drawLine(curve, in: &drawing, ink: .series(1))
        for dot in pale { draw(dot, radius: 2.5, plot, in: &drawing) }
        for dot in dots { draw(dot, radius: Self.largeDot, plot, in: &drawing) }
        drawMarks(plot, in: &drawing)
        return drawing
    }

    private func draw(
        _ dot: Dot, radius: Double, _ plot: SVGPlot, in drawing: inout SVGDrawing
    ) {
        plot.drawDot((dot.x, dot.y), in: &drawing, ink: dot.ink, radius: radius, tip: dot.tip)
    }

    private func drawStretch(_ plot: SVGPlot, in drawing: inout SVGDrawing) {
        guard let stretch, let left = plot.x.position(of: stretch.lowerBound),
            let right = plot.x.position(of: stretch.upperBound)
        else { return }
        drawing.cell(
            from: .init(x: left, y: plot.frame.top),
            to: .init(x: max(right, left + 1), y: plot.frame.bottom), ink: .better, opacity: 0.12)
    }

    private func drawLevels(_ plot: SVGPlot, in drawing: inout SVGDrawing) {
        for level in levels {
            guard let height = plot.y.position(of: level.at) else { continue }
            drawing.line(
                from: .init(x: plot.frame.left, y: height),
                to: .init(x: plot.frame.right, y: height), ink: level.ink, stroke: .dashed)
            drawing.text(
                level.words, at: .init(x: plot.frame.left + 6, y: height - 5), ink: level.ink)
        }
    }

    /// One below the other, so that words of near ones don't lie on each other.
    private func drawMarks(_ plot: SVGPlot, in drawing: inout SVGDrawing) {
        for (row, mark) in marks.enumerated() {
            guard let place = plot.x.position(of: mark.at) else { continue }
            let isLeft = place > (plot.frame.left + plot.frame.right) / 2
            drawing.line(
                from: .init(x: place, y: plot.frame.top), to: .init(x: place, y: plot.frame.bottom),
                ink: mark.ink, stroke: .dashed)
            drawing.text(
                mark.words,
                at: .init(
                    x: place + (isLeft ? -5 : 5),
                    y: plot.frame.top + 11 + Self.lineOfMark * Double(row)),
                ink: mark.ink, anchor: isLeft ? .end : .start, isBold: true)
        }
    }
}
