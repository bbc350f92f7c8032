import Capacity
import Glibc

/// A target whose capacity is known, and the limit that 99 % of its payments have to keep.
struct KnownSystem: Sendable {
    var name: String
    var law: VirtualTarget.Law
    var limit: Double
    /// The highest rate that keeps the promises.
    var truth: Double

    var promises: Promises {
        Promises(latencies: [.init(quantile: 0.99, limitSeconds: limit)], errors: 0.001)
    }

    var saturation: Double {
        min(Double(law.servers) / law.mean, law.bucket?.perSecond ?? .infinity)
    }

    /// A search of this system: it begins at 5 to 20 % of what the target can do at most.
    func search(seed: UInt64) -> (search: CapacitySearch, run: VirtualRun) {
        var target = VirtualTarget(law, seed: seed)
        let from = saturation * (0.05 + 0.15 * target.uniform())
        let settings = CapacitySettings(promises: promises, from: from, to: 4 * saturation)
        return (CapacitySearch(settings), VirtualRun(target, promises: promises))
    }

    /// `truth` of those without a formula: where 1 % take longer or 0.1 % fail in 4 × 20,000 s, by
    /// bisection; `scripts/evidence capacity` checks both sides of it.

    /// S1 to S3 of `truth.md`, 7.2; their capacities are those of its simulations.
    static let steady = KnownSystem(
        name: "M/G/8", law: .init(servers: 8, mean: 0.02), limit: 0.25, truth: 379.6)
    static let wandering = KnownSystem(
        name: "M/G/8, wandering 5 %", law: .init(servers: 8, mean: 0.02, wander: 0.05),
        limit: 0.25, truth: 353.5)
    static let slow = KnownSystem(
        name: "M/G/4, slow, wandering 5 %", law: .init(servers: 4, mean: 0.1, wander: 0.05),
        limit: 1.5, truth: 35.42)

    /// P(response time > t) = exp(−(µ − λ)t).
    static let singleServer = KnownSystem(
        name: "M/M/1", law: .init(servers: 1, mean: 0.004, times: .exponential), limit: 0.1,
        truth: 250 - log(100) / 0.1)
    static let eightServers = KnownSystem(
        name: "M/M/8", law: .init(servers: 8, mean: 0.02, times: .exponential), limit: 0.25,
        truth: erlangCapacity(servers: 8, mean: 0.02, limit: 0.25))

    static let rateLimit = KnownSystem(
        name: "429 above 300/s",
        law: .init(servers: 8, mean: 0.01, bucket: (perSecond: 300, burst: 50)), limit: 0.25,
        truth: 289)
    static let collapsing = KnownSystem(
        name: "collapses past its knee", law: .init(servers: 8, mean: 0.02, thrash: 0.5),
        limit: 0.25, truth: 264)
    static let heating = KnownSystem(
        name: "slower after 30 s", law: .init(servers: 8, mean: 0.02, heat: 1.3), limit: 0.25,
        truth: 286.5)

    static let all = [
        steady, wandering, slow, singleServer, eightServers, rateLimit, collapsing, heating,
    ]

    /// Where 1 % of the payments of M/M/k take longer than `limit`, by bisection.
    private static func erlangCapacity(servers: Int, mean: Double, limit: Double) -> Double {
        var (low, high) = (0.0, Double(servers) / mean)
        for _ in 0..<60 {
            let rate = (low + high) / 2
            let tail = erlangTail(servers: servers, mean: mean, rate: rate, beyond: limit)
            if tail <= 0.01 { low = rate } else { high = rate }
        }
        return low
    }

    /// Response time of M/M/k: with probability C (Erlang) a wait, exponential of rate kµ − λ, and then
    /// a service of rate µ (Kleinrock, Queueing Systems I, 3.5).
    private static func erlangTail(
        servers: Int, mean: Double, rate: Double, beyond time: Double
    ) -> Double {
        let offered = rate * mean
        var (term, sum) = (1.0, 0.0)
        for count in 0..<servers {
            sum += term
            term *= offered / Double(count + 1)
        }
        let full = term / (1 - offered / Double(servers))
        let waits = full / (sum + full)
        let (service, queue) = (1 / mean, Double(servers) / mean - rate)
        let both =
            abs(service - queue) < 1e-9 * service
            ? (1 + service * time) * exp(-service * time)
            : (service * exp(-queue * time) - queue * exp(-service * time)) / (service - queue)
        return (1 - waits) * exp(-service * time) + waits * both
    }
}

extension KnownSystem {
    /// A queue of 100 ms halves what it can do: only far below its capacity it gets rid of it.
    static let heavilyThrashing = KnownSystem(
        name: "halved by its queue", law: .init(servers: 8, mean: 0.02, thrash: 1), limit: 0.25,
        truth: 200)

    func search(stepsDown: Bool, seed: UInt64) -> (search: CapacitySearch, run: VirtualRun) {
        var settings = CapacitySettings(
            promises: promises, from: saturation * 0.2, to: 4 * saturation)
        settings.stepsDown = stepsDown
        return (
            CapacitySearch(settings),
            VirtualRun(VirtualTarget(law, seed: seed), promises: promises)
        )
    }
}
