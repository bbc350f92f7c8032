import Providers

/// What happens to each payment, decided by its number alone: how long it takes and how it ends.
package struct ProviderScript: Sendable {
    package enum Ending: Sendable, Hashable {
        case accept
        /// The answer at this place of `Provider.answers`.
        case answer(Int)
        case drop(ScriptedDrop.Point)
    }

    package struct Plan: Sendable, Equatable {
        package var delayNanoseconds: Int64
        package var ending: Ending
    }

    private let draws: Draws
    private let latency: Latency
    private let strata: Strata
    private let faults: [Draws]
    private let endings: [(upTo: Double, ending: Ending)]

    package init(_ provider: Provider, seed: UInt64) {
        let draws = Draws(seed: seed)
        self.draws = draws
        latency = provider.latency
        strata = Strata(draws)
        faults = provider.faults.indices.map { draws.own($0, for: .fault) }
        var sum = 0.0
        var endings: [(upTo: Double, ending: Ending)] = []
        for (place, answer) in provider.answers.enumerated() {
            sum += answer.share
            endings.append((sum, .answer(place)))
        }
        for drop in provider.drops {
            sum += drop.share
            endings.append((sum, .drop(drop.point)))
        }
        self.endings = endings
    }

    /// - Parameter number: of the payment, counted from 1 in order of arrival.
    package func plan(payment number: UInt64) -> Plan {
        Plan(delayNanoseconds: delay(of: number), ending: ending(of: number))
    }

    /// Whether the payment is one of those of `fault`, at this place of `Provider.faults`.
    func isHit(payment number: UInt64, byFault place: Int, _ fault: Fault) -> Bool {
        if let every = fault.every { return number % UInt64(every) == 0 }
        return fault.share >= 1
            || faults[place].unit(number, for: .fault) < fault.share
    }

    /// Whether a brown-out, which is the fault at this place, fails the payment.
    func isFailed(payment number: UInt64, byFault place: Int, errors: Double) -> Bool {
        errors > 0 && faults[place].unit(number, for: .brownOut) < errors
    }

    private func ending(of number: UInt64) -> Ending {
        guard !endings.isEmpty else { return .accept }
        let draw = draws.unit(number, for: .ending)
        return endings.first { draw < $0.upTo }?.ending ?? .accept
    }

    private func delay(of number: UInt64) -> Int64 {
        latency.sample(
            latency.isStratified ? strata.unit(number) : draws.unit(number, for: .latency))
    }
}
