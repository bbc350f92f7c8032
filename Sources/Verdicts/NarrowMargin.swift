import Histograms
import Results

/// `noise.floor`: how far the response times are above those of an answer that takes nothing, as the
/// self-test found them at the same quantile. Without a self-test nothing is known.
struct NarrowMargin: Sendable, Equatable {
    /// From here on, most of what is measured is the target's.
    static let ample = 3.0
    /// Below it, most of it is ours.
    static let least = 1.5
    /// Observations above a quantile below which it is not judged.
    static let observations = 5

    var quantile: Quantile
    /// Both in µs, at `quantile`.
    var responseTime: UInt64
    var floor: UInt64
    var phase: String

    var ratio: Double { Double(responseTime) / Double(floor) }

    /// The narrowest of all phases and quantiles; nil where all are ample.
    init?(in openPhases: [PhaseRecord], over floor: NoiseFloor?) {
        guard let floor else { return nil }
        let margins = openPhases.flatMap { phase in
            let responseTime = phase.responseTime
            return Quantile.allCases.compactMap {
                NarrowMargin($0, of: responseTime, in: phase.name, over: floor)
            }
        }
        guard let narrowest = margins.min(by: { $0.ratio < $1.ratio }),
            narrowest.ratio < Self.ample
        else { return nil }
        self = narrowest
    }

    private init?(
        _ quantile: Quantile, of times: Histogram, in phase: String, over floor: NoiseFloor
    ) {
        guard quantile.observations(above: times.count) >= Self.observations,
            let time = times.value(at: quantile.ratio), let floor = floor[quantile], floor > 0
        else { return nil }
        self.quantile = quantile
        self.phase = phase
        self.floor = floor
        responseTime = time
    }
}

extension NoiseFloor {
    fileprivate subscript(quantile: Quantile) -> UInt64? {
        switch quantile {
        case .p50: p50
        case .p90: p90
        case .p99: p99
        case .p99_9: nil
        }
    }
}

extension Doubt {
    /// By itself it is never more than suspect: the target may just be that fast.
    init(_ margin: NarrowMargin) {
        let isMostlyOurs = margin.ratio < NarrowMargin.least
        let name = margin.quantile.name
        self.init(
            check: .noiseFloor, validity: .suspect, value: margin.ratio,
            threshold: isMostlyOurs ? NarrowMargin.least : NarrowMargin.ample,
            advice: "The \(name) response time in phase \(margin.phase.printable), "
                + "\(Figures.duration(microseconds: margin.responseTime)), is "
                + "\(Figures.significant(margin.ratio)) times the "
                + "\(Figures.duration(microseconds: margin.floor)) that an instant answer took in "
                + "the self-test: \(isMostlyOurs ? "most" : "a good part") of it is the generator's "
                + "and its machine's. Use an idle or a faster machine.")
    }
}
