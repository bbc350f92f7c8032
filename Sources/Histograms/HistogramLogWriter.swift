/// Renders a histogram interval log, version 1.3: what HdrHistogram's tools read (`.hlog`).
///
/// Gives bytes and writes nothing: what it holds does not grow with the log. Order matters to the C
/// reader: the header first, and no comment behind the first interval.
package struct HistogramLogWriter: ~Copyable {
    private var compressor = HistogramCompressor()

    package init() {}

    /// The C reader's buffer of 128 bytes, less the line's end and its own.
    package static let longestHeaderLine = 126

    /// - Parameters:
    ///   - tool: what made the log, and its version; printable ASCII.
    ///   - started: seconds since 1970-01-01 UTC.
    ///   - date: the same for people, in any form of printable ASCII.
    /// - Precondition: no line gets longer than `longestHeaderLine`.
    package func header(tool: String, started: Double, date: String) -> [UInt8] {
        let lines = [
            "#[Logged with \(tool)]",
            "#[Histogram log format version 1.3]",
            "#[StartTime: \(Self.thousandths(started)) (seconds since epoch), \(date)]",
            // Says outright that timestamps are absolute; without it readers guess.
            "#[BaseTime: 0.000 (seconds since epoch)]",
            #""StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram""#,
        ]
        for line in lines {
            precondition(line.utf8.count <= Self.longestHeaderLine, "readers take the line whole")
            precondition(line.utf8.allSatisfy { (0x20...0x7e).contains($0) }, "the line is one")
        }
        return [UInt8]((lines.joined(separator: "\n") + "\n").utf8)
    }

    /// The line of one series and interval. The column of the maximum is in milliseconds.
    ///
    /// - Parameters:
    ///   - tag: nil for the one series without, which tools show where they are told nothing else;
    ///     Java's `HistogramLogProcessor` fails on a log that has none.
    ///   - start: seconds since 1970-01-01 UTC.
    ///   - length: seconds.
    package mutating func line(
        _ tag: HistogramTag?, start: Double, length: Double, _ histogram: Histogram
    ) -> [UInt8] {
        let highest = Self.thousandths(Int(clamping: histogram.maximum))
        let prefix = tag.map { "Tag=\($0.text)," } ?? ""
        let columns = [Self.thousandths(start), Self.thousandths(length), highest, ""]
        var line = [UInt8]((prefix + columns.joined(separator: ",")).utf8)
        Base64.append(compressor.bytes(of: histogram), to: &line)
        line.append(UInt8(ascii: "\n"))
        return line
    }

    /// Rounded to the nearest; readers know neither signs nor exponents.
    private static func thousandths(_ number: Double) -> String {
        precondition(number >= 0 && number < 1e12, "times lie behind 1970 and are not endless")
        return thousandths(Int((number * 1000).rounded()))
    }

    private static func thousandths(_ number: Int) -> String {
        let fraction = String(number % 1000 + 1000).dropFirst()
        return "\(number / 1000).\(fraction)"
    }
}
