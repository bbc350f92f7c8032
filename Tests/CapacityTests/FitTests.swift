import Glibc
import Testing

@testable import Capacity

@Suite struct FitTests {
    private static func share(_ rate: Double, slope: Double) -> Double {
        1 / (1 + exp(4.59512 - slope * log(rate / 400)))
    }

    /// Without noise the regression goes through the curve that made the points; the prior gives way.
    @Test(arguments: [20.0, 40, 60, 90])
    func theCrossingOfACurveIsFound(slope: Double) {
        let points = [360.0, 380, 392, 408, 420].map { rate in
            Crossing.Point(
                rate: rate, scheduled: 1e6, missing: 1e6 * Self.share(rate, slope: slope))
        }
        let crossing = Crossing(points: points, target: 0.01, dispersion: 5)
        #expect(abs(crossing.rate / 400 - 1) < 1e-4)
        #expect(abs(crossing.slope / slope - 1) < 0.02)
    }

    /// Independent payments, 10 s each, on both sides: the nominal 95 % interval holds the truth.
    @Test func theIntervalHoldsTheTruth() {
        var draws = Draws(seed: 71)
        var held = 0
        for _ in 0..<300 {
            let points = (0..<12).map { index in
                let rate = 400 * (index.isMultiple(of: 2) ? 1.02 : 0.98)
                let share = Self.share(rate, slope: 50)
                let missing = (0..<4000).count { _ in draws.uniform() < share }
                return Crossing.Point(rate: rate, scheduled: 4000, missing: Double(missing))
            }
            let crossing = Crossing(points: points, target: 0.01, dispersion: 1)
            let isHeld = abs(crossing.logarithm - log(400)) < 2.228 * crossing.standardError
            held += isHeld ? 1 : 0
        }
        print("held", held, "of 300, seed 71")
        #expect(held >= 276)
    }

    /// A slope that points do not show is the prior's, and never below 15.
    @Test func aCliffAndAFlatCurveAreBounded() {
        let flat = [300.0, 400].map {
            Crossing.Point(rate: $0, scheduled: 4000, missing: 40)
        }
        #expect(Crossing(points: flat, target: 0.01, dispersion: 5).slope >= 15)
        let cliff = [
            Crossing.Point(rate: 390, scheduled: 4000, missing: 0),
            Crossing.Point(rate: 410, scheduled: 4000, missing: 4000),
        ]
        let crossing = Crossing(points: cliff, target: 0.01, dispersion: 5)
        #expect(crossing.rate > 385 && crossing.rate < 410)
    }

    @Test(arguments: [(100.0, 0.02, 0.0005), (50, 0, 0.01), (300, 0.1, 0), (80, 0, 0)])
    func theParametersOfTheScalabilityLawAreFound(lambda: Double, sigma: Double, kappa: Double) {
        let points = [1.0, 2, 4, 8, 16, 32, 64].map { n in
            Scalability.Point(
                inFlight: n,
                perSecond: lambda * n / (1 + sigma * (n - 1) + kappa * n * (n - 1)))
        }
        let law = Scalability(points)
        #expect(law?.fits == true)
        #expect(abs((law?.lambdaPerSecond ?? 0) / lambda - 1) < 1e-6)
        #expect(abs((law?.sigma ?? 1) - sigma) < 1e-6)
        #expect(abs((law?.kappa ?? 1) - kappa) < 1e-6)
        // The peak of the law, where it is among the points: at N = √((1 − σ)/κ).
        let top = ((1 - sigma) / max(kappa, 1e-9)).squareRoot()
        #expect((law?.peakPerSecond != nil) == (kappa > 0 && top <= 64))
    }

    @Test func aRateLimitIsNotTheScalabilityLaw() {
        let points = [1.0, 2, 4, 8, 16, 32, 64].map { n in
            Scalability.Point(inFlight: n, perSecond: n < 20 ? 50 * n : 100)
        }
        #expect(Scalability(points)?.fits == false)
        #expect(Scalability(points)?.peakPerSecond == nil)
        #expect(Scalability(Array(points.prefix(4))) == nil)
    }
}
