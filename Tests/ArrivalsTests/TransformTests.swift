import Arrivals
import Glibc
import Testing

/// Poisson arrivals of a changing rate are, in units of the integral of that rate, a Poisson process
/// of rate 1.
@Suite struct TransformTests {
    /// Rates so low that a nanosecond is 10⁻⁸ of a gap.
    private static let slow: [String: RateProfile] = [
        "constant": .constant(Rate(perSecond: 5)),
        "ramp": .ramp(from: 0, to: 10, over: 300 * second),
        "ramp down": .ramp(from: 10, to: 0, over: 300 * second),
        "stairs": .stairs(
            from: Rate(perSecond: 1), to: Rate(perSecond: 10), step: Rate(perSecond: 2),
            every: 50 * second),
        "spike": .spike(base: 2, peak: Rate(perSecond: 12), at: 60 * second, lasting: 90 * second),
        "silence between": RateProfile(
            [
                .init(length: 50 * second, from: 8, to: 8),
                .init(length: 50 * second, from: 0, to: 0),
            ], rateAfter: 8),
    ]

    /// Gaps of one shard, in expected arrivals.
    private func gaps(
        _ profile: RateProfile, seed: UInt64, count: Int, shard: Int = 0, of shards: Int = 1
    ) -> [Double] {
        let exact = ExactIntegral(profile)
        var stream = ArrivalStream(
            .profile(profile, .poisson), seed: seed, length: 10_000 * second, count: count,
            shard: shard, of: shards)
        let positions = stream.rest().map { exact.value(to: $0.offset) }
        // The first one waits for shard + 1 arrivals, all others for `shards`.
        return zip(positions.dropFirst(), positions).map { $0 - $1 }
    }

    /// The distribution of the sum of k unit exponentials (Erlang): 1 − e⁻ˣ ⋅ Σ xⁱ / i!, i < k.
    private func erlang(_ x: Double, k: Int) -> Double {
        var (term, sum) = (1.0, 1.0)
        for i in 1..<max(k, 1) {
            term *= x / Double(i)
            sum += term
        }
        return k == 1 ? -expm1(-x) : 1 - exp(-x) * sum
    }

    /// Of 100 true processes a test at 1 % rejects 1; more than 5 with a probability of 0.05 %.
    @Test(arguments: slow.keys.sorted())
    func gapsAreExponentialInTheTimeOfTheRate(name: String) throws {
        let profile = try #require(Self.slow[name])
        let rejected = (UInt64(1)...100).count { seed in
            let gaps = gaps(profile, seed: seed, count: 500)
            return andersonDarling(even: gaps.map { erlang($0, k: 1) }) > 3.857
        }
        #expect(rejected <= 5, "seeds 1…100, \(name)")
    }

    @Test(arguments: ["constant", "ramp", "stairs"], [2, 3, 7])
    func gapsOfAShardAreSumsOfExponentials(name: String, shards: Int) throws {
        let profile = try #require(Self.slow[name])
        let rejected = (UInt64(1)...100).count { seed in
            let shard = Int(seed) % shards
            let gaps = gaps(profile, seed: seed, count: 700, shard: shard, of: shards)
            return andersonDarling(even: gaps.map { erlang($0, k: shards) }) > 3.857
        }
        #expect(rejected <= 5, "seeds 1…100, \(name) over \(shards)")
    }

    @Test func theTestFindsAWrongRateAndWrongShards() throws {
        let ramp = try #require(Self.slow["ramp"])
        var stream = ArrivalStream(
            .profile(ramp, .poisson), seed: 1, length: nil, count: 500)
        let flat = stream.rest().map { Double($0.offset) / 1e9 * 5 }
        let gaps = zip(flat.dropFirst(), flat).map { $0 - $1 }
        #expect(andersonDarling(even: gaps.map { erlang($0, k: 1) }) > 3.857)
        let pairs = self.gaps(ramp, seed: 1, count: 700, shard: 0, of: 2)
        #expect(andersonDarling(even: pairs.map { erlang($0, k: 3) }) > 3.857)
    }

    @Test(arguments: slow.keys.sorted())
    func countsHaveTheMeanOfTheIntegral(name: String) throws {
        let profile = try #require(Self.slow[name])
        let schedule = ArrivalSchedule.profile(profile, .poisson)
        let mean = try #require(try schedule.totals(length: 120 * second, count: nil)).arrivals
        let counts = (UInt64(1)...200).map { seed in
            var stream = ArrivalStream(schedule, seed: seed, length: 120 * second, count: nil)
            return Double(stream.rest().count)
        }
        // The mean of 200 counts has a variance of mean / 200; 3.3 deviations are one in a thousand.
        let found = counts.reduce(0, +) / 200
        #expect(abs(found - mean) < 3.3 * (mean / 200).squareRoot(), "seeds 1…200, \(name)")
    }

    @Test(arguments: RateProfile.shapes.map(\.name))
    func instantsNeverGoBackAndStayInTheirPieces(name: String) throws {
        let profile = try #require(RateProfile.shapes.first { $0.name == name }).profile
        for seed in UInt64(1)...5 {
            var stream = ArrivalStream(
                .profile(profile, .poisson), seed: seed, length: 3 * second, count: nil)
            let instants = stream.rest().map(\.offset)
            #expect(zip(instants, instants.dropFirst()).allSatisfy { $0 <= $1 }, "seed \(seed)")
            #expect(instants.allSatisfy { profile.rate(at: $0) > 0 }, "seed \(seed)")
        }
    }
}
