/// A number of arrivals as a sum of two doubles: counts of 10¹⁰ and more keep their fraction.
struct TwoSum: Sendable, Equatable {
    private(set) var high: Double
    private(set) var low = 0.0

    init(_ value: Double) { high = value }

    /// (`a` + `b`) / 2 ⋅ `nanoseconds`, for rates a second.
    init(meanOf a: Double, _ b: Double, over nanoseconds: Int64) {
        let (sum, length) = (TwoSum(a) + b, Double(nanoseconds))
        let product = sum.high * length
        let rest = (-product).addingProduct(sum.high, length) + sum.low * length
        high = product / 2e9
        low = (product.addingProduct(-high, 2e9) + rest) / 2e9
    }

    /// The error of the sum is kept apart (Knuth, The Art of Computer Programming 2, 4.2.2).
    static func + (sum: TwoSum, value: Double) -> TwoSum {
        var result = sum
        result.high = sum.high + value
        let added = result.high - sum.high
        result.low += (sum.high - (result.high - added)) + (value - added)
        return result
    }

    static func + (a: TwoSum, b: TwoSum) -> TwoSum {
        var result = a + b.high
        result.low += b.low
        return result
    }

    static func - (a: TwoSum, b: TwoSum) -> Double { (a.high - b.high) + (a.low - b.low) }

    var value: Double { high + low }
}

/// A piece of a profile with what came before it.
struct RateSegment: Sendable, Equatable {
    /// Nanoseconds from the start of the phase; `end` is `Int64.max` for what goes on for ever.
    let start: Int64
    let end: Int64
    /// Arrivals a second.
    private let from: Double
    private let to: Double
    /// Arrivals a second, a second.
    private let slope: Double
    private let nanosecondsPerArrival: Double
    /// Expected arrivals of the phase until `start` and until `end`.
    let before: TwoSum
    private let after: TwoSum

    private init(start: Int64, before: TwoSum, piece: RateProfile.Piece) {
        self.start = start
        self.before = before
        end = start + piece.length
        (from, to) = (piece.from, piece.to)
        slope = (to - from) / (Double(piece.length) / 1e9)
        nanosecondsPerArrival = 1e9 / from
        after = before + TwoSum(meanOf: from, to, over: piece.length)
    }

    private init(start: Int64, before: TwoSum, endlessly rate: Double) {
        self.start = start
        self.before = before
        end = .max
        (from, to, slope) = (rate, rate, 0)
        nanosecondsPerArrival = 1e9 / rate
        after = TwoSum(.infinity)
    }

    static func segments(_ pieces: [RateProfile.Piece], rateAfter: Double) -> [RateSegment] {
        var segments: [RateSegment] = []
        segments.reserveCapacity(pieces.count + 1)
        var (start, before) = (Int64(0), TwoSum(0))
        for piece in pieces {
            let segment = RateSegment(start: start, before: before, piece: piece)
            segments.append(segment)
            (start, before) = (segment.end, segment.after)
        }
        segments.append(RateSegment(start: start, before: before, endlessly: rateAfter))
        return segments
    }

    func seconds(until instant: Int64) -> Double { Double(max(instant, 0) - start) / 1e9 }

    func rate(after seconds: Double) -> Double { max(from + slope * seconds, 0) }

    func integral(to instant: Int64) -> Double {
        let seconds = seconds(until: instant)
        return (before + seconds * (from + rate(after: seconds)) / 2).value
    }

    /// When that many arrivals are expected, to the nearest nanosecond; `end` or later: not in this
    /// segment.
    ///
    /// The root of `slope` / 2 ⋅ t² + `from` ⋅ t = arrivals in the form that subtracts nothing. Where
    /// the rate falls, the same backwards from the end.
    func instant(of position: TwoSum) -> Int64 {
        if slope == 0 {
            guard from > 0 else { return end }
            return later(max(position - before, 0) * nanosecondsPerArrival)
        }
        if slope > 0 {
            let arrivals = position - before
            guard arrivals > 0 else { return start }
            let root = (from * from + 2 * slope * arrivals).squareRoot()
            return later(2e9 * arrivals / (from + root))
        }
        let arrivals = after - position
        guard arrivals > 0 else { return end }
        let root = (to * to - 2 * slope * arrivals).squareRoot()
        return max(start, end - Int64((2e9 * arrivals / (to + root)).rounded()))
    }

    /// `nanoseconds` after the start; what a century does not hold is never.
    private func later(_ nanoseconds: Double) -> Int64 {
        nanoseconds < 4e18 ? start + Int64(nanoseconds.rounded()) : end
    }
}

extension [RateSegment] {
    /// `Int64.max`: never.
    func instant(of position: TwoSum) -> Int64 {
        var cursor = RateCursor(self, at: lastIndex { $0.before - position <= 0 })
        return cursor.instant(of: position)
    }

    /// The last for which `isBefore` holds, as it does for all before it; the first if for none.
    func lastIndex(where isBefore: (RateSegment) -> Bool) -> Int {
        var (low, high) = (0, count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if isBefore(self[middle]) { low = middle } else { high = middle }
        }
        return low
    }
}

/// A place in a profile that only moves on.
struct RateCursor: Sendable {
    let segments: [RateSegment]
    private var index: Int
    private var current: RateSegment

    init(_ segments: [RateSegment], at index: Int = 0) {
        self.segments = segments
        self.index = index
        current = segments[index]
    }

    /// When that many arrivals are expected; `Int64.max`: never. Positions must not go back.
    ///
    /// What comes out at the very end of a segment is due when arrivals go on after it.
    mutating func instant(of position: TwoSum) -> Int64 {
        while true {
            let due = current.instant(of: position)
            if due < current.end || index == segments.count - 1 { return due }
            index += 1
            current = segments[index]
        }
    }
}
