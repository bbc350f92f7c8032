import Foundation
import Testing

extension EndToEnd {
    /// What is counted has to be exact: cases 11 and 13.
    @Suite struct GroundTruthCountTests {
        /// Case 11. Of N payments N / 1000 get no answer. Of the N / 400 that would be reset, and the
        /// N / 100 that would be answered 503, those are left out that an earlier fault has.
        @Test(.enabled(if: GroundTruth.isWanted(11)))
        func everyFaultIsCounted() throws {
            let load = TruthLoad(
                rate: GroundTruth.form(full: 500, short: 1000),
                seconds: GroundTruth.form(full: 40, short: 2), arrivals: "uniform",
                target: "http: { warm_up: 50 }, timeouts: { total: 1s }")
            let target = try Target(
                [
                    "faults:", "  - { kind: timeout, time: 60s, every: 1000 }",
                    "  - { kind: reset, point: before_booking, every: 400 }",
                    "  - { kind: brown_out, factor: 1, errors: 100%, every: 100 }",
                ], .first)
            let run = try TruthRun.of(target.address, load)
            let count = load.count
            let silent = count / 1000
            let reset = count / 400 - count / 2000
            let failed = count / 100 - count / 1000 - count / 400 + count / 2000
            let good = count - silent - reset - failed
            let truth = GroundTruthCase(11, "faults")
            let totals = run.summary.totals
            truth.expect("planned", totals.planned, is: count)
            truth.expect("provider_error", totals["provider_error"], is: failed)
            truth.expect("in_doubt", totals["in_doubt"], is: silent + reset)
            truth.expect(
                "of these without an answer in 1 s",
                run.summary.count("in_doubt", "OPERATION_TIMEDOUT"), is: silent)
            truth.expect("accepted, of \(count) planned", totals["accepted"], is: good)
            try expectTheLedger(truth, run, target)
            let timeouts = run.samples.filter { $0.code == "OPERATION_TIMEDOUT" }
            for (name, time) in [
                ("shortest", timeouts.map(\.response).min()),
                ("longest", timeouts.map(\.response).max()),
            ] {
                try truth.expect(
                    "\(name) response time of a time-out", time, is: 1_000_000,
                    within: GroundTruth.Tolerance.usual.around(1_000_000))
            }
            let longest = try #require(run.summary.latency.responseTime.maxUs)
            truth.expect(
                "time-outs are among all response times", longest >= 1_000_000,
                found: "longest \(longest) µs")
        }

        /// What each payment came to, by the ledger.
        private func expectTheLedger(
            _ truth: GroundTruthCase, _ run: TruthRun, _ target: Target
        ) throws {
            let entries = try target.entries
            let off = run.samples.filter { sample in
                guard let entry = entries[sample.id] else { return true }
                return switch (sample.outcome, entry.answer) {
                case ("accepted", "200"): entry.bookings != 1
                case ("provider_error", "503"), ("in_doubt", "reset"), ("in_doubt", ""),
                    ("in_doubt", "unsent"):
                    entry.bookings != 0
                default: true
                }
            }
            truth.expect("payments that ended unlike in the ledger", off.count, is: 0)
            truth.expect("payments in the ledger", entries.count, is: run.samples.count)
        }

        /// Case 13. The service closes each connection behind its tenth payment, with one in flight at a
        /// time: each tenth payment opens one, with TLS, and what that takes is its own.
        @Test(.enabled(if: GroundTruth.isWanted(13)))
        func aConnectionIsOpenedForEachTenthPayment() throws {
            let target = try Target(
                ["service: { requests_per_connection: 10 }"], .first, arguments: ["--tls"])
            let authority = try #require(target.authority)
            let load = TruthLoad(
                rate: 100, seconds: GroundTruth.form(full: 20, short: 2), arrivals: "uniform",
                more: ["limits: { in_flight: 1 }"], target: "tls: { ca_file: \"\(authority)\" }")
            let run = try TruthRun.of(target.address, load)
            let truth = GroundTruthCase(13, "10 payments a connection")
            let opening = run.samples.filter(\.opened)
            truth.expect(
                "connections opened, 1 worker", run.summary.generator.connectionsOpened,
                in: (load.count / 10 - 1)...(load.count / 10 + 1))
            truth.expect(
                "payments that opened one", opening.count,
                in: (load.count / 10 - 1)...(load.count / 10 + 1))
            truth.expect(
                "of these without TLS in the response time",
                opening.count { $0.response < $0.tls ?? .max }, is: 0)
            truth.expect("accepted", run.summary.totals["accepted"], is: load.count)
            truth.expect("connection.churn", run.has("connection.churn"), found: run.checks)
        }
    }
}
