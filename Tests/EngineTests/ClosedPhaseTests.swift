import Curl
import Testing

@testable import Engine

@Suite struct ClosedPhaseTests {
    @Test func aUserPaysAgainAfterThinkTime() {
        var sequencer = Sequencer(
            plan: plan([closed(1, think: 100 * millisecond, for: second)]), worker: 0)
        #expect(sequencer.steps(at: 0) == [.start(due(0, at: 0)), .wait(until: origin + second)])
        sequencer.answered(due(0, at: 0), at: origin + 30 * millisecond)
        #expect(
            sequencer.steps(at: 30 * millisecond) == [.wait(until: origin + 130 * millisecond)])
        #expect(
            sequencer.steps(at: 130 * millisecond).first
                == .start(due(1, at: 130 * millisecond)))
    }

    @Test func usersPayInTheOrderOfTheirAnswers() {
        var sequencer = Sequencer(
            plan: plan([closed(3, think: 10 * millisecond, for: second)]), worker: 0)
        #expect(sequencer.steps(at: 0).count == 4)
        for (user, offset) in [5, 7, 12].enumerated() {
            sequencer.answered(
                due(UInt64(user), at: 0, user: Int32(user)),
                at: origin + Nanoseconds(offset) * millisecond)
        }
        // Answers at 5, 7 and 12 ms, 10 ms of thought each.
        #expect(
            sequencer.steps(at: 30 * millisecond).dropLast()
                == [
                    .start(due(3, at: 15 * millisecond)),
                    .start(due(4, at: 17 * millisecond, user: 1)),
                    .start(due(5, at: 22 * millisecond, user: 2)),
                ])
    }

    @Test func theLengthEndsItAndWhoIsLateDoesNotComeBack() {
        var sequencer = Sequencer(
            plan: plan([closed(2, for: second), open(1, for: second)]), worker: 0)
        #expect(sequencer.steps(at: 0).count == 3)
        sequencer.answered(due(0, at: 0), at: origin + second - 1)
        #expect(sequencer.steps(at: second - 1).first == .start(due(2, at: second - 1)))
        // At 1 s the open phase begins; its first number lies beyond all of the closed one.
        #expect(
            sequencer.steps(at: second)
                == [
                    .start(due(1 << 40, at: second, phase: 1, position: 0)),
                    .wait(until: origin + 2 * second),
                ])
        sequencer.answered(due(2, at: second - 1), at: origin + second + 1)
        #expect(sequencer.steps(at: second + 1) == [.wait(until: origin + 2 * second)])
        #expect(sequencer.spans.first == PassSpan(pass: 0, start: origin, end: origin + second))
    }

    @Test func aUserWithoutASlotWaitsAndIsGivenUpAsInTheOpenModel() {
        var sequencer = Sequencer(
            plan: plan([closed(2, for: second)], timeout: 300 * millisecond), worker: 0)
        #expect(sequencer.next(now: origin, hasFreeSlot: true) == .start(due(0, at: 0)))
        #expect(
            sequencer.steps(at: 0, hasFreeSlot: false)
                == [.wait(until: origin + 300 * millisecond)])
        // Given up, and back at once: the second user with its next payment.
        #expect(
            sequencer.steps(at: 300 * millisecond, hasFreeSlot: false)
                == [
                    .giveUp(due(1, at: 0, user: 1), hadSlot: false),
                    .wait(until: origin + 600 * millisecond),
                ])
        #expect(
            sequencer.steps(at: 350 * millisecond).first
                == .start(due(2, at: 300 * millisecond, user: 1)))
    }

    @Test func whoHasNoSlotAtTheEndIsSkipped() {
        var sequencer = Sequencer(plan: plan([closed(1, for: second)]), worker: 0)
        #expect(
            sequencer.steps(at: 0, hasFreeSlot: false) == [.wait(until: origin + second)])
        #expect(
            sequencer.steps(at: second, hasFreeSlot: false) == [.skip(due(0, at: 0)), .over])
    }

    @Test func aWorkerWithoutUsersHasNothingToDo() {
        // One user over three workers: it belongs to one of them.
        let phases = [closed(1, payments: 5)]
        let steps = (0..<3).map { worker in
            var sequencer = Sequencer(plan: plan(phases, workers: 3), worker: worker)
            return sequencer.next(now: origin, hasFreeSlot: true)
        }
        let starts = steps.filter { if case .start = $0 { true } else { false } }
        #expect(starts.count == 1)
        #expect(steps.filter { $0 == .awaitOthers(pass: 0, until: .max) }.count == 2)
    }

    @Test func aPhaseThatEndsByCountEndsForAllAtOnce() {
        var sequencer = Sequencer(
            plan: plan([closed(1, payments: 2), open(10, for: second)]), worker: 0)
        #expect(sequencer.steps(at: 0) == [.start(due(0, at: 0)), .wait(until: .max)])
        sequencer.answered(due(0, at: 0), at: origin + 10)
        // The last payment is under way: the phase is not over yet.
        #expect(sequencer.steps(at: 10) == [.start(due(1, at: 10)), .wait(until: .max)])
        sequencer.answered(due(1, at: 10), at: origin + 20)
        #expect(sequencer.steps(at: 20) == [.awaitOthers(pass: 0, until: .max)])
        sequencer.othersAreDone(withPass: 0, at: origin + 500)
        #expect(sequencer.steps(at: 400) == [.wait(until: origin + 500)])
        #expect(
            sequencer.steps(at: 500).first == .start(due(1 << 40, at: 500, phase: 1, position: 0)))
        #expect(sequencer.spans.first == PassSpan(pass: 0, start: origin, end: origin + 500))
    }

    @Test func theLengthWinsOverOthersThatAreDoneLater() {
        var sequencer = Sequencer(
            plan: plan([closed(1, for: second, payments: 1), open(10, for: second)]), worker: 0)
        _ = sequencer.steps(at: 0)
        sequencer.answered(due(0, at: 0), at: origin + second - 1)
        #expect(sequencer.steps(at: second - 1) == [.awaitOthers(pass: 0, until: .max)])
        sequencer.othersAreDone(withPass: 0, at: origin + second + 5)
        #expect(sequencer.spans.first == PassSpan(pass: 0, start: origin, end: origin + second))
    }
}
