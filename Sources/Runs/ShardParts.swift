import Arrivals
import DataFiles
import Digests
import Engine
import Rendezvous
import Scenarios

extension ShardPlace {
    /// - Parameter number: nil: the whole plan.
    init(_ number: ShardNumber?) { self.init(number?.index ?? 0, of: number?.count ?? 1) }
}

/// What is limited for a whole plan is dealt out to its shards, so that all of them together have no more
/// of it.
extension Scenario {
    /// - Precondition: there is something for every shard (`ShardingProblem`).
    func part(of place: ShardPlace) -> Scenario {
        var scenario = self
        scenario.limits.inFlight = place.part(of: limits.inFlight)
        return scenario
    }

    /// What even the shard with least has: shards that have users need the same number of workers, since
    /// it decides on numbers and rows.
    func connectionsOfAnyShard(of place: ShardPlace, _ lineup: Lineup) -> Int {
        guard place.count > 1 else { return .max }
        let inFlight = limits.inFlight / lineup.arms.count
        let connections = lineup.arms.map { min($0.target.http.connections ?? .max, inFlight) }
        return max(1, (connections.min() ?? inFlight) / place.count)
    }
}

extension Lineup.Arm {
    func part(of place: ShardPlace) -> Lineup.Arm {
        var arm = self
        arm.target.http.connections = target.http.connections.map(place.part(of:))
        arm.target.http.warmUp = place.part(of: target.http.warmUp)
        return arm
    }
}

extension Preparation {
    /// The same for all shards of a plan and for no other plan: of the scenario and everything that the
    /// schedule is drawn from, files of data and of arrivals included, but not of where they lie.
    package var planDigest: String {
        var lines = [
            "paybench-plan/1", "tool \(toolVersion)", "scenario \(scenario.sha256)",
            "seed \(seed)", "shards \(ShardPlace(shard).count)",
        ]
        var text = scenario.effectiveText
        for set in scenario.data {
            lines.append("data \(set.name) \(set.file.fingerprint)")
            text = text.replacing(set.path, with: "")
        }
        for phase in scenario.phases {
            guard case .open(.recorded) = phase.model, case .recorded(let recorded) = phase.schedule
            else { continue }
            lines.append("arrivals \(phase.name) \(recorded.fingerprint)")
            text = text.replacing(recorded.path, with: "")
        }
        if layout.phases.contains(where: \.hasUsers) { lines.append("workers \(workers)") }
        lines += targets.map { "target \($0.url)" } + [text]
        return SHA256.hexadecimal(of: Array(lines.joined(separator: "\n").utf8))
    }
}

extension Preparation {
    /// Arrivals of the whole plan, all shards together; nil where only the run tells.
    package var plannedArrivals: Int? {
        // A data set that is used up ends it sooner.
        guard scenario.data.allSatisfy({ $0.atEnd == .wrap }) else { return nil }
        return plan(origin: 0).plannedArrivals
    }
}

extension PhasePlan {
    fileprivate var hasUsers: Bool {
        switch model {
        case .open: false
        case .closed: true
        }
    }
}
