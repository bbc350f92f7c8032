import Capacity
import FoundationEssentials
import Testing

@Suite struct AnswerTests {
    private func answer() throws -> CapacityAnswer {
        var settings = CapacitySettings.usual()
        settings.stepsDown = true
        settings.soak = .init(seconds: 300)
        settings.expected = 500
        var search = CapacitySearch(settings)
        var target = Deterministic.steep(at: 379.6)
        target.inFlight = { $0 / 50 }
        let found = target.run(&search)
        return try #require(found).answer
    }

    @Test func theSentenceSaysWhatWasProvenAndHowSure() throws {
        let sentence = try answer().sentence
        let pattern = #/^proven 37\d\/s \(120 s at p99 < 250 ms, errors < 0\.1 %\); /#
        let rest = #/; first rate that failed 38\d$/#
        #expect(sentence.firstMatch(of: pattern) != nil, "\(sentence)")
        #expect(sentence.contains(#/estimate 3[78]\d \[37\d, 38\d\]/#), "\(sentence)")
        #expect(sentence.contains(rest), "\(sentence)")
    }

    @Test func theFileHasEveryKeyInSnakeCaseAndReadsBack() throws {
        let whole = try answer()
        let data = try JSONEncoder().encode(whole)
        #expect(try JSONDecoder().decode(CapacityAnswer.self, from: data) == whole)
        var search = CapacitySearch(.usual())
        let empty = try JSONEncoder().encode(search.answer)
        _ = search.next()
        for data in [data, empty] {
            let text = String(decoding: data, as: UTF8.self)
            for key in [
                "format", "ending", "sentence", "proven_per_s", "proven_s", "estimate",
                "first_failed_per_s", "gave_way", "generator_ceiling_per_s", "knee", "scalability",
                "headroom", "hysteresis", "soak", "needs", "held_at_first_per_s",
                "drains_given_up", "wall_s", "promises", "steps",
            ] {
                #expect(text.contains("\"\(key)\":"), "\(key)")
            }
            #expect(!text.contains(#/"[a-z]+[A-Z]\w*":/#))
        }
    }

    @Test func theTableHasARowAStep() throws {
        let answer = try answer()
        let lines = answer.csv.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == answer.steps.count + 2 && lines.last == "")
        #expect(lines[0].hasPrefix("step,purpose,verdict,rate_per_s,settle_s,measured_s,"))
        let columns = lines[0].split(separator: ",").count
        for line in lines.dropLast() {
            #expect(
                line.split(separator: ",", omittingEmptySubsequences: false).count == columns)
        }
        #expect(lines[1].hasPrefix("1,bracket,kept,50,1,4,200,0,0,50,50,50,1,,,,,,false,"))
    }

    /// The law behind the synthetic target: 50 payments a second each, however many are in flight.
    @Test func theShapeIsThatOfTheTarget() throws {
        let answer = try answer()
        let law = try #require(answer.scalability)
        #expect(law.fits && abs(law.lambdaPerSecond - 50) < 0.5 && law.kappa < 1e-6)
        let knee = try #require(answer.knee)
        #expect(knee.ratePerSecond > 370 && knee.ratePerSecond < 400)
        #expect(try #require(answer.hysteresis).share == 0)
        #expect(try #require(answer.headroom).share < -0.2)
    }
}
