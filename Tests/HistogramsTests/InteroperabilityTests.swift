import Foundation
import Histograms
import Testing

/// Our logs read by the other libraries, and Java's by us: the same counts, quantiles and times.
@Suite struct InteroperabilityTests {
    private static let start = 1_700_000_000.25

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
        arguments: [1, 20_240_611] as [UInt64])
    func javaReadsOurLogs(seed: UInt64) throws { try check(.java, seed: seed) }

    @Test(
        .enabled(if: OtherLibrary.python.missing == nil, "\(OtherLibrary.python.missing ?? "")"),
        arguments: [1, 20_240_611] as [UInt64])
    func pythonReadsOurLogs(seed: UInt64) throws { try check(.python, seed: seed) }

    @Test(
        .enabled(if: OtherLibrary.c.missing == nil, "\(OtherLibrary.c.missing ?? "")"),
        arguments: [1, 20_240_611] as [UInt64])
    func cReadsOurLogs(seed: UInt64) throws { try check(.c, seed: seed) }

    @Test(
        .enabled(if: OtherLibrary.go.missing == nil, "\(OtherLibrary.go.missing ?? "")"),
        arguments: [1, 20_240_611] as [UInt64])
    func goReadsOurLogs(seed: UInt64) throws { try check(.go, seed: seed) }

    private func check(_ library: OtherLibrary, seed: UInt64) throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appendingPathComponent("ours.hlog")
        try Data(log(seed: seed)).write(to: file)
        let ours = try intervals(of: file).map(\.line)
        let theirs = try library.description(of: file)
        #expect(ours.count == 15)
        #expect(theirs == ours, "seed \(seed)")
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
            let series = [
                ["response_time", "steady state", "card, saved", "accepted"]:
                    Histogram(random.times(10_000)),
                ["send_delay", "steady state"]: Histogram([0]),
                ["connect", "größte Last"]: Histogram([random.time()]),
                ["tls"]: Histogram(),
                ["large"]: large,
            ]
            for (parts, histogram) in series.sorted(by: { $0.key[0] < $1.key[0] }) {
                log += writer.line(
                    HistogramTag(parts), start: Self.start + Double(second), length: 1, histogram)
            }
        }
        return log
    }
}
