import Results

/// Response times in the course of the run: over the columns of a frame, as a heat map or a line.
struct LivePicture {
    /// Shares of a column's payments from which on a cell is darker.
    private static let shades = [0.0, 0.02, 0.08, 0.2, 0.4]

    private let parts: [LiveTimeline.Part]
    private let counts: [Int]
    private let sum: LiveTimeline.Part
    private let glyphs: LiveGlyphs
    private let labelWidth: Int
    private let room: Int
    /// Seconds.
    private let span: Double

    /// - Parameter labelWidth: where it begins.
    init(_ state: LiveState, labelWidth: Int, width: Int, glyphs: LiveGlyphs) {
        self.glyphs = glyphs
        self.labelWidth = labelWidth
        room = max(1, width - labelWidth - 1)
        span = Self.span(of: state, columns: room)
        parts = state.timeline.columns(room, span: span, elapsed: state.elapsedSeconds)
        counts = parts.map(\.count)
        sum = parts.reduce(into: LiveTimeline.Part()) { $0.add($1) }
    }

    /// The time that is shown: all of the run as it was planned, or where that is long or not known, as
    /// much as what went by needs.
    private static func span(of state: LiveState, columns: Int) -> Double {
        let total = state.totalSeconds.flatMap { $0 >= state.elapsedSeconds ? max(1, $0) : nil }
        var span = Double(columns) * LiveTimeline.step * (total == nil ? 1 : longPart)
        while span < state.elapsedSeconds { span *= 2 }
        return min(span, total ?? span)
    }

    /// So many parts of the timeline in a column are few enough for all of the plan.
    private static let longPart = 4.0

    var isEmpty: Bool { sum.bands.isEmpty }

    /// p99 in the course of the run, on a logarithmic scale.
    func trend(_ label: String) -> [LiveLine] {
        let values = parts.map { $0.bound(at: 0.99).map { LiveBands.place(of: $0) } }
        guard let least = values.compactMap(\.self).min(),
            let most = values.compactMap(\.self).max()
        else { return [] }
        var line = LiveLine(label, .faint)
        line.pad(to: labelWidth)
        let top = Double(glyphs.levels.count - 1)
        // Less than a factor of ten is not stretched to all of the height.
        let range = Double(max(10, most - least))
        let levels = values.map { value -> Character in
            guard let value else { return " " }
            return glyphs.levels[Int((Double(value - least) / range * top).rounded())]
        }
        line.add(String(levels), .accent)
        return [line]
    }

    /// How many lines a heat map has, its axis among them, that may have so many.
    func height(atMost lines: Int) -> Int { rows(atMost: lines - 1).count + 1 }

    /// Rows are bands of response times, the slowest on top; the darker a cell, the more of its column's
    /// payments lie there. An axis below.
    ///
    /// - Parameter lines: at most; at least 4.
    func heatMap(lines: Int) -> [LiveLine] {
        let rows = rows(atMost: lines - 1)
        return rows.enumerated().map { index, row in
            let isLast = index == rows.count - 1
            let label =
                isLast
                ? "< \(LiveBands.label(row.upperBound))" : LiveBands.label(row.lowerBound)
            var line = LiveLine("\(label) ".paddedLeft(to: labelWidth), .faint)
            line.add(glyphs.side, .faint)
            add(row, to: &line)
            return line
        } + [axis]
    }

    /// Cells of a kind at once.
    private func add(_ row: Range<Int>, to line: inout LiveLine) {
        let levels = zip(parts, counts).map { part, count in level(part.count(in: row), of: count) }
        var begin = 0
        while begin < levels.count {
            let end = levels[begin...].firstIndex { $0 != levels[begin] } ?? levels.count
            if let level = levels[begin] {
                line.add(glyphs.shades[level], .heat(level), times: end - begin)
            } else {
                line.add(" ", .usual, times: end - begin)
            }
            begin = end
        }
    }

    /// nil where there is nothing.
    private func level(_ own: Int, of whole: Int) -> Int? {
        guard own > 0 else { return nil }
        let share = Double(own) / Double(whole)
        return Self.shades.lastIndex { share > $0 } ?? 0
    }

    private var axis: LiveLine {
        var line = LiveLine()
        line.pad(to: labelWidth)
        let end = " " + LiveSections.clock(span)
        line.add(glyphs.corner, .faint)
        line.add(glyphs.base, .faint, times: room - end.columns)
        line.add(end, .faint)
        return line
    }

    /// The bands of each row, the slowest first. The last one has all that is faster than nearly all
    /// payments, so that a few of these don't make the others coarse.
    private func rows(atMost rows: Int) -> [Range<Int>] {
        let last = sum.bands.lastIndex { $0 > 0 } ?? 0
        let first = min(last, sum.bound(at: Self.fastest).map { LiveBands.place(of: $0) } ?? 0)
        let steps = [1, 2, 3, 4, 5, 10, 20]
        let step = steps.first { last / $0 - first / $0 < rows } ?? 50
        let high = max(2, last / step)
        let low = min(first / step, high - 2)
        return (low...high).reversed().map { row in
            (row == low ? 0 : row * step)..<(row + 1) * step
        }
    }

    /// One in a hundred is faster.
    private static let fastest = 0.01
}

extension LiveTimeline.Part {
    func count(in bands: Range<Int>) -> Int {
        guard !self.bands.isEmpty else { return 0 }
        return self.bands[bands.clamped(to: self.bands.indices)].reduce(0) { $0 + Int($1) }
    }
}

extension LiveBands {
    /// Its place in the order of bands.
    static func place(of microseconds: UInt64) -> Int {
        max(0, (bounds.firstIndex { $0 > microseconds } ?? count) - 1)
    }

    /// `6.3 ms`, `10 ms`.
    static func label(_ band: Int) -> String {
        let text = Figures.duration(microseconds: bounds[min(max(0, band), count)])
        guard let unit = text.firstIndex(of: " "), text[..<unit].contains(".") else { return text }
        let zeros = text[..<unit].reversed().prefix { $0 == "0" }.count
        let digits = text[..<unit].dropLast(zeros)
        return String((digits.hasSuffix(".") ? digits.dropLast() : digits) + text[unit...])
    }
}
