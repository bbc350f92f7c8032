import Glibc
import Statistics

/// Where a promise begins to break, by all probes near it.
package struct Estimate: Codable, Sendable, Equatable {
    package var ratePerSecond: Double
    package var lowerPerSecond: Double
    package var upperPerSecond: Double
    /// Two-sided, of the interval.
    package var confidence: Double
    /// The promise that breaks first.
    var criterion: Criterion
    /// Of the logarithm of the rate.
    var standardError: Double

    /// Half the width of the interval, as a share.
    package var halfWidth: Double { (upperPerSecond / lowerPerSecond).squareRoot() - 1 }

    /// Bursts make counts of 10 s vary more than independent ones; never less is presumed.
    private static let leastDispersion = 5.0
    private static let unknownDispersion = 30.0

    /// Times the share that may fail: where more fail, that says only that it is too much.
    private static let farAbove = 30.0

    /// The lowest crossing of all promises; nil where no payment near the bracket missed one.
    init?(
        _ observations: [Observation], promises: Promises, bracket: ClosedRange<Double>,
        confidence: Double
    ) {
        let near = observations.filter {
            $0.countsForEstimate
                && $0.probe.rate > bracket.lowerBound * 0.85
                && $0.probe.rate < bracket.upperBound * 1.2
        }
        let crossings = promises.criteria.enumerated().compactMap { index, criterion in
            Self.crossing(
                of: criterion, near, observations, isFirst: index == 0, promises: promises
            ).map { (criterion, $0) }
        }
        guard let (criterion, lowest) = crossings.min(by: { $0.1.logarithm < $1.1.logarithm })
        else { return nil }
        let t = StudentT(degreesOfFreedom: lowest.freedoms).quantile(confidence: confidence)
        let half = t * lowest.standardError
        ratePerSecond = lowest.rate
        lowerPerSecond = exp(lowest.logarithm - half)
        upperPerSecond = exp(lowest.logarithm + half)
        self.confidence = confidence
        self.criterion = criterion
        standardError = lowest.standardError
    }

    private static func crossing(
        of criterion: Criterion, _ near: [Observation], _ all: [Observation], isFirst: Bool,
        promises: Promises
    ) -> Crossing? {
        let points = near.map {
            $0.point(for: criterion, isOfBacklog: isFirst && $0.backlogGrowth != nil)
        }
        let target = max(promises.allowed(criterion), 1e-6)
        // Far above a rate limit the share of failures grows much more slowly than the curve.
        let most = promises.isOfEnds(criterion) ? farAbove * target : 1
        let local = points.filter { $0.missing <= most * $0.scheduled }
        guard local.contains(where: { $0.missing > 0 }) else { return nil }
        return Crossing(
            points: local, target: target,
            dispersion: dispersion(of: all, criterion, target: target))
    }

    /// Pearson's, over the slices of probes that are neither calm nor overrun.
    private static func dispersion(
        of observations: [Observation], _ criterion: Criterion, target: Double
    ) -> Double {
        var squares = 0.0
        var freedoms = 0
        for observation in observations where observation.verdict != .notDriven {
            let result = observation.result
            let share = result.share(criterion)
            guard share > target / 10, share < min(30 * target, 0.5), result.slices.count > 1
            else { continue }
            for count in result.slices.map({ $0.count(criterion) }) where count.all > 0 {
                let expected = share * Double(count.all)
                let deviation = Double(count.missing) - expected
                squares += deviation * deviation / (expected * (1 - share))
            }
            freedoms += result.slices.count - 1
        }
        return freedoms == 0
            ? unknownDispersion : max(leastDispersion, squares / Double(freedoms))
    }
}

extension Observation {
    /// A proof that held is the last of several because it held: chance is on its side, and it would
    /// raise the estimate.
    fileprivate var countsForEstimate: Bool {
        switch probe.purpose {
        case .bracket, .bisect, .refine, .recheck: verdict != .notDriven
        case .proof: verdict == .broken || verdict == .unproven
        case .stepDown, .soak: false
        }
    }

    /// What the curve is fitted to. A queue that grows is broken though its payments were quick so far.
    fileprivate func point(for criterion: Criterion, isOfBacklog: Bool) -> Crossing.Point {
        let count = result.count(criterion)
        let (scheduled, missing) = (Double(count.all), Double(count.missing))
        return Crossing.Point(
            rate: probe.rate, scheduled: scheduled,
            missing: isOfBacklog ? max(missing, scheduled / 2) : missing)
    }
}
