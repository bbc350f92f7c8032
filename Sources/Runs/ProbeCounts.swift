import Capacity
import Histograms
import Payments
import Results

/// The payments of one probe, by the second in which they were due, as the intervals of its run tell of
/// them. A payment counts in the second of its intended instant, whenever its answer comes.
struct ProbeCounts: Sendable {
    private struct Second: Sendable {
        /// Of all phases; seconds belong to one phase each, since settling takes whole seconds.
        var planned = 0
        var completed = 0
        /// Of the measured phase, those below too.
        var answered = 0
        var exceeding: [Int]
        var failed = 0
        var shares: [ProbeResult.Count]
    }

    private let probe: Probe
    /// In µs, by promise on latency.
    private let limits: [UInt64]
    private let shares: [CountedShare]
    /// The outcomes that are no error, by payment of the mix.
    private let expectations: [Set<Outcome>]
    private let phase: Int
    /// The second of the run with which counting begins.
    private let first: Int
    private var seconds: [Int: Second] = [:]
    private var late = 0
    private var failures = [Int](repeating: 0, count: Outcome.allCases.count)
    /// Of the failures, by outcome, those that took too long.
    private var timeouts = [Int](repeating: 0, count: Outcome.allCases.count)
    private var started = 0
    private var times = CompactHistogram()
    private(set) var elapsed = 0.0

    /// - Parameters:
    ///   - payments: names of the mix.
    ///   - phase: of the run, that is measured.
    ///   - first: the second with which it begins.
    init(
        _ probe: Probe, promises: Promises, payments: [String], expectations: [Set<Outcome>],
        phase: Int, first: Int
    ) {
        self.probe = probe
        shares = promises.shares.map { CountedShare($0, payments: payments) }
        limits = promises.latencies.map { UInt64(($0.limitSeconds * 1e6).rounded()) }
        self.expectations = expectations
        self.phase = phase
        self.first = first
    }

    mutating func add(_ interval: Interval) {
        elapsed = interval.elapsed
        started += interval.phases[phase].started
        for (code, count) in interval.phases[phase].codes where code.isTimeout {
            timeouts[Int(code.outcome.rawValue)] += count
        }
        for (number, part) in interval.seconds {
            var second = seconds[number] ?? empty
            second.planned += part.planned
            second.completed += part.outcomes.reduce(0, +)
            if let series = part.series[phase] { add(series, to: &second) }
            seconds[number] = second
        }
    }

    private var empty: Second {
        Second(exceeding: limits.map { _ in 0 }, shares: shares.map { _ in .init() })
    }

    private mutating func add(_ series: PhaseSeries, to second: inout Second) {
        for (slot, histogram) in series.responseTime.enumerated() where !histogram.isEmpty {
            let (payment, outcome) = slot.quotientAndRemainder(
                dividingBy: Outcome.allCases.count)
            let count = Int(clamping: histogram.count)
            let compact = CompactHistogram(histogram)
            times.add(compact)
            second.answered += count
            let isError = !expectations[payment].contains(Outcome.allCases[outcome])
            for (index, share) in shares.enumerated() {
                second.shares[index].add(
                    share.count(compact, payment: payment, outcome: outcome, isError: isError))
            }
            if !isError {
                let slower = limits.map { compact.count(above: $0) }
                for index in limits.indices { second.exceeding[index] += slower[index] }
                late += slower.max() ?? 0
            } else {
                for index in limits.indices { second.exceeding[index] += count }
                second.failed += count
                failures[outcome] += count
            }
        }
    }

    /// Whole slices that are over by now; what is still unanswered in them and older than a limit exceeds
    /// it.
    var slicesSoFar: [ProbeResult.Slice] { slices(before: elapsed - 0.5) { $0 } }

    /// What came of the probe, once its run is over: whatever was due and has no end was not sent.
    ///
    /// - Parameter stopped: when it was stopped early, in seconds of the run; nil: it was not.
    func result(
        stopped: Double?, wallSeconds: Double, trouble: String?
    ) -> ProbeResult {
        let end = stopped ?? .infinity
        let slices = slices(before: end) { second in
            var second = second
            let unsent = max(0, second.planned - second.answered)
            second.failed += unsent
            for (index, share) in shares.enumerated() {
                second.shares[index].add(share.count(ofUnsent: unsent))
            }
            for index in limits.indices { second.exceeding[index] += unsent }
            second.answered = max(second.planned, second.answered)
            return second
        }
        let length = max(0, min(Int(probe.measure), Int(min(end, 1e9)) - first))
        let counted = first..<(first + length)
        let span = max(0.001, min(probe.measure, end - Double(first)))
        var result = ProbeResult(
            slices: slices, seconds: wallSeconds, inFlight: inFlight(in: counted),
            achievedPerSecond: Double(started) / span,
            completedPerSecond: counted.isEmpty
                ? 0
                : Double(counted.reduce(0) { $0 + (seconds[$1]?.completed ?? 0) })
                    / Double(length),
            generatorTrouble: trouble, wasStoppedEarly: stopped != nil)
        result.causes = causes
        result.times = ProbeResult.Times(times.histogram)
        return result
    }

    /// At the end of each second: due until then, and not completed.
    private func inFlight(in counted: Range<Int>) -> [Double] {
        var open = 0
        return (0..<counted.upperBound).compactMap { number in
            if let second = seconds[number] { open += second.planned - second.completed }
            return counted.contains(number) ? Double(max(0, open)) : nil
        }
    }

    private func slices(
        before end: Double, _ complete: (Second) -> Second
    ) -> [ProbeResult.Slice] {
        var slices: [ProbeResult.Slice] = []
        let count = Int(probe.measure.rounded(.up))
        for offset in 0..<count {
            let slice = slice(of: offset)
            let isWhole = Double(first + lastOffset(ofSlice: slice, of: count) + 1) <= end
            guard isWhole || end == .infinity else { break }
            while slices.count <= slice {
                slices.append(
                    .init(
                        scheduled: 0, exceeding: empty.exceeding, failed: 0, shares: empty.shares))
            }
            let second = complete(seconds[first + offset] ?? empty)
            let open = max(0, second.planned - second.answered)
            // Due in the course of the second: older than this, all of them.
            let age = elapsed - Double(first + offset + 1)
            slices[slice].scheduled += max(second.planned, second.answered)
            slices[slice].failed += second.failed
            for index in shares.indices { slices[slice].shares[index].add(second.shares[index]) }
            for (index, limit) in limits.enumerated() {
                slices[slice].exceeding[index] +=
                    second.exceeding[index] + (age * 1e6 > Double(limit) ? open : 0)
            }
        }
        return slices
    }

    /// Seconds are not divided: a slice of 2.5 s has two of them, or three.
    private func slice(of offset: Int) -> Int {
        min(probe.slices - 1, Int((Double(offset) + 0.5) / probe.sliceSeconds))
    }

    private func lastOffset(ofSlice slice: Int, of count: Int) -> Int {
        (0..<count).last { self.slice(of: $0) == slice } ?? count - 1
    }

    private var causes: ProbeResult.Causes {
        var causes = ProbeResult.Causes()
        causes.latency = late
        for outcome in Outcome.allCases {
            let failed = failures[Int(outcome.rawValue)]
            let slow = min(failed, timeouts[Int(outcome.rawValue)])
            causes.timeouts += slow
            switch outcome {
            case .throttled: causes.throttled += failed - slow
            case .inDoubt: causes.inDoubt += failed - slow
            case .accepted, .declined, .rejected, .providerError, .malformed, .notSent:
                causes.errors += failed - slow
            }
        }
        return causes
    }
}

extension Interval.Code {
    /// The codes of payments that were given up for their age.
    fileprivate var isTimeout: Bool {
        ["OPERATION_TIMEDOUT", "ABANDONED", "NO_FREE_SLOT"].contains(code)
    }
}

extension ProbeResult.Times {
    fileprivate init(_ histogram: Histogram) {
        self.init()
        meanMicroseconds = histogram.mean
        p50Microseconds = histogram.observedValue(at: 0.5).map { Double($0) }
        p90Microseconds = histogram.observedValue(at: 0.9).map { Double($0) }
        p99Microseconds = histogram.observedValue(at: 0.99).map { Double($0) }
        p999Microseconds = histogram.observedValue(at: 0.999).map { Double($0) }
    }
}
