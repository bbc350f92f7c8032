import Glibc
import Histograms
import Reports
import Results

/// How many payments took how long, in the course of a run: the darker, the more. Nothing is left out
/// however long the run was: a payment is in its cell, and a cell with one payment can be seen.
package struct HeatMap: Sendable {
    private static let mostColumns = 80
    private static let rows = 26
    private static let width = 760.0
    private static let height = 280.0
    private static let frame = SVGPlot.Frame(left: 72, top: 28, right: 744, bottom: 244)
    /// Of a cell with the least in it.
    private static let faintest = 0.14

    private let title: String
    private let axis: TimeAxis
    /// Seconds in a column.
    private let column: Double
    /// Indexed by column.
    private let columns: [CompactHistogram]

    /// - Parameter slices: of the phases, with the same kind of duration each.
    package init(_ title: String, _ axis: TimeAxis, _ slices: [PhaseSlices]) {
        self.title = title
        self.axis = axis
        let longest = slices.map(\.seconds).max() ?? 1
        let column = max(Double(longest), (axis.seconds / Double(Self.mostColumns)).rounded(.up))
        self.column = column
        let count = max(1, Int((axis.seconds / column).rounded(.up)))
        var columns = [CompactHistogram](repeating: CompactHistogram(), count: count)
        for phase in slices {
            for (index, part) in phase.slices.enumerated() {
                let middle = Double(phase.first) + (Double(index) + 0.5) * Double(phase.seconds)
                let place = min(count - 1, max(0, Int(middle / column)))
                columns[place].add(part.merged { $0.isResponseTime })
            }
        }
        self.columns = columns
    }

    package var drawing: SVGDrawing {
        let bins = columns.flatMap { Array($0.bins) }
        let least = Double(max(1, bins.map(\.low).min() ?? 1))
        let most = Double(max(1, bins.map(\.high).max() ?? 1))
        var drawing = SVGDrawing(
            width: Self.width, height: Self.height, title: title,
            summary: bins.isEmpty
                ? "Nothing was measured."
                : "Between \(words(least)) and \(words(most)).")
        guard !bins.isEmpty else {
            drawing.text("Nothing was measured.", at: .init(x: 12, y: 32), ink: .muted)
            return drawing
        }
        let plot = SVGPlot(
            in: Self.frame, x: 0...axis.seconds, covering: [least * 0.97, most * 1.03],
            .logarithmic)
        let cells = columns.map { counts(of: $0, plot.y) }
        let peak = Double(cells.flatMap(\.self).max() ?? 1)
        for (index, rows) in cells.enumerated() {
            for (row, count) in rows.enumerated() where count > 0 {
                draw(count, of: peak, column: index, row: row, plot, in: &drawing)
            }
        }
        plot.drawRules(in: &drawing, words: words)
        plot.drawBase(in: &drawing, labels: axis.labels)
        axis.drawPhases(plot, in: &drawing)
        return drawing
    }

    private func words(_ microseconds: Double) -> String {
        Figures.duration(microseconds: UInt64(min(max(0, microseconds), 1e15)))
    }

    /// Indexed by row, from the top.
    private func counts(of histogram: CompactHistogram, _ scale: SVGScale) -> [Int] {
        var counts = [Int](repeating: 0, count: Self.rows)
        for bin in histogram.bins {
            let middle = (Double(bin.low) + Double(bin.high)) / 2
            guard let place = scale.position(of: max(1, middle)) else { continue }
            let share = (place - Self.frame.top) / (Self.frame.bottom - Self.frame.top)
            counts[min(Self.rows - 1, max(0, Int(share * Double(Self.rows))))] += Int(bin.count)
        }
        return counts
    }

    private func draw(
        _ count: Int, of peak: Double, column index: Int, row: Int, _ plot: SVGPlot,
        in drawing: inout SVGDrawing
    ) {
        let start = Double(index) * column
        let end = min(start + column, axis.seconds)
        let height = (Self.frame.bottom - Self.frame.top) / Double(Self.rows)
        let top = Self.frame.top + Double(row) * height
        guard let left = plot.x.position(of: start), let right = plot.x.position(of: end) else {
            return
        }
        let opacity = Self.faintest + (1 - Self.faintest) * sqrt(Double(count) / peak)
        let payments = count == 1 ? "1 payment" : "\(Figures.count(count)) payments"
        drawing.cell(
            from: .init(x: left, y: top), to: .init(x: right, y: top + height), ink: .series(0),
            opacity: opacity,
            tip: "\(axis.words(start)) to \(axis.words(end)): \(payments)")
    }
}

extension SeriesKey {
    fileprivate var isResponseTime: Bool {
        switch self {
        case .responseTime: true
        case .serviceTime, .sendDelay, .firstByte, .connect, .tls: false
        }
    }
}
