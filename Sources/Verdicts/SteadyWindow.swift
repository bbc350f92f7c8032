import Results
import Statistics

/// The course of a measured phase in which nothing was to change: one pass of the open model at a constant
/// rate, with no other phase beside it.
struct SteadyWindow {
    let phase: PhaseRecord
    let ratePerSecond: Double
    /// Of the seconds that lie wholly in it.
    let rows: ArraySlice<TimelineRow>
    /// Payments that were due and not completed at the end of each of these seconds.
    let backlog: [Double]

    init?(_ phase: PhaseRecord, of record: Record) {
        guard case .open(let rate, let process, nil) = phase.model, rate > 0,
            process != "recorded", phase.spans.count == 1,
            record.phases.flatMap(\.spans).count(where: { $0.overlaps(phase.spans[0]) }) == 1
        else { return nil }
        // A millisecond is forgiven at both ends.
        let first = Int((phase.spans[0].start - 0.001).rounded(.up))
        let end = Int((phase.spans[0].end + 0.001).rounded(.down))
        guard first >= 0, first < end, end <= record.timeline.count else { return nil }
        self.phase = phase
        ratePerSecond = rate
        rows = record.timeline[first..<end]
        backlog = Array(Self.backlog(of: record)[first..<end])
    }

    /// What waits for a slot is a part of it; where arrivals were skipped, only what is in flight is known.
    private static func backlog(of record: Record) -> [Double] {
        guard record.phases.allSatisfy({ $0.skipped == 0 }) else {
            return record.timeline.map { Double($0.inFlight) }
        }
        var waiting = 0
        return record.timeline.map { row in
            waiting += row.planned - row.completed
            return Double(waiting)
        }
    }

    /// Seconds at whose end the first payments are still under way: until then a backlog grows that is
    /// none.
    var secondsToFill: Int {
        let first = rows.first.flatMap { $0.p99 ?? $0.p50 } ?? 0
        return Int(first / 1_000_000)
    }

    /// Median response times of 20, or 10, equal parts, in µs; nil where it is too short, or a part has
    /// no answers.
    var levels: [Double]? {
        guard let slicing = Slicing(parts: rows.count), slicing.count >= 10 else { return nil }
        let levels = slicing.grouped(Array(rows)).compactMap { slice -> Double? in
            let medians = slice.compactMap(\.p50).sorted()
            return medians.isEmpty ? nil : Double(medians[medians.count / 2])
        }
        return levels.count == slicing.count ? levels : nil
    }
}

extension PhaseRecord.Span {
    /// By more than a millisecond.
    fileprivate func overlaps(_ other: Self) -> Bool {
        start < other.end - 0.001 && other.start < end - 0.001
    }
}

/// `queue.stable`, `latency.stationary` and `warmup.over`.
extension Doubt {
    /// From 60 s on a backlog that grows by 1 % of the rate is one. Chance alone moves a shorter window
    /// by more.
    private static let longGrowth = 0.01
    private static let shortGrowth = 0.1
    private static let shortestWindow = 10

    static func growingBacklog(in window: SteadyWindow) -> Doubt? {
        let backlog = Array(window.backlog.dropFirst(window.secondsToFill))
        let least = backlog.count >= Backlog.fewestSeconds ? longGrowth : shortGrowth
        let finding = Backlog.growth(
            ofInFlight: backlog, rate: window.ratePerSecond, fewest: shortestWindow)
        guard let finding, finding.isPresent, finding.effect > least else { return nil }
        let growth = Figures.rate(perSecond: finding.effect * window.ratePerSecond)
        return Doubt(
            check: .backlog, validity: .suspect, value: finding.effect, threshold: least,
            advice: "The backlog grew by \(growth), \(Figures.share(finding.effect)) of the rate, "
                + "in phase \(window.phase.name.printable): the target can't sustain it, and response "
                + "times depend on how long the run lasts. Lower the rate.")
    }

    static func driftingLatency(in window: SteadyWindow) -> Doubt? {
        guard let levels = window.levels else { return nil }
        let trend = Drift.trend(ofLevels: levels).flatMap { $0.isPresent ? $0 : nil }
        let warmUp = WarmUp.remains(inLevels: levels).flatMap { $0.isPresent ? $0 : nil }
        // A beginning of its own is no trend: that goes on when the beginning is left out.
        let rest = Array(levels.dropFirst(levels.count / 5))
        let goesOn = Drift.trend(ofLevels: rest)?.isPresent == true
        if let warmUp, !goesOn { return Doubt(warmUp: warmUp, in: window) }
        return trend.map { Doubt(trend: $0, in: window) }
    }

    private init(trend: Finding, in window: SteadyWindow) {
        self.init(
            check: .stationarity, validity: .suspect, value: trend.effect,
            threshold: trend.effect < 0 ? -trend.leastEffect : trend.leastEffect,
            advice: "The median response time \(trend.effect < 0 ? "fell" : "rose") by "
                + "\(Figures.share(abs(trend.effect))) in the course of phase "
                + "\(window.phase.name.printable): the target changes, or has not warmed up. Measure "
                + "when it has settled.")
    }

    private init(warmUp: Finding, in window: SteadyWindow) {
        self.init(
            check: .warmUp, validity: .suspect, value: warmUp.effect,
            threshold: warmUp.effect < 0 ? -warmUp.leastEffect : warmUp.leastEffect,
            advice: "The median response time was \(Figures.share(abs(warmUp.effect))) "
                + "\(warmUp.effect < 0 ? "lower" : "higher") at the beginning of phase "
                + "\(window.phase.name.printable) than in its second half: the target was still "
                + "warming up. Let a phase with measure: false go before it.")
    }
}

extension Doubt {
    init(_ law: BrokenLaw) {
        self.init(
            check: .accounting, validity: .invalid, value: Double(law.left) - Double(law.right),
            threshold: 0,
            advice: "The counts do not add up: \(law). This is a fault of paybench; please report "
                + "it.")
    }
}
