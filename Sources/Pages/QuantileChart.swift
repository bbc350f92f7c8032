import Glibc
import Histograms
import Reports
import Results

/// Durations over the share of payments that were faster, on HdrHistogram's axis: each nine of a
/// percentile has as much room as the one before it. Several curves can be compared.
package struct QuantileChart: Chart {
    package struct Curve: Sendable {
        package var name: String
        package var ink: SVGDrawing.Ink
        /// A dashed one is drawn through others, so that both can be seen where they are the same.
        package var stroke = SVGDrawing.Stroke.thick
        /// Ascending; shares 0…1, durations in µs.
        package var points: [(share: Double, microseconds: Double)]
        /// Where the interval of a quantile is known.
        package var bounds: [(share: Double, lower: Double, upper: Double)]

        package init(
            _ name: String, ink: SVGDrawing.Ink,
            points: [(share: Double, microseconds: Double)],
            bounds: [(share: Double, lower: Double, upper: Double)] = []
        ) {
            self.name = name
            self.ink = ink
            self.points = points
            self.bounds = bounds
        }

        /// - Parameter distribution: of the same durations; its intervals become the band.
        package init(
            _ name: String, ink: SVGDrawing.Ink, _ histogram: Histogram,
            _ distribution: Distribution
        ) {
            let most = QuantileChart.nines(of: histogram.count)
            let steps = max(1, Int((most / 0.05).rounded()))
            let points = (0...steps).compactMap { step -> (Double, Double)? in
                let share = 1 - QuantileChart.power(of: -most * Double(step) / Double(steps))
                return histogram.value(at: share).map { (share, Double($0)) }
            }
            self.init(
                name, ink: ink, points: histogram.isEmpty ? [] : points,
                bounds: Self.bounds(distribution))
        }

        /// Of a summary alone: its quantiles, with straight lines between them.
        package init(_ name: String, ink: SVGDrawing.Ink, _ distribution: Distribution) {
            let points = QuantileName.allCases.compactMap { name -> (Double, Double)? in
                distribution.value(of: name).map { (name.ratio, Double($0)) }
            }
            let least = distribution.minimum.map { [(0.0, Double($0))] } ?? []
            self.init(name, ink: ink, points: least + points, bounds: Self.bounds(distribution))
        }

        private static func bounds(
            _ distribution: Distribution
        ) -> [(share: Double, lower: Double, upper: Double)] {
            QuantileName.allCases.compactMap { name in
                guard distribution.resolves(name), let interval = distribution.intervals?[name],
                    let lower = interval.lower, let upper = interval.upper
                else { return nil }
                return (name.ratio, Double(lower), Double(upper))
            }
        }
    }

    private static let height = 260.0
    private static let top = 12.0
    /// More than this between least and most: the axis is logarithmic.
    private static let widestLinear = 20.0
    private static let marks: [(share: Double, words: String)] = [
        (0, "min"), (0.5, "p50"), (0.9, "p90"), (0.99, "p99"), (0.999, "p99.9"),
        (0.9999, "p99.99"), (0.99999, "p99.999"),
    ]

    private let title: String
    private let curves: [Curve]

    package init(_ title: String, _ curves: [Curve]) {
        self.title = title
        self.curves = curves
    }

    package func drawing(_ size: ChartSize) -> SVGDrawing {
        var drawing = SVGDrawing(
            width: size.width, height: Self.top + Self.height + ChartSize.base, title: title,
            summary: summary)
        let known = curves.flatMap { curve in
            curve.points.map(\.microseconds) + curve.bounds.flatMap { [$0.lower, $0.upper] }
        }
        guard let least = known.min(), let most = known.max() else {
            drawing.text("Nothing was measured.", at: .init(x: 12, y: 32), ink: .muted)
            return drawing
        }
        let nines = max(1, curves.compactMap(\.points.last?.share).map(Self.place).max() ?? 1)
        let isWide = least > 0 && most / max(least, 1) > Self.widestLinear
        let plot = SVGPlot(
            in: size.frame(top: Self.top, height: Self.height), x: 0...nines,
            covering: isWide ? known : known + [0], isWide ? .logarithmic : .linear)
        plot.drawRules(in: &drawing, words: Ticks.duration)
        let marks = Self.marks.filter { Self.place(of: $0.share) <= nines + 0.001 }
        plot.drawBase(
            in: &drawing,
            labels: plot.spaced(marks.map { (at: Self.place(of: $0.share), words: $0.words) }))
        for curve in curves where curve.stroke != .dashed { draw(curve, plot, in: &drawing) }
        for curve in curves where curve.stroke == .dashed { draw(curve, plot, in: &drawing) }
        return drawing
    }

    private func draw(_ curve: Curve, _ plot: SVGPlot, in drawing: inout SVGDrawing) {
        plot.drawBand(
            curve.bounds.map { (Self.place(of: $0.share), $0.lower, $0.upper) }, in: &drawing,
            ink: curve.ink)
        plot.drawLine(
            curve.points.map { (Self.place(of: $0.share), $0.microseconds) }, in: &drawing,
            ink: curve.ink, stroke: curve.stroke)
        guard curve.stroke != .dashed else { return }
        for (share, words) in Self.marks.dropFirst() {
            let nearest = curve.points.min { abs($0.share - share) < abs($1.share - share) }
            guard let point = nearest,
                abs(Self.place(of: point.share) - Self.place(of: share)) < 0.05
            else { continue }
            let time = Figures.duration(microseconds: UInt64(max(0, point.microseconds)))
            plot.drawDot(
                (Self.place(of: point.share), point.microseconds), in: &drawing, ink: curve.ink,
                tip: "\(curve.name) \(words): \(time)")
        }
    }

    private var summary: String {
        curves.map { curve in
            let ends = [curve.points.first, curve.points.last].compactMap(\.self).map {
                Figures.duration(microseconds: UInt64(max(0, $0.microseconds)))
            }
            return "\(curve.name): from \(ends.joined(separator: " to "))."
        }.joined(separator: " ")
    }

    /// How many nines of a percentile so many payments can tell; at most five.
    static func nines(of count: UInt64) -> Double {
        count < 2 ? 1 : min(5, max(1, log10(Double(count))))
    }

    static func place(of share: Double) -> Double { -log10(max(1e-9, 1 - share)) + 0 }

    static func power(of exponent: Double) -> Double { pow(10, exponent) }
}
