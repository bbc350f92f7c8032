import Histograms
import Metrics
import Results
import Statistics

extension PairedFigure {
    /// A metric of two arms, slice by slice; nil for one that has no ratio: shares are compared by
    /// their difference (`Arms.shares`), counts and extremes not at all.
    ///
    /// - Parameter seconds: how long each arm was measured in the slice at this place.
    package init?(
        _ metric: Metric, _ slices: [Arms<BudgetPart>], seconds: (Int) -> Arms<Double>
    ) {
        switch metric {
        case .time(_, .percentile(let percent)) where percent > 0 && percent < 100:
            self = .quantile(percent / 100, slices: slices.map(\.samples))
        case .time(_, .mean):
            self = .ratio(slices: slices.map { $0.map(\.durations.sum) })
        case .rate:
            self = .ratio(
                slices: slices.enumerated().map { index, slice in
                    let seconds = seconds(index)
                    return Arms(
                        reference: .init(
                            amount: Double(slice.reference.events), weight: seconds.reference),
                        candidate: .init(
                            amount: Double(slice.candidate.events), weight: seconds.candidate))
                })
        case .time, .errors, .outcome, .code, .skipped, .generatorCPU: return nil
        }
    }
}

extension Arms<BudgetPart> {
    /// Their durations, in µs.
    package var samples: Arms<Sample> { map { Sample($0.durations) } }

    /// What was counted, as parts of all.
    package var shares: Arms<ShareEstimate.Part> {
        map { ShareEstimate.Part(events: $0.events, of: $0.count) }
    }
}

extension Arms {
    func map<Other>(_ transform: (Part) -> Other) -> Arms<Other> {
        Arms<Other>(reference: transform(reference), candidate: transform(candidate))
    }
}

extension CompactHistogram {
    fileprivate var sum: SlicedRatio.Part {
        SlicedRatio.Part(amount: exact.sum, weight: Double(count))
    }
}

extension BudgetPart {
    /// The value of a metric over it; nil without data. Durations in µs.
    package func level(of metric: Metric) -> Double? {
        switch metric {
        case .time(_, let statistic):
            guard !durations.isEmpty else { return nil }
            let histogram = durations.histogram
            switch statistic {
            case .percentile(let percent):
                return histogram.value(at: percent / 100).map { Double($0) }
            case .mean: return histogram.mean
            case .max: return Double(histogram.maximum)
            case .min: return Double(histogram.minimum)
            case .standardDeviation: return histogram.standardDeviation
            }
        case .errors(.rate), .outcome(_, .rate):
            return count > 0 ? Double(events) / Double(count) : nil
        case .errors(.count), .outcome(_, .count), .code, .skipped, .rate: return Double(events)
        case .generatorCPU: return nil
        }
    }
}
