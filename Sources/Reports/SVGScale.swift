import Glibc

/// Where the numbers of an axis lie in a drawing, and which of them are written beside it.
package struct SVGScale: Sendable, Equatable {
    package enum Kind: Sendable {
        case linear, logarithmic
    }

    /// Linear where a logarithmic one was asked for numbers that are not above 0.
    package let kind: Kind
    /// What the axis covers; always two different finite numbers.
    package let domain: ClosedRange<Double>
    /// Coordinates of its ends; the second may be the lesser, as on an upward axis.
    private let start: Double
    private let end: Double

    /// Of larger numbers, sums and differences would not be finite.
    private static let greatest = 1e300

    /// - Parameters:
    ///   - values: all that is to be drawn; what is not finite doesn't count.
    ///   - steps: about how many ticks; with them the ends of a linear axis are rounded outwards to ticks.
    package init(
        _ kind: Kind = .linear, covering values: [Double], from start: Double, to end: Double,
        steps: Int = 5
    ) {
        let known = values.filter(\.isFinite).map { min(max($0, -Self.greatest), Self.greatest) }
        let least = known.min() ?? 0
        let most = known.max() ?? 1
        let domain = Self.widened(least, most)
        let isPossible = kind == .logarithmic && domain.lowerBound > 0
        self.kind = isPossible ? .logarithmic : .linear
        self.domain = isPossible ? domain : Self.rounded(domain, steps: steps)
        self.start = start
        self.end = end
    }

    /// An axis that ends exactly where it says, for numbers of runs or seconds.
    package init(exactly domain: ClosedRange<Double>, from start: Double, to end: Double) {
        kind = .linear
        let bounds = [domain.lowerBound, domain.upperBound].map {
            $0.isFinite ? min(max($0, -Self.greatest), Self.greatest) : 0
        }
        self.domain = Self.widened(bounds[0], max(bounds[0], bounds[1]))
        self.start = start
        self.end = end
    }

    /// Within the axis, also for what lies beyond it; nil for what is not finite.
    package func position(of value: Double) -> Double? {
        guard value.isFinite else { return nil }
        let inside = min(max(value, domain.lowerBound), domain.upperBound)
        let share = (place(inside) - place(domain.lowerBound)) / length
        return start + (end - start) * min(max(share, 0), 1)
    }

    /// Round numbers within the domain, ascending: 1, 2 or 5 times a power of ten.
    package func ticks(about count: Int = 5) -> [Double] {
        switch kind {
        case .linear: return Self.linearTicks(domain, about: count)
        case .logarithmic:
            let ticks = logarithmicTicks(atMost: max(2, 2 * count))
            return ticks.count < 2 ? Self.linearTicks(domain, about: count) : ticks
        }
    }

    private var length: Double { place(domain.upperBound) - place(domain.lowerBound) }

    private func place(_ value: Double) -> Double {
        switch kind {
        case .linear: value
        case .logarithmic: log10(value)
        }
    }

    /// Two numbers that a Double can tell apart well, around those.
    private static func widened(_ least: Double, _ most: Double) -> ClosedRange<Double> {
        let size = max(least.magnitude, most.magnitude)
        guard most - least < max(1e-9 * size, 1e-12) else { return least...most }
        let half = size > 1e-12 ? size / 20 : 0.5
        return least - half...most + half
    }

    private static func step(_ domain: ClosedRange<Double>, about count: Int) -> Double {
        let raw = (domain.upperBound - domain.lowerBound) / Double(max(1, count))
        let power = pow(10, log10(raw).rounded(.down))
        let factor = [1.0, 2, 5].first { $0 * power >= raw * 0.999 } ?? 10
        return factor * power
    }

    private static func rounded(_ domain: ClosedRange<Double>, steps: Int) -> ClosedRange<Double> {
        let step = step(domain, about: steps)
        let least = (domain.lowerBound / step).rounded(.down) * step
        let most = (domain.upperBound / step).rounded(.up) * step
        return min(least, domain.lowerBound)...max(most, domain.upperBound)
    }

    private static func linearTicks(_ domain: ClosedRange<Double>, about count: Int) -> [Double] {
        let step = step(domain, about: count)
        let first = (domain.lowerBound / step - 1e-6).rounded(.up)
        let last = (domain.upperBound / step + 1e-6).rounded(.down)
        guard last >= first else { return [] }
        // Multiples, so that rounding does not add up; never −0.
        return (0...Int(min(last - first, 100))).map { (first + Double($0)) * step + 0 }
    }

    private func logarithmicTicks(atMost count: Int) -> [Double] {
        let first = Int(log10(domain.lowerBound).rounded(.down))
        let last = Int(log10(domain.upperBound).rounded(.up))
        let powers = (first...last).map { pow(10, Double($0)) }
        let fine = powers.flatMap { power in [power, 2 * power, 5 * power] }
            .filter(domain.contains)
        if fine.count <= count { return fine }
        let coarse = powers.filter(domain.contains)
        let every = (coarse.count + count - 1) / count
        return coarse.enumerated().filter { $0.offset.isMultiple(of: max(1, every)) }.map(\.element)
    }
}
