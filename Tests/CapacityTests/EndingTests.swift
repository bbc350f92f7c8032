import Capacity
import Glibc
import Testing

/// How a search ends where there is more than a capacity to find.
@Suite struct EndingTests {
    @Test(arguments: [70.0, 379.6, 1200, 3333])
    func withoutChanceTheCapacityIsFoundToAPercent(capacity: Double) throws {
        var search = CapacitySearch(.usual())
        let found = Deterministic.steep(at: capacity).run(&search)
        let (_, answer) = try #require(found)
        #expect(answer.ending == .proven)
        let estimate = try #require(answer.estimate)
        #expect(abs(estimate.ratePerSecond / capacity - 1) < 0.01)
        #expect(estimate.lowerPerSecond < capacity && capacity < estimate.upperPerSecond)
        let proven = try #require(answer.provenPerSecond)
        #expect(proven < capacity && proven > capacity * 0.95)
        #expect(answer.gaveWay == .latency)
        #expect(try #require(answer.firstFailedPerSecond) > capacity)
    }

    @Test func aRateThatFailsFromTheStartIsAskedTwiceAndNothingBelowIt() throws {
        var search = CapacitySearch(.usual(from: 400))
        let found = Deterministic.steep(at: 300).run(&search)
        let (rates, answer) = try #require(found)
        #expect(answer.ending == .failsAtStart)
        #expect(rates == [400, 400])
        #expect(answer.provenPerSecond == nil && answer.firstFailedPerSecond == 400)
        #expect(
            answer.sentence
                == "nothing proven: 400/s failed already (latency), and nothing below it was tried")
    }

    @Test func aTargetThatIsDownIsNoCapacity() throws {
        var target = Deterministic.steep(at: 300)
        target.deadFrom = 1
        var search = CapacitySearch(.usual())
        let found = target.run(&search)
        let (rates, answer) = try #require(found)
        #expect(answer.ending == .failsAtStart && answer.gaveWay == .errors)
        #expect(rates.count == 2)
    }

    @Test func nothingBreaksUpToTheEndOfTheSearch() throws {
        var search = CapacitySearch(.usual(to: 700))
        let found = Deterministic.steep(at: 3000).run(&search)
        let (rates, answer) = try #require(found)
        #expect(answer.ending == .atLeast)
        #expect(answer.provenPerSecond == 700)
        #expect(rates.max() == 700)
        #expect(
            answer.sentence
                == "at least 700/s (120 s at p99 < 250 ms, errors < 0.1 %): "
                + "no rate up to the end of the search failed")
    }

    /// Whatever the search does, limits hold.
    @Test(arguments: [60.0, 150, 300, 320, 1000], [299.0, 310, 330])
    func noMoreThanIsAllowedIsTried(capacity: Double, allowed: Double) throws {
        var settings = CapacitySettings.usual(allowed: allowed)
        settings.stepsDown = true
        var search = CapacitySearch(settings)
        let found = Deterministic.steep(at: capacity).run(&search)
        let (rates, answer) = try #require(found)
        #expect(rates.allSatisfy { $0 <= allowed })
        #expect(answer.ending == (capacity < allowed ? .proven : .atLeast))
    }

    @Test(arguments: [80.0, 200, 222, 379])
    func whatTheGeneratorCannotDriveIsNoCapacity(limit: Double) throws {
        var target = Deterministic.steep(at: 400)
        target.generatorLimit = limit
        var search = CapacitySearch(.usual())
        let found = target.run(&search)
        let (_, answer) = try #require(found)
        #expect(answer.ending == .generatorCeiling)
        #expect(answer.gaveWay == .generator)
        let proven = try #require(answer.provenPerSecond)
        #expect(proven <= limit && proven > 0.8 * limit)
        #expect(answer.sentence.contains("a lower bound, not a capacity"))
        #expect(answer.steps.contains { $0.verdict == .notDriven })
    }

    @Test func aGeneratorThatIsInTroubleFromTheStartProvesNothing() throws {
        var target = Deterministic.steep(at: 400)
        target.generatorLimit = 10
        var search = CapacitySearch(.usual())
        let found = target.run(&search)
        let (rates, answer) = try #require(found)
        #expect(rates == [50, 50])
        #expect(answer.ending == .generatorCeiling && answer.provenPerSecond == nil)
        #expect(answer.sentence == "nothing proven: the generator could not drive 50/s")
    }

    /// At any moment: in the bracket, in the search, in the proof.
    @Test(arguments: [4, 6, 9, 12, 20, 25])
    func aTargetThatDiesIsSaidToBeLost(step: Int) throws {
        var target = Deterministic.steep(at: 400)
        target.deadFrom = step
        var search = CapacitySearch(.usual())
        let found = target.run(&search)
        let (rates, answer) = try #require(found)
        #expect(answer.ending == .lost, "\(answer.sentence)")
        #expect(rates.count <= step + 3)
        #expect(answer.sentence.contains("the target stopped answering"))
    }

    /// What held before does not bound the search below by more than two probes.
    @Test(arguments: [10, 12, 16])
    func aTargetThatGrowsWeakIsSearchedAgain(step: Int) throws {
        var target = Deterministic.steep(at: 400)
        target.weakFrom = step
        var search = CapacitySearch(.usual())
        let found = target.run(&search)
        let (_, answer) = try #require(found)
        #expect(answer.ending == .proven)
        #expect(abs(try #require(answer.provenPerSecond) / 280 - 1) < 0.05)
        let held = try #require(answer.heldAtFirstPerSecond)
        #expect(held > 370 && held < 400)
    }

    @Test func aLimitThatFailsWhatIsAboveItIsNamed() throws {
        var search = CapacitySearch(.usual())
        let target = Deterministic(slow: { _ in 0 }, failed: { max(0, 1 - 300 / $0) })
        let found = target.run(&search)
        let (_, answer) = try #require(found)
        #expect(answer.ending == .proven && answer.gaveWay == .errors)
        #expect(abs(try #require(answer.provenPerSecond) / 300 - 1) < 0.05)
    }

    /// A p99.9 at 35/s: the proof is as long as it must be at least, and the answer asks for more.
    @Test func rarePromisesAskForMoreTime() throws {
        var settings = CapacitySettings.usual(from: 5, to: 200)
        settings.promises.latencies = [.init(quantile: 0.999, limitSeconds: 0.25)]
        settings.promises.errors = nil
        var search = CapacitySearch(settings)
        let target = Deterministic(slow: { 1 / (1 + exp(6.9 - 60 * log($0 / 35))) })
        let found = target.run(&search)
        let (_, answer) = try #require(found)
        let proof = try #require(answer.steps.last { $0.purpose == .proof })
        // 30 payments that may miss p99.9 are 30,000 payments.
        #expect(proof.measuredSeconds * proof.ratePerSecond >= 29_900)
        let more = try #require(answer.needs.first { $0.part == .proof })
        #expect(abs(more.seconds * proof.ratePerSecond - 100_000) < 200)
    }

    @Test func aSoakHoldsAShareOfWhatWasProven() throws {
        var settings = CapacitySettings.usual()
        settings.soak = .init(seconds: 600, share: 0.8)
        settings.expected = 300
        var search = CapacitySearch(settings)
        let found = Deterministic.steep(at: 400).run(&search)
        let (_, answer) = try #require(found)
        let (soak, proven) = (try #require(answer.soak), try #require(answer.provenPerSecond))
        #expect(soak.verdict == .kept && soak.seconds == 600)
        #expect(abs(soak.ratePerSecond / proven - 0.8) < 1e-9)
        let headroom = try #require(answer.headroom)
        #expect(abs(headroom.share - (proven / 300 - 1)) < 1e-9)
        #expect(search.secondsLeft == 0)
    }

    @Test func aProbeEndsAsSoonAsItIsHopeless() throws {
        var search = CapacitySearch(.usual())
        let target = Deterministic(slow: { $0 > 300 ? 0.9 : 0 })
        let found = target.run(&search)
        let (_, answer) = try #require(found)
        let broken = answer.steps.filter { $0.verdict == .broken && $0.purpose == .refine }
        #expect(!broken.isEmpty)
        #expect(broken.allSatisfy { $0.wasStoppedEarly && $0.measuredSeconds == 2.5 })
    }

    @Test func repeatedProbesAreJudgedTogether() throws {
        var settings = CapacitySettings.usual()
        settings.step.repeats = 3
        var search = CapacitySearch(settings)
        let found = Deterministic.steep(at: 400).run(&search)
        let (_, answer) = try #require(found)
        let bisections = answer.steps.filter { $0.purpose == .bisect }.map(\.ratePerSecond)
        #expect(bisections.count == 6 && Set(bisections).count == 2)
        #expect(answer.ending == .proven)
    }
}
