import Histograms
import Results

/// What the charts of a comparison know of one adapter beside the verdicts: its response times, all of
/// them and in the course of the run.
package struct ComparedCourse: Sendable {
    package struct Slice: Sendable, Equatable {
        /// In seconds from the start of the run; the middle of the slice.
        package var second: Double
        /// In µs.
        package var p50: Double
        /// nil where nothing was observed above it.
        package var p99: Double?

        package init(second: Double, p50: Double, p99: Double?) {
            self.second = second
            self.p50 = p50
            self.p99 = p99
        }
    }

    package var name: String
    package var times: Histogram
    package var distribution: Distribution
    /// A nil where the adapter had no payments for a while.
    package var slices: [Slice?]
    /// Of all phases, measured or not.
    package var passes: [TimeAxis.Phase]

    package init(
        name: String, times: Histogram, distribution: Distribution, slices: [Slice?],
        passes: [TimeAxis.Phase]
    ) {
        self.name = name
        self.times = times
        self.distribution = distribution
        self.slices = slices
        self.passes = passes
    }

    /// Of what was measured in some phases together.
    package init(name: String, _ all: [PhaseRecord]) {
        let phases = all.filter(\.measured)
        self.init(
            name: name,
            times: phases.reduce(into: Histogram()) { $0.add($1.responseTime) },
            distribution: phases.latency.responseTime,
            slices: phases.flatMap { Self.slices(of: $0.slices) + [nil] },
            passes: all.flatMap { phase in
                phase.spans.map {
                    .init(
                        name: phase.name, start: $0.start, end: $0.end, isMeasured: phase.measured)
                }
            })
    }

    /// Of each adapter in a record that was measured.
    package static func all(of record: Record) -> [ComparedCourse] {
        let measured = record.phases.filter(\.measured)
        let names = measured.compactMap(\.adapter).reduce(into: [String]()) { names, name in
            if !names.contains(name) { names.append(name) }
        }
        return names.map { name in
            ComparedCourse(name: name, record.phases.filter { $0.adapter == name })
        }
    }

    private static func slices(of phase: PhaseSlices) -> [Slice?] {
        phase.slices.enumerated().map { index, part in
            let times = part.merged { if case .responseTime = $0 { true } else { false } }.histogram
            return times.value(at: 0.5).map { median in
                Slice(
                    second: Double(phase.first) + (Double(index) + 0.5) * Double(phase.seconds),
                    p50: Double(median), p99: times.observedValue(at: 0.99).map { Double($0) })
            }
        }
    }
}

extension ComparedCourse {
    typealias Point = (second: Double, value: Double)

    /// One of its figures: of each slice, or where there are more slices than that, the longest of each
    /// stretch of the run. nil where nothing is known.
    func line(_ axis: TimeAxis, atMost most: Int, _ value: (Slice) -> Double?) -> [Point?] {
        guard slices.count > most else {
            return slices.map { slice in
                slice.flatMap { slice in value(slice).map { (slice.second, $0) } }
            }
        }
        return longest(axis, stretches: most, value)
    }

    /// No peak is lost, however many slices there are: each stretch has its longest, at the time at which
    /// it was.
    func longest(_ axis: TimeAxis, stretches: Int, _ value: (Slice) -> Double?) -> [Point?] {
        var longest = [Point?](repeating: nil, count: stretches)
        for slice in slices.compactMap(\.self) {
            guard let value = value(slice), value.isFinite, slice.second.isFinite else { continue }
            let place = slice.second / axis.seconds * Double(stretches)
            let index = Int(min(max(0, place), Double(stretches - 1)))
            if value > longest[index]?.value ?? -.infinity {
                longest[index] = (slice.second, value)
            }
        }
        return longest
    }
}
