import Foundation
import Histograms
import Testing

/// Our logs read by the other libraries, and Java's by us: the same counts, quantiles and times.
@Suite struct InteroperabilityTests {
    private static let start = 1_700_000_000.25

    /// As many as the environment asks for: `scripts/evidence histograms` wants more than two.
    private static let seeds: ClosedRange<UInt64> = {
        let count = ProcessInfo.processInfo.environment["PAYBENCH_HLOG_SEEDS"].flatMap(UInt64.init)
        return 1...max(1, count ?? 2)
    }()

    private func intervals(of log: URL) throws -> [HistogramLogReader.Interval] {
        var reader = HistogramLogReader()
        let intervals = try reader.take([UInt8](try Data(contentsOf: log)))
        #expect(try reader.finish() == nil)
        return intervals
    }

    @Test(arguments: ["java-1", "java-2"])
    func logsOfTheJavaLibraryAreReadAsItReadsThem(name: String) throws {
        let fixtures = OtherLibrary.tests.appendingPathComponent("Fixtures")
        let read = try intervals(of: fixtures.appendingPathComponent("\(name).hlog"))
        let told = try String(
            contentsOf: fixtures.appendingPathComponent("\(name).txt"), encoding: .utf8)
        #expect(read.map(\.line) == lines(of: told))
    }

    @Test(
        .enabled(if: OtherLibrary.java.missing == nil, "\(OtherLibrary.java.missing ?? "")"),
        arguments: seeds)
    func javaReadsOurLogs(seed: UInt64) throws { try check(.java, seed: seed) }

    @Test(
        .enabled(if: OtherLibrary.python.missing == nil, "\(OtherLibrary.python.missing ?? "")"),
        arguments: seeds)
    func pythonReadsOurLogs(seed: UInt64) throws { try check(.python, seed: seed) }

    @Test(
        .enabled(if: OtherLibrary.c.missing == nil, "\(OtherLibrary.c.missing ?? "")"),
        arguments: seeds)
    func cReadsOurLogs(seed: UInt64) throws { try check(.c, seed: seed) }

    @Test(
        .enabled(if: OtherLibrary.go.missing == nil, "\(OtherLibrary.go.missing ?? "")"),
        arguments: seeds)
    func goReadsOurLogs(seed: UInt64) throws { try check(.go, seed: seed) }

    /// Java's command line tool, as its users call it: the untagged series, and one by its tag.
    @Test(
        .enabled(if: OtherLibrary.java.missing == nil, "\(OtherLibrary.java.missing ?? "")"),
        arguments: [(nil, 30_000), ("send_delay/steady%20state", 3)] as [(String?, Int)])
    func javasLogProcessorAddsUpASeries(tag: String?, count: Int) throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appendingPathComponent("ours.hlog")
        try Data(log(seed: 1)).write(to: file)
        let printed = try OtherLibrary.processed(log: file, tag: tag)
        let total = try #require(printed.first { $0.contains("Total count") })
        #expect(total.split(whereSeparator: { " =]".contains($0) }).last == "\(count)")
    }

    private func check(_ library: OtherLibrary, seed: UInt64) throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appendingPathComponent("ours.hlog")
        try Data(log(seed: seed)).write(to: file)
        let ours = try intervals(of: file)
        let theirs = try library.description(of: file)
        try #require(ours.count == 15)
        try #require(theirs == ours.map(\.line), "seed \(seed)")
        let buckets = ours.reduce(0) { $0 + $1.histogram.table.count }
        print("| \(library.rawValue) | \(seed) | \(ours.count) | \(buckets) |")
    }

    /// Five series for three seconds. Counts are multiples of 10,000 or one: there the libraries'
    /// quantile rules agree, of which some round the rank to the nearest and some up.
    private func log(seed: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        var writer = HistogramLogWriter()
        var log = writer.header(
            tool: "paybench 0.1", started: Self.start, date: "2023-11-14T22:13:20Z")
        for second in 0..<3 {
            var large = Histogram(random.times(10_000))
            for _ in 0..<34 { large.add(large) }
            let series: [(HistogramTag?, Histogram)] = [
                (nil, Histogram(random.times(10_000))),
                (
                    HistogramTag(["response_time", "steady state", "card, saved", "accepted"]),
                    large
                ),
                (HistogramTag(["send_delay", "steady state"]), Histogram([0])),
                (HistogramTag(["connect", "größte Last"]), Histogram([random.time()])),
                (HistogramTag(["tls"]), Histogram()),
            ]
            for (tag, histogram) in series {
                log += writer.line(tag, start: Self.start + Double(second), length: 1, histogram)
            }
        }
        return log
    }
}
