import Histograms
import Payments

/// A kind of duration of one phase.
package enum SeriesKey: Sendable, Hashable {
    /// Of a payment of the mix and an outcome (`PhaseSeries`).
    case responseTime(slot: Int)
    case serviceTime(slot: Int)
    case sendDelay, firstByte, connect, tls

    /// The payment of the mix and the outcome that it is of; nil where it is of all.
    package var part: (payment: Int, outcome: Int)? {
        switch self {
        case .responseTime(let slot), .serviceTime(let slot):
            let (payment, outcome) = slot.quotientAndRemainder(dividingBy: Outcome.allCases.count)
            return (payment, outcome)
        case .sendDelay, .firstByte, .connect, .tls: return nil
        }
    }
}

/// The durations of one phase over a stretch of time, at rest.
package typealias CompactSeries = [SeriesKey: CompactHistogram]

extension CompactSeries {
    package mutating func add(_ series: PhaseSeries) {
        for slot in series.responseTime.indices where !series.responseTime[slot].isEmpty {
            self[.responseTime(slot: slot), default: .init()].add(series.responseTime[slot])
            self[.serviceTime(slot: slot), default: .init()].add(series.serviceTime[slot])
        }
        let times = series.times
        let others: [(SeriesKey, Histogram)] = [
            (.sendDelay, times.sendDelay), (.firstByte, times.firstByte),
            (.connect, times.connect), (.tls, times.tls),
        ]
        for (key, histogram) in others where !histogram.isEmpty {
            self[key, default: .init()].add(histogram)
        }
    }

    package func merged(where isWanted: (SeriesKey) -> Bool) -> CompactHistogram {
        reduce(into: CompactHistogram()) { sum, entry in
            if isWanted(entry.key) { sum.add(entry.value) }
        }
    }
}

/// The durations of one phase in the course of time, by the intended instant.
package typealias PhaseSlices = Slices<CompactSeries>

extension CompactSeries: SlicePart {
    package mutating func add(_ other: CompactSeries) {
        for (key, histogram) in other { self[key, default: .init()].add(histogram) }
    }
}

extension PhaseSlices {
    /// - Parameter second: of the run, in which the payments were due.
    package mutating func add(_ series: PhaseSeries, second: Int) {
        var part = CompactSeries()
        part.add(series)
        add(part, second: second)
    }
}
