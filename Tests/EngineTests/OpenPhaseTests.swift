import Curl
import Testing

@testable import Engine

@Suite struct OpenPhaseTests {
    /// 10/s, uniform: a payment every 100 ms.
    private func tenASecond(
        for length: Nanoseconds = second, then next: [PhasePlan] = [],
        timeout: Nanoseconds = 10 * second
    ) -> Sequencer {
        Sequencer(plan: plan([open(10, for: length)] + next, timeout: timeout), worker: 0)
    }

    @Test func paymentsStartAtTheirInstants() {
        var sequencer = tenASecond()
        #expect(sequencer.steps(at: -1) == [.wait(until: origin)])
        #expect(
            sequencer.steps(at: 0)
                == [.start(due(0, at: 0)), .wait(until: origin + 100 * millisecond)])
        #expect(
            sequencer.steps(at: 100 * millisecond - 1)
                == [.wait(until: origin + 100 * millisecond)])
        #expect(
            sequencer.steps(at: 100 * millisecond)
                == [
                    .start(due(1, at: 100 * millisecond)),
                    .wait(until: origin + 200 * millisecond),
                ])
    }

    @Test func aLateWorkerCatchesUpAndLatenessIsSeen() {
        var sequencer = tenASecond()
        // At 350 ms four are due, each still with its own instant.
        #expect(
            sequencer.steps(at: 350 * millisecond)
                == (0...3).map { .start(due($0, at: Nanoseconds($0) * 100 * millisecond)) }
                + [.wait(until: origin + 400 * millisecond)])
    }

    @Test func aWaitForASlotCounts() {
        var sequencer = tenASecond()
        // The wait for a slot ends with the phase: 1 s is before 0 + 10 s of patience.
        #expect(sequencer.steps(at: 0, hasFreeSlot: false) == [.wait(until: origin + second)])
        #expect(
            sequencer.steps(at: 250 * millisecond, hasFreeSlot: false)
                == [.wait(until: origin + second)])
        #expect(
            sequencer.steps(at: 260 * millisecond).prefix(2)
                == [.start(due(0, at: 0)), .start(due(1, at: 100 * millisecond))])
    }

    @Test func aPaymentThatWaitedLongerThanATimeoutIsGivenUp() {
        var sequencer = tenASecond(timeout: 200 * millisecond)
        #expect(
            sequencer.steps(at: 0, hasFreeSlot: false)
                == [.wait(until: origin + 200 * millisecond)])
        #expect(
            sequencer.steps(at: 200 * millisecond - 1, hasFreeSlot: false)
                == [.wait(until: origin + 200 * millisecond)])
        #expect(
            sequencer.steps(at: 200 * millisecond, hasFreeSlot: false)
                == [
                    .giveUp(due(0, at: 0), hadSlot: false),
                    .wait(until: origin + 300 * millisecond),
                ])
        // A slot that comes too late is no slot.
        #expect(
            sequencer.steps(at: 310 * millisecond)
                == [
                    .giveUp(due(1, at: 100 * millisecond), hadSlot: true),
                    .start(due(2, at: 200 * millisecond)), .start(due(3, at: 300 * millisecond)),
                    .wait(until: origin + 400 * millisecond),
                ])
    }

    @Test func theLastPhaseSkipsWhatHasNoSlotAtItsEnd() {
        var sequencer = tenASecond(for: 300 * millisecond)
        #expect(
            sequencer.steps(at: 250 * millisecond, hasFreeSlot: false)
                == [.wait(until: origin + 300 * millisecond)])
        #expect(
            sequencer.steps(at: 300 * millisecond, hasFreeSlot: false)
                == [
                    .skip(due(0, at: 0)), .skip(due(1, at: 100 * millisecond)),
                    .skip(due(2, at: 200 * millisecond)), .over,
                ])
    }

    @Test func anEarlierPhaseLetsThemWaitOn() {
        var sequencer = tenASecond(for: 300 * millisecond, then: [open(1, for: second)])
        #expect(
            sequencer.steps(at: 300 * millisecond, hasFreeSlot: false)
                == [.wait(until: origin + 10 * second)])
        #expect(
            sequencer.steps(at: 400 * millisecond)
                == [
                    .start(due(0, at: 0)), .start(due(1, at: 100 * millisecond)),
                    .start(due(2, at: 200 * millisecond)),
                    .start(due(3, at: 300 * millisecond, phase: 1, position: 0)),
                    .wait(until: origin + 1300 * millisecond),
                ])
    }

    @Test func phasesFollowEachOtherWithoutAGap() {
        var sequencer = tenASecond(
            for: 250 * millisecond, then: [open(4, for: 500 * millisecond), open(1, payments: 1)])
        var started: [DuePayment] = []
        for tick in 0..<1000 {
            for case .start(let payment) in sequencer.steps(at: Nanoseconds(tick) * millisecond) {
                started.append(payment)
            }
        }
        // 0, 100, 200 | 250, 500 | 750; numbers go on.
        #expect(
            started.map { ($0.intended - origin) / millisecond } == [0, 100, 200, 250, 500, 750])
        #expect(started.map(\.phase) == [0, 0, 0, 1, 1, 2])
        #expect(started.map(\.number) == [0, 1, 2, 3, 4, 5])
        // A phase that ends by count ends where its next payment would be due: 750 ms + 1 s.
        #expect(sequencer.steps(at: 1750 * millisecond) == [.over])
        #expect(
            sequencer.spans.map { [$0.start, $0.end].map { ($0 - origin) / millisecond } }
                == [[0, 250], [250, 750], [750, 1750]])
    }

    @Test func afterTheEndItIsOverForGood() {
        var sequencer = tenASecond(for: 100 * millisecond)
        #expect(sequencer.steps(at: 100 * millisecond) == [.start(due(0, at: 0)), .over])
        #expect(sequencer.steps(at: second) == [.over])
        sequencer.stop(at: origin + 2 * second)
        #expect(sequencer.steps(at: 3 * second) == [.over])
        #expect(
            sequencer.spans == [PassSpan(pass: 0, start: origin, end: origin + 100 * millisecond)])
    }
}

@Suite struct StopTests {
    @Test func whatIsDueAtTheStopIsSkippedAndNothingElseIsPlanned() {
        var sequencer = Sequencer(plan: plan([open(10, for: second)]), worker: 0)
        _ = sequencer.steps(at: 0)
        sequencer.stop(at: origin + 250 * millisecond)
        // Heard 50 ms late; the payment at 300 ms was not due when sending stopped.
        #expect(
            sequencer.steps(at: 300 * millisecond)
                == [
                    .skip(due(1, at: 100 * millisecond)), .skip(due(2, at: 200 * millisecond)),
                    .over,
                ])
        #expect(
            sequencer.spans == [PassSpan(pass: 0, start: origin, end: origin + 250 * millisecond)])
    }

    @Test func theFirstStopStands() {
        var sequencer = Sequencer(plan: plan([open(10, for: second)]), worker: 0)
        sequencer.stop(at: origin + 50 * millisecond)
        sequencer.stop(at: origin + 950 * millisecond)
        #expect(sequencer.steps(at: second) == [.skip(due(0, at: 0)), .over])
    }

    @Test func aStopBeforeTheStartPlansNothing() {
        var sequencer = Sequencer(plan: plan([open(10, for: second)]), worker: 0)
        sequencer.stop(at: origin - 1)
        #expect(sequencer.steps(at: second) == [.over])
    }

    @Test func aStopEndsAWaitForOthers() {
        var sequencer = Sequencer(
            plan: plan([closed(1, payments: 1), open(10, for: second)]), worker: 0)
        #expect(sequencer.steps(at: 0) == [.start(due(0, at: 0)), .wait(until: .max)])
        sequencer.answered(due(0, at: 0), at: origin + 5)
        #expect(sequencer.steps(at: 6) == [.awaitOthers(pass: 0, until: .max)])
        sequencer.stop(at: origin + 7)
        #expect(sequencer.steps(at: 8) == [.over])
    }

    @Test func usersWhoWaitForASlotAreSkipped() {
        var sequencer = Sequencer(plan: plan([closed(3, for: second)]), worker: 0)
        #expect(sequencer.next(now: origin, hasFreeSlot: true) == .start(due(0, at: 0)))
        sequencer.stop(at: origin + 1)
        #expect(
            sequencer.steps(at: 2, hasFreeSlot: false)
                == [.skip(due(1, at: 0, user: 1)), .skip(due(2, at: 0, user: 2)), .over])
    }

    @Test func usersWhoWouldHaveHadASlotHaveNotBegun() {
        var sequencer = Sequencer(plan: plan([closed(3, for: second)]), worker: 0)
        #expect(sequencer.next(now: origin, hasFreeSlot: true) == .start(due(0, at: 0)))
        sequencer.stop(at: origin + 1)
        #expect(sequencer.steps(at: 2) == [.over])
    }
}
