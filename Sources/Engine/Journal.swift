import Curl
import Payments
import Synchronization

/// Which payments of one worker were started, and which of them have ended: in memory that outlives the
/// process (a shared mapping of a file), so that a run that is killed does not lose a payment.
///
/// A ring of entries of equal size, written over when they are old. Costs a few stores a payment.
package struct Journal {
    /// Bytes before the id of an entry: state, length of the id, entry of the mix, two instants.
    package static let headSize = 24
    package static let unused: UInt32 = 0
    package static let underWay: UInt32 = 1
    /// The state of a payment that is counted in tally n is n + this.
    package static let firstTally: UInt32 = 2

    private let memory: UnsafeMutableRawPointer
    private let entrySize: Int
    private let count: Int
    private var next = 0

    /// - Parameters:
    ///   - memory: zeroed, aligned to 8 bytes; of this worker only.
    ///   - entrySize: a multiple of 8, beyond `headSize`.
    package init(memory: UnsafeMutableRawBufferPointer, entrySize: Int) {
        precondition(entrySize > Self.headSize && entrySize % 8 == 0, "an entry holds an id")
        guard let base = memory.baseAddress, memory.count >= entrySize else {
            preconditionFailure("there is an entry")
        }
        self.memory = base
        self.entrySize = entrySize
        count = memory.count / entrySize
    }

    /// Enters a payment that is about to be sent; returns its place.
    ///
    /// - Parameters:
    ///   - intended, sent: nanoseconds since 1970, UTC.
    ///   - id: of the payment; an entry has room for its longest rendering.
    mutating func enter(
        payment: Int, intended: Int64, sent: Int64, id: ByteTemplate,
        context: borrowing RenderContext
    ) -> Int {
        let place = takePlace()
        let entry = place * entrySize
        setState(Self.unused, at: place)
        memory.storeBytes(
            of: UInt16(truncatingIfNeeded: payment), toByteOffset: entry + 6, as: UInt16.self)
        memory.storeBytes(of: intended, toByteOffset: entry + 8, as: Int64.self)
        memory.storeBytes(of: sent, toByteOffset: entry + 16, as: Int64.self)
        let room = UnsafeMutableRawBufferPointer(
            start: memory + entry + Self.headSize, count: entrySize - Self.headSize)
        let length = id.render(context, into: room)
        memory.storeBytes(of: UInt16(length), toByteOffset: entry + 4, as: UInt16.self)
        setState(Self.underWay, at: place)
        return place
    }

    /// The payment there is counted in the worker's tally `tally`.
    func end(_ place: Int, tally: UInt32) { setState(Self.firstTally &+ tally, at: place) }

    /// The next place whose payment is not under way; with more payments under way than places, one of
    /// them is forgotten.
    private mutating func takePlace() -> Int {
        for _ in 0..<count {
            let place = next
            next = next + 1 == count ? 0 : next + 1
            if state(at: place) != Self.underWay { return place }
        }
        return next
    }

    private func state(at place: Int) -> UInt32 {
        pointer(to: place).pointee.load(ordering: .relaxed)
    }

    /// Released: what was written before it is there when it is.
    private func setState(_ state: UInt32, at place: Int) {
        pointer(to: place).pointee.store(state, ordering: .releasing)
    }

    private func pointer(to place: Int) -> UnsafeMutablePointer<Atomic<UInt32>> {
        // Invariant: `memory` is aligned to 8 bytes and so is every entry; nobody else in this process
        // looks at it.
        (memory + place * entrySize).assumingMemoryBound(to: Atomic<UInt32>.self)
    }
}
