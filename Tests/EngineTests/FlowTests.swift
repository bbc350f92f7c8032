import Curl
import Payments
import Testing

@testable import Engine

/// Flows side by side on the same workers.
@Suite struct FlowTests {
    /// 50 payments a second find a slot, and each flow has 100.
    @Test func scarceSlotsAreSharedByTheFlows() {
        for flows in [2, 3] {
            let phases = (0..<flows).map { _ in open(100, for: second) }
            let simulation = Simulation(
                plan(phases, flows: (0..<flows).map { $0..<$0 + 1 }), slots: 1
            ) { _ in 20 * millisecond }
            #expect(simulation.isOver)
            let started = simulation.events.filter { $0.end == .started && $0.at < origin + second }
            for flow in 0..<flows {
                let own = started.count { $0.payment.pass == flow }
                // 50 of them, one after the other.
                #expect(abs(own - 50 / flows) <= 1)
            }
        }
    }

    @Test func aFlowThatWaitsForItsOtherWorkersHoldsUpNobody() {
        // One user over two workers: the one without waits for the whole pass.
        let phases = [
            closed(1, payments: 20), open(50, for: second), open(200, .poisson, for: second),
        ]
        let description = plan(phases, workers: 2, flows: [0..<2, 2..<3])
        let simulation = Simulation(description) { _ in 20 * millisecond }
        #expect(simulation.isOver)
        let side = simulation.events.filter { $0.payment.phase == 2 }
        #expect(side.count > 100)
        #expect(side.allSatisfy { $0.at == $0.payment.intended && $0.end == .started })
        #expect(simulation.count(.started, phase: 0) == 20)
        #expect(simulation.count(.started, phase: 1) == 50)
    }

    @Test func twoFlowsPassTheirGatesAtOnce() {
        for workers in 1...5 {
            let phases = [
                closed(1, payments: 7), closed(2, payments: 9), open(100, payments: 10),
                closed(1, each: 6), closed(3, payments: 4), open(100, payments: 10),
            ]
            let simulation = Simulation(plan(phases, workers: workers, flows: [0..<3, 3..<6])) {
                millisecond + Nanoseconds($0.number % 3) * millisecond
            }
            #expect(simulation.isOver)
            for (phase, count) in [7, 9, 10, 6, 4, 10].enumerated() {
                #expect(simulation.count(.started, phase: phase) == count, "\(workers)")
            }
            let spans = simulation.sequencers.map(\.spans)
            #expect(spans.allSatisfy { $0 == spans[0] })
        }
    }

    /// As many passes as a scenario may have, each counting from far beyond the one before.
    @Test func numbersStayUniqueOverAThousandPassesOfEachFlow() {
        let count = 1000
        let phases = [closed(2, each: 1), closed(1, payments: 2)]
        let passes = [Int](repeating: 0, count: count) + [Int](repeating: 1, count: count)
        let simulation = Simulation(
            plan(phases, workers: 2, flows: [0..<count, count..<2 * count], passes: passes))
        #expect(simulation.isOver)
        #expect(simulation.events.count == 4 * count)
        #expect(Set(simulation.events.map(\.payment.number)).count == 4 * count)
    }

    @Test func mixesAreExactInEachPhase() {
        var phases = [
            open(500, .poisson, payments: 1000), closed(7, payments: 1000), open(1000, for: second),
        ]
        let mixes = [[7, 3, 0], [0, 1, 4], [1, 1, 2]].map { PaymentMix(weights: $0) }
        for index in phases.indices { phases[index].mix = mixes[index] }
        for workers in [1, 2, 3, 7] {
            let description = plan(phases, workers: workers, requests: 3)
            let simulation = Simulation(description)
            let counts = phases.indices.map { phase in
                let own = simulation.events.filter { $0.payment.phase == phase }
                return (0..<3).map { entry in
                    own.count { description.entry(of: $0.payment) == entry }
                }
            }
            #expect(counts == [[700, 300, 0], [0, 200, 800], [250, 250, 500]])
        }
    }

    @Test func whoFindsNoSlotIsSkippedAtOnceWhereThatIsAskedFor() {
        for workers in [1, 2, 3] {
            let phases = [open(100, for: second), open(10, for: second)]
            var description = plan(phases, workers: workers)
            description.extras.skipsWhenFull = true
            let simulation = Simulation(description, slots: 1) { _ in 45 * millisecond }
            #expect(simulation.isOver)
            #expect(simulation.events.count == 110)
            #expect(simulation.count(.skipped, phase: 0) > 20)
            #expect(simulation.count(.gaveUp) == 0)
            #expect(simulation.events.allSatisfy { $0.at == $0.payment.intended })
        }
    }
}
