import Histograms
import Statistics

/// The observations of some phases together, in slices of time: what intervals are made from.
struct SlicedPhases {
    private struct Part {
        /// In seconds from the start of the run.
        var middle: Double
        var series: CompactSeries
    }

    private let parts: [Part]
    /// By part.
    private let slices: [Int]
    private let count: Int
    private let seconds: Double

    /// Phases at the same time share slices.
    init(_ phases: [PhaseRecord]) {
        let filled = phases.map(\.slices).filter { !$0.slices.isEmpty }
        parts = filled.flatMap { phase in
            phase.slices.enumerated().map { index, series in
                Part(
                    middle: Double(phase.first)
                        + (Double(index) + 0.5) * Double(phase.seconds), series: series)
            }
        }
        let longest = filled.map(\.seconds).max() ?? 1
        // Where phases lie apart, the time between them belongs to no slice.
        let grid = Set(parts.map { Int($0.middle) / longest }).sorted()
        let slicing = Slicing(parts: grid.count)
        count = slicing?.count ?? 1
        slices = parts.map { part in
            guard let slicing, let cell = grid.firstIndex(of: Int(part.middle) / longest) else {
                return 0
            }
            return slicing.slice(of: cell)
        }
        seconds = phases.flatMap(\.spans).united.reduce(0) { $0 + $1.end - $1.start }
    }

    /// nil where nothing was observed.
    func study(_ isWanted: (SeriesKey) -> Bool) -> QuantileStudy? {
        var merged = [CompactHistogram](repeating: CompactHistogram(), count: count)
        for (part, slice) in zip(parts, slices) {
            for (key, histogram) in part.series where isWanted(key) { merged[slice].add(histogram) }
        }
        guard merged.contains(where: { !$0.isEmpty }) else { return nil }
        return QuantileStudy(slices: merged.map(Sample.init), seconds: seconds)
    }
}

extension Sample {
    /// In µs. What was clamped to the longest duration is in its last bin.
    package init(_ histogram: CompactHistogram) {
        self.init(
            bins: histogram.bins.map {
                Bin(low: Double($0.low), high: Double($0.high), count: Int($0.count))
            })
    }
}
