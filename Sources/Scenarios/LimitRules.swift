import Documents

private enum LimitsKey: String, FieldKey {
    case payments, duration
    case inFlight = "in_flight"
    case onFull = "on_full"
    case stopIf = "stop_if"
}

/// What a limit, or the end of a phase, may be.
enum Bounds {
    static let payments = 1...1_000_000_000_000
    static let lengths: ClosedRange<Duration> = .milliseconds(1)...(.seconds(7 * 86_400))
}

extension Rule where Value == Scenario.Limits {
    static func limits(_ names: Names) -> Rule {
        Rule { node, complaints in
            guard let fields = Fields<LimitsKey>(node, complaints: complaints) else { return nil }
            var limits = Scenario.Limits()
            limits.payments = fields.read(.payments, by: .integer(in: Bounds.payments))
            limits.duration = fields.read(.duration, by: .duration(in: Bounds.lengths))
            if let inFlight = fields.read(.inFlight, by: .integer(in: 1...100_000)) {
                limits.inFlight = inFlight
            }
            limits.onFull = fields.read(.onFull, by: Rule<Scenario.FullPolicy>.word) ?? .wait
            limits.stopIf = fields.read(.stopIf, by: .conditions(.run, names)) ?? []
            return limits
        }
    }
}
