import Reports

/// Numbers in the course of a run: lines, bands and layers on one another.
package struct TimeChart: Chart {
    package struct Line: Sendable {
        package var name: String
        package var ink: SVGDrawing.Ink
        package var stroke: SVGDrawing.Stroke
        /// nil: nothing is known then.
        package var values: [(second: Double, value: Double)?]

        package init(
            _ name: String, ink: SVGDrawing.Ink, stroke: SVGDrawing.Stroke = .thick,
            _ values: [(second: Double, value: Double)?]
        ) {
            self.name = name
            self.ink = ink
            self.stroke = stroke
            self.values = values
        }
    }

    package typealias Bounds = (x: Double, lower: Double, upper: Double)

    package struct Band: Sendable {
        package var ink: SVGDrawing.Ink
        package var fill: SVGDrawing.Fill
        package var bounds: [Bounds?]

        package init(
            ink: SVGDrawing.Ink, fill: SVGDrawing.Fill = .pale,
            _ bounds: [Bounds?]
        ) {
            self.ink = ink
            self.fill = fill
            self.bounds = bounds
        }
    }

    private static let height = 180.0

    package var title: String
    package var summary: String
    package var axis: TimeAxis
    package var lines: [Line] = []
    package var bands: [Band] = []
    package var kind = SVGScale.Kind.linear
    /// Stretches of time with what a pointer on them shows.
    package var tips: [(start: Double, end: Double, words: String)] = []
    /// A number of the upward axis.
    package var words: @Sendable (Double) -> String

    package init(
        _ title: String, _ summary: String, _ axis: TimeAxis, lines: [Line] = [],
        bands: [Band] = [], kind: SVGScale.Kind = .linear,
        words: @escaping @Sendable (Double) -> String
    ) {
        self.title = title
        self.summary = summary
        self.axis = axis
        self.lines = lines
        self.bands = bands
        self.kind = kind
        self.words = words
    }

    package func drawing(_ size: ChartSize) -> SVGDrawing {
        var drawing = SVGDrawing(
            width: size.width, height: TimeAxis.phaseRoom + Self.height + ChartSize.base,
            title: title, summary: summary)
        let known =
            lines.flatMap { $0.values.compactMap { $0?.value } }
            + bands.flatMap { $0.bounds.compactMap(\.self).flatMap { [$0.lower, $0.upper] } }
        guard !known.isEmpty else {
            drawing.text("Nothing was measured.", at: .init(x: 12, y: 32), ink: .muted)
            return drawing
        }
        let isLogarithmic = kind == .logarithmic && known.allSatisfy { $0 > 0 }
        let plot = SVGPlot(
            in: size.frame(top: TimeAxis.phaseRoom, height: Self.height), x: 0...axis.seconds,
            covering: isLogarithmic ? known : known + [0, 1],
            isLogarithmic ? .logarithmic : .linear)
        plot.drawRules(in: &drawing, words: words)
        for band in bands {
            plot.drawBand(band.bounds, in: &drawing, ink: band.ink, fill: band.fill)
        }
        for line in lines {
            plot.drawLine(
                line.values.map { $0.map { ($0.second, $0.value) } }, in: &drawing, ink: line.ink,
                stroke: line.stroke)
        }
        plot.drawBase(in: &drawing, labels: axis.labels(on: plot, atMost: size.labels))
        axis.drawPhases(plot, in: &drawing)
        if size.hasTips { drawTips(plot, in: &drawing) }
        return drawing
    }

    private func drawTips(_ plot: SVGPlot, in drawing: inout SVGDrawing) {
        for tip in tips {
            guard let left = plot.x.position(of: tip.start),
                let right = plot.x.position(of: tip.end)
            else { continue }
            drawing.hover(
                from: .init(x: left, y: plot.frame.top), to: .init(x: right, y: plot.frame.bottom),
                tip: tip.words)
        }
    }
}
