import Histograms
import Results

/// What one budget is about, over a stretch of time.
struct BudgetPart: SlicePart {
    var durations = CompactHistogram()
    /// What is counted, and of how many.
    var events = 0
    var count = 0

    mutating func add(_ other: BudgetPart) {
        durations.add(other.durations)
        events += other.events
        count += other.count
    }
}
