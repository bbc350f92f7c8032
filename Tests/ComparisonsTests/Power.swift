import Glibc
import Statistics

/// How often a planted shift is found, before any trial: by the normal law, from the errors of quantiles
/// and shares of independent payments. What a machine's noise adds is taken from the widths of
/// `truth.md`, 5.1.
struct Power {
    private let trials: PlantedTrials
    /// Of the candidate; the reference has as many.
    private let payments: Double

    init(_ trials: PlantedTrials) {
        self.trials = trials
        payments = Double(trials.seconds * trials.perSecond) / Double(trials.conducts.count)
    }

    /// The 264 s of two adapters at 200/s in all, of which `truth.md` has widths.
    private static let payments = 26_400.0
    private static let p95 = PlantedTrials.quantiles[1].normal

    /// How much wider the noise makes intervals of times.
    private var noise: Double {
        guard trials.weather == .noisy else { return 1 }
        let independent = 2 * 1.96 * Self.error(normal: Self.p95, payments: Self.payments)
        return (trials.kind == .duet ? 0.035 : 0.051) / independent
    }

    /// Of the difference of two logarithms of a quantile.
    private static func error(normal: Double, payments: Double) -> Double {
        let beyond = Normal.probability(beyond: normal) / 2
        let density = exp(-normal * normal / 2) / (2 * Double.pi).squareRoot()
        return Conduct().spread * (2 * beyond * (1 - beyond) / payments).squareRoot() / density
    }

    private func power(_ effect: Double, error: Double, estimators: Double) -> Double {
        let family = Double(trials.metrics.count * (trials.conducts.count - 1))
        let deviations = Normal.quantile(confidence: 1 - 0.05 / family / estimators)
        return erfc((deviations - effect / error) / 2.0.squareRoot()) / 2
    }

    private func ofTimes(_ ratio: Double, normal: Double) -> Double {
        let error = noise * Self.error(normal: normal, payments: payments)
        return power(log(ratio), error: error, estimators: 2)
    }

    private func ofShares(_ one: Double, _ other: Double) -> Double {
        let variance = (one * (1 - one) + other * (1 - other)) / payments
        return power(other - one, error: variance.squareRoot(), estimators: 1)
    }

    /// p95 5 % longer, p99 20 % longer, 1 % failures in place of 0.5 %, and 2 % with a code that no
    /// payment had.
    var ofPlanted: [Double] {
        [
            ofTimes(1.05, normal: Self.p95),
            ofTimes(1.2, normal: PlantedTrials.quantiles[2].normal), ofShares(0.005, 0.01),
            ofShares(0, 0.02),
        ]
    }
}
