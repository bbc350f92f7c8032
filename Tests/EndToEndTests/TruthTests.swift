import Foundation
import Testing

extension EndToEnd {
    /// What is reported of a stall by a target that shares nothing with the simulator.
    @Suite struct TruthTests {
        /// What a quantile of the response time is by the law of the target, in µs.
        private struct Law {
            var p90: Int
            var p99: Int

            var quantiles: [(name: String, truth: Int, of: KeyPath<Summary.Times, Int?>)] {
                [("p90", p90, \.p90Us), ("p99", p99, \.p99Us)]
            }
        }

        /// 2 % or 0.5 ms, whichever is larger.
        private static func tolerance(_ truth: Int) -> Int { max(truth / 50, 500) }

        /// The end of a stall is one instant; on a host that others use and that does not let us go
        /// first, nobody can promise to be there within 20 ms, but within 150 ms.
        private static var stallTolerance: Int { Precedence.isGranted ? 1 : 8 }

        /// A stall of 2 s in 10 s of uniform arrivals: a fifth of them waits, evenly between 0 and 2 s,
        /// so that p90 is 1.0 s and p99 1.9 s. A target that was closed, or asked late, would show neither.
        @Test func aTargetThatStallsFor2Of10Seconds() throws {
            // 2 ⋅ rate answers come at one instant, and p90 is the one in their middle: within its 2 %,
            // 20 ms, an optimised build takes in 1,000. A debug build needs up to 0.5 ms for each: 20.
            let rate = Binary.isOptimised ? 1000 : 20
            let summary = try stalled(rate: rate)
            let law = Self.lawOfTheStall(rate: rate)
            #expect(summary.totals["accepted"] == rate * 10)
            try expect(summary, law)
            #expect(try #require(summary.latency.responseTime.p50Us) < 20_000)
        }

        private func expect(_ summary: Summary, _ law: Law) throws {
            let times = summary.latency.responseTime
            for (name, truth, quantile) in law.quantiles {
                let seen = try #require(times[keyPath: quantile])
                #expect(
                    abs(seen - truth) <= Self.tolerance(truth) * Self.stallTolerance,
                    "\(name): \(seen), not \(truth)")
            }
            expectTheCountsAddUp(summary)
        }

        /// With arrivals every 1 / rate and the stall's edges half-way between two of them, payment k
        /// counted back from the end of the stall takes (k + ½) / rate. Of 10 ⋅ rate payments, 2 ⋅ rate
        /// are slow: p90 is the slow one number rate − 1 (from 0), p99 number 1.9 ⋅ rate − 1.
        private static func lawOfTheStall(rate: Int) -> Law {
            func time(_ k: Int) -> Int { (2 * k + 1) * 500_000 / rate }
            return Law(p90: time(rate - 1), p99: time(rate * 19 / 10 - 1))
        }

        private func stalled(rate: Int) throws -> Summary {
            let target = try StallTarget(
                afterPayments: 4 * rate, pause: Int64(500_000_000 / rate), length: 2_000_000_000)
            defer { target.stop() }
            let folder = try Folder()
            let ended = try run(
                scenario(
                    target.address,
                    load: ["phase: steady, rate: \(rate)/s, for: 10s, arrivals: uniform"]),
                in: folder, [], .first)
            let summary = try Results(folder).summary
            expectItEndedByItself(ended, summary)
            return summary
        }
    }
}
