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
    /// Where fewer payments may be in flight than the scenario says: how many, and why.
    package let warning: String?
    let transfer: TransferOptions
    let allowed: AllowedPeers

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
        let base = Self.base(of: scenario, simulator: simulator)
        let peers = try Self.resolve(base)
        allowed = AllowedPeers(peers)
        let wanted = min(
            scenario.limits.inFlight, scenario.target.http.connections ?? scenario.limits.inFlight)
        // Beside its connections each multi handle has a pair of descriptors of its own.
        let descriptors = Descriptors.raiseLimit()
        slots = max(1, min(wanted, descriptors - 128 - descriptors / 32))
        warning =
            slots < wanted
            ? "at most \(slots) payments can be in flight: this process may open "
                + "\(descriptors) files (raise it with ulimit -n)" : nil
        workers = min(options.workers ?? min(Machine.cores, 4), slots)
        let target = scenario.target
        targetURL = base.text + target.path
        transfer = Self.transferOptions(
            target, base: base, peers: peers,
            userAgent: "paybench/\(toolVersion) (load test; run \(runID))")
    }

    /// Connects once, without sending a request: the target is there, or the run does not begin.
    package func checkTarget() throws(RunFailure) {
        do {
            try Preflight.connect(
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
                RequestTemplate($0, parameters: target.parameters, format: target.format)
            },
            keys: RunKeys(seed: seed, runID: runID),
            classifier: Classifier(declineCodes: target.declineCodes), wrapsAnswers: isWrapped,
            transfer: transfer, allowed: allowed,
            connectTimeout: target.timeouts.connect.nanoseconds,
            totalTimeout: target.timeouts.total.nanoseconds, workers: workers, slots: slots,
            latestInstant: latestInstant(from: origin),
            mostPayments: scenario.limits.payments)
        plan.extras = extras
        return plan
    }

    private var extras: EnginePlan.Extras {
        var extras = EnginePlan.Extras()
        extras.skipsWhenFull = scenario.limits.onFull == .skip
        extras.retry = scenario.retry.map(RetryPlan.init)
        let repeats = scenario.payments.map(\.repeats)
        if repeats.contains(where: { $0 != nil }) { extras.repeats = repeats }
        return extras
    }

    /// Of a plan whose phases all end by time the reader made sure that it fits.
    private func latestInstant(from origin: Nanoseconds) -> Nanoseconds? {
        let endsByTime = scenario.phases.allSatisfy { $0.end.length != nil }
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

    private static func resolve(_ base: Scenario.BaseURL) throws(RunFailure) -> [PeerAddress] {
        let found: [PeerAddress]
        do {
            found = try PeerAddress.resolve(base.host)
        } catch {
            throw .unreachable(target: base.text, reason: "\(error.host): \(error.reason)")
        }
        if base.isLoopback, let stray = found.first(where: { !$0.isLoopback }) {
            throw .notLoopback(host: base.host, address: stray.text)
        }
        return found
    }

    private static func transferOptions(
        _ target: Scenario.Target, base: Scenario.BaseURL, peers: [PeerAddress], userAgent: String
    ) -> TransferOptions {
        var url = base.text + target.path + target.format.pathSuffix
        // A query that varies brings the item itself.
        if target.parameters == .body, let item = target.format.queryItem { url += "?\(item)" }
        var options = TransferOptions(url: url, userAgent: userAgent)
        options.variesQuery = target.parameters == .query
        options.headers = headerLines(of: target)
        options.reusesConnections = target.http.reuse
        if !peers.contains(where: { $0.text == base.host }) {
            let addresses = peers.map { $0.bytes.count == 16 ? "[\($0.text)]" : $0.text }
            options.resolution = "\(base.host):\(base.port):\(addresses.joined(separator: ","))"
        }
        options.tls.verify = target.tls.verify
        options.tls.caFile = target.tls.caFile
        options.tls.clientCertificate = target.tls.clientCertificate
        options.tls.clientKey = target.tls.clientKey?.constant
        return options
    }

    private static func headerLines(of target: Scenario.Target) -> [String] {
        var lines = ["Content-Type: application/json", "Expect:"]
        switch target.format {
        case .accept: lines.append("Accept: application/json")
        case .jsonp: lines.append("Accept: text/javascript")
        case .suffix, .query: lines.append("Accept: */*")
        }
        if let credentials = target.credentials {
            lines.append("Authorization: \(credentials.authorization)")
        }
        return lines
            + target.headers.map { "\($0.name): \($0.value.constant ?? "")" }
    }
}

extension Duration {
    var nanoseconds: Nanoseconds {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
