import Arrivals
import Payments
import Results
import Scenarios

/// What a scenario would send, for `paybench plan`.
struct PlanText {
    private let scenario: Scenario

    init(_ scenario: Scenario) { self.scenario = scenario }

    var text: String {
        ([headline, target, ""] + phases + ["", total, ""] + mix + ["", "first request"] + sample)
            .joined(separator: "\n") + "\n"
    }

    private var headline: String { "plan of \(scenario.name); nothing is sent" }

    private var target: String {
        let base =
            switch scenario.target.base {
            case .simulator: "the built-in simulator"
            case .url(let url): url.text
            }
        let environment = scenario.target.environment.map { ", \($0.rawValue)" } ?? ""
        return "to \(base)\(environment): POST \(requestTarget)"
    }

    private var phases: [String] {
        let names = scenario.phases.map(\.name.count).max() ?? 0
        return scenario.phases.map { phase in
            let name = phase.name + String(repeating: " ", count: names - phase.name.count)
            return "  \(name)  \(description(of: phase))"
                + (phase.measure ? "" : "  (not measured)")
        }
    }

    private func description(of phase: Scenario.Phase) -> String {
        let model =
            switch phase.model {
            case .open(.pause): "pause"
            case .open(.recorded(let recording)): "arrivals of \(recording.arrivals.path)"
            case .open(.rate(let shape, let process)):
                "\(rate(shape)), \(process.rawValue) arrivals"
            case .closed(let users): "\(users.from) users" + thinking(users.thinkTime)
            }
        let length = phase.end.length.map { "for \($0.short)" }
        let count = phase.end.payments.map { "\($0) payments" }
        let end = [length, count].compactMap(\.self).joined(separator: " or ")
        let payments =
            phase.plannedPayments.map { "  ≈ \(Figures.count(Int($0.rounded()))) payments" } ?? ""
        return "\(model), \(end)\(payments)"
    }

    private func rate(_ shape: Scenario.RateShape) -> String {
        switch shape {
        case .constant(let rate): "\(number(rate.perSecond))/s"
        case .ramp(let from, let to): "\(number(from)) to \(number(to))/s"
        case .stairs(let from, let to, let step, let every):
            "\(number(from.perSecond)) to \(number(to.perSecond))/s, "
                + "\(number(step.perSecond))/s every \(every.short)"
        case .spike(let base, let peak, let at, let lasting):
            "\(number(base))/s, \(number(peak.perSecond))/s at \(at.short) for \(lasting.short)"
        }
    }

    private func thinking(_ time: Scenario.ThinkTime) -> String {
        switch time {
        case .constant(.zero): ""
        case .constant(let time): ", think time \(time.short)"
        case .uniform(let low, let high): ", think time \(low.short) to \(high.short)"
        case .exponential(let mean): ", think time \(mean.short) on average"
        }
    }

    private var total: String {
        let payments =
            scenario.plannedPayments.map { "about \(Figures.count(Int($0.rounded()))) payments" }
            ?? "as many payments as the target answers"
        let time = scenario.plannedDuration.map { " in \($0.short)" } ?? ""
        let limits = [
            scenario.limits.payments.map { "\($0) payments" },
            scenario.limits.duration.map(\.short), "\(scenario.limits.inFlight) in flight",
        ].compactMap(\.self).joined(separator: ", ")
        return "in all \(payments)\(time), then a drain of at most "
            + "\(scenario.target.timeouts.total.short); limits: \(limits)"
    }

    private var mix: [String] {
        let weights = scenario.payments.reduce(0) { $0 + $1.weight }
        return ["mix"]
            + scenario.payments.map { payment in
                let share = (1_000 * Double(payment.weight) / Double(weights)).rounded() / 10
                let expected = Outcome.allCases.filter(payment.expect.contains).map(\.name)
                return "  \(payment.name)  \(number(share)) %, expects "
                    + expected.joined(separator: " or ")
            }
    }

    /// The first payment of the mix as it would leave, with the ids of an example run and secrets
    /// by name.
    private var sample: [String] {
        guard let payment = scenario.payments.first else { return [] }
        let request = RequestTemplate(
            payment.masked, parameters: scenario.target.parameters, format: scenario.target.format,
            data: scenario.dataFiles)
        let keys = RunKeys(seed: scenario.seed ?? 0, runID: "example")
        let context = scenario.context(
            of: RequestIdentity(number: 0, keys: keys), intended: 0, draw: 0)
        let query = request.query.map { "?" + string($0.rendered(context)) } ?? ""
        let authorization = scenario.target.credentials.map { ["  Authorization: \($0.masked)"] }
        let headers = scenario.target.headers.map { "  \($0.name): \($0.shownValue)" }
        return ["  POST \(requestTarget)\(query)"]
            + ["  Content-Type: application/json"] + (authorization ?? []) + headers
            + ["", "  " + string(request.body.rendered(context))]
    }

    private var requestTarget: String {
        let target = scenario.target
        let prefix = if case .url(let url) = target.base { url.prefix } else { "" }
        let item = target.parameters == .body ? target.format.queryItem.map { "?\($0)" } : nil
        return prefix + target.path + target.format.pathSuffix + (item ?? "")
    }

    private func string(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }
}

extension PaymentTemplate {
    /// The same with each secret's name in place of its value.
    fileprivate var masked: PaymentTemplate {
        var copy = self
        copy.paymentID = paymentID.withMaskedSecrets
        copy.returnURL = returnURL?.withMaskedSecrets
        copy.paymentMethod = paymentMethod.withMaskedSecrets
        return copy
    }
}

extension Template {
    fileprivate var withMaskedSecrets: Template {
        Template(
            pieces.map { piece in
                if case .secret(let name, _) = piece {
                    .literal("${secret:\(name)}")
                } else {
                    piece
                }
            })
    }
}

extension JSONTemplate {
    fileprivate var withMaskedSecrets: JSONTemplate {
        switch self {
        case .null, .boolean, .number: self
        case .string(let template): .string(template.withMaskedSecrets)
        case .array(let elements): .array(elements.map(\.withMaskedSecrets))
        case .object(let members):
            .object(members.map { Member(name: $0.name, value: $0.value.withMaskedSecrets) })
        }
    }
}

extension Credentials {
    /// The scheme, the user and the names of secrets.
    fileprivate var masked: String {
        switch self {
        case .bearer(let token): "Bearer \(token.concealed)"
        case .basic(let username, let password): "Basic \(username.masked):\(password.concealed)"
        case .apiKey(let key): "Basic \(key.concealed):"
        }
    }
}

extension Duration {
    fileprivate var short: String {
        let seconds = Double(components.seconds) + Double(components.attoseconds) / 1e18
        return seconds < 1
            ? Figures.duration(microseconds: UInt64((seconds * 1e6).rounded()))
            : Figures.length(seconds: seconds)
    }
}
