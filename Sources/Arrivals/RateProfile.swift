/// Rate over time of one phase: pieces, each linear in time, and a rate that goes on after them.
package struct RateProfile: Sendable, Equatable {
    package struct Piece: Sendable, Equatable {
        /// Nanoseconds, above 0.
        package var length: Int64
        /// Arrivals a second where the piece begins and where it ends; 0 is a pause.
        package var from: Double
        package var to: Double

        package init(length: Int64, from: Double, to: Double) {
            precondition(length >= 0, "time does not go backwards")
            precondition(
                from.isFinite && from >= 0 && to.isFinite && to >= 0, "a rate is 0 or more")
            (self.length, self.from, self.to) = (length, from, to)
        }
    }

    package let pieces: [Piece]
    /// Its own length in nanoseconds: a phase without another takes as long. nil: endless.
    ///
    /// A longer phase goes on at `rateAfter`.
    package let length: Int64?
    /// Arrivals a second after the last piece.
    package let rateAfter: Double
    /// The pieces and, as the last, what goes on after them.
    let segments: [RateSegment]

    /// - Parameter rateAfter: makes the profile endless; nil: it ends with its pieces, and a longer
    ///   phase goes on at the rate at which they ended.
    package init(_ pieces: [Piece], rateAfter: Double? = nil) {
        let pieces = pieces.filter { $0.length > 0 }
        let last = rateAfter ?? pieces.last?.to ?? 0
        precondition(last.isFinite && last >= 0, "a rate is 0 or more")
        self.pieces = pieces
        self.rateAfter = last
        length = rateAfter == nil ? pieces.reduce(0) { $0 + $1.length } : nil
        segments = RateSegment.segments(pieces, rateAfter: last)
    }
}

extension RateProfile {
    /// The same rate at all times.
    package static func constant(_ rate: Rate) -> RateProfile {
        RateProfile([], rateAfter: rate.perSecond)
    }

    /// Linear in time; 0 is allowed at either end.
    /// - Parameter length: nanoseconds, above 0.
    package static func ramp(
        from: Double, to: Double, over length: Int64
    ) -> RateProfile {
        precondition(length > 0, "a ramp takes time")
        return RateProfile([Piece(length: length, from: from, to: to)])
    }

    /// Constant rates `from`, `from` ± `step`, …, `to`; the last step is smaller where `step` does
    /// not divide the way. Each stair, the last too, takes `every`.
    /// - Parameter every: nanoseconds, above 0.
    package static func stairs(
        from: Rate, to: Rate, step: Rate, every: Int64
    ) -> RateProfile {
        precondition(every > 0, "a stair takes time")
        let (first, last) = (from.perSecond, to.perSecond)
        let count = stairCount(from: from, to: to, step: step)
        return RateProfile(
            (0..<count).map { stair in
                let climbed = Double(stair) * step.perSecond
                let rate = first <= last ? first + climbed : first - climbed
                let value = stair == count - 1 ? last : rate
                return Piece(length: every, from: value, to: value)
            })
    }

    /// How many stairs that are: one more than whole or begun steps. Check it before you build them;
    /// each takes 150 bytes.
    package static func stairCount(from: Rate, to: Rate, step: Rate) -> Int {
        let steps = abs(to.perSecond - from.perSecond) / step.perSecond
        // The quotient of two decimal fractions may miss the whole number by its last bits.
        let nearest = steps.rounded()
        let whole = abs(steps - nearest) < 1e-9 * max(nearest, 1) ? nearest : steps.rounded(.up)
        return Int(min(whole, 1e15)) + 1
    }

    /// `base` before and after; `peak` in between.
    /// - Parameters:
    ///   - base: arrivals a second; 0 is a burst out of silence.
    ///   - at: nanoseconds from the start until the peak begins.
    ///   - lasting: nanoseconds.
    package static func spike(
        base: Double, peak: Rate, at: Int64, lasting: Int64
    ) -> RateProfile {
        let before = Piece(length: at, from: base, to: base)
        let burst = Piece(length: lasting, from: peak.perSecond, to: peak.perSecond)
        return RateProfile([before, burst], rateAfter: base)
    }

    /// No arrivals at all.
    package static let pause = RateProfile([], rateAfter: 0)
}

extension RateProfile {
    /// Arrivals a second at an instant; where it jumps, the rate after the jump.
    package func rate(at instant: Int64) -> Double {
        let segment = segment(at: instant)
        return segment.rate(after: segment.seconds(until: instant))
    }

    /// Expected arrivals from the start until `instant`.
    package func integral(to instant: Int64) -> Double {
        segment(at: instant).integral(to: instant)
    }

    /// The first instant after which `integral` is above this one, to the nearest nanosecond: a
    /// pause that begins just there has passed. nil: it never is.
    ///
    /// Arrival n of a uniform phase is due at `instant(of: Double(n))`. Costs a search over pieces.
    package func instant(of integral: Double) -> Int64? {
        let instant = segments.instant(of: TwoSum(integral))
        return instant == .max ? nil : instant
    }

    /// How many arrivals of a uniform phase are due before `instant`.
    package func uniformArrivals(before instant: Int64) -> UInt64 {
        func isDue(_ number: UInt64) -> Bool {
            segments.instant(of: TwoSum(Double(number))) < instant
        }
        var count = UInt64(integral(to: instant))
        while count > 0, !isDue(count - 1) { count -= 1 }
        while isDue(count) { count += 1 }
        return count
    }

    private func segment(at instant: Int64) -> RateSegment {
        segments[segments.lastIndex { $0.start <= max(instant, 0) }]
    }
}
