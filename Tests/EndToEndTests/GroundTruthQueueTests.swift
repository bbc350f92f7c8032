import Foundation
import Testing

extension EndToEnd {
    /// One server that works on one payment at a time, in virtual time: cases 7 to 10 and 15. Each is
    /// judged payment by payment against the server's log, and by theory within what chance allows.
    @Suite struct GroundTruthQueueTests {
        /// What is known of a queue, in units of µs; `envelope` is the share by which 99 of 100 runs of
        /// `seconds` differ from the law.
        private struct Theory {
            var law: [TruthQuantile: Double]
            var envelope: [TruthQuantile: Double]
            var seconds: Int
        }

        /// Case 7, M/D/1 at 0.7. The quantiles are those of Erlang's and Crommelin's series, in units of
        /// the service time; it needs more digits than a `Double` has.
        @Test(.enabled(if: GroundTruth.isWanted(7)))
        func aQueueOfConstantServiceIsErlangs() throws {
            let units: [TruthQuantile: Double] = [
                .p50: 1.7298, .p90: 4.0771, .p95: 5.1029, .p99: 7.4855, .p99_9: 10.8944,
            ]
            let theory = Theory(
                law: units.mapValues { $0 * 2000 },
                envelope: [
                    .p50: 0.016, .p90: 0.027, .p95: 0.036, .p99: 0.066, .p99_9: 0.175,
                ], seconds: 300)
            try expect(
                7, "M/D/1 at 0.7", Self.constant,
                TruthLoad(rate: 350, seconds: GroundTruth.form(full: 300, short: 2)), theory)
        }

        /// Case 8. With even arrivals nobody ever waits: any burst of ours would show.
        @Test(.enabled(if: GroundTruth.isWanted(8)))
        func evenArrivalsNeverQueue() throws {
            let load = TruthLoad(
                rate: 350, seconds: GroundTruth.form(full: 60, short: 2), arrivals: "uniform")
            let target = try Self.target(Self.constant)
            let (run, floor) = try TruthRun.withFloor(target.address, load)
            let truth = GroundTruthCase(8, "even arrivals, 2 ms", run)
            for quantile in TruthQuantile.allCases {
                try truth.expect(
                    "response time \(quantile.name)",
                    quantile.of(run.summary.latency.responseTime), is: 2000,
                    within: GroundTruth.Tolerance.wide.around(2000),
                    floor: quantile.of(floor) ?? 0,
                    isJudged: quantile != .p99_9 && quantile.isJudged(of: run.samples.count))
            }
        }

        /// Case 9, M/M/1 at 0.6: −ln(1 − p) / (µ (1 − ρ)).
        @Test(.enabled(if: GroundTruth.isWanted(9)))
        func aQueueOfRandomServiceIsExponential() throws {
            let theory = Theory(
                law: Self.exponential(mean: 2000 / 0.4),
                envelope: [
                    .p50: 0.028, .p90: 0.042, .p95: 0.052, .p99: 0.086, .p99_9: 0.177,
                ], seconds: 300)
            try expect(
                9, "M/M/1 at 0.6", "exponential: { mean: 2ms }",
                TruthLoad(rate: 300, seconds: GroundTruth.form(full: 300, short: 2)), theory)
        }

        /// Case 10, D/M/1 at 0.7: −ln(1 − p) / (µ (1 − σ)), where σ = exp(−(1 − σ) / ρ).
        @Test(.enabled(if: GroundTruth.isWanted(10)))
        func evenArrivalsBeforeRandomServiceHaveTheirRoot() throws {
            var root = 0.5
            for _ in 0..<100 { root = exp(-(1 - root) / 0.7) }
            let theory = Theory(
                law: Self.exponential(mean: 2000 / (1 - root)),
                envelope: [.p50: 0.05, .p90: 0.07, .p95: 0.09, .p99: 0.16, .p99_9: 0.39],
                seconds: 60)
            try expect(
                10, "D/M/1 at 0.7", "exponential: { mean: 2ms }",
                TruthLoad(
                    rate: 350, seconds: GroundTruth.form(full: 60, short: 2), arrivals: "uniform"),
                theory)
        }

        private static func exponential(mean: Double) -> [TruthQuantile: Double] {
            Dictionary(
                uniqueKeysWithValues: TruthQuantile.allCases.map {
                    ($0, -log(1 - $0.rawValue) * mean)
                })
        }

        private static let constant = "constant: 2ms"

        private static func target(_ service: String) throws -> Target {
            try Target(
                ["latency: { queue: { servers: 1, service: { \(service) } } }"], .first,
                arguments: ["--times"])
        }

        private func expect(
            _ number: Int, _ name: String, _ service: String, _ load: TruthLoad, _ theory: Theory
        ) throws {
            let target = try Self.target(service)
            let (run, floor) = try TruthRun.withFloor(target.address, load)
            let truth = GroundTruthCase(number, name, run)
            let log = try target.times
            if service == Self.constant { expectTheRecursion(truth, log) }
            try expectTheLog(truth, run, floor, log)
            let times = run.summary.latency.responseTime
            let scale = (Double(theory.seconds) / Double(load.seconds)).squareRoot()
            for quantile in TruthQuantile.allCases {
                guard let law = theory.law[quantile], let share = theory.envelope[quantile] else {
                    continue
                }
                try truth.expect(
                    "response time \(quantile.name) by theory", quantile.of(times), is: law,
                    within: law * share * scale + GroundTruth.Tolerance.usual.around(law),
                    floor: quantile.of(floor) ?? 0,
                    isJudged: quantile.isJudged(of: run.samples.count))
            }
        }

        /// The server itself, by the instants at which payments came to it: departure =
        /// max(departure before, arrival) + 2 ms.
        private func expectTheRecursion(
            _ truth: GroundTruthCase, _ log: [String: Target.AnswerTimes]
        ) {
            var free: Int64 = 0
            let off = log.values.sorted { $0.arrival < $1.arrival }.count { payment in
                free = max(free, payment.arrival) + 2_000_000
                return payment.due != free
            }
            truth.expect("departures of the server that are off the queue's law", off, is: 0)
        }

        /// Payment by payment: service time less what the server says that it took. Then the quantiles
        /// against those of the times from arrival to due.
        private func expectTheLog(
            _ truth: GroundTruthCase, _ run: TruthRun, _ floor: Summary.Times,
            _ log: [String: Target.AnswerTimes]
        ) throws {
            let found = run.samples.compactMap { log[$0.id] }
            truth.expect("payments in the server's log", found.count, is: run.samples.count)
            let residuals = run.samples.compactMap { sample in
                log[sample.id].map {
                    Double(sample.service) - Double($0.answered - $0.arrival) / 1000
                }
            }
            for quantile in [TruthQuantile.p50, .p95, .p99] {
                try truth.expect(
                    "service time less the server's, \(quantile.name) of all payments",
                    Int(quantile.of(residuals)), is: 0,
                    within: GroundTruth.Tolerance.usual.around(0),
                    floor: quantile.of(floor) ?? 0,
                    isJudged: quantile.isJudged(of: run.samples.count))
            }
            let inSystem = found.map { Double($0.due - $0.arrival) / 1000 }
            for quantile in TruthQuantile.allCases {
                let time = quantile.of(inSystem)
                try truth.expect(
                    "response time \(quantile.name) by the server's log",
                    quantile.of(run.summary.latency.responseTime), is: time,
                    within: GroundTruth.Tolerance.usual.around(time),
                    floor: quantile.of(floor) ?? 0,
                    isJudged: quantile.isJudged(of: run.samples.count))
            }
        }

        /// Case 15. What comes more than 500/s stays: the payments in flight grow by that many a second.
        @Test(.enabled(if: GroundTruth.isWanted(15)))
        func anOverloadIsABacklogThatGrows() throws {
            let load = TruthLoad(
                rate: GroundTruth.form(full: 525, short: 650),
                seconds: GroundTruth.form(full: 60, short: 5))
            let target = try Self.target(Self.constant)
            let run = try TruthRun.of(target.address, load)
            let truth = GroundTruthCase(15, "M/D/1 at \(load.rate)/s of 500/s")
            // The first second fills the server, in the last one sending ends.
            let rows = try run.results.rows("timeline.csv").prefix(load.seconds - 1).dropFirst()
            let inFlight = try rows.map { Double(try #require($0["in_flight"])) ?? -1 }
            var sum = 0.0
            let surplus = try rows.map { row in
                sum += (Double(try #require(row["planned"])) ?? -1) - 500
                return sum
            }
            let growth = Self.slope(surplus)
            let off = Self.slope(inFlight) / growth - 1
            truth.expect(
                "growth of the payments in flight over \(Int(growth))/s, less 1, %",
                (off * 100).rounded(), in: -10...10)
            guard GroundTruth.isFull else { return }
            truth.expect("queue.stable", run.has("queue.stable"), found: run.checks)
        }

        /// Of the line of least squares through values that are 1 apart.
        private static func slope(_ values: [Double]) -> Double {
            let middle = Double(values.count - 1) / 2
            let mean = values.reduce(0, +) / Double(values.count)
            var (above, below) = (0.0, 0.0)
            for (place, value) in values.enumerated() {
                above += (Double(place) - middle) * (value - mean)
                below += (Double(place) - middle) * (Double(place) - middle)
            }
            return above / below
        }
    }
}
