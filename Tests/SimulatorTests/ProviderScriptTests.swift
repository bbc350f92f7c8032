import Glibc
import NIOCore
import Providers
import Testing

@testable import Simulator

@Suite struct ProviderScriptTests {
    static let seed: UInt64 = 42

    static func delays(_ law: LatencyLaw, _ count: UInt64) -> [Int64] {
        let script = ProviderScript(.scripted { $0.latency.law = law }, seed: seed)
        return (1...count).map { script.plan(payment: $0).delayNanoseconds }
    }

    @Test func aConstantLawIsConstant() {
        #expect(Set(Self.delays(.constant(.microseconds(5)), 1000)) == [5000])
    }

    /// 20,000 draws at 0.3: standard deviation 65, five of them are 325.
    @Test func aBimodalLawHasItsShareOfSlowOnes() {
        let law = LatencyLaw.bimodal(
            fast: .milliseconds(2), slow: .milliseconds(50), slowShare: 0.3)
        let delays = Self.delays(law, 20_000)
        #expect(Set(delays) == [2_000_000, 50_000_000])
        #expect(abs(delays.count { $0 == 50_000_000 } - 6000) < 325)
    }

    /// Kolmogorov–Smirnov: sup |F - F_n| · √n stays below 1.628 with probability 0.99.
    @Test func aLognormalLawIsLognormal() {
        let delays = Self.delays(
            .lognormal(p50: .milliseconds(350), p99: .milliseconds(1400)), 20_000)
        let sigma = log(4.0) / 2.3263478740408408
        let count = Double(delays.count)
        var distance = 0.0
        for (rank, delay) in delays.sorted().enumerated() {
            let z = log(Double(delay) / 350e6) / sigma
            let share = 0.5 * erfc(-z / 2.0.squareRoot())
            distance = max(
                distance, abs(share - Double(rank) / count), abs(share - Double(rank + 1) / count))
        }
        #expect(distance * count.squareRoot() < 1.628)
    }

    @Test(arguments: [1e-12, 0.001, 0.02, 0.0243, 0.3, 0.5, 0.77, 0.9757, 0.99, 1 - 1e-9])
    func theNormalQuantileInvertsTheDistribution(_ probability: Double) {
        let z = StandardNormal.quantile(probability)
        let back = 0.5 * erfc(-z / 2.0.squareRoot())
        #expect(abs(back - probability) <= 1e-7 * probability)
    }

    @Test func drawsAreAFunctionOfSeedPurposeAndNumber() {
        let draws = Draws(seed: 1)
        #expect(draws.unit(7, for: .ending) == Draws(seed: 1).unit(7, for: .ending))
        #expect(draws.unit(7, for: .ending) != draws.unit(7, for: .latency))
        #expect(draws.unit(7, for: .ending) != draws.unit(8, for: .ending))
        #expect(draws.unit(7, for: .ending) != Draws(seed: 2).unit(7, for: .ending))
    }

    /// 100,000 draws: five standard deviations of 10 % are 474, of 5 % 345, of 1 % 157.
    @Test func endingsHaveTheirShares() {
        let provider = Provider.scripted {
            $0.answers = [
                ScriptedAnswer(share: 0.1, status: 402, code: "CardDeclined"),
                ScriptedAnswer(share: 0.05, status: 429, code: "TooManyRequests"),
            ]
            $0.drops = [ScriptedDrop(share: 0.01, point: .afterBooking)]
        }
        let script = ProviderScript(provider, seed: Self.seed)
        var counts: [ProviderScript.Ending: Int] = [:]
        for number in 1...100_000 as ClosedRange<UInt64> {
            counts[script.plan(payment: number).ending, default: 0] += 1
        }
        #expect(abs(counts[.answer(0), default: 0] - 10_000) < 474)
        #expect(abs(counts[.answer(1), default: 0] - 5_000) < 345)
        #expect(abs(counts[.drop(.afterBooking), default: 0] - 1_000) < 157)
        #expect(counts.values.reduce(0, +) == 100_000)
    }

    @Test func sharesOfOneLeaveNoAcceptance() {
        let provider = Provider.scripted {
            $0.answers = [ScriptedAnswer(share: 1, status: 402, code: "CardDeclined")]
        }
        let script = ProviderScript(provider, seed: Self.seed)
        #expect((1...1000).allSatisfy { script.plan(payment: $0).ending == .answer(0) })
    }

    @Test func aStallHoldsWhatFallsDueInIt() {
        let first = NIODeadline.uptimeNanoseconds(1_000)
        let stall = StallWindow(
            Stall(after: .nanoseconds(100), length: .nanoseconds(50)), firstPayment: first)
        let due = { NIODeadline.uptimeNanoseconds($0) }
        #expect(stall.release(due(1_099)) == due(1_099))
        #expect(stall.release(due(1_100)) == due(1_150))
        #expect(stall.release(due(1_149)) == due(1_150))
        #expect(stall.release(due(1_150)) == due(1_150))
    }

    @Test func answersComeOutInTheOrderOfTheirRequests() {
        var queue = AnswerQueue<Int>()
        let (first, second, third) = (queue.reserve(), queue.reserve(), queue.reserve())
        queue.fulfil(second, with: 2)
        #expect(queue.next() == nil)
        queue.fulfil(first, with: 1)
        #expect([queue.next(), queue.next(), queue.next()] == [1, 2, nil])
        queue.fulfil(third, with: 3)
        #expect(queue.next() == 3)
        #expect(queue.count == 0)
    }

    /// Against the plain rule: what is out is the longest beginning that is ready.
    @Test(arguments: 1...50 as ClosedRange<UInt64>)
    func answersReadyInAnyOrderComeOutInOne(_ seed: UInt64) {
        var draws = Draws(seed: seed)
        draws.seed = seed
        var queue = AnswerQueue<Int>()
        var open = (0..<40).map { (number: $0, ticket: queue.reserve()) }
        var (ready, out): (Set<Int>, [Int]) = ([], [])
        for step in 1...40 as ClosedRange<UInt64> {
            let place = Int(draws.unit(step, for: .latency) * Double(open.count))
            let (number, ticket) = open.remove(at: place)
            ready.insert(number)
            if queue.pass(ticket) { out.append(number) } else { queue.fulfil(ticket, with: number) }
            while let answer = queue.next() { out.append(answer) }
            let expected = (0..<40).prefix { ready.contains($0) }
            #expect(out == Array(expected), "seed \(seed)")
            #expect(queue.count == 40 - out.count)
        }
    }
}
