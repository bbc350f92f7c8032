import Arrivals
import Curl
import Payments

/// All that the workers of one run need to know; the same value for each of them.
package struct EnginePlan: Sendable {
    /// When the first phase begins.
    package var origin: Nanoseconds
    package var phases: [PhasePlan]
    /// One for each entry of the mix.
    package var requests: [RequestTemplate]
    package var mix: PaymentMix
    package var keys: RunKeys
    package var classifier: Classifier
    /// Answers come as JSONP.
    package var wrapsAnswers: Bool
    package var transfer: TransferOptions
    package var allowed: AllowedPeers
    /// From sent until the request may leave, and until it is complete.
    package var connectTimeout: Nanoseconds
    package var totalTimeout: Nanoseconds
    package var workers: Int
    /// Payments in flight at the most, over all workers.
    package var slots: Int
    /// Guard rails: nothing is sent from then on, and no more payments than these.
    package var latestInstant: Nanoseconds?
    package var mostPayments: Int?

    package init(
        origin: Nanoseconds, phases: [PhasePlan], requests: [RequestTemplate], mix: PaymentMix,
        keys: RunKeys, classifier: Classifier, wrapsAnswers: Bool, transfer: TransferOptions,
        allowed: AllowedPeers, connectTimeout: Nanoseconds, totalTimeout: Nanoseconds,
        workers: Int, slots: Int, latestInstant: Nanoseconds?, mostPayments: Int?
    ) {
        precondition(workers >= 1 && slots >= workers, "every worker has a slot")
        precondition(!phases.isEmpty && !requests.isEmpty, "there is something to do")
        self.origin = origin
        self.phases = phases
        self.requests = requests
        self.mix = mix
        self.keys = keys
        self.classifier = classifier
        self.wrapsAnswers = wrapsAnswers
        self.transfer = transfer
        self.allowed = allowed
        self.connectTimeout = connectTimeout
        self.totalTimeout = totalTimeout
        self.workers = workers
        self.slots = slots
        self.latestInstant = latestInstant
        self.mostPayments = mostPayments
    }
}

package struct PhasePlan: Sendable, Equatable {
    package enum Model: Sendable, Equatable {
        case open(Rate, ArrivalProcess)
        case closed(users: Int, thinkTime: Nanoseconds)
    }

    package var model: Model
    /// Ends after this long, or after so many payments over all workers, whichever comes first.
    package var length: Nanoseconds?
    package var payments: Int?

    package init(model: Model, length: Nanoseconds?, payments: Int?) {
        precondition(length != nil || payments != nil, "a phase ends")
        self.model = model
        self.length = length
        self.payments = payments
    }
}

/// A whole divided over workers without remainder: part `index` of `parts`.
package func share(of whole: Int, index: Int, of parts: Int) -> Int {
    whole * (index + 1) / parts - whole * index / parts
}
