import Glibc
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
    private let latency: LatencyLaw
    private let endings: [(upTo: Double, ending: Ending)]

    package init(_ provider: Provider, seed: UInt64) {
        draws = Draws(seed: seed)
        latency = provider.latency
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

    private func ending(of number: UInt64) -> Ending {
        guard !endings.isEmpty else { return .accept }
        let draw = draws.unit(number, for: .ending)
        return endings.first { draw < $0.upTo }?.ending ?? .accept
    }

    private func delay(of number: UInt64) -> Int64 {
        switch latency {
        case .constant(let delay): return delay.nanoseconds
        case .bimodal(let fast, let slow, let slowShare):
            let isSlow = draws.unit(number, for: .latency) < slowShare
            return (isSlow ? slow : fast).nanoseconds
        case .lognormal(let p50, let p99):
            let z = StandardNormal.quantile(draws.unit(number, for: .latency))
            let sigma = log(p99 / p50) / 2.3263478740408408
            return Int64(Double(p50.nanoseconds) * exp(sigma * z))
        }
    }
}

extension Duration {
    /// Whole nanoseconds; what lies out of range (292 years) stops at its end.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflow || carry ? (seconds < 0 ? .min : .max) : sum
    }
}
