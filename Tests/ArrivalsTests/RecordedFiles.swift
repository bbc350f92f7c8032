import Arrivals
import Glibc

/// Files that are there as long as this is; a suite keeps one for each of its tests.
final class RecordedFiles {
    private var paths: [String] = []

    deinit {
        for path in paths { unlink(path) }
    }

    /// The path of a file with this content.
    func write(_ text: String) -> String { write(Array(text.utf8)) }

    func write(_ bytes: [UInt8]) -> String {
        var template = Array("/tmp/paybench-arrivals-XXXXXX".utf8CString)
        close(mkstemp(&template))
        let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        paths.append(path)
        append(bytes, to: path)
        return path
    }

    func append(_ bytes: [UInt8], to path: String) {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            precondition(count > 0, "no room for the files of tests")
            written += count
        }
    }
}

/// How instants stand in a file; `nanoseconds` count from 1970.
enum Spelling: CaseIterable {
    case seconds, wholeSeconds, milliseconds, wholeMilliseconds, utc, eastern

    var unit: TimeUnit {
        switch self {
        case .seconds, .wholeSeconds: .seconds
        case .milliseconds, .wholeMilliseconds: .milliseconds
        case .utc, .eastern: .rfc3339
        }
    }

    /// The steps in which it counts, in nanoseconds.
    var step: Int64 {
        switch self {
        case .seconds, .milliseconds, .utc, .eastern: 1
        case .wholeSeconds: second
        case .wholeMilliseconds: 1_000_000
        }
    }

    func spelled(_ nanoseconds: Int64) -> String {
        switch self {
        case .seconds: decimal(nanoseconds, places: 9)
        case .wholeSeconds: "\(nanoseconds / second)"
        case .milliseconds: decimal(nanoseconds, places: 6)
        case .wholeMilliseconds: "\(nanoseconds / 1_000_000)"
        case .utc: calendar(nanoseconds, shift: 0) + "Z"
        case .eastern: calendar(nanoseconds, shift: 5 * 3600 + 1800) + "+05:30"
        }
    }

    private func decimal(_ value: Int64, places: Int) -> String {
        let digits = String(value)
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        return padded.dropLast(places) + "." + padded.suffix(places)
    }

    private func calendar(_ nanoseconds: Int64, shift: Int) -> String {
        var seconds = time_t(nanoseconds / second) + shift
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let date = "\(1900 + parts.tm_year)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
        let time = "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
        return date + "T" + time + "." + decimal(nanoseconds % second, places: 9).suffix(9)
    }
}
