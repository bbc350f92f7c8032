import Glibc
import Statistics
import Testing

@Suite struct LawTests {
    /// Two-sided points of Student's t as printed in tables (Abramowitz & Stegun, table 26.10).
    @Test(arguments: [
        (1, 0.95, 12.706), (2, 0.95, 4.303), (4, 0.95, 2.776), (9, 0.95, 2.262),
        (19, 0.95, 2.093), (4, 0.99, 4.604), (9, 0.99, 3.250), (19, 0.99, 2.861),
        (120, 0.95, 1.980),
    ])
    func quantilesOfStudentAgreeWithTables(degrees: Int, confidence: Double, printed: Double) {
        let law = StudentT(degreesOfFreedom: degrees)
        let t = law.quantile(confidence: confidence)
        #expect(abs(t - printed) < 0.00051)
        #expect(abs(law.probability(within: t) - confidence) < 1e-12)
    }

    /// The density by Simpson's rule is another way to the same probability.
    @Test func probabilitiesOfStudentAreTheIntegralOfItsDensity() {
        for degrees in [3, 4, 9, 10, 19] {
            let law = StudentT(degreesOfFreedom: degrees)
            func density(_ t: Double) -> Double {
                pow(1 + t * t / Double(degrees), -Double(degrees + 1) / 2)
            }
            // 0 … 400 is all of it, to 10⁻⁷ at 3 degrees of freedom.
            let whole = integral(of: density, to: 400, steps: 400_000)
            for t in [0.5, 1, 2.262, 5] {
                let within = integral(of: density, to: t, steps: 1000) / whole
                #expect(abs(law.probability(within: t) - within) < 1e-6, "\(degrees), \(t)")
            }
        }
    }

    @Test func quantilesOfTheNormalLawAgreeWithTables() {
        #expect(abs(Normal.quantile(confidence: 0.95) - 1.959964) < 1e-6)
        #expect(abs(Normal.quantile(confidence: 0.99) - 2.575829) < 1e-6)
        #expect(abs(Normal.probability(beyond: -1) - 0.317311) < 1e-6)
    }

    private func integral(of density: (Double) -> Double, to end: Double, steps: Int) -> Double {
        let width = end / Double(steps)
        return (0..<steps).reduce(0) { sum, step in
            let from = Double(step) * width
            return sum + width / 6
                * (density(from) + 4 * density(from + width / 2) + density(from + width))
        }
    }
}
