/// Whether payments pile up in the target.
package enum Backlog {
    /// Shorter windows cannot tell a full queue from a growing one.
    package static let fewestSeconds = 60
    package static let leastEffect = 0.01
    package static let greatestChance = 0.01

    /// `queue.stable` (`truth.md`, 2.1), in reverse: the number in flight has an upward trend
    /// (Mann–Kendall) and grows by more than 1 % of the rate. Its growth: mean of the last third less
    /// mean of the first, by the time between their middles. nil with fewer than `fewest` seconds.
    ///
    /// - Parameters:
    ///   - inFlight: payments in flight, once a second.
    ///   - rate: payments per second that were sent.
    ///   - fewest: 60, or 20 times the latency objective if that is less.
    package static func growth(
        ofInFlight inFlight: [Double], rate: Double, fewest: Int = fewestSeconds
    ) -> Finding? {
        precondition(rate > 0, "a backlog of something")
        guard inFlight.count >= max(fewest, MannKendall.fewestValues) else { return nil }
        let third = inFlight.count / 3
        let first = inFlight.prefix(third).reduce(0, +) / Double(third)
        let last = inFlight.suffix(third).reduce(0, +) / Double(third)
        let effect = (last - first) / Double(inFlight.count - third) / rate
        let trend = MannKendall(inFlight)
        let chance = trend.score > 0 ? trend.chance : 1
        return Finding(
            effect: effect, leastEffect: leastEffect, chance: chance,
            greatestChance: greatestChance,
            isPresent: chance < greatestChance && effect > leastEffect)
    }
}
