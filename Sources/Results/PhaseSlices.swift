import Histograms
import Payments

/// A kind of duration of one phase.
package enum SeriesKey: Sendable, Hashable {
    /// Of a payment of the mix and an outcome (`PhaseSeries`).
    case responseTime(slot: Int)
    case serviceTime(slot: Int)
    case lag, slotWait, sendDelay, firstByte, connect, tls

    /// The payment of the mix and the outcome that it is of; nil where it is of all.
    package var part: (payment: Int, outcome: Int)? {
        switch self {
        case .responseTime(let slot), .serviceTime(let slot):
            let (payment, outcome) = slot.quotientAndRemainder(dividingBy: Outcome.allCases.count)
            return (payment, outcome)
        case .lag, .slotWait, .sendDelay, .firstByte, .connect, .tls: return nil
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
            (.lag, times.lag), (.slotWait, times.slotWait), (.sendDelay, times.sendDelay),
            (.firstByte, times.firstByte), (.connect, times.connect), (.tls, times.tls),
        ]
        for (key, histogram) in others where !histogram.isEmpty {
            self[key, default: .init()].add(histogram)
        }
    }

    mutating func add(_ other: CompactSeries) {
        for (key, histogram) in other { self[key, default: .init()].add(histogram) }
    }

    package func merged(where isWanted: (SeriesKey) -> Bool) -> CompactHistogram {
        reduce(into: CompactHistogram()) { sum, entry in
            if isWanted(entry.key) { sum.add(entry.value) }
        }
    }
}

/// The durations of one phase in the course of time, by the intended instant: 20 to 40 slices of
/// equal length however long it lasts, and one a second as long as these are fewer.
package struct PhaseSlices: Sendable, Equatable {
    private static let most = 40

    /// The second of the run with which the first slice begins; 0 before there is one.
    package private(set) var first = 0
    /// The length of a slice.
    package private(set) var seconds = 1
    package private(set) var slices: [CompactSeries] = []

    package init() {}

    /// - Parameter second: of the run, in which the payments were due.
    package mutating func add(_ series: PhaseSeries, second: Int) {
        if slices.isEmpty { first = second }
        while second < first {
            slices.insert([:], at: 0)
            first -= seconds
        }
        while slices.count > Self.most || (second - first) / seconds >= Self.most { halve() }
        let slice = (second - first) / seconds
        while slices.count <= slice { slices.append([:]) }
        slices[slice].add(series)
    }

    private mutating func halve() {
        slices = stride(from: 0, to: slices.count, by: 2).map { index in
            var both = slices[index]
            if index + 1 < slices.count { both.add(slices[index + 1]) }
            return both
        }
        seconds *= 2
    }
}
