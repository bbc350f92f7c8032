import Documents

private enum LimitsKey: String, FieldKey {
    case payments, duration
    case inFlight = "in_flight"
    case onFull = "on_full"
    case stopIf = "stop_if"

    var field: Field {
        switch self {
        case .payments:
            Field(
                "Payments of the whole run; a larger plan is refused, a run that gets there stops.",
                Rule.phasePayments, .otherwise("no limit"), example: "100000")
        case .duration:
            Field(
                "Length of the whole run; a longer plan is refused.", Rule.phaseLength,
                .otherwise("no limit"), example: "10m")
        case .inFlight:
            Field(
                "Payments that wait for an answer at one time.", Rule.inFlight,
                .defaultsTo("10000"))
        case .onFull:
            Field(
                "A payment that is due meanwhile waits, and its wait counts, or is skipped.",
                Rule<Scenario.FullPolicy>.word, .defaultsTo("wait"))
        case .stopIf:
            Field(
                "The run stops as soon as this, or one of these, holds.",
                Rule.conditions(.run, .none),
                .otherwise("it doesn't"), example: #"["errors.rate > 50% over 5s"]"#)
        }
    }
}

extension Rule where Value == Int {
    fileprivate static var inFlight: Rule { .integer(in: 1...100_000) }
}

/// What a limit, or the end of a phase, may be.
enum Bounds {
    static let payments = 1...1_000_000_000_000
    static let lengths: ClosedRange<Duration> = .milliseconds(1)...(.seconds(7 * 86_400))
}

extension Rule where Value == Scenario.Limits {
    static func limits(_ names: Names) -> Rule {
        .mapping { (fields: Fields<LimitsKey>) in
            var limits = Scenario.Limits()
            limits.payments = fields.read(.payments, by: .phasePayments)
            limits.duration = fields.read(.duration, by: .phaseLength)
            if let inFlight = fields.read(.inFlight, by: .inFlight) {
                limits.inFlight = inFlight
            }
            limits.onFull = fields.read(.onFull, by: Rule<Scenario.FullPolicy>.word) ?? .wait
            limits.stopIf = fields.read(.stopIf, by: .conditions(.run, names)) ?? []
            return limits
        }
    }
}
