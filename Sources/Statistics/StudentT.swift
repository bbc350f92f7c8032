import Glibc

/// Student's t distribution with a whole number of degrees of freedom.
package struct StudentT: Sendable, Equatable {
    package let degreesOfFreedom: Int

    package init(degreesOfFreedom: Int) {
        precondition(degreesOfFreedom > 0, "a spread needs two values")
        self.degreesOfFreedom = degreesOfFreedom
    }

    /// The probability of a value between −`t` and `t`.
    ///
    /// Exact finite sums in θ = atan(t/√ν): Abramowitz & Stegun, 26.7.3 (ν odd) and 26.7.4 (ν even).
    package func probability(within t: Double) -> Double {
        probability(ofAngle: atan(abs(t) / Double(degreesOfFreedom).squareRoot()))
    }

    /// The t with `probability(within: t) == confidence`; exact to the last few bits.
    ///
    /// - Parameter confidence: two-sided, above 0 and below 1.
    package func quantile(confidence: Double) -> Double {
        precondition(confidence > 0 && confidence < 1, "a confidence lies between 0 and 1")
        var (low, high) = (0.0, Double.pi / 2)
        for _ in 0..<64 {
            let middle = (low + high) / 2
            if probability(ofAngle: middle) < confidence { low = middle } else { high = middle }
        }
        return tan((low + high) / 2) * Double(degreesOfFreedom).squareRoot()
    }

    private func probability(ofAngle angle: Double) -> Double {
        let square = cos(angle) * cos(angle)
        let isOdd = !degreesOfFreedom.isMultiple(of: 2)
        var sum = 0.0
        var term = isOdd ? cos(angle) : 1
        // Powers of the cosine up to ν − 2; each factor is (k − 1)/k of the next k.
        for power in stride(from: isOdd ? 1 : 0, through: degreesOfFreedom - 2, by: 2) {
            sum += term
            term *= square * Double(power + 1) / Double(power + 2)
        }
        let within = sin(angle) * sum
        return isOdd ? 2 / .pi * (angle + within) : within
    }
}

/// The normal distribution of mean 0 and variance 1.
package enum Normal {
    /// The probability of a value farther than `z` from 0, on either side.
    package static func probability(beyond z: Double) -> Double { erfc(abs(z) / 2.0.squareRoot()) }

    /// The z within which, on both sides of 0, lies the share `confidence`.
    package static func quantile(confidence: Double) -> Double {
        precondition(confidence > 0 && confidence < 1, "a confidence lies between 0 and 1")
        var (low, high) = (0.0, 40.0)
        for _ in 0..<64 {
            let middle = (low + high) / 2
            if probability(beyond: middle) > 1 - confidence { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
