import Synchronization

/// Counts the open connections of a service, up to a ceiling.
final class Guests: Sendable {
    private let most: Int
    private let present = Atomic(0)

    init(most: Int) { self.most = most }

    /// False, and nothing counted: there are enough.
    func enter() -> Bool {
        if present.wrappingAdd(1, ordering: .relaxed).newValue <= most { return true }
        leave()
        return false
    }

    func leave() { present.wrappingSubtract(1, ordering: .relaxed) }
}
