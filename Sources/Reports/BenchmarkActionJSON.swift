import FoundationEssentials
import Results

/// Figures of a run as the custom formats of github-action-benchmark: a list of
/// `{name, unit, value, range, extra}`. It takes figures of which less is better and such of which
/// more is better in files apart (`customSmallerIsBetter`, `customBiggerIsBetter`).
///
/// The list is empty for a run whose figures can't stand beside those of others.
package struct BenchmarkActionJSON: Sendable {
    package enum Better: Sendable {
        case smaller, bigger
    }

    private let entries: [Entry]

    package init(_ summary: Summary, _ better: Better) {
        entries = TrackedFigure.all(of: summary).filter {
            ($0.better == .smaller) == (better == .smaller)
        }
        .map { Entry($0, of: summary) }
    }

    /// Fails as `corrupt` where a number is not finite.
    package func json() throws(ResultError) -> String { try encoded(entries) }
}

private struct Entry: Encodable {
    let name: String
    let unit: String
    let value: Double
    /// How sure the value is, in its unit; nil where that is not known.
    let range: String?
    let extra: String

    init(_ figure: TrackedFigure, of summary: Summary) {
        name = "\(summary.shownName): \(figure.name)"
        let (unit, factor) = Self.scale(figure.unit)
        self.unit = unit
        value = figure.value * factor
        let ends = [figure.lower, figure.upper].map { end in
            end.map { ($0 * factor).fixed(3) } ?? Figures.none
        }
        let isKnown = figure.lower != nil || figure.upper != nil
        range = isKnown ? ends.joined(separator: " … ") : nil
        extra =
            "run \(summary.runID.printable), "
            + "\(Figures.count(Int(clamping: summary.latency.responseTime.count))) payments, "
            + summary.verdict.words
    }

    private static func scale(_ unit: BudgetResult.Unit) -> (unit: String, factor: Double) {
        switch unit {
        case .microseconds: ("ms", 0.001)
        case .ratio: ("%", 100)
        case .perSecond: ("1/s", 1)
        case .count: ("count", 1)
        }
    }
}

/// Indented, keys sorted, ended by a line feed.
func encoded(_ value: some Encodable) throws(ResultError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    } catch {
        throw .corrupt(path: "summary.json", reason: "a number in it is not finite")
    }
}
