/// Arrivals that a file recorded, as `check` found them.
///
/// Arrival 0 is the first row of the window. It is due at its instant minus that of the window's
/// begin (without a window: of the first row), divided by `speed`, to the nearest nanosecond.
package struct RecordedArrivals: Sendable, Equatable {
    package enum Column: Sendable, Equatable {
        /// By the header row.
        case named(String)
        /// From 1.
        case number(Int)
    }

    /// A part of what was recorded: nanoseconds from the first timestamp; `to` does not belong to it.
    package struct Window: Sendable, Equatable {
        package var from: Int64
        /// nil: to the end.
        package var to: Int64?

        package init(from: Int64 = 0, to: Int64? = nil) {
            precondition(
                from >= 0 && to.map { $0 > from } ?? true, "a window opens before it closes")
            (self.from, self.to) = (from, to)
        }
    }

    package struct Options: Sendable, Equatable {
        /// nil: the only one.
        package var column: Column?
        /// nil: what the first timestamp looks like; a number is milliseconds where the header says
        /// so (`time_ms`) or seconds would lie after 2262.
        package var unit: TimeUnit?
        /// 2: twice as fast as recorded.
        package var speed = 1.0
        package var window = Window()

        package init() {}
    }

    package let path: String
    /// From 0.
    package let column: Int
    package let unit: TimeUnit
    package let speed: Double
    package let window: Window
    /// Arrivals in the window.
    package let count: Int
    /// The first and last timestamp of the file, in nanoseconds.
    package let first: Int64
    package let last: Int64
    /// Where the window's first row begins: byte and line.
    package let dataOffset: Int64
    package let dataLine: Int
    let counts: ArrivalCounts
}

extension RecordedArrivals {
    /// Nanoseconds until the window closes, or until the last arrival if it is open or closes later.
    package var length: Int64 { scaled(recordedLength) }

    private var recordedLength: Int64 {
        min(window.to ?? .max, last - first) - window.from
    }

    /// Tells it from others by accident: how many arrivals, from when to when, how they lie in time, and
    /// what is made of them.
    package var fingerprint: String {
        "\(count) \(first) \(last) \(speed) \(window.from) \(window.to ?? -1) \(counts.text)"
    }

    /// When an arrival at that instant is due, in nanoseconds from the start of the phase.
    func offset(of instant: Int64) -> Int64 { scaled(instant - first - window.from) }

    private func scaled(_ nanoseconds: Int64) -> Int64 {
        speed == 1 ? nanoseconds : Int64(min(Double(nanoseconds) / speed, 4e18).rounded())
    }

    /// About how many arrivals are due before that instant of the phase.
    func arrivals(before instant: Int64) -> Double {
        counts.arrivals(before: Double(instant) * speed, of: Double(recordedLength))
    }
}

/// How arrivals lie in time, roughly: counts of at most 200 equal parts, which get longer as needed.
struct ArrivalCounts: Sendable, Equatable {
    private var counts = [Int](repeating: 0, count: 200)
    /// Nanoseconds of a part.
    private var width: Int64 = 1000
    /// The part of the latest arrival, and where it ends.
    private var part = 0
    private var partEnd: Int64 = 1000

    var text: String { "\(width) \(counts)" }

    /// - Parameter offset: nanoseconds; not before the one that was added last.
    mutating func add(_ offset: Int64) {
        if offset >= partEnd { move(to: offset) }
        counts[part] += 1
    }

    private mutating func move(to offset: Int64) {
        while offset / width >= Int64(counts.count) {
            let half = counts.count / 2
            for index in 0..<half { counts[index] = counts[2 * index] + counts[2 * index + 1] }
            for index in half..<counts.count { counts[index] = 0 }
            width *= 2
        }
        part = Int(offset / width)
        partEnd = Int64(part + 1) * width
    }

    /// Evenly within a part; the last one ends at `length`, and everything belongs to what is later.
    func arrivals(before offset: Double, of length: Double) -> Double {
        var sum = 0.0
        for (index, count) in counts.enumerated() where count > 0 {
            let start = Double(index) * Double(width)
            let end = min(start + Double(width), length)
            if offset >= end {
                sum += Double(count)
            } else if offset > start {
                sum += Double(count) * (offset - start) / (end - start)
            }
        }
        return sum
    }
}
