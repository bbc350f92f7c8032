import Glibc

/// What each of the two arms of a comparison has: a slice of time, a level, a count.
package struct Arms<Part> {
    /// The baseline, or the adapter that the others are measured against.
    package var reference: Part
    package var candidate: Part

    package init(reference: Part, candidate: Part) {
        self.reference = reference
        self.candidate = candidate
    }
}

extension Arms: Sendable where Part: Sendable {}
extension Arms: Equatable where Part: Equatable {}

/// Candidate less reference, with an interval: of the logarithms of a level, or of two shares.
package struct Difference: Sendable, Equatable {
    package var value: Double
    /// Infinite on a side that the data do not bound.
    package var lower: Double
    package var upper: Double
    /// Two-sided.
    package var confidence: Double

    package init(value: Double, lower: Double, upper: Double, confidence: Double) {
        self.value = value
        self.lower = lower
        self.upper = upper
        self.confidence = confidence
    }

    package var halfWidth: Double { (upper - lower) / 2 }
    package var isAbove0: Bool { lower > 0 }
    package var isBelow0: Bool { upper < 0 }

    /// Of logarithms, as shares of the reference: 0.1 is 10 % more.
    package var change: Difference {
        Difference(
            value: expm1(value), lower: expm1(lower), upper: expm1(upper), confidence: confidence)
    }

    func isWithin(_ margin: Double) -> Bool { lower >= -margin && upper <= margin }

    /// Where less counts as more.
    var mirrored: Difference {
        Difference(value: -value, lower: -upper, upper: -lower, confidence: confidence)
    }

    /// The difference of two estimates that know their own intervals and nothing of each other: each
    /// bound by the root of the squares of the two distances that reach it (Newcombe, Stat. Med. 17,
    /// 1998, p. 873, method 10, for shares; Zou & Donner, Stat. Med. 27, 2008, p. 1693, for all).
    init(of candidate: Estimate, less reference: Estimate, confidence: Double) {
        let value = candidate.value - reference.value
        let below = hypot(candidate.value - candidate.lower, reference.upper - reference.value)
        let above = hypot(candidate.upper - candidate.value, reference.value - reference.lower)
        self.init(
            value: value, lower: value - below, upper: value + above, confidence: confidence)
    }

    struct Estimate {
        var value: Double
        var lower: Double
        var upper: Double
    }
}
