/// How many values lie in each bucket: 32 bits a bucket, in pages that are made on first use.
///
/// Times of one kind lie in a few octaves and stray ones anywhere, so a page is an eighth of an
/// octave: 512 bytes. What 32 bits cannot hold is kept beside them, so no count is ever lost.
struct BucketCounts: Sendable {
    private static let pageMagnitude = 7
    private static let pageLength = 1 << pageMagnitude
    private static let pages = Buckets.total >> pageMagnitude

    /// By page, its place in `cells` counted from 1; 0 where there is none. Empty before the first:
    /// 184 pages fit a byte.
    private var places: [UInt8] = []
    private var cells: [UInt32] = []
    /// By bucket, the multiples of 2³² that its cell could not hold; as good as always empty.
    private var carries: [Int: UInt64] = [:]

    /// Adds 1 to a bucket. Allocates only for a page's first count.
    mutating func raise(_ bucket: Int) {
        let cell = makeCell(of: bucket)
        cells[cell] &+= 1
        if cells[cell] == 0 { carries[bucket, default: 0] += 1 }
    }

    mutating func raise(_ bucket: Int, by count: UInt64) {
        let cell = makeCell(of: bucket)
        let sum = UInt64(cells[cell]) + (count & UInt64(UInt32.max))
        cells[cell] = UInt32(truncatingIfNeeded: sum)
        let carry = (sum >> 32) + (count >> 32)
        if carry > 0 { carries[bucket, default: 0] += carry }
    }

    mutating func add(_ other: BucketCounts) {
        for (page, place) in other.places.enumerated() where place > 0 {
            let bucket = page << Self.pageMagnitude
            let source = (Int(place) - 1) << Self.pageMagnitude
            let addends = other.cells[source..<(source + Self.pageLength)]
            let target = makeCell(of: bucket)
            guard addPage(addends, at: target) else { continue }
            // A sum that went past 2³² is less than what was added.
            for (offset, addend) in addends.enumerated() where cells[target + offset] < addend {
                carries[bucket + offset, default: 0] += 1
            }
        }
        for (bucket, carry) in other.carries { carries[bucket, default: 0] += carry }
    }

    /// Whether a sum went past 2³². No branch for each cell, so that several are added at once.
    private mutating func addPage(_ addends: ArraySlice<UInt32>, at target: Int) -> Bool {
        cells.withUnsafeMutableBufferPointer { cells in
            addends.withUnsafeBufferPointer { addends in
                var carry: UInt32 = 0
                for offset in 0..<Self.pageLength {
                    let sum = cells[target + offset] &+ addends[offset]
                    cells[target + offset] = sum
                    carry |= sum < addends[offset] ? 1 : 0
                }
                return carry > 0
            }
        }
    }

    /// Sets every count to 0 and keeps the pages.
    mutating func clear() {
        cells.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
        if !carries.isEmpty { carries = [:] }
    }

    /// Gives the pages back.
    mutating func release() { self = BucketCounts() }

    private mutating func makeCell(of bucket: Int) -> Int {
        let page = bucket >> Self.pageMagnitude
        if page >= places.count || places[page] == 0 { makePage(page) }
        return (Int(places[page]) - 1) << Self.pageMagnitude + bucket & (Self.pageLength - 1)
    }

    private mutating func makePage(_ page: Int) {
        if places.isEmpty { places = [UInt8](repeating: 0, count: Self.pages) }
        // Exactly one more: growing by doubling would leave half of it unused for the whole run.
        cells.reserveCapacity(cells.count + Self.pageLength)
        cells.append(contentsOf: repeatElement(0, count: Self.pageLength))
        places[page] = UInt8(cells.count >> Self.pageMagnitude)
    }
}

extension BucketCounts: Sequence {
    /// Every bucket that holds something, ascending.
    struct Iterator: IteratorProtocol {
        fileprivate let counts: BucketCounts
        fileprivate var bucket = 0

        mutating func next() -> (index: Int, count: UInt64)? {
            while bucket < counts.places.count << pageMagnitude {
                let place = Int(counts.places[bucket >> pageMagnitude])
                guard place > 0 else {
                    bucket += pageLength
                    continue
                }
                let index = bucket
                let cell = (place - 1) << pageMagnitude + index & (pageLength - 1)
                bucket += 1
                let count = UInt64(counts.cells[cell]) + counts.carried(by: index)
                if count > 0 { return (index, count) }
            }
            return nil
        }
    }

    func makeIterator() -> Iterator { Iterator(counts: self) }

    private func carried(by bucket: Int) -> UInt64 {
        carries.isEmpty ? 0 : (carries[bucket] ?? 0) << 32
    }
}
