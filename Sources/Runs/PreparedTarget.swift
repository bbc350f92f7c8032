import Curl
import Engine
import Payments
import Scenarios

/// One target of a run with everything looked up: where it is, who may be called, what is sent.
struct PreparedTarget: Sendable {
    private(set) var arm: Lineup.Arm
    /// `http://127.0.0.1:40123/mobile/payments/makePayment`
    let url: String
    let transfer: TransferOptions
    let allowed: AllowedPeers
    /// It is on this machine and competes with us for it.
    let isSameHost: Bool
    let limits: ConnectionLimits
    /// Looks the target's name up again while the run lasts; nil: it is looked up once.
    let lookups: Lookups?
    /// What the first connection found; nil before `check`.
    private(set) var greeting: Preflight.Greeting?
    private let base: Scenario.BaseURL

    /// - Parameters:
    ///   - simulator: where the stand-in listens, if a target asks for it.
    ///   - arms: that this machine's limits are for; this target gets its part of them.
    init(
        _ arm: Lineup.Arm, of scenario: Scenario, simulator: Scenario.BaseURL?,
        userAgent: String, arms: Int
    ) throws(RunFailure) {
        let target = arm.target
        self.arm = arm
        base = Self.base(of: target, simulator: simulator)
        let route = try Route(to: base, of: target.http)
        allowed = route.allowed
        isSameHost = route.isLoopback
        limits = ConnectionLimits(of: scenario, http: target.http, route: route, arms: arms)
        url = base.text + target.path
        var transfer = TransferOptions(
            target, base: base, resolution: route.resolution, userAgent: userAgent,
            data: scenario.dataFiles)
        lookups = Lookups(of: base, route: route, every: target.http.refresh)
        transfer.directory = lookups?.directory
        self.transfer = transfer
    }

    /// Connects once, without sending a request: the target is there, or the run does not begin.
    mutating func check() throws(RunFailure) {
        do {
            greeting = try Preflight.connect(
                transfer, allowed: allowed, timeout: arm.target.timeouts.connect.nanoseconds)
        } catch {
            throw .unreachable(target: title, reason: "\(error.code.name): \(error.reason)")
        }
    }

    /// At least so many connections before the first payment, where they are used again at all.
    mutating func openAhead(_ connections: Int) {
        guard arm.target.http.reuse else { return }
        arm.target.http.warmUp = max(arm.target.http.warmUp, connections)
    }

    /// As it is called where it can't be reached.
    var title: String { arm.name.map { "\($0) (\(url))" } ?? url }

    func plan(of requests: RequestSet, keys: RunKeys, workers: Int) -> ArmPlan {
        let target = arm.target
        let isWrapped = if case .jsonp = target.format { true } else { false }
        let slots = limits.slots(workers: workers)
        var plan = ArmPlan(
            requests: requests.requests, keys: keys,
            classifier: Classifier(declineCodes: target.declineCodes), wrapsAnswers: isWrapped,
            transfer: transfer, allowed: allowed,
            connectTimeout: target.timeouts.connect.nanoseconds,
            totalTimeout: target.timeouts.total.nanoseconds, slots: slots)
        plan.name = arm.name
        plan.varyingHeaders = requests.varyingHeaders
        plan.signIn = target.signIn.map { SignInPlan($0, transfer: transfer, to: base) }
        plan.warmConnections = min(target.http.warmUp, slots / max(1, target.http.streams))
        return plan
    }

    private static func base(
        of target: Scenario.Target, simulator: Scenario.BaseURL?
    ) -> Scenario.BaseURL {
        switch target.base {
        case .url(let url): return url
        case .simulator:
            guard let simulator else { preconditionFailure("the simulator was started") }
            return simulator
        }
    }
}
