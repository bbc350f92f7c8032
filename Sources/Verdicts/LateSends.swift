import Histograms
import Results

/// `schedule.lag`: how late the generator sent, against what it measured. The error of a quantile of the
/// response time is about the quantile of the lag.
///
/// Only the open model has a schedule to be late for. Each measured phase is judged, since each is reported.
struct LateSends: Sendable, Equatable {
    static let bounds = Bounds(ok: 0.05, most: 0.2)
    /// A lag that is never worth a word, in µs: timer slack and one wake-up.
    static let harmless: UInt64 = 50
    /// An idle core takes up to this long, in µs, to wake for an arrival. Up to here a lag is told, for it
    /// is in every response time; but no other machine or rate would be without it.
    static let wakeUp: UInt64 = 100
    /// Observations above a quantile below which it is not judged.
    static let observations = 5

    var quantile: Quantile
    /// Both in µs, at `quantile`.
    var lag: UInt64
    var responseTime: UInt64
    var phase: String

    var ratio: Double { Double(lag) / Double(responseTime) }

    /// The worst quantile of the worst phase; nil where all are well.
    init?(in openPhases: [PhaseRecord]) {
        let late = openPhases.flatMap { phase in
            let responseTime = phase.responseTime
            return Quantile.allCases.compactMap {
                LateSends($0, of: phase, responseTime: responseTime)
            }
        }
        let worst = late.max { ($0.isInvalid ? 1 : 0, $0.ratio) < ($1.isInvalid ? 1 : 0, $1.ratio) }
        guard let worst else { return nil }
        self = worst
    }

    private init?(_ quantile: Quantile, of phase: PhaseRecord, responseTime: Histogram) {
        let count = min(phase.times.lag.count, responseTime.count)
        guard quantile.observations(above: count) >= Self.observations,
            let lag = phase.times.lag.value(at: quantile.ratio),
            let response = responseTime.value(at: quantile.ratio), response > 0
        else { return nil }
        self.quantile = quantile
        self.lag = lag
        self.responseTime = response
        self.phase = phase.name
        guard lag > Self.harmless, ratio > Self.bounds.ok else { return nil }
    }

    var isInvalid: Bool { ratio > Self.bounds.most && lag > Self.wakeUp }
}

extension Doubt {
    init(_ late: LateSends) {
        let name = late.quantile.name
        let seen =
            "The generator sent late: \(name) lag \(Figures.duration(microseconds: late.lag)) is "
            + "\(Figures.share(late.ratio)) of the \(name) response time in phase "
            + "\(late.phase.printable). "
        self.init(
            check: .scheduleLag, validity: late.isInvalid ? .invalid : .suspect,
            value: late.ratio,
            threshold: late.ratio > LateSends.bounds.most
                ? LateSends.bounds.most : LateSends.bounds.ok,
            advice: seen
                + (late.lag > LateSends.wakeUp
                    ? "Lower the rate, add workers or use another machine."
                    : "An idle core needs as long to wake; service times are free of it."))
    }
}

/// The quantiles that are reported.
enum Quantile: Int, CaseIterable, Sendable {
    case p50 = 500
    case p90 = 900
    case p99 = 990
    case p99_9 = 999

    var ratio: Double { Double(rawValue) / 1000 }

    var name: String {
        switch self {
        case .p50: "p50"
        case .p90: "p90"
        case .p99: "p99"
        case .p99_9: "p99.9"
        }
    }

    /// How many of `count` observations lie above it.
    func observations(above count: UInt64) -> Int {
        Int(clamping: count) / 1000 * (1000 - rawValue)
            + Int(clamping: count) % 1000 * (1000 - rawValue) / 1000
    }
}
