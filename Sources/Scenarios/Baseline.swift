extension Scenario {
    /// What relative budgets are relative to.
    package enum Baseline: Sendable, Equatable {
        /// Measured at the same time, under the same load; the candidate is `target`. The design is
        /// `duet` or `blocks`, its name `baseline`.
        case beside(Adapter, Design)
        /// A stored result, a file or a folder, which was there when the scenario was read.
        case stored(path: String)
    }
}
