/// A provider by name. The figures are invented, in the shape of what providers publish; none of
/// them is a measurement of anybody's service (`docs/SIMULATOR.md`).
package enum Preset: String, CaseIterable, Sendable {
    case card
    case cardWithFraudCheck = "card-with-fraud-check"
    case wallet
    case bankTransfer = "bank-transfer"
    /// `card`, with an issuer that is silent now and then.
    case standIn = "stand-in"
    /// Slow and limited, as test systems are.
    case sandbox
    /// No time at all: for the capacity of the harness itself.
    case instant

    package var provider: Provider {
        var provider = Provider()
        provider.name = rawValue
        provider.latency = latency
        if self == .sandbox { provider.limits.rate = .init(perSecond: 25, burst: 25) }
        return provider
    }

    private var latency: Latency {
        switch self {
        case .card: return Self.cardLatency
        case .cardWithFraudCheck: return Self.lognormal(p50: 600, p99: 2500)
        case .wallet: return Self.lognormal(p50: 450, p99: 2000)
        case .bankTransfer: return Self.lognormal(p50: 1200, p99: 6000)
        case .sandbox: return Self.lognormal(p50: 250, p99: 3000)
        case .instant: return Latency()
        case .standIn:
            var latency = Self.cardLatency
            latency.standIn = Latency.StandIn(share: 0.002, after: .seconds(5))
            return latency
        }
    }

    private static var cardLatency: Latency {
        var latency = lognormal(p50: 350, p99: 1400)
        latency.slow = Latency.Slow(share: 0.005, factor: 4)
        return latency
    }

    /// In milliseconds.
    private static func lognormal(p50: Int, p99: Int) -> Latency {
        Latency(.lognormal(p50: .milliseconds(p50), p99: .milliseconds(p99)))
    }
}
