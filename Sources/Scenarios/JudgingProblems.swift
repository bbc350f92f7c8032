import Documents
import Metrics

/// What can be wrong with budgets and their baseline, beside their checks.
package enum JudgingProblem: Problem, Equatable {
    /// A relative budget, and nothing that it is relative to.
    case noBaseline(String)
    /// A phase in the check's labels and beside the check.
    case phaseTwice
    /// A key that is about windows.
    case needsWindow(String)
    case shorterThanWindow(Duration, window: Duration)
    /// The phase has `measure: false`.
    case notMeasured(phase: String, measured: [String])
    /// A baseline of its own, where adapters are compared with their reference.
    case baselineBesideAdapters
    /// Both at once, with users.
    case duetOfUsers(phase: String)
    /// The baseline is measured under the load of phases, and there are none.
    case baselineWithoutLoad

    package var sentence: String {
        switch self {
        case .noBaseline(let check):
            "\(quoted(check)) and no baseline; write baseline: { target: { base_url: … } } to "
                + "measure one beside this target, baseline: { result: PATH } for a stored one, or "
                + "give --baseline RESULT"
        case .phaseTwice:
            "a phase beside the check and one in its braces; one of the two is allowed"
        case .needsWindow(let key):
            "\(key) without window; window: 10s says how long one is, which \(key) is about"
        case .shorterThanWindow(let lasting, let window):
            "for \(lasting.written) is shorter than a window; allowed: \(window.written) or more"
        case .notMeasured(let phase, let measured):
            "phase \(quoted(phase)) has measure: false, so that it has no times and rates; allowed: "
                + (measured.isEmpty ? "none" : list(measured.map(shown)))
        case .baselineBesideAdapters:
            "a baseline with a target of its own beside compare, which measures adapters against "
                + "their reference; baseline: { result: PATH } is allowed here"
        case .duetOfUsers(let phase):
            "design: duet, but phase \(quoted(phase)) has users, who wait for one target at a time; "
                + "allowed: blocks"
        case .baselineWithoutLoad:
            "a baseline beside the target and neither load nor flows; load: [phases] says what both "
                + "receive"
        }
    }
}
