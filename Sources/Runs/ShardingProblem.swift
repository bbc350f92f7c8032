import Engine
import Metrics
import Scenarios

/// Why shards of a scenario would not come to the same as one run of it. Known before anything is sent.
package enum ShardingProblem: Error, Equatable {
    /// Each shard would start a stand-in of its own.
    case ownSimulator
    /// It would end at another instant in each shard.
    case until(phase: String)
    /// Each shard sees only its part of what is counted.
    case countedCondition(String)
    /// It ends when its payments are made, which no shard sees of the others; `next` would begin at another
    /// instant in each.
    case openEnd(phase: String, next: String)
    /// A shard that finds the data set used up ends its flow; the others go on into a phase that does not
    /// need it.
    case rowsRunOut(dataSet: String, phase: String)
    case tooFew(limit: String, Int, least: Int)
}

extension ShardingProblem {
    /// All that stand against it.
    ///
    /// - Parameter lineup: of the run.
    package static func problems(
        of scenario: Scenario, _ lineup: Lineup, shards: Int
    ) -> [ShardingProblem] {
        guard shards > 1 else { return [] }
        var problems = limits(of: scenario, lineup, shards: shards)
        if lineup.arms.contains(where: { $0.target.base == .simulator }) {
            problems.append(.ownSimulator)
        }
        for condition in scenario.limits.stopIf where condition.metric.isSum {
            problems.append(.countedCondition(condition.text))
        }
        for flow in lineup.flows {
            for phase in flow.phases where !phase.until.isEmpty {
                problems.append(.until(phase: phase.name))
            }
            problems += openEnds(of: flow)
            problems += rowsThatRunOut(in: flow, scenario, lineup)
        }
        return problems
    }

    private static func limits(
        of scenario: Scenario, _ lineup: Lineup, shards: Int
    ) -> [ShardingProblem] {
        var problems: [ShardingProblem] = []
        let least = shards * lineup.arms.count
        if scenario.limits.inFlight < least {
            problems.append(
                .tooFew(limit: "limits.in_flight", scenario.limits.inFlight, least: least))
        }
        let connections = lineup.arms.compactMap(\.target.http.connections).min()
        if let connections, connections < shards {
            problems.append(.tooFew(limit: "http.connections", connections, least: shards))
        }
        return problems
    }

    private static func openEnds(of flow: Scenario.Flow) -> [ShardingProblem] {
        let passes = flow.passes
        var known: Set<Int> = []
        return zip(passes, passes.dropFirst()).compactMap { pass, next in
            guard flow.phases[pass].endsByCount, known.insert(pass).inserted else { return nil }
            return .openEnd(phase: flow.phases[pass].name, next: flow.phases[next].name)
        }
    }

    private static func rowsThatRunOut(
        in flow: Scenario.Flow, _ scenario: Scenario, _ lineup: Lineup
    ) -> [ShardingProblem] {
        let requests = lineup.arms.map {
            RequestSet(target: $0.target, payments: $0.payments, data: scenario.dataFiles)
        }
        return scenario.data.indices.compactMap { set in
            guard scenario.data[set].atEnd == .stop else { return nil }
            let passes = flow.passes.map { flow.phases[$0] }
            let uses = passes.map { phase in
                let weights = phase.weights ?? scenario.payments.map(\.weight)
                return requests.contains { $0.ranking(ofSet: set, weights: weights) != nil }
            }
            guard let first = uses.firstIndex(of: true),
                let other = passes.indices.first(where: {
                    $0 > first && !uses[$0] && !passes[$0].isPause
                })
            else { return nil }
            return .rowsRunOut(dataSet: scenario.data[set].name, phase: passes[other].name)
        }
    }
}

extension Scenario.Phase {
    /// When its users have made all their payments, at the latest.
    fileprivate var endsByCount: Bool {
        switch model {
        case .open: false
        case .closed(let users): end.payments != nil || users.paymentsEach != nil
        }
    }
}

extension Metric {
    /// What all shards have is the sum of what each of them has.
    fileprivate var isSum: Bool {
        switch self {
        case .errors(.count), .outcome(_, .count), .code, .rate, .skipped: true
        case .errors(.rate), .outcome(_, .rate), .time, .generatorCPU: false
        }
    }
}

extension ShardingProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .ownSimulator:
            "base_url: simulator starts a provider for each shard; shards need one target that all "
                + "of them reach (paybench simulate)"
        case .until(let phase):
            "phase \(phase): until is looked at by each shard alone, so the phase would end at "
                + "another instant in each; leave it out"
        case .countedCondition(let text):
            "limits.stop_if: \(text): a shard counts its own payments only; shares (errors.rate) "
                + "and times (response_time.p99) can be told by each"
        case .openEnd(let phase, let next):
            "phase \(phase) ends when its payments are made, which a shard does not see of the "
                + "others, and \(next) comes behind it; give it for: instead, or make it the last"
        case .rowsRunOut(let dataSet, let phase):
            "data \(dataSet): at_end: stop ends each shard's part when that shard needs a row and "
                + "there is none, but phase \(phase) needs none and would go on in some of them"
        case .tooFew(let limit, let value, let least):
            "\(limit): \(value) is for all shards together, and \(least) are needed at least"
        }
    }
}
