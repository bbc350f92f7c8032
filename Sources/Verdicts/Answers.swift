import Payments
import Results
import Statistics

/// `errors.bias` and `quantile.resolved`: whether what was measured is enough, and of the right payments.
extension Doubt {
    private static let failed = Bounds(ok: 0.01, most: .infinity)
    /// The quantile that is the headline; others are marked where they stand.
    private static let headline = QuantileName.p99

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
        let times = measured.responseTime
        guard times.count > 0, !times.resolves(headline) else { return nil }
        let interval = times.intervals?[headline]
        let beyond = (Double(times.count) * (1 - headline.ratio) * 1000).rounded() / 1000
        let events = interval?.tailEvents ?? beyond
        let fewest = QuantileStudy.fewestEvents
        let seconds = measured.phases.reduce(0) { $0 + $1.seconds }
        let needed = interval?.secondsNeeded ?? (seconds * fewest / events).rounded(.up)
        return Doubt(
            check: .resolution, validity: .suspect, value: events, threshold: fewest,
            advice: "\(headline.words) is not resolved: the payments beyond it are worth "
                + "\(Figures.significant(events)) independent ones, and it takes "
                + "\(Figures.count(Int(fewest))). Measure for \(Figures.length(seconds: needed)) or "
                + "longer.")
    }
}
