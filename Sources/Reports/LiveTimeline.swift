import Results

/// Bands of response times that a heat map has its rows of: ten in a factor of ten, from 1 µs on.
/// The bounds are Renard's series R10, which people can read: 1, 1.25, 1.6, 2 … 8, 10.
package enum LiveBands {
    /// Up to 10 000 s, which no histogram reaches.
    static let count = 100

    private static let mantissas: [UInt64] = [100, 125, 160, 200, 250, 315, 400, 500, 630, 800]

    /// The least µs of a band; below 100 µs rounded down to whole ones.
    static let bounds: [UInt64] = (0...count).map { band in
        (0..<band / 10).reduce(mantissas[band % 10]) { value, _ in value * 10 } / 100
    }
}

/// What a run did in the course of time, in at most `most` parts however long it takes.
package struct LiveTimeline: Sendable, Equatable {
    /// One of its parts.
    package struct Part: SlicePart {
        /// Payments by the band of their response time; empty where there were none.
        package var bands: [UInt32] = []

        package init() {}

        package mutating func add(_ other: Part) {
            guard !other.bands.isEmpty else { return }
            if bands.isEmpty {
                bands = other.bands
            } else {
                for band in bands.indices { bands[band] &+= other.bands[band] }
            }
        }

        /// - Parameter bins: the least and the most µs of each, ascending, and how many.
        package mutating func add(bins: some Sequence<(low: UInt64, high: UInt64, count: UInt64)>) {
            if bands.isEmpty { bands = [UInt32](repeating: 0, count: LiveBands.count) }
            var band = 0
            for bin in bins {
                while band + 1 < LiveBands.count, LiveBands.bounds[band + 1] <= bin.low {
                    band += 1
                }
                bands[band] &+= UInt32(truncatingIfNeeded: bin.count)
            }
        }

        var count: Int { bands.reduce(0) { $0 + Int($1) } }

        /// The least µs of the band in which the quantile lies; nil without payments.
        func bound(at quantile: Double) -> UInt64? {
            let count = count
            guard count > 0 else { return nil }
            var above = Double(count) * (1 - quantile)
            for band in bands.indices.reversed() {
                above -= Double(bands[band])
                if above < 0 || band == 0 { return LiveBands.bounds[band] }
            }
            return nil
        }
    }

    static let most = 512
    /// The length of the shortest part, in seconds.
    package static let step = 0.5

    private var slices = Slices<Part>(most: most)

    package init() {}

    package mutating func add(_ part: Part, at seconds: Double) {
        slices.add(part, second: max(0, Int(seconds / Self.step)))
    }

    /// All parts together.
    package var whole: Part { slices.slices.reduce(into: Part()) { $0.add($1) } }

    /// Equal parts of the time from 0 to `span` seconds; where they are shorter than what is kept, the
    /// same one several times. Ends with `elapsed`.
    func columns(_ columns: Int, span: Double, elapsed: Double) -> [Part] {
        let length = Double(slices.seconds) * Self.step
        let first = Double(slices.first) * Self.step
        let width = span / Double(max(1, columns))
        let known = min(columns, Int((elapsed / width).rounded(.up)))
        return (0..<max(0, known)).map { column in
            let begin = Int(((Double(column) * width - first) / length).rounded(.down))
            let end = Int(((Double(column + 1) * width - first) / length).rounded(.down))
            return (begin..<max(begin + 1, end)).reduce(into: Part()) { sum, index in
                if slices.slices.indices.contains(index) { sum.add(slices.slices[index]) }
            }
        }
    }
}
