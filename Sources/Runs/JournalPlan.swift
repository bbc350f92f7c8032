import Engine
import Payments
import Results
import Scenarios

extension Preparation {
    /// Room for the payments that may be under way, or counted in a tally that is not in the log yet:
    /// three seconds at the highest rate that is planned, and every slot.
    package var journal: JournalFile.Layout {
        let plan = plan(origin: 0)
        let rate = highestRate * Double(plan.arms.count)
        let room = 3 * min(rate, 1e6) / Double(workers) + Double(plan.slots) / Double(workers)
        let ids = plan.arms.flatMap(\.requests).map(\.paymentID.maximumCount)
        let longest = ids.max() ?? 0
        precondition(
            Journal.headSize == JournalFile.entryHeadSize && Journal.unused == JournalFile.unused
                && Journal.underWay == JournalFile.underWay
                && Journal.firstTally == JournalFile.firstTally,
            "who writes and who reads a journal have the same in mind")
        return JournalFile.Layout(
            workers: workers, entrySize: (Journal.headSize + longest + 8) / 8 * 8,
            entries: min(1 << 18, max(1024, Int(room.rounded(.up)) + 1)))
    }
}

extension Scenario.Phase {
    /// Payments a second; of users, more than they reach on one machine.
    var highestRate: Double { peakRate ?? 20_000 }
}
