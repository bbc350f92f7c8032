import Synchronization
import Testing

/// A time that is off because somebody else used the machine is not off every time. In the short form, a
/// test in which nothing but times is off is done again, twice at most; the last time counts like any
/// other. What is counted has to be right each time.
struct MeasuredAgain: TestTrait, SuiteTrait, TestScoping {
    /// What the comment of a time that is off begins with.
    static let mark = "a time is off: "

    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        guard !GroundTruth.isFull else { return try await function() }
        for _ in 1...2 {
            let isOff = Atomic(false)
            try await withKnownIssue("measured again", isIntermittent: true) {
                try await function()
            } matching: { issue in
                guard issue.comments.contains(where: { $0.rawValue.hasPrefix(Self.mark) }) else {
                    return false
                }
                isOff.store(true, ordering: .relaxed)
                return true
            }
            if !isOff.load(ordering: .relaxed) { return }
        }
        try await function()
    }
}

extension Trait where Self == MeasuredAgain {
    static var measuredAgain: Self { MeasuredAgain() }
}
