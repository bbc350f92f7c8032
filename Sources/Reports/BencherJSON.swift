import Results

/// Figures of a run in Bencher Metric Format: benchmark → measure → value with its interval. A benchmark
/// is the scenario, with the labels of the metric; a measure bears its unit in its name.
///
/// Empty for a run whose figures can't stand beside those of others.
package struct BencherJSON: Sendable {
    /// The most that Bencher takes, in characters.
    private static let longestBenchmark = 1024
    private static let longestMeasure = 64

    private let benchmarks: [String: [String: Metric]]

    package init(_ summary: Summary) {
        benchmarks = TrackedFigure.all(of: summary).reduce(into: [:]) { benchmarks, figure in
            let benchmark = "\(summary.shownName)\(figure.labels)"
            let measure = figure.metric + Self.suffix(figure.unit)
            benchmarks[
                String(benchmark.prefix(Self.longestBenchmark)), default: [:]
            ][String(measure.prefix(Self.longestMeasure))] = Metric(
                value: figure.value, lower: figure.lower, upper: figure.upper)
        }
    }

    /// Fails as `corrupt` where a number is not finite.
    package func json() throws(ResultError) -> String { try encoded(benchmarks) }

    private static func suffix(_ unit: BudgetResult.Unit) -> String {
        switch unit {
        case .microseconds: "_us"
        case .ratio: "_ratio"
        case .perSecond: "_per_s"
        case .count: ""
        }
    }
}

private struct Metric: Encodable {
    let value: Double
    let lower: Double?
    let upper: Double?

    enum CodingKeys: String, CodingKey {
        case value
        case lower = "lower_value"
        case upper = "upper_value"
    }
}
