import Histograms
import Payments
import Results
import Statistics

/// The reference of a duet by itself and beside the others: do they disturb each other?
struct InterferenceWatch: Sendable {
    /// What came in the last seconds may lack its slowest answers.
    private static let patience = 2.0
    /// Drift is not cancelled before the second stretch alone, so more is asked for.
    private static let earlyConfidence = 0.99
    /// Of durations alone before a duet: fewer seconds tell nothing of its variation.
    private static let fewestSeconds = 5

    private let alone: Int
    private let together: Int
    private let duet: Int
    private let guardBefore: Int
    /// Response times by second, of seconds that are settled.
    private var aloneTimes: [Int: CompactHistogram] = [:]
    private var togetherTimes: [Int: CompactHistogram] = [:]
    /// Of the beginning, as they come.
    private var earlyTimes: [Int: [Int: CompactHistogram]] = [:]
    private var spans: [Int: PhaseRecord.Span] = [:]
    private var elapsed = 0.0
    private var wasEarly = false

    /// nil where the reference was not measured alone beside a duet.
    init?(_ start: RunStart) {
        guard let design = start.design,
            let duet = design.passes.firstIndex(where: { pass in
                pass.kind == .duet && pass.phases.contains { start.phases[$0].measured }
            }),
            let guardBefore = design.passes[..<duet].lastIndex(where: { $0.kind == .alone }),
            let alone = design.passes[guardBefore].phases.first,
            let together = design.passes[duet].phases.first(where: {
                start.phases[$0].adapter == start.phases[alone].adapter
            })
        else { return nil }
        (self.duet, self.guardBefore) = (duet, guardBefore)
        (self.alone, self.together) = (alone, together)
    }

    mutating func add(_ interval: Interval) {
        spans.merge(interval.spans) { $1 }
        elapsed = interval.elapsed
        guard !wasEarly else { return }
        for (number, second) in interval.seconds {
            for record in [alone, together] {
                guard let series = second.series[record] else { continue }
                for histogram in series.responseTime {
                    earlyTimes[record, default: [:]][number, default: .init()].add(histogram)
                }
            }
        }
    }

    mutating func add(_ second: RecordBuilder.SettledSecond) {
        func times(_ record: Int) -> CompactHistogram? {
            second.series[record]?.merged { if case .responseTime = $0 { true } else { false } }
        }
        if let times = times(alone) { aloneTimes[second.number] = times }
        if let times = times(together) { togetherTimes[second.number] = times }
    }

    /// Once, as soon as the duet has lasted as long as the reference was alone before it: what that
    /// shows. nil before and after, and where nothing was found.
    mutating func early() -> Interference? {
        guard !wasEarly, let before = spans[guardBefore], let duet = spans[duet] else { return nil }
        let length = before.end - before.start
        guard elapsed >= duet.start + length + Self.patience else { return nil }
        wasEarly = true
        defer { earlyTimes = [:] }
        let end = Int(duet.start + length)
        return Self.finding(
            (earlyTimes[alone] ?? [:]).filter { $0.key < Int(duet.start) },
            (earlyTimes[together] ?? [:]).filter { $0.key < end },
            confidence: Self.earlyConfidence
        ).flatMap { $0.isPresent ? $0 : nil }
    }

    /// From all of it; nil where it is too little.
    var finding: Interference? {
        Self.finding(aloneTimes, togetherTimes, confidence: 0.95)
    }

    private static func finding(
        _ alone: [Int: CompactHistogram], _ together: [Int: CompactHistogram], confidence: Double
    ) -> Interference? {
        func samples(_ times: [Int: CompactHistogram]) -> [Sample] {
            times.sorted { $0.key < $1.key }.map { Sample($0.value) }
        }
        guard alone.count >= fewestSeconds, together.count >= fewestSeconds else { return nil }
        return Interference(
            alone: samples(alone), together: samples(together), confidence: confidence)
    }
}
