import Glibc

/// A share of payments (failed, in doubt) with an interval that holds when they come in bursts.
package struct ShareEstimate: Sendable, Equatable {
    /// What one part of the window had.
    package struct Part: Sendable, Equatable {
        package var events: Int
        package var count: Int

        package init(events: Int, of count: Int) {
            precondition(events >= 0 && events <= count, "a share is at most all")
            self.events = events
            self.count = count
        }
    }

    package var value: Double
    /// Two-sided; one-sided where the share is 0 or 1, as the other bound is then certain.
    package var confidence: Double
    package var bounds: ClosedRange<Double>
    /// How many times the variance of independent events; nil where the window has fewer than 5 parts:
    /// the interval is then that of independent events.
    package var inflation: Double?
    /// The rarer of events and others, divided by the inflation: how many independent ones they are
    /// worth. Below 5 the interval tells of the bursts that came, not of those to come.
    package var effectiveEvents: Double?

    /// Wilson's interval with the number of payments divided by their inflation and Student's t in
    /// place of z, at each scale of slices (`truth.md`, 4.2; Korn & Graubard, Survey Methodology 24,
    /// 1998, p. 193, for the effective size); the widest on each side, and never inside that of
    /// independent events. nil where nothing was counted.
    ///
    /// - Parameter parts: of equal length in time, in order: the seconds of a window.
    package init?(parts: [Part], confidence: Double = 0.95) {
        let events = parts.reduce(0) { $0 + $1.events }
        let count = parts.reduce(0) { $0 + $1.count }
        guard count > 0 else { return nil }
        let share = Double(events) / Double(count)
        let ratio = SlicedRatio(
            parts.map { .init(amount: Double($0.events), weight: Double($0.count)) })
        func inflation(_ scale: Int) -> Double? {
            ratio.inflation(scale: scale, over: share * (1 - share) / Double(count))
        }

        value = share
        self.confidence = confidence
        self.inflation = ratio.scaleOfInflation.flatMap(inflation)
        effectiveEvents = self.inflation.map { Double(min(events, count - events)) / $0 }

        var bounds = Self.wilson(events: events, of: count, confidence: confidence)
        if events > 0, events < count {
            for scale in ratio.scales {
                guard let inflation = inflation(scale) else { continue }
                let t = StudentT(degreesOfFreedom: scale - 1).quantile(confidence: confidence)
                let other = Self.score(share, size: Double(count) / inflation, deviations: t)
                let lower = min(bounds.lowerBound, other.lowerBound)
                bounds = lower...max(bounds.upperBound, other.upperBound)
            }
        }
        self.bounds = bounds
    }

    /// The score interval of a share of independent events (Wilson, JASA 22, 1927, p. 209; Newcombe,
    /// Stat. Med. 17, 1998, p. 857, method 3). For none or all of `count` the exact one-sided bound:
    /// 1 − (1 − confidence)^(1/count), about 3/count at 95 %.
    package static func wilson(
        events: Int, of count: Int, confidence: Double = 0.95
    ) -> ClosedRange<Double> {
        precondition(count > 0 && events >= 0 && events <= count, "a share of something")
        let size = Double(count)
        let bound = -expm1(log(1 - confidence) / size)
        if events == 0 { return 0...bound }
        if events == count { return (1 - bound)...1 }
        return score(
            Double(events) / size, size: size,
            deviations: Normal.quantile(confidence: confidence))
    }

    /// All shares from which `share` among `size` is at most so many standard deviations away.
    static func score(
        _ share: Double, size: Double, deviations z: Double
    ) -> ClosedRange<Double> {
        let scale = 1 + z * z / size
        let center = (share + z * z / (2 * size)) / scale
        let half =
            z * (share * (1 - share) / size + z * z / (4 * size * size)).squareRoot() / scale
        return max(0, center - half)...min(1, center + half)
    }
}
