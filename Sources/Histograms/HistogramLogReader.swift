/// Reads a histogram interval log, versions 1.0 to 1.3, as its bytes arrive.
///
/// Holds one line at most: a log of any length is read in the same memory. Comments may stand anywhere.
package struct HistogramLogReader: ~Copyable {
    /// One line of a log: a series' values in an interval.
    package struct Interval: Sendable, Equatable {
        /// nil for the untagged series.
        package var tag: HistogramTag?
        /// Seconds since 1970-01-01 UTC, where the log says when it began; else as in the log.
        package var start: Double
        /// Seconds.
        package var length: Double
        /// Has its buckets' bounds and middles for exact figures, which a log does not bear.
        package var histogram: Histogram
    }

    /// Bytes; a histogram with every bucket in use takes 283 KB.
    package static let longestLine = 1 << 20

    /// Seconds since 1970-01-01 UTC, where a comment said it.
    package private(set) var startTime: Double?
    package private(set) var baseTime: Double?

    private var decompressor = HistogramDecompressor()
    private var lineNumber = 1
    /// The beginning of a line whose end has not come yet.
    private var pending: [UInt8] = []

    package init() {}

    /// Takes the next bytes of the log; returns the intervals whose lines end in them.
    ///
    /// Behind an error nothing more can be read.
    package mutating func take(_ bytes: [UInt8]) throws(HistogramLogError) -> [Interval] {
        var intervals: [Interval] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            try append(rest[..<end])
            if let interval = try endLine() { intervals.append(interval) }
            rest = rest[(end + 1)...]
        }
        try append(rest)
        return intervals
    }

    /// The log has ended; returns the interval of a last line that lacks its end.
    package mutating func finish() throws(HistogramLogError) -> Interval? { try endLine() }

    private mutating func append(_ bytes: ArraySlice<UInt8>) throws(HistogramLogError) {
        guard pending.count + bytes.count <= Self.longestLine else {
            throw HistogramLogError(line: lineNumber, problem: .tooLong(limit: Self.longestLine))
        }
        pending += bytes
    }

    private mutating func endLine() throws(HistogramLogError) -> Interval? {
        if pending.last == UInt8(ascii: "\r") { pending.removeLast() }
        let interval: Interval?
        do throws(HistogramLogError.Problem) {
            interval = try read(pending)
        } catch {
            throw HistogramLogError(line: lineNumber, problem: error)
        }
        pending.removeAll(keepingCapacity: true)
        lineNumber += 1
        return interval
    }

    private mutating func read(
        _ line: [UInt8]
    ) throws(HistogramLogError.Problem) -> Interval? {
        switch line.first {
        case nil: return nil
        case UInt8(ascii: "#"):
            try readComment(String(decoding: line, as: UTF8.self))
            return nil
        case UInt8(ascii: "\""): return nil
        case _: return try readInterval(line)
        }
    }

    private mutating func readComment(_ line: String) throws(HistogramLogError.Problem) {
        if let version = Self.text(behind: "#[Histogram log format version ", upTo: "]", in: line) {
            guard ["1.0", "1.1", "1.2", "1.3", "1.01"].contains(version) else {
                throw .unknownVersion(version)
            }
        } else if let seconds = Self.text(behind: "#[StartTime: ", upTo: " ", in: line) {
            startTime = try Self.decimal(seconds, .startTime)
        } else if let seconds = Self.text(behind: "#[BaseTime: ", upTo: " ", in: line) {
            baseTime = try Self.decimal(seconds, .baseTime)
        }
    }

    private mutating func readInterval(
        _ line: [UInt8]
    ) throws(HistogramLogError.Problem) -> Interval {
        // One more than there can be, so that a line of commas takes no more memory than any other.
        var columns = line.split(
            separator: UInt8(ascii: ","), maxSplits: 5, omittingEmptySubsequences: false)
        let first = String(decoding: columns[0], as: UTF8.self)
        let tag = Self.text(behind: "Tag=", upTo: nil, in: first)
        if tag != nil { columns.removeFirst() }
        guard columns.count == 4 else { throw .notAnInterval(columns: columns.count) }
        let numbers = columns.prefix(3).map { String(decoding: $0, as: UTF8.self) }
        let start = try Self.decimal(numbers[0], .start)
        let length = try Self.decimal(numbers[1], .length)
        _ = try Self.decimal(numbers[2], .maximum)
        return Interval(
            tag: tag.map(HistogramTag.init(reading:)), start: absolute(start), length: length,
            histogram: try histogram(of: columns[3]))
    }

    private mutating func histogram(
        of text: ArraySlice<UInt8>
    ) throws(HistogramLogError.Problem) -> Histogram {
        do throws(HistogramCodingError) {
            return try decompressor.histogram(of: Base64.bytes(of: text))
        } catch {
            throw .histogram(error)
        }
    }

    /// Without a base time, a timestamp more than a year before the start is relative to it: the rule of
    /// the Java reader.
    private mutating func absolute(_ start: Double) -> Double {
        let base = baseTime ?? startTime.map { start < $0 - 365 * 86_400 ? $0 : 0 } ?? 0
        baseTime = base
        return base + start
    }

    private static func text(
        behind prefix: String, upTo end: Character?, in line: String
    ) -> String? {
        guard line.hasPrefix(prefix) else { return nil }
        let rest = line.dropFirst(prefix.count)
        return String(rest.prefix { $0 != end })
    }

    /// Digits, and more of them behind a point: what every reader of the format understands.
    private static func decimal(
        _ text: String, _ field: HistogramLogError.Field
    ) throws(HistogramLogError.Problem) -> Double {
        let isPlain = text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2e }
        guard isPlain, let number = Double(text), number.isFinite else {
            throw .notANumber(field, text)
        }
        return number
    }
}
