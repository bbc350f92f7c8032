import Arrivals
import Documents
import Payments
import Providers

extension Scenario {
    /// The file with its defaults filled in, secrets by name and credentials not at all: YAML that
    /// reads to the same scenario apart from these.
    package var effectiveText: String { tree.yaml }

    /// The same with every seed settled, so that the run can be repeated: the scenario's is drawn where
    /// the file has none, below 2⁵³ so that every JSON reader keeps its digits; the simulator follows it.
    package var seeded: Scenario {
        var scenario = self
        let seed = seed ?? .random(in: 0..<(1 << 53))
        scenario.seed = seed
        scenario.simulator?.seed = simulator?.seed ?? seed
        return scenario
    }

    /// Every key with its value, defaults included; secrets by name only, credentials not at all.
    var tree: Tree {
        var pairs: [(String, Tree)] = [("version", .plain("1")), ("name", .text(name))]
        if let seed { pairs.append(("seed", .plain("\(seed)"))) }
        pairs.append(("target", target.tree))
        if let simulator { pairs.append(("simulator", simulator.concealedTree)) }
        pairs.append(("limits", limits.tree))
        if !data.isEmpty { pairs.append(("data", .mapping(data.map { ($0.name, $0.tree) }))) }
        pairs.append(("payments", .list(payments.map(\.tree))))
        if let retry { pairs.append(("retry", retry.tree)) }
        if flows.isEmpty { return .mapping(pairs + sectionPairs) }
        if flows.allSatisfy({ $0.name != nil }) {
            pairs.append(("flows", .mapping(flows.map { ($0.name ?? "", $0.tree(payments)) })))
        } else {
            pairs.append(("load", .list(flows.flatMap { $0.trees(payments) })))
        }
        return .mapping(pairs + sectionPairs)
    }
}

extension Scenario.Target {
    fileprivate var tree: Tree {
        var pairs: [(String, Tree)] = [("base_url", .text(base.text)), ("path", .text(path))]
        if let environment { pairs.append(("environment", .text(environment.rawValue))) }
        pairs += [
            ("allow_hosts", .list(allowedHosts.map { .text($0) })),
            ("parameters", .text(parameters.rawValue)), ("format", format.tree),
        ]
        if let authTree { pairs.append(("auth", authTree)) }
        pairs += [
            ("decline_codes", .list(declineCodes.map { .text($0) })), ("headers", headerTree),
            ("http", http.tree), ("tls", tls.tree),
            ("timeouts", timeouts.tree),
        ]
        return .mapping(pairs)
    }

    /// nil: nothing is proven.
    var authTree: Tree? {
        credentials?.tree(revealing: .names)
            ?? signIn.map { .mapping([("credentials", $0.tree)]) }
    }

    var headerTree: Tree { .mapping(headers.map { ($0.name, .text($0.shownValue)) }) }
}

extension Scenario.Header {
    /// Secrets by name; of a header that carries a credential, by its name, nothing else.
    package var shownValue: String { carriesCredential ? value.concealed : value.masked }

    /// By its name.
    package var carriesCredential: Bool {
        let name = name.lowercased()
        let marks = ["authorization", "cookie", "key", "token", "secret", "password"]
        return marks.contains(where: name.contains)
    }
}

extension Scenario.Base {
    /// As `base_url` says it.
    package var text: String {
        switch self {
        case .simulator: "simulator"
        case .url(let url): url.text
        }
    }
}

extension AnswerFormat {
    fileprivate var tree: Tree {
        switch self {
        case .accept: .text("accept")
        case .suffix: .text("suffix")
        case .query: .text("query")
        case .jsonp(let name): .mapping([("jsonp", .text(name))])
        }
    }
}

extension SignIn {
    fileprivate var tree: Tree {
        .mapping([
            ("username", .text(username.masked)), ("password", .text(password.concealed)),
            ("path", .text(path)), ("per", .text(scope.rawValue)),
        ])
    }
}

extension Scenario.Limits {
    fileprivate var tree: Tree {
        var pairs: [(String, Tree)] = []
        if let payments { pairs.append(("payments", .plain("\(payments)"))) }
        if let duration { pairs.append(("duration", .plain(duration.written))) }
        pairs.append(("in_flight", .plain("\(inFlight)")))
        pairs.append(("on_full", .text(onFull.rawValue)))
        if !stopIf.isEmpty { pairs.append(("stop_if", stopIf.tree)) }
        return .mapping(pairs)
    }
}

extension Scenario.DataSet {
    fileprivate var tree: Tree {
        .mapping([
            ("file", .text(path)), ("order", .text(order.rawValue)),
            ("at_end", .text(atEnd.rawValue)),
        ])
    }
}

extension PaymentTemplate {
    fileprivate var tree: Tree {
        var pairs: [(String, Tree)] = [
            ("name", .text(name)), ("weight", .plain("\(weight)")),
            ("payment_id", .text(paymentID.masked)), ("client_type", .text(clientType.name)),
            ("payment_method", paymentMethod.tree),
        ]
        if let storePaymentMethod {
            pairs.append(("store_payment_method", .plain("\(storePaymentMethod)")))
        }
        if let returnURL { pairs.append(("return_url", .text(returnURL.masked))) }
        if let version { pairs.append(("version", .plain("\(version)"))) }
        let outcomes = Outcome.allCases.filter(expect.contains)
        pairs.append(("expect", .list(outcomes.map { .text($0.name) })))
        if let repeats { pairs.append(("repeat_of", repeats.tree)) }
        return .mapping(pairs)
    }
}

extension JSONTemplate {
    var tree: Tree {
        switch self {
        case .null: .plain("null")
        case .boolean(let value): .plain("\(value)")
        case .number(let text): .plain(text)
        case .string(let template): .text(template.masked)
        case .array(let values): .list(values.map(\.tree))
        case .object(let members): .mapping(members.map { ($0.name, $0.value.tree) })
        }
    }
}
