/// When the arrivals of one phase of the open model are due.
package enum ArrivalSchedule: Sendable, Equatable {
    case profile(RateProfile, ArrivalProcess)
    case recorded(RecordedArrivals)
}

/// What a phase of a schedule comes to.
package struct ArrivalTotals: Sendable, Equatable {
    /// How many arrivals: exact if uniform or recorded, the mean if Poisson.
    package var arrivals: Double
    /// How long the phase takes, in nanoseconds; for a Poisson phase that a count ends, about.
    package var length: Int64

    /// Arrivals a second; 0 for a phase that takes no time.
    package var meanRate: Double { length > 0 ? arrivals / (Double(length) / 1e9) : 0 }
}

extension ArrivalSchedule {
    /// How long it takes in nanoseconds if nothing else ends it; nil: it is endless.
    package var length: Int64? {
        switch self {
        case .profile(let profile, _): profile.length
        case .recorded(let recorded): recorded.length
        }
    }

    /// The same, or when the last arrival has come.
    var end: Int64? {
        guard case .profile(let profile, _) = self, profile.rateAfter == 0 else { return length }
        return profile.length ?? profile.segments.last?.start
    }

    /// Nil: nothing ends such a phase.
    ///
    /// Of recorded arrivals the file is read once more, up to where a phase that is shorter ends.
    /// - Parameters: as for `ArrivalStream`.
    package func totals(
        length: Int64?, count: Int?
    ) throws(ArrivalFileProblem) -> ArrivalTotals? {
        switch self {
        case .profile(let profile, let process):
            return profile.totals(process, length: length ?? end, count: count)
        case .recorded(let recorded):
            return try recorded.totals(length: length, count: count)
        }
    }

    /// How many arrivals a phase has for all its shards together, exactly, as they are drawn.
    ///
    /// Costs a logarithm for each if they are Poisson, else as much as `totals`.
    /// - Parameters: as for `ArrivalStream`.
    package func count(seed: UInt64, length: Int64?, count: Int?) throws(ArrivalFileProblem) -> Int
    {
        switch self {
        case .profile(_, .uniform), .recorded:
            let known = try totals(length: length, count: count)
            return Int((known ?? ArrivalTotals(arrivals: 0, length: 0)).arrivals)
        case .profile(_, .poisson):
            // One shard that has no arrival gets to the end in one call.
            let shards = Int.max
            var stream = ArrivalStream(
                self, seed: seed, length: length, count: count, shard: shards - 1, of: shards)
            _ = stream.next()
            return Int(stream.end?.number ?? 0)
        }
    }

    /// Mean arrivals a second in each of `samples` equal parts of the phase, for a chart.
    ///
    /// Of recorded arrivals, from the counts that were taken when the file was checked: about 100 to
    /// 200 over its length.
    /// - Parameter length: of the phase, in nanoseconds, above 0.
    package func rates(over length: Int64, samples: Int) -> [Double] {
        precondition(length > 0 && samples > 0, "a chart shows something")
        let part = Double(length) / Double(samples)
        let expected = (0...samples).map { sample in
            let instant = min(Int64((Double(sample) * part).rounded()), length)
            return switch self {
            case .profile(let profile, _): profile.integral(to: instant)
            case .recorded(let recorded): recorded.arrivals(before: instant)
            }
        }
        return zip(expected.dropFirst(), expected).map { ($0 - $1) / (part / 1e9) }
    }
}

extension RateProfile {
    fileprivate func totals(
        _ process: ArrivalProcess, length: Int64?, count: Int?
    ) -> ArrivalTotals? {
        let counted = count.flatMap { instant(of: Double($0)) }
        guard let end = [length, counted].compactMap(\.self).min() else { return nil }
        if let counted, let count, counted == end {
            return ArrivalTotals(arrivals: Double(count), length: end)
        }
        switch process {
        case .uniform:
            let due = Double(uniformArrivals(before: end))
            return ArrivalTotals(arrivals: due, length: end)
        case .poisson:
            return ArrivalTotals(arrivals: integral(to: end), length: end)
        }
    }
}

extension RecordedArrivals {
    fileprivate func totals(
        length: Int64?, count: Int?
    ) throws(ArrivalFileProblem) -> ArrivalTotals {
        let ownLength = self.length
        let isWhole = length.map { $0 > ownLength } ?? true
        if isWhole, count.map({ $0 >= self.count }) ?? true {
            return ArrivalTotals(arrivals: Double(self.count), length: length ?? ownLength)
        }
        // One shard that has no arrival gets to the end in one call.
        let shards = Int.max
        var stream = ArrivalStream(
            .recorded(self), seed: 0, length: length, count: count, shard: shards - 1, of: shards)
        _ = stream.next()
        if let failure = stream.failure { throw failure }
        let end = stream.end ?? (0, 0)
        return ArrivalTotals(arrivals: Double(end.number), length: end.offset)
    }
}
