import Foundation
import Synchronization

/// What a target has seen before.
final class Seen: Sendable {
    private let texts = Mutex<[String: Int]>([:])

    func isNew(_ text: String) -> Bool { count(text) == 1 }

    /// How often, with this time.
    func count(_ text: String) -> Int {
        texts.withLock { texts in
            texts[text, default: 0] += 1
            return texts[text, default: 0]
        }
    }
}
