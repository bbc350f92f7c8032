import Arrivals
import Payments

extension Scenario {
    /// One of several ways to the service that are compared: `target` with some of its keys replaced.
    package struct Adapter: Sendable, Equatable {
        package var name: String
        /// Every override applied.
        package var target: Target
        /// In place of that of every payment; nil: as the payments say.
        package var paymentMethod: JSONTemplate?
        /// More than this is never sent to it.
        package var rateCeiling: Rate?
        /// What the others are judged against; true for exactly one of a scenario's adapters.
        package var isReference: Bool

        /// How many may be compared at once.
        package static let counts = 2...8
    }

    /// How the load goes over the adapters.
    package enum Design: String, CaseIterable, Sendable {
        /// One schedule of arrivals, dealt to all adapters in random order: measured at the same time.
        case duet
        /// Blocks of time, in each round one for each adapter in random order.
        case blocks
        /// One after another, each for its part of the time: nothing excludes drift between them.
        case sequential
    }

    /// What is measured beside `target`: the adapters, and the target of a baseline.
    package var otherTargets: [Adapter] {
        if case .beside(let other, _) = baseline { adapters + [other] } else { adapters }
    }

    /// Each target that something may be sent to, `target` first.
    package var targets: [Target] { [target] + otherTargets.map(\.target) }

    package var reference: Adapter? { adapters.first(where: \.isReference) }

    /// The mix as it is sent to this adapter.
    package func payments(to adapter: Adapter) -> [PaymentTemplate] {
        payments.map { payment in
            var payment = payment
            payment.paymentMethod = adapter.paymentMethod ?? payment.paymentMethod
            return payment
        }
    }
}
