import Comparisons
import Reports

/// By how much each part of the response times moved against the reference: over the share of payments
/// that were faster, on the axis of `QuantileChart`. Where a band leaves out the line at 0, the shift is
/// more than chance.
package struct ShiftChart: Chart {
    private static let height = 220.0
    private static let top = 12.0
    /// A bound beyond this part of the reference is drawn at it: one wild quantile would flatten the rest.
    private static let farthest = 3.0

    private let title: String
    private let shifts: [(shift: Comparison.Shift, ink: SVGDrawing.Ink)]

    package init(_ title: String, _ shifts: [(shift: Comparison.Shift, ink: SVGDrawing.Ink)]) {
        self.title = title
        self.shifts = shifts.map { shift, ink in
            var known = shift
            known.points = shift.points.filter {
                $0.change.change.isFinite && (0..<1).contains($0.quantile)
            }.sorted { $0.quantile < $1.quantile }
            return (known, ink)
        }
    }

    package var isEmpty: Bool { shifts.allSatisfy(\.shift.points.isEmpty) }

    package func drawing(_ size: ChartSize) -> SVGDrawing {
        var drawing = SVGDrawing(
            width: size.width, height: Self.top + Self.height + ChartSize.base, title: title,
            summary: summary)
        guard !isEmpty else {
            drawing.text("Nothing can be compared.", at: .init(x: 12, y: 32), ink: .muted)
            return drawing
        }
        let points = shifts.flatMap(\.shift.points)
        let values = points.flatMap { [$0.change.change, $0.change.lower, $0.change.upper] }
            .compactMap(\.self).map(Self.bounded)
        let last = points.map { QuantileChart.place(of: $0.quantile) }.max() ?? 1
        let plot = SVGPlot(
            in: size.frame(top: Self.top, height: Self.height), x: 0...max(1, last),
            covering: values + [-0.05, 0.05])
        plot.drawRules(in: &drawing) { Self.words($0) }
        plot.drawBase(in: &drawing, labels: plot.spaced(Self.labels(upTo: last)))
        if let zero = plot.y.position(of: 0) {
            drawing.line(
                from: .init(x: plot.frame.left, y: zero), to: .init(x: plot.frame.right, y: zero),
                ink: .text)
        }
        for (shift, ink) in shifts { draw(shift, ink, plot, in: &drawing) }
        return drawing
    }

    private func draw(
        _ shift: Comparison.Shift, _ ink: SVGDrawing.Ink, _ plot: SVGPlot,
        in drawing: inout SVGDrawing
    ) {
        let bounds = shift.points.map { point -> (x: Double, lower: Double, upper: Double)? in
            guard let lower = point.change.lower, let upper = point.change.upper else { return nil }
            return (
                QuantileChart.place(of: point.quantile), Self.bounded(lower), Self.bounded(upper)
            )
        }
        plot.drawBand(bounds, in: &drawing, ink: ink)
        plot.drawLine(
            shift.points.map {
                (QuantileChart.place(of: $0.quantile), Self.bounded($0.change.change))
            },
            in: &drawing, ink: ink)
        for point in shift.points {
            let proved = point.change.isProved ? "" : ", may be none"
            plot.drawDot(
                (QuantileChart.place(of: point.quantile), Self.bounded(point.change.change)),
                in: &drawing, ink: ink,
                tip: "\(shift.adapter) \(ComparisonReport.name(point.quantile)): "
                    + "\(Self.words(point.change.change))\(proved)")
        }
    }

    private static func bounded(_ change: Double) -> Double {
        min(max(change.isFinite ? change : 0, -1), farthest)
    }

    private static func labels(upTo last: Double) -> [(at: Double, words: String)] {
        [0.1, 0.5, 0.9, 0.95, 0.99, 0.999, 0.9999].map { quantile in
            (QuantileChart.place(of: quantile), ComparisonReport.name(quantile))
        }.filter { $0.0 <= last + 0.001 }
    }

    /// `+12 %`
    static func words(_ change: Double) -> String {
        let percent = min(max(change.isFinite ? change * 100 : 0, -1e6), 1e6)
        let digits = percent.magnitude < 9.95 && percent != percent.rounded() ? 1 : 0
        let number = percent.magnitude.fixed(digits)
        return (percent < 0 ? "−" : percent > 0 ? "+" : "") + number + " %"
    }

    private var summary: String {
        shifts.filter { !$0.shift.points.isEmpty }.map { shift, _ in
            let points = [shift.points.first, shift.points.last].compactMap(\.self).map {
                "\(Self.words($0.change.change)) at \(ComparisonReport.name($0.quantile))"
            }
            return "\(shift.adapter): \(points.joined(separator: ", "))."
        }.joined(separator: " ")
    }
}
