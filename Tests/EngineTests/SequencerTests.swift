import Curl
import Engine
import Payments
import Testing

/// Whole plans on a simulated clock, over all their workers.
@Suite struct SequencerTests {
    @Test(arguments: [1, 2, 3, 7])
    func workersShareAnOpenPhaseExactly(workers: Int) {
        // 100/s for 1 s, then 50 payments at 200/s.
        let phases = [open(100, for: second), open(200, payments: 50)]
        let simulation = Simulation(plan(phases, workers: workers))
        #expect(simulation.isOver)
        #expect(!simulation.waitedForThePast)
        let started = simulation.events.sorted { $0.payment.number < $1.payment.number }
        #expect(started.map(\.payment.number) == Array(0..<150))
        for event in started {
            let number = Nanoseconds(event.payment.number)
            // n / 100, and 1 s + (n − 100) / 200.
            let offset =
                number < 100
                ? number * 10 * millisecond : second + (number - 100) * 5 * millisecond
            #expect(event.payment.intended == origin + offset)
            #expect(event.at == event.payment.intended)
        }
    }

    @Test func aClosedPhaseSharesItsPaymentsExactly() {
        let seed: UInt64 = 20_240_611
        var random = SeededGenerator(seed: seed)
        for round in 0..<300 {
            let workers = Int.random(in: 1...9, using: &random)
            let users = Int.random(in: 1...30, using: &random)
            let payments = Int.random(in: 1...400, using: &random)
            let phase = closed(
                users, think: Nanoseconds.random(in: 0...2, using: &random) * millisecond,
                payments: payments)
            let simulation = Simulation(
                plan([phase, open(10, payments: 3)], workers: workers),
                slots: Int.random(in: 1...5, using: &random)
            ) { millisecond + Nanoseconds($0.number % 7) * 100_000 }
            let place = "seed \(seed), round \(round): \(workers), \(users), \(payments)"
            #expect(simulation.isOver, "\(place)")
            #expect(simulation.count(.started, phase: 0) == payments, "\(place)")
            #expect(simulation.count(.started, phase: 1) == 3, "\(place)")
            #expect(simulation.events.count == payments + 3, "\(place)")
            #expect(isEachNumberUsedOnce(simulation), "\(place)")
            #expect(simulation.mostInFlight[0] <= users, "\(place)")
        }
    }

    @Test func everyNumberIsUsedOnceOverAllWorkersAndPhases() {
        let phases = [
            open(100, .poisson, for: second), closed(5, think: millisecond, for: second),
            open(50, payments: 20), closed(3, payments: 17), closed(7, for: 100 * millisecond),
            open(300, for: 500 * millisecond),
        ]
        for workers in [1, 2, 3, 4, 8] {
            let simulation = Simulation(plan(phases, workers: workers))
            #expect(simulation.isOver)
            #expect(isEachNumberUsedOnce(simulation))
            for phase in phases.indices { #expect(simulation.count(.started, phase: phase) > 0) }
            #expect(simulation.count(.started, phase: 3) == 17)
            let spans = simulation.sequencers.map(\.spans)
            #expect(spans.allSatisfy { $0 == spans[0] })
            for (span, next) in zip(spans[0], spans[0].dropFirst()) {
                #expect(span.end == next.start)
            }
        }
    }

    /// Whichever worker's users pay: with 1 user over 2 workers too.
    @Test func theMixIsExactInTheClosedModel() {
        let mix = PaymentMix(weights: [7, 3])
        for (users, workers) in [(1, 2), (3, 2), (5, 4), (50, 2), (2, 7)] {
            let byCount = Simulation(plan([closed(users, payments: 200)], workers: workers))
            let entries = byCount.events.map { mix.entry(of: $0.payment.position) }
            #expect(entries.count { $0 == 0 } == 140 && entries.count == 200)
            let byLength = Simulation(
                plan([closed(users, for: 200 * millisecond)], workers: workers))
            for worker in 0..<workers {
                let own = byLength.events.filter { $0.worker == worker }
                let share = own.count { mix.entry(of: $0.payment.position) == 0 }
                // Within one cycle of ten.
                #expect(abs(Double(share) - 0.7 * Double(own.count)) < 3)
            }
        }
    }

    @Test func aThinkTimeSetsThePace() {
        // Each of 4 users needs 9 ms for its payment and 11 ms for its thought: 4 × 1 s / 20 ms = 200.
        let simulation = Simulation(
            plan([closed(4, think: 11 * millisecond, for: second)], workers: 2)
        ) { _ in 9 * millisecond }
        #expect(simulation.isOver)
        #expect(simulation.count(.started) == 200)
        #expect(simulation.events.count == 200)
    }

    @Test func slotsSetThePaceOfATargetThatIsTooSlow() {
        // Slot A is free at 0, 50, 100 … ms, slot B at 10, 60, 110 …: payment n starts at
        // ⌊n / 2⌋ ⋅ 50 ms, odd ones 10 ms later. Number 40 gets slot A just as the phase ends.
        let simulation = Simulation(plan([open(100, for: second)]), slots: 2) { _ in
            50 * millisecond
        }
        #expect(simulation.isOver)
        #expect(simulation.mostInFlight == [2])
        #expect(simulation.count(.started) == 41)
        #expect(simulation.count(.skipped) == 59)
        let waits = simulation.events.filter { $0.end == .started }.map {
            $0.at - $0.payment.intended
        }
        // It was due at 400 ms; every other one waited less.
        #expect(waits.max() == 600 * millisecond)
    }

    @Test func aStopAccountsForAllThatWasDue() {
        let seed: UInt64 = 99
        var random = SeededGenerator(seed: seed)
        for round in 0..<300 {
            let workers = Int.random(in: 1...5, using: &random)
            let phases = [
                open(200, .poisson, for: 300 * millisecond), closed(4, for: 200 * millisecond),
                open(300, for: 300 * millisecond), closed(3, payments: 50),
            ]
            let stop = Nanoseconds.random(in: 0...900, using: &random) * millisecond
            let service = Nanoseconds.random(in: 1...80, using: &random) * millisecond
            let description = plan(
                phases, workers: workers, timeout: 60 * millisecond, seed: random.next())
            let simulation = Simulation(description, slots: 3, stop: origin + stop) { _ in service }
            let place = "seed \(seed), round \(round)"
            #expect(simulation.isOver, "\(place)")
            #expect(isEachNumberUsedOnce(simulation), "\(place)")
            for event in simulation.events {
                #expect(event.payment.intended <= origin + stop, "\(place)")
                if event.at > origin + stop { #expect(event.end != .started, "\(place)") }
            }
            // Every arrival of the open phases due before the stop is there, once.
            let due = firstPhase(of: description).filter { $0 <= origin + stop }
            let seen = simulation.events.filter { $0.payment.phase == 0 }.map(\.payment.intended)
            #expect(seen.sorted() == due.sorted(), "\(place)")
        }
    }

    @Test func patienceEndsEveryWait() {
        // Nothing is ever answered: one starts, and each other is given up 100 ms after it was due.
        let simulation = Simulation(
            plan([open(100, for: second), open(1, for: second)], timeout: 100 * millisecond),
            slots: 1
        ) { _ in 3600 * second }
        #expect(simulation.isOver)
        let given = simulation.events.filter { $0.end == .gaveUp }
        #expect(given.allSatisfy { $0.at == $0.payment.intended + 100 * millisecond })
        #expect(simulation.count(.started) == 1)
        #expect(simulation.count(.gaveUp, phase: 0) == 99)
        #expect(simulation.events.count == 101)
    }

    private func isEachNumberUsedOnce(_ simulation: Simulation) -> Bool {
        Set(simulation.events.map(\.payment.number)).count == simulation.events.count
    }

    /// When the payments of the first phase are due, on a target without limits.
    private func firstPhase(of description: EnginePlan) -> [Nanoseconds] {
        var alone = description
        alone.phases = [description.phases[0]]
        alone.passes = [PassPlan(phase: 0)]
        alone.flows = [0..<1]
        let simulation = Simulation(alone)
        return simulation.isOver ? simulation.events.map(\.payment.intended) : []
    }
}
