import Glibc

/// The rate at which the share of payments that miss a promise reaches what may miss:
/// logit(share) = a + b · ln(rate), by quasi-binomial regression (McCullagh & Nelder, Generalized
/// Linear Models, 2nd ed., 4.5) with a weak prior on b (`truth.md`, 7.1).
struct Crossing: Sendable, Equatable {
    struct Point: Sendable, Equatable {
        var rate: Double
        var scheduled: Double
        var missing: Double
    }

    /// Of the logarithm of the rate.
    var logarithm: Double
    var standardError: Double
    /// How fast logit(share) rises with ln(rate).
    var slope: Double
    var freedoms: Int
    /// Pearson's dispersion of whole probes around the curve.
    private var spread: Double

    var rate: Double { exp(logarithm) }

    /// One percent of rate is 0.6 in logit(share), give or take 0.4.
    private static let priorSlope = 60.0
    private static let priorSpread = 40.0
    /// Less steep than any queue near its capacity.
    static let leastSlope = 15.0

    /// - Parameters:
    ///   - target: the share that may miss, above 0 and below 1.
    ///   - dispersion: how many times the variance of independent payments.
    /// - Precondition: at least one point.
    init(points: [Point], target: Double, dispersion: Double) {
        let first = Crossing(points, target: target, dispersion: dispersion)
        // What slices of seconds cannot show: how far whole probes differ from one another.
        guard points.count > 2, first.spread > dispersion else {
            self = first
            return
        }
        self = Crossing(points, target: target, dispersion: first.spread)
    }

    private init(_ points: [Point], target: Double, dispersion: Double) {
        let center = points.reduce(0) { $0 + log($1.rate) } / Double(points.count)
        let goal = log(target / (1 - target))
        var fit = Regression(intercept: goal, slope: Self.priorSlope)
        let prior = (intercept: goal, precision: 1e-4)
        for _ in 0..<60 {
            fit.accumulate(points, center: center, dispersion: dispersion)
            fit.addPrior(
                intercept: prior.intercept, interceptPrecision: prior.precision,
                slope: Self.priorSlope,
                slopePrecision: 1 / (Self.priorSpread * Self.priorSpread))
            if fit.step(leastSlope: Self.leastSlope) < 1e-6 { break }
        }
        let distance = (goal - fit.intercept) / fit.slope
        logarithm = center + distance
        slope = fit.slope
        let residuals = fit.residuals(points, center: center)
        let inflation = Self.inflation(by: residuals)
        // What is alike counts once.
        freedoms = max(1, Int(Double(points.count) / inflation) - 2)
        spread = residuals.reduce(0) { $0 + $1 * $1 } / Double(max(1, points.count - 2))
        standardError =
            fit.deviation(alongIntercept: -1 / fit.slope, slope: -distance / fit.slope)
            * inflation.squareRoot()
    }

    /// How many times the variance of independent probes their mean has, where neighbours in time are
    /// alike since the target's speed wanders: (1 + r)/(1 − r) of an autoregression of first order
    /// (Priestley, Spectral Analysis and Time Series, 5.3). At least 1; what few probes tell of r is bounded.
    static func inflation(by residuals: [Double]) -> Double {
        let squares = residuals.reduce(0) { $0 + $1 * $1 }
        guard residuals.count > 3, squares > 0 else { return 1 }
        let products = zip(residuals, residuals.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
        let correlation = min(max(products / squares, 0), mostCorrelation)
        return (1 + correlation) / (1 - correlation)
    }

    private static let mostCorrelation = 0.6
}

/// Newton's method for an intercept and a slope.
private struct Regression {
    var intercept: Double
    var slope: Double
    // Gradient and information of the two.
    private var gradient = (0.0, 0.0)
    private var information = (0.0, 0.0, 0.0)

    init(intercept: Double, slope: Double) {
        self.intercept = intercept
        self.slope = slope
    }

    mutating func accumulate(_ points: [Crossing.Point], center: Double, dispersion: Double) {
        gradient = (0, 0)
        information = (0, 0, 0)
        for point in points {
            let x = log(point.rate) - center
            let eta = min(max(intercept + slope * x, -30), 30)
            let share = 1 / (1 + exp(-eta))
            let residual = (point.missing - point.scheduled * share) / dispersion
            let weight = (point.scheduled * share * (1 - share) + 1e-9) / dispersion
            gradient.0 += residual
            gradient.1 += residual * x
            information.0 += weight
            information.1 += weight * x
            information.2 += weight * x * x
        }
    }

    mutating func addPrior(
        intercept: Double, interceptPrecision: Double, slope: Double, slopePrecision: Double
    ) {
        gradient.0 -= interceptPrecision * (self.intercept - intercept)
        gradient.1 -= slopePrecision * (self.slope - slope)
        information.0 += interceptPrecision
        information.2 += slopePrecision
    }

    /// Pearson's; half a payment more in each variance, so that one of a million is no surprise.
    func residuals(_ points: [Crossing.Point], center: Double) -> [Double] {
        points.map { point in
            let eta = min(max(intercept + slope * (log(point.rate) - center), -30), 30)
            let share = 1 / (1 + exp(-eta))
            let residual = point.missing - point.scheduled * share
            return residual / (point.scheduled * share * (1 - share) + 0.5).squareRoot()
        }
    }

    private var determinant: Double {
        information.0 * information.2 - information.1 * information.1
    }

    /// Moves, bounded, and says by how much.
    mutating func step(leastSlope: Double) -> Double {
        let first = (information.2 * gradient.0 - information.1 * gradient.1) / determinant
        let second = (information.0 * gradient.1 - information.1 * gradient.0) / determinant
        let bounded = (min(max(first, -1.5), 1.5), min(max(second, -15), 15))
        let before = slope
        intercept += bounded.0
        slope = max(slope + bounded.1, leastSlope)
        return max(abs(bounded.0), abs(slope - before))
    }

    /// The standard deviation of a linear function of both (delta method).
    func deviation(alongIntercept first: Double, slope second: Double) -> Double {
        let variance =
            (first * first * information.2 - 2 * first * second * information.1
                + second * second * information.0) / determinant
        return max(0, variance).squareRoot()
    }
}
