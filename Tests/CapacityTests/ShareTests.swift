import Capacity
import Testing

/// Promises about some of the payments, and about how they end.
@Suite struct ShareTests {
    private static func search(_ shares: [Promises.Share]) -> CapacitySearch {
        CapacitySearch(
            CapacitySettings(
                promises: Promises(latencies: [], errors: nil, shares: shares), from: 50,
                to: 5000))
    }

    private static let doubtful = Promises.Share(
        "in_doubt.rate < 1%", miss: .ending("in_doubt"), most: 0.01)

    /// The same curve as of times, and the same answer.
    @Test func aShareIsFoundAsAPercentileIs() throws {
        var target = Deterministic.steep(at: 400)
        target.shares = [{ .init(missing: $0, of: $1) }]
        var search = Self.search([Self.doubtful])
        let found = target.run(&search)
        let (_, answer) = try #require(found)
        #expect(answer.ending == .proven && answer.gaveWay == .inDoubt)
        let estimate = try #require(answer.estimate)
        #expect(abs(estimate.ratePerSecond / 400 - 1) < 0.01)
        #expect(answer.sentence.contains("at in_doubt.rate < 1%)"))
    }

    /// A fifth of the payments is what it is about, and all that is slow is of them: the promise breaks
    /// where 0.2 % of all are.
    @Test func aPromiseAboutSomeIsJudgedByThose() throws {
        var target = Deterministic.steep(at: 400)
        target.shares = [{ .init(missing: min($0, $1 / 5), of: $1 / 5) }]
        var search = Self.search([
            .init(
                "response_time.p99{payment=card} < 250ms", payment: "card",
                miss: .taking(seconds: 0.25), most: 0.01, portion: 0.2)
        ])
        let found = target.run(&search)
        let (_, answer) = try #require(found)
        #expect(answer.ending == .proven && answer.gaveWay == .latency)
        // logit(0.002) − logit(0.01) = −1.62, and a percent of rate is 0.6.
        let estimate = try #require(answer.estimate)
        #expect(abs(estimate.ratePerSecond / (400 * 0.9734) - 1) < 0.015)
        // Five times as long as for all payments.
        let proven = try #require(answer.provenSeconds)
        #expect(proven * (answer.provenPerSecond ?? 0) >= 14_900)
    }

    @Test func whatNoPaymentIsProvesNothing() throws {
        var target = Deterministic.steep(at: 400)
        target.shares = [{ _, _ in .init() }]
        var search = Self.search([Self.doubtful])
        let found = target.run(&search)
        let (_, answer) = try #require(found)
        #expect(answer.ending == .noProof && answer.provenPerSecond == nil)
    }

    @Test func aCountThatHasToBeNoneIsBrokenByTheFirst() throws {
        var target = Deterministic.steep(at: 400)
        target.shares = [{ .init(missing: $0, of: $1) }]
        var search = Self.search([
            .init("in_doubt.count == 0", miss: .ending("in_doubt"), most: 0)
        ])
        let found = target.run(&search)
        let (_, answer) = try #require(found)
        let proof = try #require(answer.steps.last { $0.purpose == .proof && $0.verdict == .kept })
        // Its 120 s had none.
        #expect(proof.goodPerSecond == Double(proof.scheduled) / proof.measuredSeconds)
        #expect(proof.ratePerSecond < 400)
    }
}
