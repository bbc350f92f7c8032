import Arrivals
import Glibc
import Testing

@Suite struct LongFileTests {
    /// In a process of its own, so that memory is nobody else's.
    @Test func aMillionRowsTakeNoMoreMemoryThanTen() async {
        await #expect(processExitsWith: .success) {
            let files = RecordedFiles()
            let file = files.write("")
            for chunk in 0..<100 {
                let row = Array("\(chunk)\n".utf8)
                files.append(Array([[UInt8]](repeating: row, count: 10_000).joined()), to: file)
            }
            let few = files.write("0\n1\n")
            let one = try ownArrivals(few)
            #expect(one == 1)
            let (peak, descriptor) = (peakMemory(), nextDescriptor())
            let half = try ownArrivals(file)
            #expect(half == 500_000)
            // The file has 3 MB, its instants would take 8 MB.
            #expect(peakMemory() - peak < 1 << 20)
            #expect(nextDescriptor() == descriptor)
            withExtendedLifetime(files) {}
        }
    }
}

/// How many arrivals the second of two shards gets.
private func ownArrivals(_ path: String) throws -> Int {
    let recorded = try RecordedArrivals.check(path: path)
    var stream = ArrivalStream(
        .recorded(recorded), seed: 0, length: nil, count: nil, shard: 1, of: 2)
    var count = 0
    while stream.next() != nil { count += 1 }
    return count
}

/// The most bytes of memory that the process ever had.
private func peakMemory() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
}

/// The lowest number that is not in use.
private func nextDescriptor() -> Int32 {
    let descriptor = dup(0)
    close(descriptor)
    return descriptor
}
