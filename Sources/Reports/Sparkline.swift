/// A row of numbers as a row of blocks, one column each: `▂▁▃▂█`. Where there are more numbers than
/// columns, a block is the mean of its share of them.
struct Sparkline {
    /// Less is drawn as no difference: the range is at least this share of the median.
    static let leastRange = 0.1

    private static let blocks = Array("▁▂▃▄▅▆▇█")
    /// Where there is no number.
    private static let gap: Character = "·"

    private let values: [Double?]
    private let columns: Int

    /// - Parameter width: at least 1.
    init(_ values: [Double?], width: Int) {
        self.values = values
        columns = min(max(1, width), values.count)
    }

    /// Numbers that are not finite are taken for none.
    var text: String {
        let means = (0..<columns).map { column in mean(of: share(column)) }
        let known = means.compactMap(\.self)
        guard let range = Self.range(known) else {
            return String(repeating: Self.gap, count: columns)
        }
        let span = range.upperBound - range.lowerBound
        return String(
            means.map { mean in
                guard let mean else { return Self.gap }
                let place = span > 0 ? (mean - range.lowerBound) / span : 0
                let top = Double(Self.blocks.count - 1)
                return Self.blocks[Int((min(1, max(0, place)) * top).rounded())]
            })
    }

    /// The column that the number at `index` is in.
    func column(of index: Int) -> Int {
        guard values.count > columns else { return index }
        return (0..<columns).first { share($0).upperBound > index } ?? columns - 1
    }

    private func share(_ column: Int) -> Range<Int> {
        values.count * column / columns..<values.count * (column + 1) / columns
    }

    private func mean(of indices: Range<Int>) -> Double? {
        let known = values[indices].compactMap(\.self).filter(\.isFinite)
        guard !known.isEmpty else { return nil }
        return known.reduce(0) { $0 + $1 / Double(known.count) }
    }

    private static func range(_ known: [Double]) -> ClosedRange<Double>? {
        guard let least = known.min(), let most = known.max(), let median = known.median else {
            return nil
        }
        let half = median.magnitude * leastRange / 2
        let range = min(least, median - half)...max(most, median + half)
        return (range.upperBound - range.lowerBound).isFinite ? range : least...least
    }
}
