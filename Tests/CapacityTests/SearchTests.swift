import Capacity
import FoundationEssentials
import Testing

/// The short form of `scripts/evidence capacity`: three searches of each known system.
@Suite struct SearchTests {
    /// The long form bounds the median of many searches; one search of these is off by up to twelve
    /// percent in 1,000 seeds.
    @Test(arguments: KnownSystem.all.indices)
    func whatIsProvenIsNearTheKnownCapacity(index: Int) throws {
        let system = KnownSystem.all[index]
        var errors: [Double] = []
        for seed: UInt64 in [11, 12, 13] {
            var (search, run) = system.search(seed: seed)
            let found = run.answer(of: &search)
            let answer = try #require(found)
            #expect(answer.ending == .proven, "seed \(seed)")
            #expect(answer.gaveWay == (system.law.bucket == nil ? .latency : .throttled))
            errors.append(try #require(answer.provenPerSecond) / system.truth - 1)
            let first = try #require(answer.firstFailedPerSecond)
            #expect(first > system.truth * 0.9)
            #expect(answer.seconds < 1200)
        }
        print(system.name, "seeds 11 to 13, errors", errors)
        #expect(errors.sorted()[1] > -0.1 && errors.sorted()[1] < 0.06)
        #expect(errors.allSatisfy { $0 > -0.2 && $0 < 0.12 })
    }

    /// Encoded and decoded after every step, it comes to the same answer as without.
    @Test func aSearchGoesOnFromAnyMoment() throws {
        var (whole, first) = KnownSystem.singleServer.search(seed: 5)
        var (stored, second) = KnownSystem.singleServer.search(seed: 5)
        let expected = first.answer(of: &whole)
        var answer: CapacityAnswer?
        while answer == nil {
            let data = try JSONEncoder().encode(stored)
            stored = try JSONDecoder().decode(CapacitySearch.self, from: data)
            _ = stored.next()
            answer = second.step(&stored)
        }
        #expect(answer == expected)
        #expect(stored == whole)
    }

    /// A pause lets the target cool down: the step under way is made again, with a long settling.
    @Test func afterAPauseTheStepUnderWayBeginsAnew() throws {
        var (search, run) = KnownSystem.singleServer.search(seed: 6)
        while search.answer.estimate == nil { _ = run.step(&search) }
        if case .drain = search.next() { _ = run.step(&search) }
        guard case .probe(let before) = search.next() else {
            Issue.record("a probe follows")
            return
        }
        search.resume()
        guard case .probe(let after) = search.next() else {
            Issue.record("a probe follows")
            return
        }
        #expect(after.rate == before.rate && after.number == before.number)
        #expect(after.settle == 5)
        #expect(search.answer.ending == .unfinished)
        #expect(search.answer.sentence.hasPrefix("unfinished after"))
        let answer = run.answer(of: &search)
        #expect(answer?.ending == .proven)
    }

    /// A target that collapses under load holds less on the way down than on the way up.
    @Test func aCollapseShowsOnTheWayDown() throws {
        var (collapsing, first) = KnownSystem.heavilyThrashing.search(stepsDown: true, seed: 3)
        let broken = first.answer(of: &collapsing)
        let collapsed = try #require(broken?.hysteresis)
        #expect(collapsed.share > 0.05)
        var (steady, second) = KnownSystem.steady.search(stepsDown: true, seed: 3)
        let whole = second.answer(of: &steady)
        let held = try #require(whole?.hysteresis)
        #expect(held.share < 0.11)
        #expect(collapsed.share > held.share)
    }

    /// Two percent of overload make a queue that is far from its limit of 10 s within a probe.
    @Test func aGrowingBacklogBreaksARateThatIsQuickSoFar() {
        let growing = (0..<120).map { 40 + 8 * Double($0) }
        let level = (0..<120).map { 40 + Double($0 % 7) }
        #expect(Deterministic.verdict(inFlight: growing) == .broken)
        #expect(Deterministic.verdict(inFlight: level) == .kept)
    }
}
