import Glibc
import Providers
import Testing

@testable import Simulator

/// The laws of latency, without a server and without time.
@Suite struct LatencyLawTests {
    static let seed: UInt64 = 42

    static func delays(_ latency: Latency, _ count: UInt64, seed: UInt64 = seed) -> [Int64] {
        let script = ProviderScript(.scripted { $0.latency = latency }, seed: seed)
        return (1...count).map { script.plan(payment: $0).delayNanoseconds }
    }

    static func ms(_ value: Double) -> Double { value * 1e6 }

    /// A law with the distribution function it is to have, of nanoseconds.
    struct Continuous: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var law: LatencyLaw
        var share: @Sendable (Double) -> Double
    }

    static let continuous = [
        Continuous(
            testDescription: "uniform",
            law: .uniform(from: .milliseconds(5), to: .milliseconds(25)),
            share: { ($0 - ms(5)) / ms(20) }),
        Continuous(
            testDescription: "exponential", law: .exponential(mean: .milliseconds(20)),
            share: { 1 - exp(-$0 / ms(20)) }),
        Continuous(
            testDescription: "lognormal",
            law: .lognormal(p50: .milliseconds(350), p99: .milliseconds(1400)),
            share: {
                0.5 * erfc(-log($0 / ms(350)) / (log(4) / 2.3263478740408408) / 2.0.squareRoot())
            }),
        // α = ln 50 / ln 10, and half of all values lie above p50: 1 − F = ½ (p50 / x)^α.
        Continuous(
            testDescription: "pareto",
            law: .pareto(p50: .milliseconds(10), p99: .milliseconds(100)),
            share: { 1 - 0.5 * pow(ms(10) / $0, log(50) / log(10)) }),
        Continuous(
            testDescription: "empirical",
            law: .empirical([
                QuantilePoint(quantile: 0, time: .milliseconds(10)),
                QuantilePoint(quantile: 0.5, time: .milliseconds(20)),
                QuantilePoint(quantile: 1, time: .milliseconds(120)),
            ]),
            share: { $0 < ms(20) ? ($0 - ms(10)) / ms(20) : 0.5 + ($0 - ms(20)) / ms(200) }),
    ]

    /// Kolmogorov–Smirnov: sup |F − F_n| · √n stays below 1.628 with probability 0.99; the draws are
    /// a function of the seed, so it either does or does not.
    @Test(arguments: continuous)
    func a20000SampleIsOfItsLaw(_ law: Continuous) {
        let delays = Self.delays(Latency(law.law), 20_000)
        #expect(Self.distance(delays, law.share) * 20_000.0.squareRoot() < 1.628)
    }

    /// The same for what the servers of a queue draw: the script knows nothing of the queue.
    @Test(arguments: continuous)
    func theServiceOfAQueueIsOfItsLaw(_ law: Continuous) {
        var latency = Latency(law.law)
        latency.servers = 3
        #expect(Self.delays(latency, 1000) == Self.delays(Latency(law.law), 1000))
    }

    /// A sample of another law is told apart: the test can fail.
    @Test func theDistanceSeesAWrongLaw() {
        let delays = Self.delays(Latency(.exponential(mean: .milliseconds(21))), 20_000)
        let distance = Self.distance(delays) { 1 - exp(-$0 / Self.ms(20)) }
        #expect(distance * 20_000.0.squareRoot() > 1.628)
    }

    static func distance(_ delays: [Int64], _ share: (Double) -> Double) -> Double {
        let count = Double(delays.count)
        var distance = 0.0
        for (rank, delay) in delays.sorted().enumerated() {
            let expected = share(Double(delay))
            distance = max(
                distance, abs(expected - Double(rank) / count),
                abs(expected - Double(rank + 1) / count))
        }
        return distance
    }

    @Test func constantsAndAtomsAreExact() {
        #expect(Set(Self.delays(Latency(.constant(.microseconds(5))), 1000)) == [5000])
        var latency = Latency(.constant(.milliseconds(10)))
        latency.standIn = Latency.StandIn(share: 0.2, after: .seconds(5))
        latency.slow = Latency.Slow(share: 0.5, factor: 4)
        #expect(Set(Self.delays(latency, 1000)) == [10_000_000, 40_000_000, 5_000_000_000])
    }

    /// Over 10,000: stand-in 0.2 % = 20, and of the other 9,980 slow 0.5 % = 49.9.
    @Test func aStratifiedMixtureHasItsExactShares() {
        var latency = Latency(.constant(.milliseconds(10)))
        latency.standIn = Latency.StandIn(share: 0.002, after: .seconds(5))
        latency.slow = Latency.Slow(share: 0.005, factor: 4)
        latency.isStratified = true
        let delays = Self.delays(latency, 10_000)
        #expect(delays.count { $0 == 5_000_000_000 } == 20)
        #expect(abs(delays.count { $0 == 40_000_000 } - 50) <= 1)
    }

    @Test(arguments: [0, 1, 2] as [UInt64])
    func everyBlockOf10000HoldsEveryQuantileOnce(_ block: UInt64) {
        let strata = Strata(Draws(seed: Self.seed))
        let first = block * 10_000 + 1
        let places = (first..<(first + 10_000)).map { Int(strata.unit($0) * 10_000) }
        #expect(places.sorted() == Array(0..<10_000))
        #expect(places != places.sorted())
    }

    @Test func blocksAndSeedsAreInAnotherOrder() {
        let strata = Strata(Draws(seed: 1))
        let first = (1...100).map { strata.unit($0) }
        #expect(first != (10_001...10_100).map { strata.unit($0) })
        #expect(first != (1...100).map { Strata(Draws(seed: 2)).unit($0) })
        #expect(first == (1...100).map { Strata(Draws(seed: 1)).unit($0) })
    }

    /// Neighbours in time are not neighbours in value: the correlation at lag 1 of 10,000 even values
    /// in random order is within ±0.04 (four standard deviations of 0.01).
    @Test func theStratifiedOrderLooksRandom() {
        let strata = Strata(Draws(seed: 3))
        let values = (1...10_000).map { strata.unit($0) - 0.5 }
        let product = zip(values, values.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(product / 9_999 * 12) < 0.04)
    }

    /// The quantiles of the stratified lognormal are the law's own: p99 = 1.4 s within one stratum.
    @Test func theStratifiedQuantilesAreTheLawsOwn() {
        var latency = Latency(.lognormal(p50: .milliseconds(350), p99: .milliseconds(1400)))
        latency.isStratified = true
        let sorted = Self.delays(latency, 10_000).sorted()
        #expect(abs(Double(sorted[5000]) / 350e6 - 1) < 0.001)
        #expect(abs(Double(sorted[9900]) / 1400e6 - 1) < 0.005)
    }
}
