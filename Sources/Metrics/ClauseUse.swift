/// What a clause is written for, which decides what it may be about.
package enum ClauseUse: Sendable, CaseIterable {
    /// Of a phase or a run that ends early.
    case condition
    /// Of a result that is judged.
    case budget
}
