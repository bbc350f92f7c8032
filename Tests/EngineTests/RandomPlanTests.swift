import Arrivals
import Curl
import Payments
import Testing

@testable import Engine

/// Plans of every kind, drawn from a seed: what has to hold in all of them.
@Suite struct RandomPlanTests {
    private struct Draw {
        var plan: EnginePlan
        var slots: Int
        var stop: Nanoseconds?
        var ends: [Simulation.EarlyEnd]
        var service: Nanoseconds
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func whatHoldsInEveryPlan(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for round in 0..<100 {
            let draw = Self.draw(&random)
            let simulation = Simulation(
                draw.plan, slots: draw.slots, stop: draw.stop, ends: draw.ends
            ) { draw.service * Nanoseconds(1 + $0.number % 5) }
            let place = Comment("seed \(seed), round \(round): \(draw)")
            #expect(simulation.isOver, place)
            let numbers = simulation.events.map(\.payment.number)
            #expect(Set(numbers).count == numbers.count, place)
            for event in simulation.events {
                #expect(event.at >= event.payment.intended, place)
                if let stop = draw.stop {
                    #expect(event.payment.intended <= stop, place)
                    #expect(event.end != .started || event.at <= stop, place)
                }
            }
            expectSpansAreInARow(simulation, draw, place)
            for pass in draw.plan.passes.indices { expectCounts(of: pass, simulation, draw, place) }
        }
    }

    private func expectSpansAreInARow(_ simulation: Simulation, _ draw: Draw, _ place: Comment) {
        for sequencer in simulation.sequencers {
            for flow in draw.plan.flows {
                let spans = sequencer.spans.filter { flow.contains($0.pass) }
                #expect(spans.first?.start == origin, place)
                #expect(spans.map(\.pass) == Array(flow.prefix(spans.count)), place)
                #expect(zip(spans, spans.dropFirst()).allSatisfy { $0.end == $1.start }, place)
            }
        }
        guard draw.stop == nil else { return }
        // All workers agree on every instant.
        let spans = simulation.sequencers.map(\.spans)
        #expect(spans.allSatisfy { $0 == spans[0] }, place)
        for end in draw.ends {
            let span = spans[0].first { $0.pass == end.pass }
            // Where it was not over before, and had begun.
            #expect(span.map { $0.end <= max(end.at, $0.start) } ?? false, place)
            let late = simulation.events.contains {
                $0.payment.pass == end.pass && $0.payment.intended >= end.at
            }
            #expect(!late, place)
        }
    }

    /// Planned is what began: started, given up, skipped.
    private func expectCounts(
        of pass: Int, _ simulation: Simulation, _ draw: Draw, _ place: Comment
    ) {
        guard draw.stop == nil, !draw.ends.contains(where: { $0.pass == pass }) else { return }
        let phase = draw.plan.phases[draw.plan.phase(ofPass: pass)]
        let planned = simulation.events.count { $0.payment.pass == pass }
        switch phase.model {
        case .open(let schedule):
            // One stream, not dealt out to workers.
            var stream = ArrivalStream(
                schedule, seed: draw.plan.seed(ofPass: pass), length: phase.length,
                count: phase.payments)
            var arrivals = 0
            while stream.next() != nil { arrivals += 1 }
            #expect(planned == arrivals, place)
        case .closed(let users):
            guard phase.length == nil else { return }
            let each = users.paymentsEach.map { $0 * users.most } ?? .max
            #expect(planned <= min(each, phase.payments ?? .max), place)
            if users.paymentsEach == nil || phase.payments == nil {
                #expect(planned == min(each, phase.payments ?? .max), place)
            }
        }
    }

    private static func draw(_ random: inout SeededGenerator) -> Draw {
        let phases = (0..<Int.random(in: 1...4, using: &random)).map { _ in phase(&random) }
        var flows: [Range<Int>] = []
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let first = flows.last?.upperBound ?? 0
            flows.append(first..<first + Int.random(in: 1...4, using: &random))
        }
        let count = flows.last?.upperBound ?? 0
        let passes = (0..<count).map { _ in Int.random(in: phases.indices, using: &random) }
        var description = plan(
            phases, workers: Int.random(in: 1...5, using: &random),
            timeout: Nanoseconds.random(in: 20...200, using: &random) * millisecond,
            seed: random.next(), flows: flows, passes: passes)
        description.extras.skipsWhenFull = Int.random(in: 0..<4, using: &random) == 0
        let stop = Nanoseconds.random(in: 0...1500, using: &random) * millisecond
        let ends = (0..<Int.random(in: 0...2, using: &random)).map { _ in
            Simulation.EarlyEnd(
                pass: Int.random(in: 0..<count, using: &random),
                at: origin + Nanoseconds.random(in: 50...900, using: &random) * millisecond)
        }
        return Draw(
            plan: description, slots: Int.random(in: 1...5, using: &random),
            stop: Bool.random(using: &random) ? origin + stop : nil, ends: ends,
            service: Nanoseconds.random(in: 1...20, using: &random) * millisecond)
    }

    private static func phase(_ random: inout SeededGenerator) -> PhasePlan {
        let length = Nanoseconds.random(in: 20...300, using: &random) * millisecond
        let number = Int.random(in: 1...40, using: &random)
        let users = Int.random(in: 1...6, using: &random)
        switch Int.random(in: 0..<7, using: &random) {
        case 0: return open(Double(number * 5), for: length)
        case 1: return open(Double(number * 5), .poisson, for: length)
        case 2: return open(Double(100 + number * 5), .poisson, payments: number)
        case 3: return closed(users, think: millisecond, for: length)
        case 4: return closed(users, to: 0, for: length, pace: 3 * millisecond)
        case 5: return closed(users, payments: number, each: Bool.random(using: &random) ? 4 : nil)
        default: return closed(users, each: Int.random(in: 1...5, using: &random))
        }
    }
}
