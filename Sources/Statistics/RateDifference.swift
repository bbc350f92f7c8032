import Glibc

/// How the shares of events (failures, doubts) of two arms differ, when events may come in bursts.
package struct RateDifference: Sendable, Equatable {
    /// Candidate less reference, as shares of payments: 0.005 is half a percentage point more. The wider
    /// of the two intervals on each side (`truth.md`, 5.3).
    package let difference: Difference
    package let slices: Int
    /// How likely chance alone makes them differ as much: the greater of the two tests.
    package let chance: Double

    /// nil where an arm has no payments. With fewer than 5 slices bursts cannot be told: the interval is
    /// then that of independent events.
    ///
    /// - Parameter slices: events and payments of each, in order of time.
    package init?(_ slices: [Arms<ShareEstimate.Part>], confidence: Double) {
        let reference = Self.sum(slices.map(\.reference))
        let candidate = Self.sum(slices.map(\.candidate))
        guard reference.count > 0, candidate.count > 0 else { return nil }
        let independent = Self.newcombe(candidate, less: reference, confidence: confidence)
        self.slices = slices.count

        guard let error = Self.error(slices, candidate: candidate, reference: reference) else {
            difference = independent
            chance = Self.newcombeChance(candidate, reference)
            return
        }
        let value = independent.value
        let law = StudentT(degreesOfFreedom: slices.count - 1)
        let half = law.quantile(confidence: confidence) * error
        difference = Difference(
            value: value, lower: max(-1, min(independent.lower, value - half)),
            upper: min(1, max(independent.upper, value + half)), confidence: confidence)
        let bursts = error > 0 ? 1 - law.probability(within: value / error) : 0
        chance = max(bursts, Self.newcombeChance(candidate, reference))
    }

    private static func sum(_ parts: [ShareEstimate.Part]) -> ShareEstimate.Part {
        ShareEstimate.Part(
            events: parts.reduce(0) { $0 + $1.events }, of: parts.reduce(0) { $0 + $1.count })
    }

    /// For independent events: method 10 of Newcombe.
    static func newcombe(
        _ candidate: ShareEstimate.Part, less reference: ShareEstimate.Part, confidence: Double
    ) -> Difference {
        let z = Normal.quantile(confidence: confidence)
        func estimate(_ part: ShareEstimate.Part) -> Difference.Estimate {
            let share = Double(part.events) / Double(part.count)
            let bounds = ShareEstimate.score(share, size: Double(part.count), deviations: z)
            return .init(value: share, lower: bounds.lowerBound, upper: bounds.upperBound)
        }
        return Difference(
            of: estimate(candidate), less: estimate(reference), confidence: confidence)
    }

    /// The error at which that interval just reaches 0.
    private static func newcombeChance(
        _ candidate: ShareEstimate.Part, _ reference: ShareEstimate.Part
    ) -> Double {
        var (low, high) = (0.0, 1.0)
        for _ in 0..<40 {
            let middle = (low + high) / 2
            let interval = newcombe(candidate, less: reference, confidence: 1 - middle)
            if interval.isAbove0 || interval.isBelow0 { high = middle } else { low = middle }
        }
        return high
    }

    /// The standard error that slices show: of the linearised difference, u = (e − r n)/N of the candidate
    /// less that of the reference (`truth.md`, 5.3; Cochran, Sampling Techniques, 3rd ed., 6.3).
    private static func error(
        _ slices: [Arms<ShareEstimate.Part>], candidate: ShareEstimate.Part,
        reference: ShareEstimate.Part
    ) -> Double? {
        guard slices.count >= Slicing.fewestParts else { return nil }
        func deviation(_ part: ShareEstimate.Part, of whole: ShareEstimate.Part) -> Double {
            let share = Double(whole.events) / Double(whole.count)
            return (Double(part.events) - share * Double(part.count)) / Double(whole.count)
        }
        let squares = slices.reduce(0.0) { sum, slice in
            let u =
                deviation(slice.candidate, of: candidate)
                - deviation(slice.reference, of: reference)
            return sum + u * u
        }
        let n = Double(slices.count)
        return (n / (n - 1) * squares).squareRoot()
    }
}
