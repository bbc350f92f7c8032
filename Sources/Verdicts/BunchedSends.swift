import Results

/// `arrivals.burst`: sends that were more bunched than planned. A burst of ours makes a queue in the
/// target that the plan would not have made, so that even service times are too long.
///
/// The index of dispersion of counts (variance over mean) of a Poisson process is 1, of even arrivals 0.
/// Up to 0.05 more than planned does no harm, 0.4 and more does (`truth.md`, 2).
struct BunchedSends: Sendable, Equatable {
    static let bounds = Bounds(ok: 0.25, most: 1)
    /// Fewer sends do not tell.
    static let fewest = 100

    /// Against the plan; below 0 where sends were more even.
    var excess: Double
    var windowMilliseconds: Int
    var phase: String

    /// The worst window of the worst phase.
    init?(in openPhases: [PhaseRecord]) {
        let all = openPhases.filter { $0.punctuality.sends >= Self.fewest }.flatMap { phase in
            [
                BunchedSends(phase.punctuality.excessIn10ms, in: 10, of: phase),
                BunchedSends(phase.punctuality.excessIn100ms, in: 100, of: phase),
            ]
        }
        guard let worst = all.max(by: { abs($0.excess) < abs($1.excess) }),
            abs(worst.excess) > Self.bounds.ok
        else { return nil }
        self = worst
    }

    private init(_ excess: Double, in windowMilliseconds: Int, of phase: PhaseRecord) {
        self.excess = excess
        self.windowMilliseconds = windowMilliseconds
        self.phase = phase.name
    }
}

extension Doubt {
    init(_ bunched: BunchedSends) {
        let bounds = BunchedSends.bounds
        let isInvalid = abs(bunched.excess) > bounds.most
        self.init(
            check: .bunchedArrivals, validity: isInvalid ? .invalid : .suspect,
            value: abs(bunched.excess), threshold: isInvalid ? bounds.most : bounds.ok,
            advice: "Sends were \(bunched.excess > 0 ? "more" : "less") bunched than planned in "
                + "phase \(bunched.phase.printable): the index of dispersion in windows of "
                + "\(bunched.windowMilliseconds) ms is off by "
                + "\(Figures.significant(abs(bunched.excess))). Lower the rate, add workers or use "
                + "another machine.")
    }
}
