import Foundation
import Testing

extension EndToEnd {
    /// Case 16: adapters whose differences are planted, against the verdicts of `paybench compare`.
    @Suite struct GroundTruthCompareTests {
        /// A lognormal law of 40 ms whose logarithm has the standard deviation 0.45: p99 is
        /// 40 ms ⋅ exp(0.45 ⋅ 2.3263).
        private static let wide = 40_000.0...113_947.0
        /// Of 100 ms and 0.05: 16 slices of 20 payments tell 10 % from nothing by some 15 standard
        /// errors.
        private static let narrow = 100_000.0...112_335.0

        /// The 10 % between planted adapters are found in 17 s; nothing is said to be the other way
        /// round.
        @Test(.enabled(if: GroundTruth.isWanted(16) && !GroundTruth.isFull))
        func tenPercentMoreAreWorse() throws {
            let run = try TruthComparisonRun(
                .init(
                    adapters: [.equal, .slow],
                    compare: "design: blocks, block: 200ms, settle: 20ms, rate: 60/s, for: 17s",
                    law: Self.narrow, seed: 16))
            let made = try run.end(within: 60)
            let truth = GroundTruthCase(16, "blocks")
            guard !made.isInvalid, made.slices.judged >= 15 else {
                truth.note(
                    "comparison of 17 s", found: "\(made.slices.judged) slices, \(made.words)",
                    .disturbed)
                return
            }
            let equal = try #require(made.verdict(.equal))
            let slow = try #require(made.verdict(.slow))
            // Where others use the machine, intervals may be too wide: then it is measured again.
            let unlike: Finding.Judgement = slow.verdict == "cannot_tell" ? .isOff : .fails
            truth.note(
                "verdict on ×1.10", found: slow.verdict, truth: "worse",
                slow.verdict == "worse" ? .holds : unlike)
            truth.expect(
                "verdict on ×1.00 is neither better nor worse",
                !PlantedAdapter.equal.isContradicted(by: equal), found: equal.verdict)
        }

        /// All against the reference at once, several times at the same time. 4 minutes have 8
        /// stalls.
        @Test(.enabled(if: GroundTruth.isWanted(16) && GroundTruth.isFull))
        func inADuetVerdictsAreThoseThatWerePlanted() throws {
            let plans = (0..<8).map { seed in
                TruthComparisonRun.Plan(
                    adapters: PlantedAdapter.allCases,
                    compare: "design: duet, rate: 40/s, for: 4m", law: Self.wide, stalls: 9,
                    seed: 1600 + seed)
            }
            try expect(GroundTruthCase(16, "duet"), plans, design: "duet", within: 900)
        }

        /// In blocks an adapter has its own share of the time, and of the stalls: one at a time
        /// against the reference, so that it is half.
        @Test(.enabled(if: GroundTruth.isWanted(16) && GroundTruth.isFull))
        func inBlocksVerdictsAreThoseThatWerePlanted() throws {
            let plans = (0..<6).flatMap { seed in
                PlantedAdapter.allCases.map {
                    TruthComparisonRun.Plan(
                        adapters: [$0], compare: "design: blocks, rate: 60/s, for: 7m",
                        law: Self.wide, stalls: 15, seed: 1650 + seed)
                }
            }
            try expect(GroundTruthCase(16, "blocks"), plans, design: "blocks", within: 600)
        }

        private func expect(
            _ truth: GroundTruthCase, _ plans: [TruthComparisonRun.Plan], design: String,
            within seconds: Double
        ) throws {
            let runs = try plans.map { try TruthComparisonRun($0) }
            for run in runs { try run.leavePrecedenceToSending() }
            let all = try runs.map { run in (run.plan, try run.end(within: seconds)) }
            let usable = all.filter { !$0.1.isInvalid && $0.1.design == design }
            truth.note(
                "comparisons that are valid, of \(all.count)",
                found: "\(usable.count)\(Self.reasons(all.map(\.1), but: design))", .recorded)
            var wrong = 0
            var count = 0
            var contradictions = 0
            for adapter in PlantedAdapter.allCases {
                let judged = usable.compactMap { $0.1.verdict(adapter) }
                let off = judged.count { !adapter.agrees(with: $0) }
                truth.note(
                    "\(adapter.what), by \(adapter.metric)", found: Self.tally(judged),
                    truth: adapter.truth, .recorded)
                (wrong, count) = (wrong + off, count + judged.count)
                contradictions += usable.flatMap(\.1.verdicts).count {
                    $0.adapter == adapter.rawValue && adapter.isContradicted(by: $0)
                }
            }
            truth.expect(
                "verdicts that there are", count,
                in: 1...plans.reduce(0) { $0 + $1.adapters.count })
            let share = 100 * Double(wrong) / Double(max(1, count))
            truth.expect(
                "wrong verdicts, of \(count), %", (share * 10).rounded() / 10, in: 0...5)
            truth.note(
                "better, or worse where equal, in any metric", found: "\(contradictions)",
                .recorded)
        }

        /// `6 worse, 1 cannot_tell`
        private static func tally(_ judged: [TruthComparison.Judged]) -> String {
            let words = judged.map { $0.material ? "\($0.verdict) by more than 5 %" : $0.verdict }
            let counts = Dictionary(grouping: words) { $0 }.mapValues(\.count)
            return counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
                .joined(separator: ", ")
        }

        private static func reasons(_ all: [TruthComparison], but design: String) -> String {
            let left = all.filter { $0.isInvalid || $0.design != design }
            guard !left.isEmpty else { return "" }
            let words = left.map { $0.isInvalid ? $0.words : "\($0.design) in place of \(design)" }
            return "; others: " + Set(words).sorted().joined(separator: "; ")
        }
    }
}

extension TruthComparison {
    /// `invalid: loop.stall, slices.dropped`
    fileprivate var words: String {
        "\(validity.validity): " + validity.causes.map(\.check).joined(separator: ", ")
    }
}
