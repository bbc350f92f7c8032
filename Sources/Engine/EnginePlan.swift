import Arrivals
import Curl
import Payments

/// All that the workers of one run need to know; the same value for each of them.
package struct EnginePlan: Sendable {
    /// When the first phases begin.
    package var origin: Nanoseconds
    /// One for each record that the run keeps; a phase may be passed through several times.
    package var phases: [PhasePlan]
    /// The phase of each pass, flow by flow.
    package var passes: [Int]
    /// The passes of each flow, one after another; flows run at the same time.
    package var flows: [Range<Int>]
    /// One for each entry of the mix.
    package var requests: [RequestTemplate]
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
    package var extras = Extras()

    /// What most scenarios don't ask for.
    package struct Extras: Sendable {
        /// Arrivals that find no free slot are skipped at once.
        package var skipsWhenFull = false
        package var retry: RetryPlan?
        /// By entry of the mix; empty where no id is sent again on purpose.
        package var repeats: [Repeats?] = []
        /// Header lines that differ from request to request, beside those of `transfer`.
        package var varyingHeaders: [ByteTemplate] = []
        /// In the order of the scenario, which templates refer to.
        package var data: [DataPlan] = []
        package var signIn: SignInPlan?
        /// Connections opened before the first payment, over all workers.
        package var warmConnections = 0
        /// Every request is kept as a sample until its tally is fetched.
        package var keepsSamples = false
        /// Nanoseconds since 1970, UTC, at `origin`.
        package var wallClock: Int64 = 0

        package init() {}
    }

    package init(
        origin: Nanoseconds, phases: [PhasePlan], passes: [Int], flows: [Range<Int>],
        requests: [RequestTemplate], keys: RunKeys, classifier: Classifier, wrapsAnswers: Bool,
        transfer: TransferOptions, allowed: AllowedPeers, connectTimeout: Nanoseconds,
        totalTimeout: Nanoseconds, workers: Int, slots: Int, latestInstant: Nanoseconds?,
        mostPayments: Int?
    ) {
        precondition(workers >= 1 && slots >= workers, "every worker has a slot")
        precondition(!passes.isEmpty && !requests.isEmpty, "there is something to do")
        precondition(
            flows.flatMap(Array.init) == Array(passes.indices), "every pass belongs to one flow")
        self.origin = origin
        self.phases = phases
        self.passes = passes
        self.flows = flows
        self.requests = requests
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

    /// Which entry of the mix a payment is.
    func entry(of payment: DuePayment) -> Int {
        phases[payment.phase].mix.entry(of: payment.position)
    }

    var data: [DataPlan] { extras.data }

    func flow(ofPass pass: Int) -> Int { flows.firstIndex { $0.contains(pass) } ?? 0 }

    /// By phase.
    package var flowOfPhase: [Int] {
        var result = [Int](repeating: 0, count: phases.count)
        for (flow, range) in flows.enumerated() {
            for pass in range { result[passes[pass]] = flow }
        }
        return result
    }

    /// Seeds the draws of one pass, the same for every worker.
    func seed(ofPass pass: Int) -> UInt64 { Mix.scramble(keys.draws &+ UInt64(pass)) }
}

package struct PhasePlan: Sendable, Equatable {
    package enum Model: Sendable, Equatable {
        case open(ArrivalSchedule)
        case closed(UsersPlan)
    }

    package var model: Model
    /// Ends after this long, or after so many payments over all workers, or where its schedule ends, or
    /// when every user is done: whichever comes first.
    package var length: Nanoseconds?
    package var payments: Int?
    package var mix: PaymentMix

    package init(model: Model, length: Nanoseconds?, payments: Int?, mix: PaymentMix) {
        let endsItself: Bool =
            switch model {
            case .open(let schedule): schedule.length != nil
            case .closed(let users): users.paymentsEach != nil
            }
        precondition(length != nil || payments != nil || endsItself, "a phase ends")
        self.model = model
        self.length = length
        self.payments = payments
        self.mix = mix
    }
}

/// The users of a phase of the closed model, over all workers.
package struct UsersPlan: Sendable, Equatable {
    package enum ThinkTime: Sendable, Equatable {
        case constant(Nanoseconds)
        case uniform(from: Nanoseconds, to: Nanoseconds)
        case exponential(mean: Nanoseconds)
    }

    /// How many at the beginning and at the end of the phase's length.
    package var from: Int
    package var to: Int
    package var thinkTime: ThinkTime
    /// From one payment's intended instant to the next one's, at least.
    package var pace: Nanoseconds
    package var paymentsEach: Int?

    package init(
        from: Int, to: Int, thinkTime: ThinkTime, pace: Nanoseconds = 0, paymentsEach: Int? = nil
    ) {
        self.from = from
        self.to = to
        self.thinkTime = thinkTime
        self.pace = pace
        self.paymentsEach = paymentsEach
    }

    package var most: Int { max(from, to) }
}

/// When a payment is sent again under its id.
package struct RetryPlan: Sendable, Equatable {
    package var outcomes: Set<Outcome>
    /// Beside the first attempt.
    package var most: Int
    /// What an answer's `Retry-After` says goes before `delay`.
    package var hearsRetryAfter: Bool
    package var delay: Nanoseconds

    package init(
        outcomes: Set<Outcome>, most: Int, hearsRetryAfter: Bool, delay: Nanoseconds
    ) {
        self.outcomes = outcomes
        self.most = most
        self.hearsRetryAfter = hearsRetryAfter
        self.delay = delay
    }
}

/// A whole divided over workers without remainder: part `index` of `parts`.
package func share(of whole: Int, index: Int, of parts: Int) -> Int {
    whole * (index + 1) / parts - whole * index / parts
}
