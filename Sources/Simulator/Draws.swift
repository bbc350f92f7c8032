import Glibc

/// Random numbers by position instead of by sequence: the draw for payment *n* is a function of the
/// seed, the purpose and *n* alone, so threads and arrival times change nothing.
package struct Draws: Sendable, Equatable {
    package enum Purpose: UInt64, Sendable {
        case ending = 1, latency, order, fault, brownOut, seed
    }

    package var seed: UInt64

    package init(seed: UInt64) { self.seed = seed }

    /// Even in the open interval (0, 1).
    package func unit(_ number: UInt64, for purpose: Purpose) -> Double {
        (Double(bits(number, for: purpose) >> 11) + 0.5) * 0x1p-53
    }

    /// The draws of one of many alike: of a fault, of an adapter.
    package func own(_ place: Int, for purpose: Purpose) -> Draws {
        Draws(seed: bits(UInt64(place), for: purpose))
    }

    /// 64 even bits.
    package func bits(_ number: UInt64, for purpose: Purpose) -> UInt64 {
        let key = Self.mixed(seed ^ Self.mixed(purpose.rawValue))
        return Self.mixed(key &+ number &* 0x9E37_79B9_7F4A_7C15)
    }

    /// The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
    private static func mixed(_ value: UInt64) -> UInt64 {
        var bits = value &+ 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}

package enum StandardNormal {
    /// The value below which the share `probability`, in (0, 1), lies.
    /// Acklam's rational approximation (2003), relative error below 1.2e-9.
    package static func quantile(_ probability: Double) -> Double {
        if probability < 0.02425 { return lowerTail(probability) }
        if probability > 1 - 0.02425 { return -lowerTail(1 - probability) }
        let q = probability - 0.5
        let r = q * q
        return q
            * polynomial(
                r, -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.3577518672690,
                -30.66479806614716, 2.506628277459239)
            / (r
                * polynomial(
                    r, 0, -54.47609879822406, 161.5858368580409, -155.6989798598866,
                    66.80131188771972, -13.28068155288572) + 1)
    }

    private static func lowerTail(_ probability: Double) -> Double {
        let q = (-2 * log(probability)).squareRoot()
        return polynomial(
            q, -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734,
            4.374664141464968, 2.938163982698783)
            / (q
                * polynomial(
                    q, 0, 0, 0.007784695709041462, 0.3224671290700398, 2.445134137142996,
                    3.754408661907416) + 1)
    }

    private static func polynomial(
        _ x: Double, _ a: Double, _ b: Double, _ c: Double, _ d: Double, _ e: Double, _ f: Double
    ) -> Double {
        ((((a * x + b) * x + c) * x + d) * x + e) * x + f
    }
}
