import Arrivals
import Curl
import Engine
import Payments
import Results
import Scenarios

/// A scenario with everything looked up that a run needs: where the target is, who may be called,
/// how many workers; nothing was sent yet.
package struct Preparation: Sendable {
    package let scenario: Scenario
    package let seed: UInt64
    package let runID: String
    package let workers: Int
    package let slots: Int
    /// `http://127.0.0.1:40123/mobile/payments/makePayment`
    package let targetURL: String
    /// Limits of this machine that the run will meet: each says what to raise.
    package let warnings: [String]
    /// What the first connection found; nil before `checkTarget`.
    private(set) var greeting: Preflight.Greeting?
    let limits: ConnectionLimits
    private let keepsSamples: Bool
    let transfer: TransferOptions
    private let base: Scenario.BaseURL
    let allowed: AllowedPeers
    /// The target is on this machine and competes with us for it.
    let isSameHost: Bool
    /// Looks the target's name up again while the run lasts; nil: it is looked up once.
    let lookups: Lookups?

    /// - Parameters:
    ///   - scenario: with its seeds settled (`Scenario.seeded`).
    ///   - simulator: where the stand-in listens, if the scenario asks for it.
    package init(
        _ scenario: Scenario, options: RunOptions, toolVersion: String,
        simulator: Scenario.BaseURL?
    ) throws(RunFailure) {
        guard let seed = scenario.seed else { preconditionFailure("the seeds are settled") }
        self.scenario = scenario
        self.seed = seed
        runID = options.runID ?? Self.newRunID()
        keepsSamples = options.keepsSamples
        let base = Self.base(of: scenario, simulator: simulator)
        self.base = base
        let route = try Route(to: base, of: scenario.target.http)
        allowed = route.allowed
        isSameHost = route.isLoopback
        limits = ConnectionLimits(of: scenario, route: route)
        warnings = limits.warnings
        let target = scenario.target
        workers = min(options.workers ?? min(Machine.cores, 4), limits.connections)
        slots = limits.slots(workers: workers)
        targetURL = base.text + target.path
        let userAgent = Self.userAgent(version: toolVersion, runID: runID)
        var transfer = TransferOptions(
            target, base: base, resolution: route.resolution, userAgent: userAgent,
            data: scenario.dataFiles)
        lookups = Lookups(of: base, route: route, every: target.http.refresh)
        transfer.directory = lookups?.directory
        self.transfer = transfer
    }

    package static func userAgent(version: String, runID: String) -> String {
        "paybench/\(version) (load test; run \(runID))"
    }

    /// Connects once, without sending a request: the target is there, or the run does not begin.
    package mutating func checkTarget() throws(RunFailure) {
        do {
            greeting = try Preflight.connect(
                transfer, allowed: allowed, timeout: scenario.target.timeouts.connect.nanoseconds)
        } catch {
            throw .unreachable(target: targetURL, reason: "\(error.code.name): \(error.reason)")
        }
    }

    func plan(origin: Nanoseconds) -> EnginePlan {
        let target = scenario.target
        let isWrapped = if case .jsonp = target.format { true } else { false }
        let passes = Passes(scenario)
        var plan = EnginePlan(
            origin: origin, phases: scenario.phases.map { PhasePlan($0, in: scenario) },
            passes: passes.phases, flows: passes.flows,
            requests: scenario.payments.map {
                RequestTemplate(
                    $0, parameters: target.parameters, format: target.format,
                    data: scenario.dataFiles)
            },
            keys: RunKeys(seed: seed, runID: runID),
            classifier: Classifier(declineCodes: target.declineCodes), wrapsAnswers: isWrapped,
            transfer: transfer, allowed: allowed,
            connectTimeout: target.timeouts.connect.nanoseconds,
            totalTimeout: target.timeouts.total.nanoseconds, workers: workers, slots: slots,
            latestInstant: latestInstant(from: origin),
            mostPayments: scenario.limits.payments)
        plan.extras = extras
        let ahead = origin - MonotonicClock.now()
        plan.extras.wallClock = Int64(Machine.wallClock * 1e9) + ahead
        return plan
    }

    private var extras: EnginePlan.Extras {
        var extras = EnginePlan.Extras()
        let target = scenario.target
        extras.varyingHeaders = HeaderTemplates(target, data: scenario.dataFiles).varying
        extras.data = scenario.dataPlans(keys: RunKeys(seed: seed, runID: runID))
        extras.signIn = target.signIn.map { SignInPlan($0, transfer: transfer, to: base) }
        extras.warmConnections = min(target.http.warmUp, slots / max(1, target.http.streams))
        extras.skipsWhenFull = scenario.limits.onFull == .skip
        extras.keepsSamples = keepsSamples
        extras.retry = scenario.retry.map(RetryPlan.init)
        let repeats = scenario.payments.map(\.repeats)
        if repeats.contains(where: { $0 != nil }) { extras.repeats = repeats }
        return extras
    }

    /// Of a plan whose phases all end by time the reader made sure that it fits.
    private func latestInstant(from origin: Nanoseconds) -> Nanoseconds? {
        let endsByTime = scenario.plannedDuration != nil
        return endsByTime ? nil : scenario.limits.duration.map { origin + $0.nanoseconds }
    }

    private static func newRunID() -> String {
        var generator = SystemRandomNumberGenerator()
        let letters = Array("0123456789abcdefghjkmnpqrstvwxyz")
        return String((0..<12).map { _ in letters[Int(generator.next() % 32)] })
    }

    private static func base(
        of scenario: Scenario, simulator: Scenario.BaseURL?
    ) -> Scenario.BaseURL {
        switch scenario.target.base {
        case .url(let url): return url
        case .simulator:
            guard let simulator else { preconditionFailure("the simulator was started") }
            return simulator
        }
    }
}

extension Duration {
    var nanoseconds: Nanoseconds {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
