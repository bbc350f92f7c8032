import Payments
import Results

/// The seconds of a timeline, put together to at most so many columns. Nothing that stands out within a
/// column is lost: it keeps the least and the most of its seconds beside their sum.
package struct TimelineColumns: Sendable {
    package struct Spread: Sendable, Equatable {
        package private(set) var sum = 0
        package private(set) var least = Int.max
        package private(set) var most = 0

        mutating func add(_ value: Int) {
            sum += value
            least = min(least, value)
            most = max(most, value)
        }
    }

    package struct Column: Sendable, Equatable {
        /// Seconds from the start of the run.
        package var start: Int
        package var seconds: Int
        package var planned = Spread()
        package var started = Spread()
        package var completed = Spread()
        package var inFlight = Spread()
        /// Indexed by `Outcome.rawValue`.
        package var outcomes = [Spread](repeating: Spread(), count: Outcome.allCases.count)
        /// The longest of the seconds, in µs; nil where none is known.
        package var p50: UInt64?
        package var p99: UInt64?
        package var sendDelayP99: UInt64?
        package var shortestP50: UInt64?

        package var middle: Double { Double(start) + Double(seconds) / 2 }
        package var end: Int { start + seconds }

        package func perSecond(_ spread: Spread) -> Double {
            Double(spread.sum) / Double(max(1, seconds))
        }

        mutating func add(_ row: TimelineRow) {
            planned.add(row.planned)
            started.add(row.started)
            completed.add(row.completed)
            inFlight.add(row.inFlight)
            for index in outcomes.indices { outcomes[index].add(row.outcomes[index]) }
            shortestP50 = [shortestP50, row.p50].compactMap(\.self).min()
            p50 = [p50, row.p50].compactMap(\.self).max()
            p99 = [p99, row.p99].compactMap(\.self).max()
            sendDelayP99 = [sendDelayP99, row.sendDelayP99].compactMap(\.self).max()
        }
    }

    /// Of a column.
    package let seconds: Int
    package let columns: [Column]

    package init(_ rows: [TimelineRow], atMost most: Int) {
        let seconds = max(1, (rows.count + most - 1) / max(1, most))
        self.seconds = seconds
        columns = stride(from: 0, to: rows.count, by: seconds).map { start in
            let part = rows[start..<min(start + seconds, rows.count)]
            var column = Column(start: start, seconds: part.count)
            for row in part { column.add(row) }
            return column
        }
    }

    /// Whether columns are longer than the seconds that they are made of.
    package var isCoarse: Bool { seconds > 1 }
}
