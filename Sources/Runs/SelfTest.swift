import Arrivals
import Results
import Scenarios

/// Two seconds of a scenario's payments at its rate, to a stand-in that answers at once: what they take
/// is the generator's and its machine's.
package struct SelfTest: Sendable {
    /// A name and nothing else: every payment is accepted at once.
    private static let instantProvider = "version: 1\nname: self-test\n"
    /// Connections that are there before it begins, so that none of its payments opens one.
    private static let connections = 64

    private let scenario: Scenario
    private let rate: Rate

    /// nil: no measured phase has a rate.
    ///
    /// - Parameter scenario: with its seeds settled.
    package init?(of scenario: Scenario) {
        let phases = scenario.flows.map { flow in
            flow.phases.filter(\.measure).compactMap(\.plannedRate).max() ?? 0
        }
        let rate = phases.reduce(0, +)
        guard rate > 0 else { return nil }
        self.rate = Rate(perSecond: rate)
        self.scenario = Self.reduced(scenario, to: self.rate)
    }

    /// Blocks for about two and a half seconds.
    ///
    /// - Parameter executable: path of paybench itself.
    package func perform(
        executable: String, workers: Int?, toolVersion: String
    ) throws(RunFailure) -> NoiseFloor {
        let simulator = try SimulatorProcess.start(
            executable: executable, provider: Self.instantProvider)
        defer { simulator.stop() }
        let preparation = try Preparation(
            scenario, options: RunOptions(workers: workers), toolVersion: toolVersion,
            simulator: try? Scenario.BaseURL(parsing: simulator.addresses.payments))
        let run = Run(preparation, toolVersion: toolVersion)
        _ = try run.makeReady()
        return NoiseFloor(run.perform(.silent), rate: rate)
    }

    /// The payments stay; the load is one phase, and all that belongs to the target goes.
    private static func reduced(_ scenario: Scenario, to rate: Rate) -> Scenario {
        var reduced = scenario
        reduced.target.base = .simulator
        reduced.target.path = "/mobile/payments/makePayment"
        reduced.target.credentials = nil
        reduced.target.signIn = nil
        reduced.target.headers = []
        reduced.target.http.version = .one
        reduced.target.http.streams = 1
        reduced.target.http.refresh = nil
        reduced.target.http.proxy = nil
        reduced.target.http.unixSocket = nil
        reduced.target.http.warmUp = connections
        reduced.limits.payments = nil
        reduced.limits.duration = nil
        reduced.limits.stopIf = []
        reduced.retry = nil
        for place in reduced.payments.indices { reduced.payments[place].repeats = nil }
        reduced.flows = scenario.flows.prefix(1).map { flow in
            flow.reduced(to: .rate(.constant(rate), scenario.arrivalProcess))
        }
        return reduced
    }
}

extension Scenario {
    /// Uniform where every phase is.
    fileprivate var arrivalProcess: ArrivalProcess {
        let areUniform = phases.allSatisfy { phase in
            if case .open(.rate(_, .uniform)) = phase.model { true } else { false }
        }
        return areUniform ? .uniform : .poisson
    }
}

extension Scenario.Flow {
    /// One measured phase of two seconds.
    fileprivate func reduced(to load: Scenario.OpenLoad) -> Scenario.Flow {
        var phase = phases[0]
        phase.name = "self-test"
        phase.model = .open(load)
        (phase.end.length, phase.end.payments) = (.seconds(2), nil)
        phase.measure = true
        phase.weights = nil
        phase.until = []
        var flow = self
        (flow.name, flow.phases, flow.steps) = (nil, [phase], [.phase(0)])
        return flow
    }
}

extension Scenario.Phase {
    /// Of the open model, as planned; nil of the closed one.
    fileprivate var plannedRate: Double? {
        guard case .open = model, let payments = plannedPayments, let length = plannedDuration,
            length > .zero
        else { return nil }
        return payments / (length / .seconds(1))
    }
}

extension NoiseFloor {
    fileprivate init(_ record: Record, rate: Rate) {
        let times = record.phases[0].responseTime
        func quantile(_ ratio: Double) -> UInt64? {
            Double(times.count) * (1 - ratio) >= 5 ? times.value(at: ratio) : nil
        }
        self.init(
            ratePerSecond: rate.perSecond, p50: quantile(0.5), p90: quantile(0.9),
            p99: quantile(0.99))
    }
}

extension Run.Listener {
    /// Nobody is told anything.
    fileprivate static let silent = Run.Listener(
        progress: { _ in }, uncertain: { _ in }, started: { _ in }, interval: { _ in },
        settled: { _ in nil }, ended: { _ in })
}
