import NIOCore

/// Rows by PaymentId, 48 bytes each at two million: dense chunks of rows, and above them 1,024 small
/// open-addressing tables of row numbers, so that no insertion ever moves much.
struct PaymentTable: Sendable {
    struct Row: Sendable {
        var id: PaymentID
        /// Nanoseconds of uptime.
        var firstArrival: UInt64
        var arrivals: UInt32 = 0
        var bookings: UInt32 = 0
        var answer = PackedAnswer.pending
        var kept = PackedEnding.none
        /// Arrivals that got past the limits, up to 65,535, and those still with the provider.
        var admissions: UInt16 = 0
        var inFlight: UInt16 = 0
    }

    let capacity: Int
    private(set) var count = 0
    private var chunks: [[Row]] = []
    /// Row numbers plus one, 0 for a free slot; the length of each is a power of two.
    private var shards: [[UInt32]] = Array(repeating: [], count: 1 << Self.shardBits)

    /// Slots in use of each shard.
    private var used: [UInt32] = Array(repeating: 0, count: 1 << Self.shardBits)

    private static let shardBits = 10
    private static let chunkBits = 12

    /// - Parameter capacity: rows there is room for; below 2^32.
    init(capacity: Int) { self.capacity = min(capacity, Int(UInt32.max) - 1) }

    subscript(place: Int) -> Row {
        get { chunks[place >> Self.chunkBits][place & (1 << Self.chunkBits - 1)] }
        _modify { yield &chunks[place >> Self.chunkBits][place & (1 << Self.chunkBits - 1)] }
    }

    func place(of id: PaymentID) -> Int? {
        let hash = Self.hash(id)
        let slots = shards[Self.shard(hash)]
        guard !slots.isEmpty else { return nil }
        var slot = Self.slot(hash, of: slots.count)
        while slots[slot] != 0 {
            let place = Int(slots[slot] - 1)
            if self[place].id == id { return place }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// The row's place; nil: there is no room for another one.
    mutating func placeOrInsert(_ id: PaymentID, at instant: NIODeadline) -> Int? {
        if let place = place(of: id) { return place }
        guard count < capacity else { return nil }
        if count & (1 << Self.chunkBits - 1) == 0 {
            var chunk: [Row] = []
            chunk.reserveCapacity(min(1 << Self.chunkBits, capacity - count))
            chunks.append(chunk)
        }
        chunks[count >> Self.chunkBits].append(
            Row(id: id, firstArrival: instant.uptimeNanoseconds))
        count += 1
        index(id, as: UInt32(count))
        return count - 1
    }

    /// Every row, in the order of arrival. Copies nothing until the table changes.
    var rows: [[Row]] { chunks }

    private mutating func index(_ id: PaymentID, as number: UInt32) {
        let hash = Self.hash(id)
        let shard = Self.shard(hash)
        used[shard] += 1
        if 4 * Int(used[shard]) > 3 * shards[shard].count { grow(shard) }
        Self.put(number, hash, into: &shards[shard])
    }

    private mutating func grow(_ shard: Int) {
        let old = shards[shard]
        var slots = [UInt32](repeating: 0, count: max(16, 2 * old.count))
        for number in old where number != 0 {
            Self.put(number, Self.hash(self[Int(number - 1)].id), into: &slots)
        }
        shards[shard] = slots
    }

    private static func put(_ number: UInt32, _ hash: UInt64, into slots: inout [UInt32]) {
        var slot = slot(hash, of: slots.count)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = number
    }

    private static func hash(_ id: PaymentID) -> UInt64 {
        let mixed = (id.low ^ (id.high &* 0xBF58_476D_1CE4_E5B9)) &* 0x9E37_79B9_7F4A_7C15
        return mixed ^ (mixed >> 29)
    }

    private static func shard(_ hash: UInt64) -> Int { Int(hash >> UInt64(64 - shardBits)) }

    private static func slot(_ hash: UInt64, of count: Int) -> Int {
        Int(truncatingIfNeeded: hash >> 8) & (count - 1)
    }
}

/// `Ledger.Answer` in two bytes: statuses as they are, what is none above them.
struct PackedAnswer: Sendable, Equatable {
    private var code: UInt16

    static let pending = PackedAnswer(code: 0)
    private static let words: [Ledger.Answer] = [.dropped, .unsent, .reset, .broken]

    init(_ answer: Ledger.Answer) {
        switch answer {
        case .pending: code = 0
        case .status(let status): code = UInt16(clamping: status)
        case .dropped: code = 1000
        case .unsent: code = 1001
        case .reset: code = 1002
        case .broken: code = 1003
        }
    }

    private init(code: UInt16) { self.code = code }

    var answer: Ledger.Answer {
        switch code {
        case 0: .pending
        case 1000...1003: Self.words[Int(code) - 1000]
        default: .status(Int(code))
        }
    }
}

/// The ending that a repeat gets again, in two bytes.
struct PackedEnding: Sendable, Equatable {
    private var code: UInt16

    static let none = PackedEnding(code: 0)

    private init(code: UInt16) { self.code = code }

    /// Drops are not kept.
    init(_ ending: ProviderScript.Ending?) {
        switch ending {
        case nil, .drop: code = 0
        case .accept: code = 1
        case .answer(let place): code = UInt16(clamping: place + 2)
        }
    }

    var ending: ProviderScript.Ending? {
        switch code {
        case 0: nil
        case 1: .accept
        default: .answer(Int(code) - 2)
        }
    }
}
