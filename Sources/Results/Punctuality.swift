/// How punctual the workers were in one phase, beside the lag of each payment.
package struct Punctuality: Sendable, Equatable {
    /// By how much turns of the workers' loops began later than they wanted to, where that was more
    /// than 10 ms: in seconds, over all workers.
    package var stalledSeconds = 0.0
    package var longestStall = Stall()
    /// Payments that were sent without waiting for a slot. The bursts are about these.
    package var sends = 0
    /// Index of dispersion of the sends less that of the plan, counted in windows of 10 and of 100 ms,
    /// each worker for itself: above 0 where sends are more bunched than planned.
    package var excessIn10ms = 0.0
    package var excessIn100ms = 0.0

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
}
