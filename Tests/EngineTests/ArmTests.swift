import Arrivals
import Curl
import DataFiles
import Designs
import Payments
import Testing

@testable import Engine

/// A plan with one pass for several arms; the records are those of the arms, then those of settling.
func shared(
    _ phase: PhasePlan, arms count: Int, _ design: PassPlan.Design, workers: Int = 1,
    seed: UInt64 = 1, timeout: Nanoseconds = 10 * second
) -> EnginePlan {
    var own = (0..<count).map { number in
        var own = phase
        own.arm = number
        return own
    }
    var lanes = own.indices.map { PassPlan.Lane(phase: $0) }
    if case .blocks = design {
        own += own
        lanes = lanes.map { PassPlan.Lane(phase: $0.phase, settling: $0.phase + count) }
    }
    var description = plan(own, workers: workers, timeout: timeout, seed: seed, arms: count)
    description.passes = [PassPlan(lanes, design)]
    description.flows = [0..<1]
    return description
}

/// Several arms on a simulated clock.
@Suite struct ArmTests {
    /// What makes a payment the same for two arms.
    struct Same: Hashable {
        var number: UInt64
        var position: UInt64
    }

    private func payments(
        of arm: Int, _ simulation: Simulation, _ plan: EnginePlan
    ) -> [DuePayment] {
        simulation.events.map(\.payment).filter { plan.arm(of: $0) == arm }
            .sorted { $0.intended < $1.intended }
    }

    @Test(arguments: [2, 3, 8], [1, 2, 3])
    func aDuetDealsOneScheduleOut(arms: Int, workers: Int) {
        let rate = 100.0 * Double(arms)
        for process in ArrivalProcess.allCases {
            let description = shared(
                open(rate, process, for: 2 * second), arms: arms, .duet, workers: workers)
            let simulation = Simulation(description)
            #expect(simulation.isOver && !simulation.waitedForThePast)
            var stream = ArrivalStream(
                .profile(.constant(Rate(perSecond: rate)), process),
                seed: description.seed(ofPass: 0), length: 2 * second, count: nil)
            var due: [Nanoseconds] = []
            while let arrival = stream.next() { due.append(origin + arrival.offset) }
            let all = simulation.events.map(\.payment).sorted { $0.intended < $1.intended }
            #expect(all.map(\.intended) == due)
            let order = ArmOrder(arms: arms, seed: description.orderSeed(ofPass: 0))
            for (number, payment) in all.enumerated() {
                let (group, place) = number.quotientAndRemainder(dividingBy: arms)
                #expect(payment.number == UInt64(group) && payment.position == UInt64(group))
                #expect(description.arm(of: payment) == order.arm(at: place, of: UInt64(group)))
            }
            // In each whole group every arm once: all have the same numbers, but for the last one.
            let numbers = (0..<arms).map { arm in
                payments(of: arm, simulation, description).map(\.number)
            }
            let whole = due.count / arms
            for own in numbers { #expect(Array(own.prefix(whole)) == Array(0..<UInt64(whole))) }
        }
    }

    @Test(arguments: [2, 3, 8], [1, 2, 3])
    func blocksReplayTheSameArrivals(arms: Int, workers: Int) {
        let block = 200 * millisecond
        let settle = 20 * millisecond
        // 1.1 s: the last round is half as long.
        let length = 1100 * millisecond
        for process in ArrivalProcess.allCases {
            let description = shared(
                open(100, process, for: length), arms: arms, .blocks(block, settle: settle),
                workers: workers)
            let simulation = Simulation(description)
            #expect(simulation.isOver && !simulation.waitedForThePast)
            var stream = ArrivalStream(
                .profile(.constant(Rate(perSecond: 100)), process),
                seed: description.seed(ofPass: 0), length: length, count: nil)
            var offsets: [Nanoseconds] = []
            while let arrival = stream.next() { offsets.append(arrival.offset) }
            let order = ArmOrder(arms: arms, seed: description.orderSeed(ofPass: 0))
            for arm in 0..<arms {
                let own = payments(of: arm, simulation, description)
                #expect(own.map(\.number) == Array(0..<UInt64(offsets.count)))
                #expect(own.map(\.position) == own.map(\.number))
                for (payment, offset) in zip(own, offsets) {
                    let round = offset / block
                    let part = min(block, length - round * block)
                    let place = Nanoseconds(order.place(of: arm, in: UInt64(round)))
                    let begin = round * block * Nanoseconds(arms) + place * part
                    #expect(payment.intended - origin == begin + offset % block)
                    let settles = offset % block < settle
                    #expect(payment.phase == (settles ? arm + arms : arm))
                }
            }
            let spans = simulation.sequencers.map(\.spans)
            #expect(
                spans.allSatisfy {
                    $0 == [
                        PassSpan(
                            pass: 0, start: origin, end: origin + length * Nanoseconds(arms))
                    ]
                })
        }
    }

    @Test func aCountEndsBlocksWithTheirRound() {
        // 50 at 100/s are over within the third round of 2 × 200 ms.
        let description = shared(
            open(100, payments: 50), arms: 2, .blocks(200 * millisecond, settle: 0))
        let simulation = Simulation(description)
        #expect(simulation.isOver)
        #expect((0..<2).map { simulation.count(.started, phase: $0) } == [50, 50])
        #expect(simulation.sequencers[0].spans.map(\.end) == [origin + 1200 * millisecond])
    }

    @Test(arguments: [1, 2, 3]) func usersPayForOneArmAtATime(workers: Int) {
        let block = 200 * millisecond
        let description = shared(
            closed(5, think: 3 * millisecond, for: second), arms: 3,
            .blocks(block, settle: 20 * millisecond), workers: workers)
        let simulation = Simulation(description) { _ in 7 * millisecond }
        #expect(simulation.isOver && !simulation.waitedForThePast)
        guard let timetable = description.timetable(ofPass: 0) else {
            Issue.record("the pass has blocks")
            return
        }
        for event in simulation.events {
            let offset = event.payment.intended - origin
            let block = timetable.block(at: offset)
            #expect(block?.arm == description.arm(of: event.payment))
            #expect(event.at == event.payment.intended)
            let settles = offset - (block?.start ?? 0) < 20 * millisecond
            #expect((event.payment.phase >= 3) == settles)
        }
        // 5 users, one payment each 10 ms of their second; where a block ends within a payment, the rest of
        // it costs no time: at least 500 for each arm, at most one more for each user and block.
        for arm in 0..<3 {
            let count = payments(of: arm, simulation, description).count
            #expect((500...525).contains(count), "\(count)")
        }
        #expect(simulation.sequencers[0].spans.map(\.end) == [origin + 3 * second])
    }

    @Test(arguments: [1, 2, 3]) func usersWithACountDoAllOfIt(workers: Int) {
        let description = shared(
            closed(4, think: millisecond, payments: 300), arms: 2,
            .blocks(100 * millisecond, settle: 0), workers: workers)
        let simulation = Simulation(description) { _ in 9 * millisecond }
        #expect(simulation.isOver)
        for arm in 0..<2 {
            let numbers = payments(of: arm, simulation, description).map(\.number).sorted()
            #expect(numbers == Array(0..<300))
        }
    }

    /// An arm whose payments are never answered has no slot any more; the other one does not notice.
    @Test func aFullArmDoesNotHoldUpAnother() {
        let description = shared(
            open(200, for: 2 * second), arms: 2, .duet, timeout: 500 * millisecond)
        let simulation = Simulation(description, slots: 3) {
            description.arm(of: $0) == 0 ? 3600 * second : millisecond
        }
        #expect(simulation.isOver)
        let own = simulation.events.filter { description.arm(of: $0.payment) == 1 }
        #expect(own.count == 200)
        #expect(own.allSatisfy { $0.end == .started && $0.at == $0.payment.intended })
        #expect(simulation.count(.started, phase: 0) == 3)
        #expect(simulation.count(.gaveUp, phase: 0) + simulation.count(.skipped, phase: 0) == 197)
    }

    @Test func oneAfterAnotherIsTheSameForBoth() {
        let phases = [open(100, .poisson, for: second), open(100, .poisson, for: second)]
        var description = plan(phases, seed: 3, arms: 2)
        description.phases[1].arm = 1
        description.passes = [
            PassPlan([PassPlan.Lane(phase: 0)], .alone, siblings: 0..<2),
            PassPlan([PassPlan.Lane(phase: 1)], .alone, siblings: 0..<2),
        ]
        let simulation = Simulation(description)
        let own = (0..<2).map { payments(of: $0, simulation, description) }
        #expect(own[0].map(\.number) == own[1].map(\.number))
        #expect(own[0].map { $0.intended + second } == own[1].map(\.intended))
    }

    /// What the reference plays alone counts for all: behind it their numbers and rows are the same again.
    @Test(arguments: [1, 2, 3]) func aGuardDoesNotMakeArmsDiffer(workers: Int) {
        var description = shared(
            open(200, for: second), arms: 2, .duet, workers: workers)
        description.phases.append(open(100, for: second))
        let alone = PassPlan([PassPlan.Lane(phase: 2)], .alone)
        description.passes = [alone, description.passes[0], alone]
        description.flows = [0..<3]
        let simulation = Simulation(description)
        #expect(simulation.isOver)
        let numbers = (0..<2).map { arm in
            simulation.events.filter { $0.payment.phase == arm }.map(\.payment.number).sorted()
        }
        #expect(numbers[0] == Array(100..<200))
        #expect(numbers[1] == numbers[0])
        let last = simulation.events.filter { $0.payment.pass == 2 }.map(\.payment.number)
        #expect(last.sorted() == Array(200..<300))
    }

    /// Whatever the number of workers, the same payments are due at the same instants.
    @Test func workersMakeNoDifference() {
        for design in [PassPlan.Design.duet, .blocks(100 * millisecond, settle: 10 * millisecond)] {
            let plans = [1, 2, 3, 5].map {
                shared(open(500, .poisson, for: second), arms: 3, design, workers: $0, seed: 8)
            }
            let sets = plans.map { plan in
                Simulation(plan).events.map(\.payment).sorted { $0.intended < $1.intended }
            }
            for set in sets { #expect(set == sets[0]) }
        }
    }

    @Test func idsDifferWhereNumbersDoNot() {
        let keys = ["one", "two", nil].map {
            RunKeys(seed: 1, runID: "run", adapter: $0)
        }
        let identities = keys.map { RequestIdentity(number: 5, keys: $0) }
        #expect(Set(identities.map(\.uuid.high)).count == 3)
        #expect(Set(identities.map { $0.draw(0...Int64.max, place: 3) }).count == 1)
        #expect(RunKeys(seed: 1, runID: "run").ids == keys[2].ids)
        #expect(RunKeys(seed: 1, runID: "runone").ids != keys[0].ids)
    }
}
