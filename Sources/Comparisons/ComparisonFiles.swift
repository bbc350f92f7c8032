import FoundationEssentials
import Metrics
import Payments
import Results

extension Comparison {
    /// `comparison.json`, keys sorted, ended by a line feed.
    package func json() throws(ResultError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        } catch {
            throw .corrupt(path: Self.fileName, reason: "a number in it is not finite")
        }
    }

    /// Reads a stored one back.
    package static func read(_ path: String) throws(ResultError) -> Comparison {
        let bytes = try readAll(path)
        guard let comparison = try? JSONDecoder().decode(Comparison.self, from: Data(bytes)),
            comparison.format == currentFormat
        else { throw .corrupt(path: path, reason: "not a comparison") }
        return comparison
    }

    /// `comparison.csv`: a row for each metric of each adapter but the reference. Times in µs, changes
    /// as parts of the reference's value, of shares the difference.
    package var csv: String {
        let header =
            "adapter,reference_adapter,metric,unit,reference,value,verdict,typical,typical_lower,"
            + "typical_upper,whole,whole_lower,whole_upper,difference,difference_lower,"
            + "difference_upper,margin,at_least,probably,material,different_shape,"
            + "slices_to_settle,reason\n"
        return verdicts.reduce(into: header) { text, judged in
            let fields: [CSV.Field] = [
                .foreign(judged.adapter), .foreign(reference?.name), .text(judged.metric),
                .text(judged.unit.rawValue), .decimal(judged.reference), .decimal(judged.value),
                .text(judged.verdict.rawValue),
            ]
            let changes = [judged.typical, judged.whole, judged.difference].flatMap {
                [$0?.change, $0?.lower, $0?.upper].map(CSV.Field.decimal)
            }
            let rest: [CSV.Field] = [
                .decimal(judged.margin), .decimal(judged.atLeast), .decimal(judged.probably),
                .integer(judged.isMaterial ? 1 : 0), .integer(judged.differsInShape ? 1 : 0),
                .integer(judged.slicesToSettle), .foreign(judged.reason),
            ]
            text += CSV.row(fields + changes + rest)
        }
    }
}

extension Comparison {
    /// nil where it names metrics that nobody knows.
    package var judgedBy: ComparisonSettings? {
        let metrics = settings.metrics.compactMap { try? Metric(named: $0) }
        guard !metrics.isEmpty, metrics.count == settings.metrics.count else { return nil }
        return ComparisonSettings(
            metrics: metrics, equivalentWithin: settings.equivalentWithin,
            confidence: settings.confidence, looks: settings.looks)
    }
}
