import Histograms
import Results

/// What one budget is about, over a stretch of time; or one side of a comparison.
package struct BudgetPart: SlicePart {
    package var durations = CompactHistogram()
    /// What is counted, and of how many.
    package var events = 0
    package var count = 0

    package init() {}

    package mutating func add(_ other: BudgetPart) {
        durations.add(other.durations)
        events += other.events
        count += other.count
    }
}
