import Histograms
import Results

/// `loop.stall`: workers that stood still for more than 10 ms: nothing was sent, and answers waited to
/// be seen.
///
/// What a stall did to an open phase shows in its lags, since answers are seen as late as payments are
/// sent: there it is invalid where the lag is. The closed model has no lag; there it is judged by its share
/// of the time and by its length.
struct LoopStalls: Sendable, Equatable {
    /// Shares of the workers' time.
    static let bounds = Bounds(ok: 0.0005, most: 0.005)
    /// In µs; with stalls no longer than this a measurement is at most suspect.
    static let short: UInt64 = 20_000

    var share: Double
    var longest: Punctuality.Stall
    /// At p99, in µs; 0 where there is none.
    var responseTime: UInt64
    var phase: String
    /// In an open phase: the lag is more than a measurement can bear. nil in a closed one.
    private var lagIsInvalid: Bool?

    /// The worst phase; nil where all are well.
    init?(in phases: [PhaseRecord], workers: Int) {
        let all = phases.compactMap { LoopStalls(in: $0, workers: workers) }
        let worst = all.max {
            ($0.isInvalid ? 1 : 0, $0.share) < ($1.isInvalid ? 1 : 0, $1.share)
        }
        guard let worst else { return nil }
        self = worst
    }

    private init?(in phase: PhaseRecord, workers: Int) {
        let available = phase.seconds * Double(workers)
        guard available > 0 else { return nil }
        share = phase.punctuality.stalledSeconds / available
        longest = phase.punctuality.longestStall
        responseTime = phase.responseTime.value(at: 0.99) ?? 0
        self.phase = phase.name
        switch phase.model {
        case .open: lagIsInvalid = LateSends(in: [phase])?.isInvalid == true
        case .closed: lagIsInvalid = nil
        }
        guard share > Self.bounds.ok || longest.microseconds > Self.short else { return nil }
    }

    /// In a closed phase: together they are more than a percentile can bear, and one of them weighs
    /// against the response time more than a lag may.
    var isInvalid: Bool {
        let isHeavy =
            longest.microseconds > Self.short
            && Double(longest.microseconds) > LateSends.bounds.most * Double(responseTime)
        return share > Self.bounds.most && (lagIsInvalid ?? isHeavy)
    }
}

extension Doubt {
    init(_ stalls: LoopStalls) {
        let share = stalls.share
        let bounds = LoopStalls.bounds
        // A long run can bear a stall that is no share of it worth naming, but its maximum can't.
        let isByShare = share > bounds.ok
        let at = Figures.length(seconds: stalls.longest.end)
        self.init(
            check: .loopStall, validity: stalls.isInvalid ? .invalid : .suspect,
            value: isByShare ? share : Double(stalls.longest.microseconds) / 1e6,
            threshold: isByShare
                ? (share > bounds.most ? bounds.most : bounds.ok) : Double(LoopStalls.short) / 1e6,
            advice: "The workers stood still for \(Figures.share(share)) of phase "
                + "\(stalls.phase.printable), worker \(stalls.longest.worker) for "
                + "\(Figures.duration(microseconds: stalls.longest.microseconds)) until \(at) into "
                + "the run: something stopped them. Give the machine to the run alone.")
    }
}
