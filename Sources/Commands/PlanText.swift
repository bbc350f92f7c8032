import Arrivals
import Payments
import Results
import Scenarios

/// A plan for people, for `paybench plan`.
struct PlanText {
    private let plan: Plan
    private var scenario: Scenario { plan.scenario }

    init(_ plan: Plan) { self.plan = plan }

    var text: String {
        let parts =
            [
                [headline, target], phases, PlanChart(plan).lines, [total], spend,
            ] + SectionWords(scenario).paragraphs + [requests]
        return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
            .joined(separator: "\n\n") + "\n"
    }

    private var headline: String { "plan of \(scenario.name); nothing is sent" }

    private var target: String {
        let base =
            switch scenario.target.base {
            case .simulator: "the built-in simulator"
            case .url(let url): url.text
            }
        let environment = scenario.target.environment.map { ", \($0.rawValue)" } ?? ""
        return "to \(base)\(environment): POST \(scenario.target.requestTarget)"
    }

    private var phases: [String] {
        if scenario.flows.isEmpty { return ["no load: paybench run has nothing to send"] }
        return scenario.flows.flatMap { flow in
            let names = flow.phases.map(\.name.count).max() ?? 0
            let title = flow.name.map { ["flow \($0)"] } ?? []
            return title
                + flow.phases.indices.map { index in
                    let phase = flow.phases[index]
                    let times = flow.passes.count { $0 == index }
                    let name = phase.name + String(repeating: " ", count: names - phase.name.count)
                    return "  \(name)  \(PhaseWords(phase).text)"
                        + (times > 1 ? "  × \(times)" : "")
                        + (phase.measure || phase.isPause ? "" : "  (not measured)")
                }
        }
    }

    private var total: String {
        if scenario.flows.isEmpty { return "limits: \(limits)" }
        let payments =
            scenario.plannedPayments.map { "about \(Figures.count(Int($0.rounded()))) payments" }
            ?? "as many payments as the target answers"
        let time = scenario.plannedDuration.map { " in \($0.short)" } ?? ""
        return "in all \(payments)\(time), then a drain of at most "
            + "\(scenario.target.timeouts.total.short)\nlimits: \(limits)"
    }

    private var limits: String {
        [
            scenario.limits.payments.map { "\(Figures.count($0)) payments" },
            scenario.limits.duration.map(\.short),
            "\(Figures.count(scenario.limits.inFlight)) in flight, then arrivals "
                + (scenario.limits.onFull == .wait ? "wait" : "are skipped"),
        ].compactMap(\.self).joined(separator: ", ")
    }

    private var spend: [String] {
        if scenario.flows.isEmpty { return [] }
        let kinds = plan.kinds
        let names = kinds.map(\.payment.name.count).max() ?? 0
        let sum = kinds.reduce(0) { $0 + ($1.planned ?? 0) }
        let rows = kinds.map { kind in
            let name = kind.payment.name
            let count = kind.planned.map { "≈ \(Figures.count(Int($0.rounded())))" }
            let isWhole = kinds.allSatisfy { $0.planned != nil } && sum > 0
            let share = isWhole ? " (\(Figures.share((kind.planned ?? 0) / sum)))" : ""
            let expected = Outcome.allCases.filter(kind.payment.expect.contains).map(\.name)
            return "  \(name)\(String(repeating: " ", count: names - name.count))  "
                + (count ?? "as many as the target answers") + share
                + (kind.payment.repeats.map { "; \(twice($0, kind.repeated))" } ?? "")
                + "; expects \(expected.joined(separator: " or "))"
        }
        let retry = scenario.retry.map { retry in
            let outcomes = Outcome.allCases.filter(retry.outcomes.contains).map(\.name)
            return ["  after \(outcomes.joined(separator: " or ")) up to \(retry.most) more each"]
        }
        return ["the spend in payments"] + rows + (retry ?? [])
    }

    private func twice(_ repeats: Repeats, _ count: Double?) -> String {
        let number = count.map { "≈ \(Figures.count(Int($0.rounded())))" }
        let many = number ?? Figures.share(repeats.share)
        return switch repeats.timing {
        case .afterAnswer: "\(many) again after the answer"
        case .concurrently: "\(many) twice at the same time"
        case .afterTimeout: "up to \(many) again after a time-out"
        }
    }

    private var requests: [String] {
        let samples = plan.samples
        return samples.enumerated().flatMap { index, sample in
            ["request \(index + 1), \(sample.payment)", "  POST \(sample.target)"]
                + sample.headers.map { "  \($0.name): \($0.value)" }
                + ["", "  \(sample.body)"] + (index < 2 ? [""] : [])
        }
    }
}
