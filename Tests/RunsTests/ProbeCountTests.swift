import Capacity
import Histograms
import Payments
import Results
import Testing

@testable import Runs

/// Counts of a probe against a plain count of the payments that it was made of.
@Suite struct ProbeCountTests {
    private struct Payment {
        var due: Double
        var seconds: Double
        var outcome: Outcome
        var isMeasured: Bool
        var completed: Double { due + seconds }
    }

    private static let limit = 0.2
    private static let settle = 3
    private static let promises = Promises(
        latencies: [.init(quantile: 0.9, limitSeconds: limit)], errors: 0.01,
        shares: [
            .init(
                "p90 of accepted ones", outcome: "accepted", miss: .taking(seconds: limit),
                most: 0.1),
            .init("in_doubt.rate < 1%", miss: .ending("in_doubt"), most: 0.01),
            .init("accepted ones", payment: "card", miss: .endingOtherwise("accepted"), most: 0.1),
            .init("of nobody", payment: "wallet", miss: .failing, most: 0.1),
        ])

    private static func probe(measure: Double, slices: Int) -> Probe {
        var search = CapacitySearch(CapacitySettings(promises: promises, from: 50, to: 100))
        guard case .probe(var probe) = search.next() else { preconditionFailure("a probe") }
        (probe.settle, probe.measure, probe.slices) = (Double(settle), measure, slices)
        return probe
    }

    private static func payments(
        _ count: Int, measure: Double, _ random: inout SplitMix
    ) -> [Payment] {
        (0..<count).map { _ in
            let due = random.unit * (Double(settle) + measure)
            return Payment(
                due: due, seconds: random.unit * random.unit * 4 * limit,
                outcome: random.unit < 0.05 ? .inDoubt : .accepted,
                isMeasured: due >= Double(settle))
        }
    }

    /// An interval each half second, told of what completed in it.
    private static func intervals(_ payments: [Payment], until end: Double) -> [Interval] {
        stride(from: 0.5, through: end, by: 0.5).map { instant in
            var interval = Interval(phases: 2, workers: 1)
            interval.elapsed = instant
            for payment in payments {
                let due = Int(payment.due)
                if payment.due >= instant - 0.5, payment.due < instant {
                    interval.seconds[due, default: .init()].planned += 1
                    interval.phases[payment.isMeasured ? 1 : 0].started += 1
                }
                guard payment.completed >= instant - 0.5, payment.completed < instant else {
                    continue
                }
                let outcome = Int(payment.outcome.rawValue)
                interval.seconds[Int(payment.completed), default: .init()].outcomes[outcome] += 1
                let microseconds = UInt64(payment.seconds * 1e6)
                interval.seconds[due, default: .init()]
                    .series[payment.isMeasured ? 1 : 0, default: .init()].record(
                        slot: outcome, of: Outcome.allCases.count, response: microseconds,
                        service: microseconds)
            }
            return interval
        }
    }

    private static func counts(_ probe: Probe) -> ProbeCounts {
        ProbeCounts(
            probe, promises: promises, payments: ["card"], expectations: [[.accepted, .declined]],
            phase: 1, first: settle)
    }

    @Test(arguments: 1...20)
    func everyPaymentOfTheMeasuredTimeIsInOneSlice(seed: Int) throws {
        var random = SplitMix(state: UInt64(seed))
        let measure = Double(2 + Int(random.unit * 10))
        let slices = max(2, Int((measure / 2.5).rounded()))
        let payments = Self.payments(700, measure: measure, &random)
        let probe = Self.probe(measure: measure, slices: slices)
        var counts = Self.counts(probe)
        for interval in Self.intervals(payments, until: 30) { counts.add(interval) }
        let result = counts.result(stopped: nil, wallSeconds: 30, trouble: nil)
        let measured = payments.filter(\.isMeasured)
        #expect(result.slices.count == slices)
        #expect(result.scheduled == measured.count)
        #expect(result.failed == measured.count { $0.outcome == .inDoubt })
        let missing = result.slices.reduce(0) { $0 + $1.exceeding[0] }
        // A bucket of the histogram is a thousandth wide: who is within one of the limit is left out.
        let clear = measured.filter { abs($0.seconds / Self.limit - 1) > 0.002 }
        let exact = clear.count { $0.outcome == .inDoubt || $0.seconds > Self.limit }
        #expect((exact...exact + measured.count - clear.count).contains(missing))
        #expect(result.causes.inDoubt == result.failed)
        let (all, doubtful) = (measured.count, result.failed)
        func sum(_ index: Int) -> ProbeResult.Count {
            result.slices.reduce(into: .init()) { $0.add($1.shares[index]) }
        }
        #expect(sum(0) == .init(missing: missing - doubtful, of: all - doubtful))
        #expect(sum(1) == .init(missing: doubtful, of: all))
        #expect(sum(2) == .init(missing: doubtful, of: all))
        #expect(sum(3) == .init())
        #expect(result.inFlight.count == Int(measure))
        for (offset, open) in result.inFlight.enumerated() {
            let end = Double(Self.settle + offset + 1)
            #expect(Int(open) == payments.count { $0.due < end && $0.completed >= end })
        }
        let mean = try #require(result.times.meanMicroseconds)
        let sum = measured.reduce(0) { $0 + ($1.seconds * 1e6).rounded(.down) }
        #expect(abs(mean / (sum / Double(measured.count)) - 1) < 1e-9)
    }

    /// 50 a second that are never answered: while they are younger than the limit they are only open.
    @Test func whatIsOlderThanTheLimitExceedsItBeforeItsAnswer() {
        let payments = (0..<400).map { index in
            Payment(
                due: Double(index) / 50, seconds: 1000, outcome: .accepted,
                isMeasured: index >= Self.settle * 50)
        }
        var counts = Self.counts(Self.probe(measure: 5, slices: 2))
        var seen: [Int] = []
        for interval in Self.intervals(payments, until: 8) {
            counts.add(interval)
            seen.append(counts.slicesSoFar.first?.exceeding[0] ?? 0)
        }
        // The first slice is seconds 3 and 4, known half a second later: 2 × 50.
        #expect(seen == (1...16).map { $0 >= 11 ? 100 : 0 })
        let result = counts.result(stopped: 5.5, wallSeconds: 8, trouble: nil)
        #expect(result.slices.count == 1 && result.wasStoppedEarly)
        #expect(result.slices[0].failed == 100)
    }
}

private struct SplitMix {
    var state: UInt64

    var unit: Double {
        mutating get {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return Double((z ^ (z >> 31)) >> 11) / 9_007_199_254_740_992
        }
    }
}
