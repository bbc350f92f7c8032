import Curl

/// Transfers in flight, oldest first. One timeout holds for all of them, so the next to expire is
/// always the oldest: no timer a transfer. Links are indices of slots.
struct AgeList {
    private static let none: Int32 = -1

    private struct Link {
        var older: Int32
        var younger: Int32
        var sent: Nanoseconds
    }

    private var links: [Link] = []
    private var oldest = AgeList.none
    private var youngest = AgeList.none
    /// The oldest whose connection was not yet looked at.
    private var unchecked = AgeList.none
    private(set) var count = 0

    mutating func append(_ slot: Int, sent: Nanoseconds) {
        while links.count <= slot { links.append(Link(older: -1, younger: -1, sent: 0)) }
        let index = Int32(slot)
        links[slot] = Link(older: youngest, younger: Self.none, sent: sent)
        if youngest != Self.none { links[Int(youngest)].younger = index } else { oldest = index }
        youngest = index
        if unchecked == Self.none { unchecked = index }
        count += 1
    }

    mutating func remove(_ slot: Int) {
        let link = links[slot]
        if link.older != Self.none {
            links[Int(link.older)].younger = link.younger
        } else {
            oldest = link.younger
        }
        if link.younger != Self.none {
            links[Int(link.younger)].older = link.older
        } else {
            youngest = link.older
        }
        if unchecked == Int32(slot) { unchecked = link.younger }
        count -= 1
    }

    /// The oldest transfer and when it was sent.
    var oldestTransfer: (slot: Int, sent: Nanoseconds)? {
        oldest == Self.none ? nil : (Int(oldest), links[Int(oldest)].sent)
    }

    var oldestUnchecked: (slot: Int, sent: Nanoseconds)? {
        unchecked == Self.none ? nil : (Int(unchecked), links[Int(unchecked)].sent)
    }

    /// The connection of the oldest unchecked transfer is there: look at the next one.
    mutating func markChecked() {
        if unchecked != Self.none { unchecked = links[Int(unchecked)].younger }
    }
}
