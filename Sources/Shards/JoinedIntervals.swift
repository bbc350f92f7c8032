import Histograms
import Results

/// The logs of all shards as one: every half second, what all of them did. Memory: an interval of each.
///
/// What is added up does not depend on the order in which shards were found: sums of real numbers are
/// taken in the order of the shards.
struct JoinedIntervals {
    /// In which a run closes its intervals too.
    private static let step = 0.5

    private let start: RunStart
    private let tracks: [ShardTrack]
    private var elapsed = 0.0
    private var settledBefore = 0

    /// - Parameter start: of the merged run.
    init(_ set: ShardSet, start: RunStart) throws(ResultError) {
        self.start = start
        var tracks: [ShardTrack] = []
        var firstWorker = 0
        for member in set.members {
            let track = try ShardTrack(member, firstWorker: firstWorker)
            firstWorker += track.workers
            tracks.append(track)
        }
        self.tracks = tracks
    }

    /// nil when every log is at its end.
    mutating func next() throws(ResultError) -> Interval? {
        guard let first = tracks.compactMap({ $0.head?.elapsed }).min() else { return nil }
        let instant = max(first, ((first / Self.step).rounded(.down) + 1) * Self.step)
        var joined = Interval(of: start)
        var passes: Set<Int> = []
        for track in tracks {
            while let interval = try track.take(until: instant) {
                joined.add(countsOf: interval, firstWorker: track.firstWorker)
                passes.formUnion(interval.spans.keys)
            }
        }
        for pass in passes { joined.spans[pass] = span(ofPass: pass) }
        joined.uncertain.sort { ($0.completed, $0.paymentID) < ($1.completed, $1.paymentID) }
        addState(to: &joined)
        return joined
    }

    /// What an interval has as it was when it was closed, not as a change.
    private mutating func addState(to joined: inout Interval) {
        elapsed = max(elapsed, tracks.map(\.latest.elapsed).max() ?? 0)
        let open = tracks.filter { $0.head != nil }.map(\.latest.settledBefore).min()
        let over = tracks.map(\.latest.settledBefore).max() ?? 0
        settledBefore = max(settledBefore, open ?? over)
        joined.elapsed = elapsed
        joined.settledBefore = settledBefore
        joined.cpuSeconds = tracks.reduce(0) { $0 + $1.latest.cpuSeconds }
        joined.peakRSSBytes = tracks.reduce(0) { $0 + $1.latest.peakRSSBytes }
    }

    /// From the first shard's start of it to the last one's end, as far as they are known.
    private func span(ofPass pass: Int) -> PhaseRecord.Span? {
        let known = tracks.compactMap { $0.spans[pass] }
        guard let start = known.map(\.start).min(), let end = known.map(\.end).max() else {
            return nil
        }
        return PhaseRecord.Span(start: start, end: end)
    }
}

/// One shard's log, read interval by interval.
private final class ShardTrack {
    let firstWorker: Int
    let workers: Int
    private var reader: IntervalLogReader
    /// The next interval; nil at the end.
    private(set) var head: Interval?
    /// What was taken last.
    private(set) var latest: Interval
    private(set) var spans: [Int: PhaseRecord.Span] = [:]

    init(_ member: ShardSet.Found, firstWorker: Int) throws(ResultError) {
        self.firstWorker = firstWorker
        let reader = try IntervalLogReader(bytes: member.file.log, name: member.name)
        workers = reader.start.workers
        latest = Interval(of: reader.start)
        self.reader = reader
        try advance()
    }

    func take(until instant: Double) throws(ResultError) -> Interval? {
        guard let interval = head, interval.elapsed <= instant else { return nil }
        latest = interval
        spans.merge(interval.spans) { $1 }
        try advance()
        return interval
    }

    private func advance() throws(ResultError) {
        switch try reader.next() {
        case .interval(let interval): head = interval
        case .end, nil: head = nil
        }
    }
}

extension Interval {
    /// Adds what another shard counted. Neither the order nor the grouping of several matters, as long as
    /// sums of squares are below 2^53.
    ///
    /// - Parameter firstWorker: of the other, among the workers of all.
    mutating func add(countsOf other: Interval, firstWorker: Int) {
        for index in phases.indices {
            phases[index].add(other.phases[index], firstWorker: firstWorker)
        }
        for (number, second) in other.seconds {
            seconds[number, default: Second()].add(second)
        }
        signIns.failed += other.signIns.failed
        signIns.time.add(other.signIns.time)
        uncertain += other.uncertain
        for (worker, tally) in other.tallies.enumerated() where tally != nil {
            tallies[firstWorker + worker] = tally
        }
    }
}

extension Interval.Phase {
    fileprivate mutating func add(_ other: Interval.Phase, firstWorker: Int) {
        planned += other.planned
        started += other.started
        skipped += other.skipped
        retries += other.retries
        repeats.add(other.repeats)
        bytesSent += other.bytesSent
        bytesReceived += other.bytesReceived
        codes.merge(other.codes, uniquingKeysWith: +)
        let mine = punctuality.longestStall
        punctuality.add(other.punctuality)
        var theirs = other.punctuality.longestStall
        theirs.worker += firstWorker
        punctuality.longestStall = mine.isBefore(theirs) ? theirs : mine
    }
}

extension RepeatFindings {
    fileprivate mutating func add(_ other: RepeatFindings) {
        same += other.same
        refused += other.refused
        different += other.different
        settled += other.settled
        unanswered += other.unanswered
    }
}

extension Punctuality.Stall {
    /// By length; where two are alike, the later one, so that the order of shards does not matter.
    fileprivate func isBefore(_ other: Self) -> Bool {
        (microseconds, end, worker) < (other.microseconds, other.end, other.worker)
    }
}

extension Interval.Second {
    fileprivate mutating func add(_ other: Interval.Second) {
        planned += other.planned
        started += other.started
        for outcome in outcomes.indices { outcomes[outcome] += other.outcomes[outcome] }
        for (flow, count) in other.completedByFlow.enumerated() {
            while completedByFlow.count <= flow { completedByFlow.append(0) }
            completedByFlow[flow] += count
        }
        for (phase, theirs) in other.series { series[phase, default: PhaseSeries()].add(theirs) }
    }
}
