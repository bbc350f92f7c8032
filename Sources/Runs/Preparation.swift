import Arrivals
import Curl
import Engine
import Payments
import Rendezvous
import Results
import Scenarios

/// A scenario with everything looked up that a run needs: where its targets are, who may be called,
/// how many workers; nothing was sent yet.
package struct Preparation: Sendable {
    package private(set) var scenario: Scenario
    package private(set) var seed: UInt64
    package private(set) var runID: String
    package let workers: Int
    /// `http://127.0.0.1:40123/mobile/payments/makePayment`; of several targets the scenario's own, or
    /// else the one that the others are judged against.
    package let targetURL: String
    /// Limits of this machine that the run will meet: each says what to raise.
    package let warnings: [String]
    /// nil: the whole plan is played here.
    package let shard: ShardNumber?
    /// What a self-test found, where one was made.
    package var noiseFloor: NoiseFloor?
    /// By arm.
    private(set) var targets: [PreparedTarget]
    private(set) var layout: RunLayout
    private var lineup: Lineup
    private let keepsSamples: Bool
    let toolVersion: String

    /// - Parameters:
    ///   - scenario: with its seeds settled (`Scenario.seeded`).
    ///   - lineup: nil: the scenario's target alone.
    ///   - simulator: where the stand-in listens, if the scenario asks for it.
    package init(
        _ scenario: Scenario, lineup: Lineup? = nil, options: RunOptions, toolVersion: String,
        simulator: Scenario.BaseURL?
    ) throws(RunFailure) {
        guard let seed = scenario.seed else { preconditionFailure("the seeds are settled") }
        let lineup = lineup ?? Lineup(running: scenario)
        let runID = options.runID ?? Self.newRunID()
        let userAgent = Self.userAgent(version: toolVersion, runID: runID)
        let place = ShardPlace(options.shard)
        let own = scenario.part(of: place)
        var targets: [PreparedTarget] = []
        for arm in lineup.arms {
            targets.append(
                try PreparedTarget(
                    arm.part(of: place), of: own, simulator: simulator, userAgent: userAgent,
                    arms: lineup.arms.count))
        }
        self.scenario = scenario
        self.seed = seed
        self.runID = runID
        self.lineup = lineup
        self.targets = targets
        layout = RunLayout(lineup)
        keepsSamples = options.keepsSamples
        self.toolVersion = toolVersion
        shard = options.shard
        let fewest = targets.map(\.limits.connections).min() ?? 1
        let allowed = min(fewest, scenario.connectionsOfAnyShard(of: place, lineup))
        workers = min(options.workers ?? min(Machine.cores, 4), allowed)
        warnings = targets.reduce(into: []) { warnings, target in
            warnings += target.limits.warnings.filter { !warnings.contains($0) }
        }
        targetURL = targets[lineup.mainArm].url
    }

    /// The same target with another load, as a run of its own: with payment ids and draws that no other
    /// part has.
    ///
    /// - Parameters:
    ///   - part: counted from 1.
    ///   - connections: opened ahead, if the scenario does not ask for more.
    ///   - payments: as many may still be started.
    func playing(
        _ flow: Scenario.Flow, part: Int, connections: Int, payments: Int?
    ) -> Preparation {
        var other = self
        other.scenario.flows = [flow]
        other.scenario.limits.payments = payments
        other.lineup.flows = [flow]
        other.layout = RunLayout(other.lineup)
        other.runID = "\(runID).\(part)"
        other.seed = seed &+ UInt64(part) &* 0x9E37_79B9_7F4A_7C15
        for index in other.targets.indices { other.targets[index].openAhead(connections) }
        return other
    }

    package static func userAgent(version: String, runID: String) -> String {
        "paybench/\(version) (load test; run \(runID))"
    }

    /// Connects once to each target, without sending a request: all are there, or the run does not begin.
    package mutating func checkTarget() throws(RunFailure) {
        for arm in targets.indices { try targets[arm].check() }
    }

    /// Every target is on this machine.
    var isSameHost: Bool { targets.allSatisfy(\.isSameHost) }

    /// Of the main target; nil before `checkTarget`.
    var greeting: Preflight.Greeting? { targets[lineup.mainArm].greeting }

    func plan(origin: Nanoseconds) -> EnginePlan {
        let sets = targets.map {
            RequestSet(
                target: $0.arm.target, payments: $0.arm.payments, data: scenario.dataFiles)
        }
        var plan = EnginePlan(
            origin: origin,
            arms: zip(targets, sets).map { target, requests in
                let keys = RunKeys(seed: seed, runID: runID, adapter: target.arm.name)
                return target.plan(of: requests, keys: keys, workers: workers)
            },
            phases: layout.phases, passes: layout.passes, flows: layout.flows, workers: workers,
            latestInstant: latestInstant(from: origin),
            mostPayments: scenario.limits.payments.map(ShardPlace(shard).part(of:)))
        plan.shard = ShardPlace(shard)
        plan.extras = extras(sets)
        let ahead = origin - MonotonicClock.now()
        plan.extras.wallClock = Int64(Machine.wallClock * 1e9) + ahead
        return plan
    }

    private func extras(_ sets: [RequestSet]) -> EnginePlan.Extras {
        var extras = EnginePlan.Extras()
        extras.data = dataPlans(sets)
        extras.skipsWhenFull = scenario.limits.onFull == .skip
        extras.keepsSamples = keepsSamples
        extras.retry = scenario.retry.map(RetryPlan.init)
        let repeats = scenario.payments.map(\.repeats)
        if repeats.contains(where: { $0 != nil }) { extras.repeats = repeats }
        return extras
    }

    /// In the order of the scenario's data, which templates refer to.
    private func dataPlans(_ sets: [RequestSet]) -> [DataPlan] {
        let orders = scenario.rowOrders(keys: RunKeys(seed: seed, runID: runID))
        let phases = layout.sources
        return zip(scenario.data.indices, orders).map { set, order in
            DataPlan(
                file: scenario.data[set].file, order: order,
                rankings: zip(layout.lines, layout.phases).map { line, plan in
                    sets[plan.arm].ranking(
                        ofSet: set,
                        weights: phases[line.source].weights ?? scenario.payments.map(\.weight))
                })
        }
    }

    /// Of a plan whose phases all end by time the reader made sure that it fits.
    private func latestInstant(from origin: Nanoseconds) -> Nanoseconds? {
        let endsByTime = scenario.plannedDuration != nil && targets.count == 1
        return endsByTime ? nil : scenario.limits.duration.map { origin + $0.nanoseconds }
    }

    /// Payments a second that each target gets, at the most.
    var highestRate: Double {
        lineup.flows.reduce(0) { $0 + ($1.phases.map(\.highestRate).max() ?? 0) }
    }

    /// nil where it is not known.
    var plannedDuration: Duration? {
        if targets.count == 1 { return scenario.plannedDuration }
        let plan = plan(origin: 0)
        let flows = plan.flows.map { passes in
            passes.reduce(Nanoseconds?(0)) { sum, pass in
                sum.flatMap { sum in plan.length(ofPass: pass).map { sum + $0 } }
            }
        }
        return flows.contains(nil) ? nil : flows.compactMap(\.self).max().map { .nanoseconds($0) }
    }

    /// Over all targets.
    func connections(_ reports: [WorkerReport]) -> HostRecord.Connections {
        let slots = targets.indices.map { arm in reports.reduce(0) { $0 + $1.slots[arm] } }
        let parts = zip(targets, slots).map { target, slots in
            target.limits.record(slots: slots, of: target.arm.target.http)
        }
        return HostRecord.Connections(
            wanted: parts.reduce(0) { $0 + $1.wanted },
            ceiling: parts.reduce(0) { $0 + $1.ceiling },
            scarcity: parts.lazy.compactMap(\.scarcity).first,
            needed: parts.reduce(0) { $0 + $1.needed },
            areRenewed: parts.contains { $0.areRenewed })
    }

    private static func newRunID() -> String {
        var generator = SystemRandomNumberGenerator()
        let letters = Array("0123456789abcdefghjkmnpqrstvwxyz")
        return String((0..<12).map { _ in letters[Int(generator.next() % 32)] })
    }
}

extension Duration {
    var nanoseconds: Nanoseconds {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
