import Glibc
import Histograms
import Reports
import Results

/// How many payments took how long, in the course of a run: the stronger the colour, the more. Nothing is
/// left out however long the run was: a payment is in its cell, and a cell with one payment can be seen.
package struct HeatMap: Chart {
    private static let mostColumns = 80
    private static let mostNarrowColumns = 40
    private static let rows = 26
    private static let height = 216.0
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

    private init(_ title: String, _ axis: TimeAxis, column: Double, _ columns: [CompactHistogram]) {
        self.title = title
        self.axis = axis
        self.column = column
        self.columns = columns
    }

    package func drawing(_ size: ChartSize) -> SVGDrawing {
        switch size {
        case .wide: drawn(size)
        case .narrow: merged(atMost: Self.mostNarrowColumns).drawn(size)
        }
    }

    private func merged(atMost most: Int) -> HeatMap {
        let together = max(1, (columns.count + most - 1) / most)
        let merged = stride(from: 0, to: columns.count, by: together).map { start in
            columns[start..<min(start + together, columns.count)]
                .reduce(into: CompactHistogram()) { $0.add($1) }
        }
        return HeatMap(title, axis, column: column * Double(together), merged)
    }

    /// Payments in the strongest cell.
    package var peak: Int {
        guard let plot = plot(.wide) else { return 0 }
        return columns.flatMap { counts(of: $0, plot) }.max() ?? 0
    }

    /// Of all that was measured, in µs; nil where nothing was.
    private var range: (least: Double, most: Double)? {
        let bins = columns.flatMap { Array($0.bins) }
        guard let least = bins.map(\.low).min(), let most = bins.map(\.high).max() else {
            return nil
        }
        return (Double(max(1, least)), Double(max(1, most)))
    }

    private func plot(_ size: ChartSize) -> SVGPlot? {
        range.map { range in
            SVGPlot(
                in: size.frame(top: TimeAxis.phaseRoom, height: Self.height),
                x: 0...axis.seconds, covering: [range.least * 0.97, range.most * 1.03],
                .logarithmic)
        }
    }

    private var summary: String {
        guard let range else { return "Nothing was measured." }
        return "Between \(Self.words(range.least)) and \(Self.words(range.most))."
    }

    private func drawn(_ size: ChartSize) -> SVGDrawing {
        var drawing = SVGDrawing(
            width: size.width, height: TimeAxis.phaseRoom + Self.height + ChartSize.base,
            title: title, summary: summary)
        guard let plot = plot(size) else {
            drawing.text("Nothing was measured.", at: .init(x: 12, y: 32), ink: .muted)
            return drawing
        }
        plot.drawRules(in: &drawing, words: Ticks.duration)
        let cells = columns.map { counts(of: $0, plot) }
        let peak = Double(cells.flatMap(\.self).max() ?? 1)
        for (index, rows) in cells.enumerated() {
            for (row, count) in rows.enumerated() where count > 0 {
                draw(count, of: peak, column: index, row: row, plot, size, in: &drawing)
            }
        }
        plot.drawBase(in: &drawing, labels: axis.labels(on: plot, atMost: size.labels))
        axis.drawPhases(plot, in: &drawing)
        return drawing
    }

    private static func words(_ microseconds: Double) -> String {
        Figures.duration(microseconds: UInt64(min(max(0, microseconds), 1e15)))
    }

    /// Indexed by row, from the top.
    private func counts(of histogram: CompactHistogram, _ plot: SVGPlot) -> [Int] {
        var counts = [Int](repeating: 0, count: Self.rows)
        for bin in histogram.bins {
            let middle = (Double(bin.low) + Double(bin.high)) / 2
            guard let place = plot.y.position(of: max(1, middle)) else { continue }
            let share = (place - plot.frame.top) / Self.height
            counts[min(Self.rows - 1, max(0, Int(share * Double(Self.rows))))] += Int(bin.count)
        }
        return counts
    }

    private func draw(
        _ count: Int, of peak: Double, column index: Int, row: Int, _ plot: SVGPlot,
        _ size: ChartSize, in drawing: inout SVGDrawing
    ) {
        let start = Double(index) * column
        let end = min(start + column, axis.seconds)
        let height = Self.height / Double(Self.rows)
        let top = plot.frame.top + Double(row) * height
        guard let left = plot.x.position(of: start), let right = plot.x.position(of: end) else {
            return
        }
        let opacity = Self.faintest + (1 - Self.faintest) * sqrt(Double(count) / peak)
        let payments = count == 1 ? "1 payment" : "\(Figures.count(count)) payments"
        drawing.cell(
            from: .init(x: left, y: top), to: .init(x: right, y: top + height), ink: .series(0),
            opacity: opacity,
            tip: size.hasTips
                ? "\(axis.words(start)) to \(axis.words(end)): \(payments)" : nil)
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
