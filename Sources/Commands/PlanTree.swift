import Documents
import Payments
import Scenarios

extension Plan {
    /// For `--json`; `docs/PLAN.md` says what is in it.
    var tree: Tree {
        .mapping([
            ("format", .text("paybench-plan/1")),
            (
                "scenario",
                .mapping([
                    ("name", .text(scenario.name)), ("sha256", .text(scenario.sha256)),
                    ("seed", .optional(scenario.seed.map { "\($0)" })),
                ])
            ),
            (
                "target",
                .mapping([
                    ("base_url", .text(scenario.target.base.text)),
                    (
                        "environment",
                        scenario.target.environment.map { .text($0.rawValue) } ?? .null
                    ),
                ])
            ),
            (
                "totals",
                .mapping([
                    ("payments", .number(scenario.plannedPayments)),
                    ("length_s", .number(scenario.plannedDuration?.inSeconds)),
                    ("drain_s", .number(scenario.target.timeouts.total.inSeconds)),
                ])
            ),
            ("limits", limits), ("flows", .list(scenario.flows.map(tree))),
            ("payments", .list(kinds.map(\.tree))), ("rates", rateTree),
            ("budgets", .list(scenario.budgets.map { .text($0.text) })),
            ("adapters", .list(scenario.adapters.map(tree))),
            ("requests", .list(samples.map(\.tree))),
        ])
    }

    private var limits: Tree {
        .mapping([
            ("payments", .optional(scenario.limits.payments.map { "\($0)" })),
            ("duration_s", .number(scenario.limits.duration?.inSeconds)),
            ("in_flight", .plain("\(scenario.limits.inFlight)")),
            ("on_full", .text(scenario.limits.onFull.rawValue)),
            ("retries", .plain("\(scenario.retry?.most ?? 0)")),
        ])
    }

    private func tree(_ flow: Scenario.Flow) -> Tree {
        let phases = flow.phases.indices.map { index in
            let phase = flow.phases[index]
            return Tree.mapping([
                ("name", .text(phase.name)), ("model", .text(phase.modelName)),
                ("measured", .plain("\(phase.measure)")),
                ("passes", .plain("\(flow.passes.count { $0 == index })")),
                ("length_s", .number(phase.plannedDuration?.inSeconds)),
                ("payments", .number(phase.plannedPayments)),
            ])
        }
        return .mapping([
            ("name", flow.name.map { .text($0) } ?? .null),
            ("length_s", .number(flow.plannedDuration?.inSeconds)),
            ("payments", .number(flow.plannedPayments)), ("phases", .list(phases)),
        ])
    }

    private func tree(_ adapter: Scenario.Adapter) -> Tree {
        .mapping([
            ("name", .text(adapter.name)), ("base_url", .text(adapter.target.base.text)),
            ("reference", .plain("\(adapter.isReference)")),
        ])
    }

    private var rateTree: Tree {
        let (seconds, rates) = rates(parts: 100)
        return .mapping([
            ("step_s", .number(rates.isEmpty ? nil : seconds / Double(rates.count))),
            ("per_s", .list(rates.map { .number($0) })),
        ])
    }
}

extension Plan.Kind {
    fileprivate var tree: Tree {
        let expected = Outcome.allCases.filter(payment.expect.contains)
        return .mapping([
            ("name", .text(payment.name)), ("planned", .number(planned)),
            ("repeated", .number(repeated)), ("expect", .list(expected.map { .text($0.name) })),
        ])
    }
}

extension SampleRequest {
    fileprivate var tree: Tree {
        let headers = headers.map {
            Tree.mapping([("name", .text($0.name)), ("value", .text($0.value))])
        }
        return .mapping([
            ("payment", .text(payment)), ("method", .text("POST")), ("target", .text(target)),
            ("headers", .list(headers)), ("body", .text(body)),
        ])
    }
}

extension Scenario.Phase {
    fileprivate var modelName: String {
        switch model {
        case .open(.rate): "rate"
        case .open(.recorded): "recorded"
        case .open(.pause): "pause"
        case .closed: "users"
        }
    }
}

extension Tree {
    fileprivate static let null = Tree.plain("null")

    fileprivate static func optional(_ text: String?) -> Tree { .plain(text ?? "null") }

    /// Rounded to a millionth.
    fileprivate static func number(_ value: Double?) -> Tree {
        guard let value else { return null }
        let rounded = (value * 1e6).rounded() / 1e6
        return .plain(rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)")
    }
}
