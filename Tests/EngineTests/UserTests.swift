import Curl
import Glibc
import Payments
import Testing

@testable import Engine

/// The users of closed phases, over all workers.
@Suite struct UserTests {
    /// Each user pays again as soon as it is answered, after 10 ms: who is there has a payment under way.
    @Test(arguments: [(0, 20), (20, 0), (3, 17), (20, 19), (1, 2)], [1, 2, 3, 7])
    func usersComeAndGoAlongAStraightLine(users: (Int, Int), workers: Int) {
        let service = 10 * millisecond
        let (from, to) = users
        let description = plan([closed(from, to: to, for: second)], workers: workers)
        let simulation = Simulation(description) { _ in service }
        #expect(simulation.isOver)
        func line(_ offset: Nanoseconds) -> Double {
            Double(from) + Double(to - from) * Double(offset) / Double(second)
        }
        for offset in stride(from: service, to: second, by: Int(3 * millisecond)) {
            let there = simulation.events.count {
                (origin + offset - service + 1...origin + offset).contains($0.payment.intended)
            }
            // Who left within the last 10 ms may still wait for an answer.
            let bounds = [line(offset), line(offset - service)]
            #expect(Double(there) >= (bounds.min() ?? 0) - 1, "\(offset)")
            #expect(Double(there) <= (bounds.max() ?? 0) + 1, "\(offset)")
        }
    }

    @Test func thoughtsFollowTheirLaws() {
        let most = 40 * millisecond
        let laws: [(UsersPlan.ThinkTime, (Double) -> Double)] = [
            (.uniform(from: 10 * millisecond, to: most), { ($0 - 10e6) / 30e6 }),
            (.exponential(mean: 20 * millisecond), { 1 - exp(-$0 / 20e6) }),
        ]
        for (law, distribution) in laws {
            for seed in UInt64(1)...5 {
                let times = thinkTimes(law, workers: Int(seed), seed: seed)
                #expect(times.count > 4000)
                let distance = Self.kolmogorovSmirnov(times, distribution)
                // The 1 % point of the limiting law is 1.628.
                #expect(
                    distance * Double(times.count).squareRoot() < 1.628, "seed \(seed), \(law)")
            }
        }
    }

    @Test func thoughtsDoNotDependOnTheNumberOfWorkers() {
        let law = UsersPlan.ThinkTime.exponential(mean: 20 * millisecond)
        let reference = thinkTimes(law, workers: 1, seed: 3).sorted()
        for workers in [2, 3, 7, 20] {
            #expect(thinkTimes(law, workers: workers, seed: 3).sorted() == reference)
        }
    }

    /// From each answer, after 1 ms, to the same user's next payment.
    private func thinkTimes(
        _ law: UsersPlan.ThinkTime, workers: Int, seed: UInt64
    ) -> [Double] {
        let phase = PhasePlan(
            model: .closed(UsersPlan(from: 10, to: 10, thinkTime: law, paymentsEach: 500)),
            length: nil, payments: nil, mix: PaymentMix(weights: [1]))
        let simulation = Simulation(plan([phase], workers: workers, seed: seed))
        #expect(simulation.isOver)
        return Dictionary(grouping: simulation.events) { [$0.worker, Int($0.payment.user)] }.values
            .flatMap { events in
                zip(events, events.dropFirst()).map { one, next in
                    Double(next.payment.intended - one.at - millisecond)
                }
            }
    }

    private static func kolmogorovSmirnov(
        _ sample: [Double], _ distribution: (Double) -> Double
    ) -> Double {
        let count = Double(sample.count)
        return sample.sorted().enumerated().reduce(0) { distance, entry in
            let value = min(1, max(0, distribution(entry.element)))
            let place = Double(entry.offset)
            return max(distance, value - place / count, (place + 1) / count - value)
        }
    }

    @Test func aPaceHoldsFromIntendedToIntended() {
        let phases = [closed(2, think: 10 * millisecond, for: second, pace: 100 * millisecond)]
        // 30 ms and 10 ms of thought fit into 100 ms; 150 ms do not.
        for (service, gap) in [(30, 100), (150, 160)] as [(Nanoseconds, Nanoseconds)] {
            let simulation = Simulation(plan(phases, workers: 2)) { _ in service * millisecond }
            let offsets = Set(simulation.events.map { $0.payment.intended - origin })
            let turns = stride(from: 0, to: second, by: Int(gap * millisecond))
            #expect(offsets == Set(turns))
            #expect(simulation.events.count == 2 * offsets.count)
            #expect(simulation.events.allSatisfy { $0.at == $0.payment.intended })
        }
    }

    @Test(arguments: 1...10) func everyUserMakesItsPayments(users: Int) {
        for workers in [1, 2, 3, 7] {
            for each in [1, 4] {
                let simulation = Simulation(
                    plan([closed(users, each: each), open(10, payments: 2)], workers: workers),
                    slots: 2
                ) { 1 + Nanoseconds($0.number % 5) * millisecond }
                #expect(simulation.isOver)
                let own = simulation.events.filter { $0.payment.phase == 0 }
                let byUser = Dictionary(grouping: own) { [$0.worker, Int($0.payment.user)] }
                #expect(byUser.count == users)
                #expect(byUser.values.allSatisfy { $0.count == each })
                #expect(simulation.count(.started) == users * each + 2)
            }
        }
    }

    @Test func whatIsSharedEndsItBeforeEveryoneHasMadeTheirs() {
        for workers in [1, 2, 3, 7] {
            let shared = Simulation(plan([closed(4, payments: 10, each: 5)], workers: workers))
            #expect(shared.isOver && shared.count(.started) == 10)
            let each = Simulation(plan([closed(4, payments: 100, each: 5)], workers: workers))
            #expect(each.isOver && each.count(.started) == 20)
        }
    }
}
