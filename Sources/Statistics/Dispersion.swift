/// Counts of windows of equal length as their sums: enough for the index of dispersion, at any number
/// of windows.
package struct Dispersion: Sendable, Equatable {
    package private(set) var windows = 0
    private var sum = 0.0
    private var sumOfSquares = 0.0

    package init() {}

    package init(counts: some Sequence<Int>) {
        for count in counts { add(count) }
    }

    package mutating func add(_ count: Int) {
        windows += 1
        sum += Double(count)
        sumOfSquares += Double(count) * Double(count)
    }

    package mutating func add(_ other: Dispersion) {
        windows += other.windows
        sum += other.sum
        sumOfSquares += other.sumOfSquares
    }

    /// Variance of the counts over their mean: 1 for independent arrivals at a constant rate (Poisson),
    /// 0 for even ones. nil where nothing was counted (Cox & Lewis, 1966).
    package var index: Double? {
        guard sum > 0 else { return nil }
        let mean = sum / Double(windows)
        return max(0, sumOfSquares / Double(windows) - mean * mean) / mean
    }
}

/// `arrivals.burst` (`truth.md`, 2.1): how far the sends are bunched other than planned, in windows of
/// 10 and of 100 ms.
package struct Burstiness: Sendable, Equatable {
    package enum Decision: Sendable { case ok, suspect, invalid }

    package static let mostOK = 0.25
    package static let mostSuspect = 1.0

    /// |index of sends − index of the plan|.
    package var difference: Double

    /// nil where nothing was planned or sent.
    package init?(sent: Dispersion, planned: Dispersion) {
        guard let sent = sent.index, let planned = planned.index else { return nil }
        difference = abs(sent - planned)
    }

    package var decision: Decision {
        difference <= Self.mostOK ? .ok : difference <= Self.mostSuspect ? .suspect : .invalid
    }
}
