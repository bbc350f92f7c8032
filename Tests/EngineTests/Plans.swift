import Arrivals
import Curl
import Payments

@testable import Engine

let second: Nanoseconds = 1_000_000_000
let millisecond: Nanoseconds = 1_000_000
/// When the first phase begins; not 0, so that instants and offsets can't be mistaken.
let origin: Nanoseconds = 7_000_000_000_000

/// A plan for the clock of a test: nothing in it leads anywhere.
func plan(
    _ phases: [PhasePlan], workers: Int = 1, timeout: Nanoseconds = 10 * second,
    mostPayments: Int? = nil, requests: Int = 1, seed: UInt64 = 1, flows: [Range<Int>]? = nil,
    passes: [Int]? = nil, arms: Int = 1
) -> EnginePlan {
    EnginePlan(
        origin: origin, arms: (0..<arms).map { arm($0, timeout, requests: requests, seed: seed) },
        phases: phases, passes: (passes ?? Array(phases.indices)).map { PassPlan(phase: $0) },
        flows: flows ?? [0..<(passes ?? Array(phases.indices)).count], workers: workers,
        latestInstant: nil, mostPayments: mostPayments)
}

/// Arm `number` of a plan; its run id is its own, as an adapter's name would make it.
func arm(
    _ number: Int, _ timeout: Nanoseconds = 10 * second, requests: Int = 1, seed: UInt64 = 1
) -> ArmPlan {
    let request = RequestTemplate(
        PaymentTemplate(name: "card", paymentMethod: .object([]), clientType: .iOS),
        parameters: .body, format: .accept)
    return ArmPlan(
        requests: [RequestTemplate](repeating: request, count: requests),
        keys: RunKeys(seed: seed, runID: number == 0 ? "test" : "test \(number)"),
        classifier: Classifier(declineCodes: []), wrapsAnswers: false,
        transfer: TransferOptions(url: "http://127.0.0.1:9/", userAgent: "test"),
        allowed: AllowedPeers([]), connectTimeout: 2 * second, totalTimeout: timeout, slots: 1000)
}

func open(
    _ perSecond: Double, _ process: ArrivalProcess = .uniform, for length: Nanoseconds? = nil,
    payments: Int? = nil
) -> PhasePlan {
    PhasePlan(
        model: .open(.profile(.constant(Rate(perSecond: perSecond)), process)), length: length,
        payments: payments,
        mix: PaymentMix(weights: [1]))
}

func closed(
    _ users: Int, to: Int? = nil, think: Nanoseconds = 0, for length: Nanoseconds? = nil,
    payments: Int? = nil, each: Int? = nil, pace: Nanoseconds = 0
) -> PhasePlan {
    let users = UsersPlan(
        from: users, to: to ?? users, thinkTime: .constant(think), pace: pace, paymentsEach: each)
    return PhasePlan(
        model: .closed(users), length: length, payments: payments, mix: PaymentMix(weights: [1]))
}

/// - Parameter position: nil where the number is the position.
func due(
    _ number: UInt64, at offset: Nanoseconds, phase: Int = 0, position: UInt64? = nil,
    user: Int32 = 0
) -> DuePayment {
    DuePayment(
        phase: phase, pass: phase, number: number, position: position ?? number, user: user,
        intended: origin + offset)
}

extension Sequencer {
    mutating func next(now: Nanoseconds, hasFreeSlot: Bool) -> Step {
        next(now: now, free: hasFreeSlot ? .all : ArmSet())
    }

    /// What is done at `offset` from the origin until nothing more is due.
    mutating func steps(at offset: Nanoseconds, hasFreeSlot: Bool = true) -> [Step] {
        var steps: [Step] = []
        while steps.count < 10_000 {
            let step = next(now: origin + offset, hasFreeSlot: hasFreeSlot)
            steps.append(step)
            switch step {
            case .start, .giveUp, .skip, .fail: continue
            case .wait, .awaitOthers, .over: return steps
            }
        }
        return steps
    }
}

/// Random numbers that are the same for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        defer { state &+= 0x9E37_79B9_7F4A_7C15 }
        return Mix.scramble(state)
    }
}
