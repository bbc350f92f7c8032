/// What histograms cost: recording, querying, merging, encoding, and the memory of 50 series.
///
/// Prints `name number` lines, which `scripts/benchmark histogram` puts into words. With an argument,
/// `typical` or `worst`, only the memory of such series: each in a process of its own, which has
/// nothing to use again.
import Glibc
import Histograms

@main enum Main {
    static func main() {
        var random = Random(state: 42)
        switch CommandLine.arguments.dropFirst().first {
        case "typical": memory { typicalTimes(&random, series: $0) }
        case "worst": memory { _ in everyBucket }
        case _: costs(&random)
        }
    }

    private static func costs(_ random: inout Random) {
        let times = (0..<(1 << 20)).map { _ in random.time(median: 20_000) }
        say("record_ns", recording(times))
        say("record_allocations", Double(allocationsOfRecording(times)))
        let histogram = filled(times)
        for quantile in [0.5, 0.99, 0.999] {
            let value = median(of: 101, each: 20) { blackHole(histogram.value(at: quantile)) }
            say("quantile_\(quantile)_us", value / 1000)
        }
        say("merge_us", merging(histogram) / 1000)
        encoding(&random)
    }

    /// Medians of 1 ms to 1 s by series, and one in a thousand anywhere up to one hour.
    private static func typicalTimes(_ random: inout Random, series: Int) -> [UInt64] {
        let median = 1000 * pow(1000, Double(series) / 50)
        return (0..<20_000).map { number in
            number % 1000 == 0 ? random.stray() : random.time(median: median)
        }
    }

    private static let everyBucket = (0..<Buckets.total).map {
        min(Buckets.lowestValue(at: $0), Buckets.highest)
    }

    static func say(_ name: String, _ number: Double) { print(name, number) }

    /// ns a value, median of 21 rounds over all of them.
    private static func recording(_ times: [UInt64]) -> Double {
        var histogram = filled(times)
        let round = median(of: 21, each: 1) { for time in times { histogram.record(time) } }
        blackHole(histogram.count)
        return round / Double(times.count)
    }

    private static func allocationsOfRecording(_ times: [UInt64]) -> UInt {
        var histogram = filled(times)
        let before = allocations()
        for time in times { histogram.record(time) }
        defer { blackHole(histogram.count) }
        return allocations() - before
    }

    private static func merging(_ histogram: Histogram) -> Double {
        var total = histogram
        defer { blackHole(total.count) }
        return median(of: 101, each: 20) { total.add(histogram) }
    }

    /// One line a second and series: what 1,000 values in a second take.
    private static func encoding(_ random: inout Random) {
        let second = filled((0..<1000).map { _ in random.time(median: 20_000) })
        var writer = HistogramLogWriter()
        let tag = HistogramTag(["response_time", "steady", "card", "accepted"])
        var bytes = 0
        let time = median(of: 51, each: 5) {
            bytes = writer.line(tag, start: 1_700_000_000, length: 1, second).count
        }
        say("line_us", time / 1000)
        say("line_bytes", Double(bytes))
    }

    /// Two workers, each with a tally and the spare that takes turns with it, and the totals.
    private static func memory(_ times: (Int) -> [UInt64]) {
        let copies = 2 * 2 + 1
        let values = (0..<50).map(times)
        let before = residentBytes()
        var sets = [[Histogram]](repeating: [], count: copies)
        for copy in 0..<copies {
            sets[copy] = [Histogram](repeating: Histogram(), count: 50)
            for series in 0..<50 { for time in values[series] { sets[copy][series].record(time) } }
        }
        let after = residentBytes()
        say("memory_mib", (after - before) / 1_048_576)
        withExtendedLifetime((values, sets)) {}
    }

    private static func filled(_ times: [UInt64]) -> Histogram {
        var histogram = Histogram()
        for time in times { histogram.record(time) }
        return histogram
    }

    /// ns of one call.
    private static func median(of rounds: Int, each calls: Int, _ body: () -> Void) -> Double {
        let times = (0..<rounds).map { _ in
            let start = now()
            for _ in 0..<calls { body() }
            return Double(now() - start) / Double(calls)
        }
        return times.sorted()[rounds / 2]
    }

    /// CPU time, ns: others may keep the cores busy meanwhile.
    private static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    private static func residentBytes() -> Double {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
        let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
        return Double(Int(text.split(separator: " ")[1]) ?? 0) * Double(getpagesize())
    }
}

/// Keeps the optimiser from leaving out what is measured.
@inline(never) func blackHole<Value>(_: Value) {}

/// SplitMix64.
struct Random {
    var state: UInt64

    private mutating func next() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return Double((mixed ^ mixed >> 31) >> 11 | 1) / Double(1 << 53)
    }

    /// Log-normal with σ 0.5, in µs.
    mutating func time(median: Double) -> UInt64 {
        UInt64(median * exp(0.5 * (-2 * log(next())).squareRoot() * cos(2 * .pi * next())))
    }

    /// Anywhere from 1 µs to 1 h on a logarithmic scale.
    mutating func stray() -> UInt64 { UInt64(exp(next() * log(3.6e9))) }
}
