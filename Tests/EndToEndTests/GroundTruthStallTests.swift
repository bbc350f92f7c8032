import Foundation
import Testing

extension EndToEnd {
    /// Time in which nothing moves, in the target or in the generator: cases 5 and 6, and an injected lag.
    @Suite struct GroundTruthStallTests {
        /// The target freezes for `length` in the middle of each `period`; µs.
        private struct Freeze {
            static let current = GroundTruth.form(
                full: Freeze(period: 30_000_000, length: 2_000_000, count: 4),
                short: Freeze(period: 4_000_000, length: 800_000, count: 1))
            static let rate = 200
            static let base = 1000.0

            var period: Double
            var length: Double
            var count: Int

            /// A base of 1 ms, and answers that fall due in a freeze come at its end.
            var provider: [String] {
                let stalls = (0..<count).map { place in
                    let after = Int(((Double(place) + 0.5) * period - length) / 1000)
                    return "{ kind: stall, name: freeze-\(place + 1), after: \(after)ms, "
                        + "for: \(Int(length / 1000))ms }"
                }
                return [
                    "latency: { constant: 1ms }", "faults: [\(stalls.joined(separator: ", "))]",
                ]
            }

            func load(_ arrivals: String, more: [String] = []) -> TruthLoad {
                TruthLoad(
                    rate: Self.rate, seconds: Int(period / 1_000_000) * count, arrivals: arrivals,
                    more: more)
            }

            /// Who arrives x before the end of a freeze waits x: evenly spread up to the length, and all others
            /// take the base.
            func law(_ quantile: TruthQuantile) -> Double {
                max(Self.base, length - period * (1 - quantile.rawValue) + Self.base)
            }

            /// Of the law by the number of Poisson arrivals above it, 99 % of the time; µs.
            func envelope(_ quantile: TruthQuantile) -> Double {
                let count = Double(Self.rate * self.count) * period / 1_000_000
                return 2.576 * period * ((1 - quantile.rawValue) / count).squareRoot()
            }
        }

        /// Case 5. With uniform arrivals one more or less is 1 / rate.
        @Test(.enabled(if: GroundTruth.isWanted(5)))
        func aFreezeIsInTheResponseTimes() throws {
            let freeze = Freeze.current
            let target = try Target(freeze.provider, .first)
            let run = try TruthRun.of(target.address, freeze.load("uniform"))
            try expect(GroundTruthCase(5, "freeze", run), run, freeze)
        }

        /// Case 5 with Poisson arrivals, whose number in a freeze is random.
        @Test(.enabled(if: GroundTruth.isWanted(5) && GroundTruth.isFull))
        func aFreezeIsInTheResponseTimesOfRandomArrivals() throws {
            let freeze = Freeze.current
            let target = try Target(freeze.provider, .first)
            let run = try TruthRun.of(target.address, freeze.load("poisson"))
            let truth = GroundTruthCase(5, "freeze, poisson")
            for quantile in [TruthQuantile.p99, .p99_9] {
                let law = freeze.law(quantile)
                try truth.expect(
                    "response time \(quantile.name)",
                    quantile.of(run.summary.latency.responseTime), is: law,
                    within: freeze.envelope(quantile) + GroundTruth.Tolerance.usual.around(law))
            }
        }

        /// Case 6. Whom no slot takes waits here: the response times are those of case 5, while the
        /// service times show a target that hardly ever froze.
        @Test(.enabled(if: GroundTruth.isWanted(6)))
        func fewSlotsHideNoFreeze() throws {
            let freeze = Freeze.current
            let slots = GroundTruth.form(full: 50, short: 20)
            let target = try Target(freeze.provider, .first)
            let run = try TruthRun.of(
                target.address, freeze.load("uniform", more: ["limits: { in_flight: \(slots) }"]))
            let truth = GroundTruthCase(6, "freeze, \(slots) slots", run)
            try expect(truth, run, freeze)
            try truth.expect(
                "service time p95", run.summary.latency.serviceTime.p95Us,
                isAtMost: freeze.law(.p95) / 10)
            truth.expect("openloop.cap", run.has("openloop.cap"), found: run.checks)
        }

        private func expect(
            _ truth: GroundTruthCase, _ run: TruthRun, _ freeze: Freeze
        ) throws {
            for quantile in TruthQuantile.allCases {
                let law = freeze.law(quantile)
                let isJudged = quantile.isJudged(of: run.samples.count, above: 5)
                guard law > Freeze.base, isJudged else { continue }
                let step = 1_000_000 / Double(Freeze.rate)
                try truth.expect(
                    "response time \(quantile.name)",
                    quantile.of(run.summary.latency.responseTime), is: law,
                    within: GroundTruth.Tolerance.usual.around(law) + step)
            }
        }

        /// The generator itself is stopped for a while: each payment that was due meanwhile is late by what
        /// was left of it, its response time has just that more, and its service time nothing.
        @Test(.enabled(if: GroundTruth.isWanted(19)))
        func anInjectedLagIsInTheResponseTimeAlone() throws {
            let target = try Target([], .first)
            let folder = try Folder()
            let load = TruthLoad(
                rate: 200, seconds: 3, arrivals: "uniform", target: "http: { warm_up: 100 }")
            let command = try TruthRun.start(target.address, load, in: folder)
            try target.waitForPayments(200)
            command.signal(SIGSTOP)
            let begin = Date()
            usleep(300_000)
            // Read first: once it goes on, it goes before us.
            let lag = Date().timeIntervalSince(begin) * 1_000_000
            command.signal(SIGCONT)
            let run = try TruthRun(command, in: folder)
            let truth = GroundTruthCase(19, "lag of \(Int(lag / 1000)) ms")
            let late = run.samples.filter { $0.delay > 20_000 }
            let last = try #require(late.last)
            let end = last.intended + Double(last.delay) / 1_000_000
            let errors = late.map { abs(Double($0.delay) - (end - $0.intended) * 1_000_000) }
            let worst = Int(try #require(errors.max()))
            // The first of the late was due up to 5 ms after the stop.
            try truth.expect(
                "longest send delay", late.map(\.delay).max(), is: lag,
                within: 5000 + GroundTruth.Tolerance.usual.around(lag))
            // They are sent one after another, which takes us time.
            try truth.expect("send delay against what was left", worst, isAtMost: 10_000)
            truth.expect(
                "response time less service time is the send delay, payments off",
                run.samples.count { abs($0.response - $0.service - $0.delay) > 1 }, is: 0)
            let service = TruthQuantile.p50.of(late.map { Double($0.service) })
            try truth.expect("service time of the late, p50", Int(service), isAtMost: 10_000)
            try truth.expect(
                "service time p95", run.summary.latency.serviceTime.p95Us, isAtMost: 10_000)
        }
    }
}
