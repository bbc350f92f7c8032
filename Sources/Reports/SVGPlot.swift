/// A frame with two axes within a drawing: draws numbers at their places.
package struct SVGPlot: Sendable {
    /// Coordinates of its edges.
    package struct Frame: Sendable, Equatable {
        package var left: Double
        package var top: Double
        package var right: Double
        package var bottom: Double

        package init(left: Double, top: Double, right: Double, bottom: Double) {
            self.left = left
            self.top = top
            self.right = right
            self.bottom = bottom
        }
    }

    package typealias Value = (x: Double, y: Double)

    package let frame: Frame
    package let x: SVGScale
    package let y: SVGScale

    /// - Parameters:
    ///   - x: the ends of the axis to the right.
    ///   - values: what the upward axis has to cover.
    package init(
        in frame: Frame, x: ClosedRange<Double>, covering values: [Double],
        _ kind: SVGScale.Kind = .linear
    ) {
        self.frame = frame
        self.x = SVGScale(exactly: x, from: frame.left, to: frame.right)
        y = SVGScale(kind, covering: values, from: frame.bottom, to: frame.top)
    }

    /// nil where one of them is not finite.
    package func point(_ value: Value) -> SVGDrawing.Point? {
        guard let x = x.position(of: value.x), let y = y.position(of: value.y) else { return nil }
        return SVGDrawing.Point(x: x, y: y)
    }

    /// Rules across the frame with their numbers at its left.
    package func drawRules(in drawing: inout SVGDrawing, words: (Double) -> String) {
        for tick in y.ticks() {
            guard let height = y.position(of: tick) else { continue }
            drawing.line(
                from: .init(x: frame.left, y: height), to: .init(x: frame.right, y: height),
                ink: .grid)
            drawing.text(
                words(tick), at: .init(x: frame.left - 6, y: height + 4), ink: .muted,
                anchor: .end)
        }
    }

    /// The axis to the right, with words below some of its numbers.
    package func drawBase(in drawing: inout SVGDrawing, labels: [(at: Double, words: String)]) {
        drawing.line(
            from: .init(x: frame.left, y: frame.bottom),
            to: .init(x: frame.right, y: frame.bottom), ink: .muted)
        for label in labels {
            guard let place = x.position(of: label.at) else { continue }
            drawing.line(
                from: .init(x: place, y: frame.bottom), to: .init(x: place, y: frame.bottom + 4),
                ink: .muted)
            drawing.text(
                label.words, at: .init(x: place, y: frame.bottom + 18), ink: .muted,
                anchor: .middle)
        }
    }

    package func drawLine(
        _ values: [Value?], in drawing: inout SVGDrawing, ink: SVGDrawing.Ink,
        stroke: SVGDrawing.Stroke = .thick
    ) {
        drawing.polyline(values.map { $0.flatMap(point) }, ink: ink, stroke: stroke)
    }

    package func drawBand(
        _ bounds: [(x: Double, lower: Double, upper: Double)?], in drawing: inout SVGDrawing,
        ink: SVGDrawing.Ink, fill: SVGDrawing.Fill = .pale
    ) {
        drawing.band(
            bounds.map { bound in
                guard let bound, let lower = point((bound.x, bound.lower)),
                    let upper = point((bound.x, bound.upper))
                else { return nil }
                return (lower, upper)
            }, ink: ink, fill: fill)
    }

    /// - Parameter tip: what a pointer on it shows.
    package func drawDot(
        _ value: Value, in drawing: inout SVGDrawing, ink: SVGDrawing.Ink, radius: Double = 2.5,
        tip: String? = nil
    ) {
        guard let point = point(value) else { return }
        drawing.dot(at: point, radius: radius, ink: ink, tip: tip)
    }

    /// An upright line with words at its top, on the side with more room.
    package func drawMark(
        at value: Double, _ words: String, in drawing: inout SVGDrawing, ink: SVGDrawing.Ink,
        tip: String? = nil
    ) {
        guard let place = x.position(of: value) else { return }
        let isLeft = place > (frame.left + frame.right) / 2
        drawing.line(
            from: .init(x: place, y: frame.top), to: .init(x: place, y: frame.bottom), ink: ink,
            stroke: .dashed, tip: tip)
        drawing.text(
            words, at: .init(x: place + (isLeft ? -5 : 5), y: frame.top + 10), ink: ink,
            anchor: isLeft ? .end : .start, isBold: true)
    }
}
