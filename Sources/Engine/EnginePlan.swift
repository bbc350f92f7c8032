import Arrivals
import Curl
import Payments

/// All that the workers of one run need to know; the same value for each of them. Shards of one plan
/// have the same but for their place, and what concerns this process alone.
package struct EnginePlan: Sendable {
    /// When the first phases begin.
    package var origin: Nanoseconds
    /// At least one, at most eight; one is nothing special.
    package var arms: [ArmPlan]
    /// One for each record that the run keeps; a phase may be passed through several times.
    package var phases: [PhasePlan]
    /// Flow by flow.
    package var passes: [PassPlan]
    /// The passes of each flow, one after another; flows run at the same time.
    package var flows: [Range<Int>]
    /// Of this process.
    package var workers: Int
    package var shard = ShardPlace.whole
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
        /// In the order of the scenario, which templates refer to.
        package var data: [DataPlan] = []
        /// Every request is kept as a sample until its tally is fetched.
        package var keepsSamples = false
        /// Nanoseconds since 1970, UTC, at `origin`.
        package var wallClock: Int64 = 0

        package init() {}
    }

    package init(
        origin: Nanoseconds, arms: [ArmPlan], phases: [PhasePlan], passes: [PassPlan],
        flows: [Range<Int>], workers: Int, latestInstant: Nanoseconds?, mostPayments: Int?
    ) {
        precondition((1...8).contains(arms.count), "there are one to eight arms")
        precondition(
            workers >= 1 && arms.allSatisfy { $0.slots >= workers }, "every worker has a slot")
        precondition(
            arms.allSatisfy { $0.requests.count == arms[0].requests.count },
            "the mix has the same entries for every arm")
        precondition(!passes.isEmpty, "there is something to do")
        precondition(
            flows.flatMap(Array.init) == Array(passes.indices), "every pass belongs to one flow")
        self.origin = origin
        self.arms = arms
        self.phases = phases
        self.passes = passes
        self.flows = flows
        self.workers = workers
        self.latestInstant = latestInstant
        self.mostPayments = mostPayments
    }

    /// Which entry of the mix a payment is.
    func entry(of payment: DuePayment) -> Int {
        phases[payment.phase].mix.entry(of: payment.position)
    }

    /// Whose payment it is.
    func arm(of payment: DuePayment) -> Int { phases[payment.phase].arm }

    /// Of one arm; those of the others have the same entries of the mix.
    var requests: [RequestTemplate] { arms[0].requests }

    var data: [DataPlan] { extras.data }

    /// Payments in flight at the most, over all workers and arms.
    package var slots: Int { arms.reduce(0) { $0 + $1.slots } }

    /// Of all arms.
    package var longestTimeout: Nanoseconds { arms.map(\.totalTimeout).max() ?? 0 }

    func flow(ofPass pass: Int) -> Int { flows.firstIndex { $0.contains(pass) } ?? 0 }

    /// By phase.
    package var flowOfPhase: [Int] {
        var result = [Int](repeating: 0, count: phases.count)
        for (flow, range) in flows.enumerated() {
            for pass in range {
                for phase in passes[pass].phases { result[phase] = flow }
            }
        }
        return result
    }
}

/// One record of the run: what is played for one arm.
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
    /// Of the plan's arms.
    package var arm: Int

    package init(
        model: Model, length: Nanoseconds?, payments: Int?, mix: PaymentMix, arm: Int = 0
    ) {
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
        self.arm = arm
    }

    /// As long as it takes where nothing ends it early; nil where that is not known.
    var ownLength: Nanoseconds? {
        switch model {
        case .open(let schedule): length ?? schedule.length
        case .closed: length
        }
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
