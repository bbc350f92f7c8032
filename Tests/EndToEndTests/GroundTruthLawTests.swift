import Foundation
import Testing

extension EndToEnd {
    /// Targets that answer after times of a known law, whatever else they have to do: cases 1 to 4, 12.
    @Suite struct GroundTruthLawTests {
        /// Case 1. What is left when the answer takes nothing is ours and the host's: it is told, and is
        /// the floor of the other cases.
        @Test(.enabled(if: GroundTruth.isWanted(1)))
        func anInstantAnswerShowsTheFloor() throws {
            let load = TruthLoad(rate: 2000, seconds: GroundTruth.form(full: 20, short: 1))
            let target = try Target([], .first)
            let null = GroundTruthCase(1, "null, simulator")
            try expectFloor(null, try TruthRun.of(target.address, load))
            let independent = try IndependentServer(delay: 0)
            let other = GroundTruthCase(1, "null, server in C")
            try expectFloor(other, try TruthRun.of(independent.address, load))
        }

        private func expectFloor(_ truth: GroundTruthCase, _ run: TruthRun) throws {
            let latency = run.summary.latency
            try truth.expect(
                "response time p50", latency.responseTime.p50Us, isAtMost: 250, isJudged: false)
            try truth.expect(
                "response time p99", latency.responseTime.p99Us, isAtMost: 250, isJudged: false)
            try truth.expect(
                "send delay p99", latency.sendDelay.p99Us, isAtMost: 200, isJudged: false)
        }

        /// Case 2, on the simulator and on a server that shares nothing with it.
        @Test(.enabled(if: GroundTruth.isWanted(2)))
        func aFixedTimeIsEveryQuantile() throws {
            let load = GroundTruth.form(
                full: TruthLoad(rate: 500, seconds: 40), short: TruthLoad(rate: 750, seconds: 3))
            let target = try Target(["latency: { constant: 20ms }"], .first)
            let (run, floor) = try TruthRun.withFloor(target.address, load)
            let law = [TruthQuantile: Double](uniform: 20_000)
            try expect(GroundTruthCase(2, "fixed 20 ms, simulator", run), run, law, floor)
            let independent = try IndependentServer(delay: 20_000)
            let null = try IndependentServer(delay: 0)
            let other = try TruthRun.withFloor(
                independent.address, null: null.address, load)
            try expect(
                GroundTruthCase(2, "fixed 20 ms, server in C", other.run), other.run, law,
                other.floor)
        }

        /// Case 3. Stratified: of each 10,000 payments 9,250 take 10 ms, 700 take 100 ms, 50 take 500 ms.
        @Test(.enabled(if: GroundTruth.isWanted(3)))
        func threeTimesHaveTheirShares() throws {
            let table = """
                latency: { empirical: [{ quantile: 0%, time: 10ms }, { quantile: 92.5%, time: 10ms }, \
                { quantile: 92.501%, time: 100ms }, { quantile: 99.5%, time: 100ms }, \
                { quantile: 99.501%, time: 500ms }, { quantile: 100%, time: 500ms }], \
                stratified: true }
                """
            let target = try Target([table], .first)
            let (run, floor) = try TruthRun.withFloor(target.address, Self.stratified)
            let truth = GroundTruthCase(3, "10, 100, 500 ms", run)
            let law: [TruthQuantile: Double] = [
                .p50: 10_000, .p90: 10_000, .p95: 100_000, .p99: 100_000, .p99_9: 500_000,
            ]
            // p90 is the 97th of 100 of those that take 10 ms: so far out is what the floor adds.
            try expect(truth, run, law, floor, floorAt: .p99)
            let blocks = Self.stratified.count / 10_000
            let times = run.samples.map(\.service)
            truth.expect("payments of 10 ms", times.count { $0 < 55_000 }, is: 9250 * blocks)
            truth.expect(
                "payments of 100 ms", times.count { (55_000..<300_000).contains($0) },
                is: 700 * blocks)
            truth.expect("payments of 500 ms", times.count { $0 >= 300_000 }, is: 50 * blocks)
        }

        /// Case 4. Q(p) = 20 ms ⋅ exp(z(p) / 2), z the quantile of the standard normal distribution; p99 is
        /// 64.002 ms.
        @Test(.enabled(if: GroundTruth.isWanted(4)))
        func aLognormalLawHasItsQuantiles() throws {
            let target = try Target(
                ["latency: { lognormal: { p50: 20ms, p99: 64002us }, stratified: true }"], .first)
            let (run, floor) = try TruthRun.withFloor(target.address, Self.stratified)
            let normal: [TruthQuantile: Double] = [
                .p50: 0, .p90: 1.2815516, .p95: 1.6448536, .p99: 2.3263479, .p99_9: 3.0902323,
            ]
            let law = normal.mapValues { 20_000 * exp($0 / 2) }
            // (k + ½) / 10,000 stands for all of its stratum, which is 0.4 % wide at p99.9.
            try expect(
                GroundTruthCase(4, "lognormal 20 ms", run), run, law, floor,
                strata: [.p99_9: 0.004])
        }

        /// Whole blocks of 10,000. A build without optimisation cannot do more than half of the rate.
        private static let stratified =
            GroundTruth.isFull
            ? TruthLoad(rate: 500, seconds: 40, arrivals: "uniform")
            : Binary.isOptimised
                ? TruthLoad(rate: 2000, seconds: 5, arrivals: "uniform")
                : TruthLoad(rate: 1000, seconds: 10, arrivals: "uniform")

        /// Case 12. The head after 5 ms, the body in 20 pieces over the next 45 ms.
        @Test(.enabled(if: GroundTruth.isWanted(12)))
        func theFirstByteComesBeforeTheLast() throws {
            let load = TruthLoad(rate: 200, seconds: GroundTruth.form(full: 25, short: 2))
            let target = try Target(
                ["latency: { constant: 5ms }", "faults: [{ kind: drip, time: 45ms }]"], .first)
            let (run, floor) = try TruthRun.withFloor(target.address, load)
            let firstByte = try #require(run.summary.latency.firstByte)
            let truth = GroundTruthCase(12, "drip", run)
            for quantile in [TruthQuantile.p50, .p90, .p95, .p99] {
                let isJudged = quantile.isJudged(of: run.samples.count)
                let least = quantile.of(floor) ?? 0
                try truth.expect(
                    "first byte \(quantile.name)", quantile.of(firstByte), is: 5000,
                    within: GroundTruth.Tolerance.wide.around(5000), floor: least,
                    isJudged: isJudged)
                try truth.expect(
                    "response time \(quantile.name)",
                    quantile.of(run.summary.latency.responseTime), is: 50_000,
                    within: GroundTruth.Tolerance.wide.around(50_000), floor: least,
                    isJudged: isJudged)
            }
        }

        /// Every quantile of the response time against the law.
        ///
        /// - Parameters:
        ///   - floorAt: where the floor is read; nil: at the same quantile.
        ///   - strata: by how much more, as a share, the law itself is uncertain.
        private func expect(
            _ truth: GroundTruthCase, _ run: TruthRun, _ law: [TruthQuantile: Double],
            _ floor: Summary.Times, floorAt: TruthQuantile? = nil,
            strata: [TruthQuantile: Double] = [:]
        ) throws {
            for quantile in TruthQuantile.allCases {
                guard let time = law[quantile] else { continue }
                let tolerance =
                    GroundTruth.Tolerance.usual.around(time) + time * (strata[quantile] ?? 0)
                try truth.expect(
                    "response time \(quantile.name)",
                    quantile.of(run.summary.latency.responseTime), is: time, within: tolerance,
                    floor: (floorAt ?? quantile).of(floor) ?? 0,
                    isJudged: quantile.isJudged(of: run.samples.count))
            }
        }
    }
}

extension [TruthQuantile: Double] {
    fileprivate init(uniform time: Double) {
        self.init(uniqueKeysWithValues: TruthQuantile.allCases.map { ($0, time) })
    }
}
