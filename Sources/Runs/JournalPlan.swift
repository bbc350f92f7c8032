import Engine
import Payments
import Results
import Scenarios

extension Preparation {
    /// Room for the payments that may be under way, or counted in a tally that is not in the log yet:
    /// three seconds at the highest rate that is planned, and every slot.
    package var journal: JournalFile.Layout {
        let rate = scenario.flows.reduce(0.0) { sum, flow in
            sum + (flow.phases.map(\.highestRate).max() ?? 0)
        }
        let room = 3 * min(rate, 1e6) / Double(workers) + Double(slots) / Double(workers)
        let longest = plan(origin: 0).requests.map(\.paymentID.maximumCount).max() ?? 0
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
    fileprivate var highestRate: Double { peakRate ?? 20_000 }
}
