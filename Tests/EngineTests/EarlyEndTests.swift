import Curl
import Payments
import Testing

@testable import Engine

/// Passes that end before their time.
@Suite struct EarlyEndTests {
    private static let end = origin + 300 * millisecond

    private func simulation(
        _ phase: PhasePlan, workers: Int, slots: Int = 100,
        service: @escaping (DuePayment) -> Nanoseconds = { _ in 7 * millisecond }
    ) -> Simulation {
        Simulation(
            plan([phase, open(50, for: 500 * millisecond)], workers: workers), slots: slots,
            ends: [Simulation.EarlyEnd(pass: 0, at: Self.end)], service: service)
    }

    @Test(arguments: [1, 2, 3, 7]) func itEndsForAllWorkersAtOnce(workers: Int) {
        let phases = [
            open(100, for: second), open(300, .poisson, payments: 900), closed(5, for: second),
            closed(5, payments: 100_000), closed(2, each: 100_000), open(1, for: 3 * second),
        ]
        for phase in phases {
            let simulation = simulation(phase, workers: workers)
            #expect(simulation.isOver && !simulation.waitedForThePast)
            for sequencer in simulation.sequencers {
                #expect(
                    sequencer.spans == [
                        PassSpan(pass: 0, start: origin, end: Self.end),
                        PassSpan(pass: 1, start: Self.end, end: Self.end + 500 * millisecond),
                    ])
            }
            let first = simulation.events.filter { $0.payment.pass == 0 }.map(\.payment.intended)
            #expect(first.allSatisfy { $0 < Self.end })
            let next = simulation.events.filter { $0.payment.pass == 1 }.map(\.payment.intended)
            #expect(next == (0..<25).map { Self.end + $0 * 20 * millisecond })
            #expect(isEachNumberUsedOnce(simulation))
        }
    }

    /// One worker still has payments of the pass before, which wait for a slot, when it hears of the end.
    @Test func itEndsForAWorkerThatHasNotBegunItToo() {
        let phases = [
            open(100, for: 200 * millisecond), open(20, for: 10 * second), open(1, payments: 1),
        ]
        let end = origin + 400 * millisecond
        let simulation = Simulation(
            plan(phases, workers: 2), slots: 1, ends: [Simulation.EarlyEnd(pass: 1, at: end)]
        ) { payment in
            // Worker 1, of odd numbers, has no slot until 600 ms.
            payment.number % 2 == 1 ? 600 * millisecond : millisecond
        }
        #expect(simulation.isOver)
        #expect(simulation.sequencers.allSatisfy { $0.spans[1].end == end })
        let own = simulation.events.filter { $0.payment.pass == 1 }
        // From 200 to 400 ms, 50 ms apart.
        #expect(own.map(\.payment.intended).max() == origin + 350 * millisecond)
        #expect(own.count == 4)
        #expect(isEachNumberUsedOnce(simulation))
    }

    /// Too late to change anything, also for workers that heard of it before their end.
    @Test func anEndAfterTheEndChangesNothing() {
        let phases = [open(100, payments: 20), open(100, payments: 20)]
        let plain = Simulation(plan(phases, workers: 3))
        let told = Simulation(
            plan(phases, workers: 3),
            ends: [Simulation.EarlyEnd(pass: 0, at: origin + 210 * millisecond)])
        #expect(plain.events.map(\.payment) == told.events.map(\.payment))
        #expect(plain.sequencers.map(\.spans) == told.sequencers.map(\.spans))
    }

    /// With the last pass sending ends, and waiting for a slot too.
    @Test func whoWaitsForASlotAtTheEarlyEndOfTheLastPassIsSkipped() {
        let simulation = Simulation(
            plan([open(100, for: 10 * second)]), slots: 1,
            ends: [Simulation.EarlyEnd(pass: 0, at: Self.end)]
        ) { _ in 250 * millisecond }
        #expect(simulation.isOver)
        // At 0 and 250 ms; the other 28 of 30 wait.
        #expect(simulation.count(.started) == 2)
        #expect(simulation.count(.skipped) == 28)
        #expect(simulation.events.allSatisfy { $0.at <= Self.end })
    }

    @Test func aPassThatHasNotBegunAtAStopHasNoLength() {
        var sequencer = Sequencer(
            plan: plan([closed(1, payments: 1), open(10, for: second)]), worker: 0)
        _ = sequencer.steps(at: 0)
        sequencer.answered(due(0, at: 0), at: origin + 5)
        #expect(sequencer.steps(at: 6) == [.awaitOthers(pass: 0, until: .max)])
        sequencer.othersAreDone(withPass: 0, at: origin + 500)
        sequencer.stop(at: origin + 7)
        #expect(sequencer.steps(at: 8) == [.over])
        #expect(sequencer.spans.last == PassSpan(pass: 1, start: origin + 500, end: origin + 500))
    }

    /// Rows of a data set are used up for one worker, not yet for the other.
    @Test func aUsedUpDataSetEndsTheFlowBehindThePass() {
        let description = plan([closed(2, payments: 8), open(1, for: second)], workers: 2)
        var (one, other) = (
            Sequencer(plan: description, worker: 0), Sequencer(plan: description, worker: 1)
        )
        guard case .start(let payment) = one.next(now: origin, hasFreeSlot: true) else {
            Issue.record("a payment is due")
            return
        }
        one.rowsAreUsedUp(by: payment, at: origin)
        #expect(one.steps(at: 1) == [.over])
        other.endFlow(with: 0, at: origin)
        // Its own four payments are made, and nobody is waited for.
        for number in 0..<4 {
            guard case .start(let own) = other.next(now: origin, hasFreeSlot: true) else {
                Issue.record("payment \(number) is due")
                return
            }
            other.answered(own, at: origin)
        }
        #expect(other.steps(at: 1) == [.over])
        #expect(other.spans.map(\.pass) == [0])
    }

    @Test func aWorkerWithoutUsersDoesNotWaitWhenRowsAreUsedUp() {
        var sequencer = Sequencer(plan: plan([closed(1, for: second)], workers: 2), worker: 1)
        #expect(sequencer.steps(at: 0) == [.wait(until: origin + second)])
        sequencer.endFlow(with: 0, at: origin + 5)
        #expect(sequencer.steps(at: 6) == [.over])
    }

    private func isEachNumberUsedOnce(_ simulation: Simulation) -> Bool {
        Set(simulation.events.map(\.payment.number)).count == simulation.events.count
    }
}
