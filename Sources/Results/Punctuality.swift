/// How punctual the workers were in one phase, beside the lag of each payment. Sums, so that parts of a
/// run can be added.
package struct Punctuality: Sendable, Equatable {
    /// By how much more than 10 ms turns of the workers' loops began later than they wanted to, over all
    /// workers.
    package var stalledNanoseconds = 0
    package var longestStall = Stall()
    /// Payments that were sent without waiting for a slot. What follows is about these.
    package var sends = 0
    /// Σ count² over windows of 10 and of 100 ms, each worker for itself, by the intended and by the sent
    /// instant.
    package var plannedIn10ms = 0
    package var plannedIn100ms = 0
    package var sentIn10ms = 0
    package var sentIn100ms = 0

    package struct Stall: Sendable, Equatable {
        package var microseconds: UInt64 = 0
        /// When it ended, in seconds from the start of the run.
        package var end = 0.0
        /// From 1.
        package var worker = 1

        package init() {}

        package init(microseconds: UInt64, end: Double, worker: Int) {
            self.microseconds = microseconds
            self.end = end
            self.worker = worker
        }
    }

    package init() {}

    package mutating func add(_ other: Punctuality) {
        stalledNanoseconds += other.stalledNanoseconds
        if other.longestStall.microseconds > longestStall.microseconds {
            longestStall = other.longestStall
        }
        sends += other.sends
        plannedIn10ms += other.plannedIn10ms
        plannedIn100ms += other.plannedIn100ms
        sentIn10ms += other.sentIn10ms
        sentIn100ms += other.sentIn100ms
    }
}

extension Punctuality {
    package var stalledSeconds: Double { Double(stalledNanoseconds) / 1e9 }

    /// Index of dispersion of the sends less that of the plan: above 0 where sends are more bunched than
    /// planned. The mean is the same for both, so only Σ count² of each counts, over the number of sends.
    package var excessIn10ms: Double { excess(sentIn10ms, plannedIn10ms) }
    package var excessIn100ms: Double { excess(sentIn100ms, plannedIn100ms) }

    private func excess(_ sent: Int, _ planned: Int) -> Double {
        sends > 0 ? Double(sent - planned) / Double(sends) : 0
    }
}
