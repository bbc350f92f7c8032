import Payments
import Results

/// `errors.bias` and `quantile.resolved`: whether what was measured is enough, and of the right payments.
extension Doubt {
    private static let failed = Bounds(ok: 0.01, most: .infinity)
    /// The quantile that is the headline; others are marked where they stand.
    private static let headline = Quantile.p99
    /// Payments above it.
    private static let fewest = 5

    /// - Parameter expectations: the outcomes that are no error, by name of the mix.
    static func biasedByErrors(_ measured: Measured, _ expectations: [Set<Outcome>]) -> Doubt? {
        let usual: Set<Outcome> = [.accepted, .declined]
        let errors = measured.sum { phase in
            phase.payments.enumerated().reduce(0) { sum, entry in
                let expected =
                    expectations.indices.contains(entry.offset)
                    ? expectations[entry.offset] : usual
                return Outcome.allCases.reduce(sum) {
                    $0 + (expected.contains($1) ? 0 : entry.element.count(of: $1))
                }
            }
        }
        guard measured.started > 0 else { return nil }
        let share = Double(errors) / Double(measured.started)
        return Doubt(
            .errors, share, within: failed,
            advice: "\(Figures.share(share)) of the payments (\(Figures.count(errors)) of "
                + "\(Figures.count(measured.started))) were errors: times of the others tell of "
                + "survivors only. Look at the error codes first.")
    }

    static func unresolved(in measured: Measured) -> Doubt? {
        let started = measured.started
        let above = headline.observations(above: UInt64(started))
        guard started > 0, above < fewest else { return nil }
        let seconds = measured.phases.reduce(0) { $0 + $1.seconds }
        let needed = seconds * Double(fewest) / (Double(started) * (1 - headline.ratio))
        return Doubt(
            check: .resolution, validity: .suspect, value: Double(above),
            threshold: Double(fewest),
            advice: "\(headline.name) is not resolved: \(above) of \(Figures.count(started)) "
                + "payments lie above it, and it takes \(fewest). Measure for "
                + "\(Figures.length(seconds: needed.rounded(.up))) or longer.")
    }
}
