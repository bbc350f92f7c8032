import Synchronization

/// Where the target's name leads now. Whoever looks it up writes; reactors read, and ask for a change
/// without a lock.
package final class Directory: Sendable, Equatable {
    package struct Listing: Sendable {
        /// Counts the changes; 0: what was found before the run.
        package let number: UInt64
        /// `host:port:address,address`
        package let resolution: String
        package let allowed: AllowedPeers
    }

    private let current: Mutex<Listing>
    private let number = Atomic<UInt64>(0)

    package init(resolution: String, allowed: AllowedPeers) {
        current = Mutex(Listing(number: 0, resolution: resolution, allowed: allowed))
    }

    /// Nothing happens where nothing changed.
    package func list(_ resolution: String, allowed: AllowedPeers) {
        current.withLock { listing in
            guard resolution != listing.resolution else { return }
            listing = Listing(
                number: listing.number + 1, resolution: resolution, allowed: allowed)
            number.store(listing.number, ordering: .releasing)
        }
    }

    /// nil where it is the one that the caller has.
    func change(since known: UInt64) -> Listing? {
        guard number.load(ordering: .acquiring) != known else { return nil }
        return current.withLock { $0 }
    }

    /// The same one.
    package static func == (left: Directory, right: Directory) -> Bool { left === right }
}
