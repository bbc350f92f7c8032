import DataFiles
import Payments
import Runs
import Scenarios

/// One request as it would leave, with the ids of an example run and secrets by name. `${now}` stays as
/// it is, since it depends on when the run begins.
struct SampleRequest {
    /// The payment's name in the scenario.
    let payment: String
    /// Path and query.
    let target: String
    /// In the order in which they are sent; over HTTP/1.1.
    let headers: [(name: String, value: String)]
    let body: String

    /// - Parameter position: in the first phase that pays, from 0.
    init(_ position: UInt64, of scenario: Scenario) {
        let plan = Plan(scenario)
        let phase = scenario.phases.firstIndex { !$0.isPause } ?? 0
        let mix = PaymentMix(weights: plan.weights(in: scenario.phases[phase]))
        let entry = mix.entry(of: position)
        let keys = RunKeys(seed: scenario.seed ?? 0, runID: Self.runID)
        let draws = scenario.draws(at: position, inPhase: phase, keys: keys)
        let context = scenario.context(
            of: RequestIdentity(number: position, keys: keys), intended: 0, draws: draws)
        let shown = scenario.payments[entry].masked
        let request = RequestTemplate(
            shown, parameters: scenario.target.parameters,
            format: scenario.target.format, data: scenario.dataFiles)
        payment = scenario.payments[entry].name
        let body = request.body.rendered(context)
        self.body = String(decoding: body, as: UTF8.self)
        let query = request.query.map { String(decoding: $0.rendered(context), as: UTF8.self) }
        target = scenario.target.requestTarget + (query.map { "?\($0)" } ?? "")
        let length = shown == scenario.payments[entry] ? "\(body.count)" : "(secrets hide it)"
        headers = Self.headers(of: scenario, context) + [("Content-Length", length)]
    }

    static let runID = "example"

    private static func headers(
        of scenario: Scenario, _ context: borrowing RenderContext
    ) -> [(name: String, value: String)] {
        let target = scenario.target
        var headers = [
            ("Host", target.base.hostHeader),
            ("User-Agent", Preparation.userAgent(version: Paybench.version, runID: runID)),
        ]
        if let signIn = target.signIn {
            headers.append(("Cookie", "*** (of the session, signed in at \(signIn.path))"))
        }
        headers += target.fixedHeaders
        if let credentials = target.credentials {
            headers.append(("Authorization", credentials.masked))
        }
        let shown = target.headers.map { header in
            let value = header.carriesCredential ? Template(header.shownValue) : header.value.shown
            return (header.name, value)
        }
        let templates = HeaderTemplates(
            credentials: nil, headers: shown, data: scenario.dataFiles)
        let varying = templates.varying.map {
            String(decoding: $0.rendered(context), as: UTF8.self)
        }
        for line in templates.constant + varying {
            let end = line.firstRange(of: ": ")
            headers.append(
                (
                    String(line[..<(end?.lowerBound ?? line.endIndex)]),
                    String(line[(end?.upperBound ?? line.endIndex)...])
                ))
        }
        return headers
    }
}

extension Scenario.Target {
    /// Path and the part of the query that all requests have.
    var requestTarget: String {
        let prefix = if case .url(let url) = base { url.prefix } else { "" }
        let item = parameters == .body ? format.queryItem.map { "?\($0)" } : nil
        return prefix + path + format.pathSuffix + (item ?? "")
    }
}

extension Scenario.Base {
    fileprivate var hostHeader: String {
        switch self {
        case .simulator: "127.0.0.1:PORT"
        case .url(let url): url.hostHeader
        }
    }
}

extension PaymentTemplate {
    /// The same with each secret's name in place of its value.
    fileprivate var masked: PaymentTemplate {
        var copy = self
        copy.paymentID = paymentID.shown
        copy.returnURL = returnURL?.shown
        copy.paymentMethod = paymentMethod.shown
        return copy
    }
}

extension Template {
    /// Secrets by name, and the instant as a template.
    fileprivate var shown: Template {
        Template(
            pieces.map { piece in
                switch piece {
                case .secret, .now: .literal(Template([piece]).masked)
                case .literal, .uuid, .sequence, .integer, .choice, .data: piece
                }
            })
    }
}

extension JSONTemplate {
    fileprivate var shown: JSONTemplate {
        switch self {
        case .null, .boolean, .number: self
        case .string(let template): .string(template.shown)
        case .array(let elements): .array(elements.map(\.shown))
        case .object(let members):
            .object(members.map { Member(name: $0.name, value: $0.value.shown) })
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
