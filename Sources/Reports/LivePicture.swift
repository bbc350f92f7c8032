import Results

/// Response times in the course of the run.
extension LiveSections {
    /// Shares of a column's payments from which on a cell is darker.
    private static let shades = [0.0, 0.02, 0.08, 0.2, 0.4]

    /// The time that is shown: all of the run as it was planned, or where that is long, as much as what
    /// went by needs.
    private func span(columns: Int) -> Double {
        var span = Double(columns) * LiveTimeline.step
        while span < state.elapsedSeconds { span *= 2 }
        guard let total = state.totalSeconds, total >= state.elapsedSeconds else { return span }
        return min(span, max(total, 1))
    }

    /// p99 in the course of the run, on a logarithmic scale.
    var trend: [LiveLine] {
        let room = max(1, width - labelWidth)
        let parts = state.timeline.columns(
            room, span: span(columns: room), elapsed: state.elapsedSeconds)
        let values = parts.map { $0.bound(at: 0.99).map { LiveBands.place(of: $0) } }
        guard let least = values.compactMap(\.self).min(),
            let most = values.compactMap(\.self).max()
        else { return [] }
        var line = LiveLine(isNarrow ? "p99" : "p99 over time", .faint)
        line.pad(to: labelWidth)
        let top = Double(glyphs.levels.count - 1)
        // Less than a factor of ten is not stretched to all of the height.
        let range = Double(max(10, most - least))
        line.add(
            String(
                values.map { value -> Character in
                    guard let value else { return " " }
                    return glyphs.levels[Int((Double(value - least) / range * top).rounded())]
                }), .accent)
        return [line]
    }

    /// Rows are bands of response times, the slowest on top; the darker a cell, the more of its column's
    /// payments lie there. An axis below.
    func heatMap(rows: Int) -> [LiveLine] {
        let margin = isNarrow ? 9 : 10
        let room = max(1, width - margin - 1)
        let span = span(columns: room)
        let parts = state.timeline.columns(room, span: span, elapsed: state.elapsedSeconds)
        let range = LiveBands.range(of: parts)
        let step = LiveBands.step(range, rows: rows)
        let first = range.lowerBound / step * step
        let lines = (0..<rows).reversed().map { row in
            let low = first + row * step
            var line = LiveLine(
                "\(LiveBands.label(low)) ".paddedLeft(to: margin), .faint)
            line.add(String(glyphs.side), .faint)
            for part in parts { line.add(cell(part, low..<low + step)) }
            return line
        }
        return lines + [axis(margin: margin, room: room, span: span)]
    }

    private func cell(_ part: LiveTimeline.Part, _ bands: Range<Int>) -> LiveLine {
        let whole = part.count
        let own = part.count(in: bands)
        guard own > 0 else { return LiveLine(" ") }
        let share = Double(own) / Double(whole)
        let level = (Self.shades.lastIndex { share > $0 }) ?? 0
        return LiveLine(String(glyphs.shades[level]), .heat(level))
    }

    private func axis(margin: Int, room: Int, span: Double) -> LiveLine {
        var line = LiveLine()
        line.pad(to: margin)
        let end = " " + Self.clock(span)
        let base = String(repeating: glyphs.base, count: max(0, room - end.columns))
        line.add("\(glyphs.corner)\(base)\(end)", .faint)
        return line
    }
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

    /// All bands that hold something; without payments some around 10 ms.
    static func range(of parts: [LiveTimeline.Part]) -> ClosedRange<Int> {
        var used = [Bool](repeating: false, count: count)
        for part in parts {
            for (band, number) in part.bands.enumerated() where number > 0 { used[band] = true }
        }
        guard let first = used.firstIndex(of: true), let last = used.lastIndex(of: true) else {
            return 38...42
        }
        return first...last
    }

    /// How many bands a row takes together: a number of them whose bounds are numbers that people read.
    static func step(_ range: ClosedRange<Int>, rows: Int) -> Int {
        let steps = [1, 2, 3, 5, 10, 20]
        return steps.first { step in
            range.upperBound / step - range.lowerBound / step < rows
        } ?? 50
    }

    static func label(_ band: Int) -> String {
        Figures.duration(microseconds: bounds[min(max(0, band), count)])
    }
}
