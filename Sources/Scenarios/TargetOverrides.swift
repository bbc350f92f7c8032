import Documents
import Payments

/// The keys of a mapping that replace some of the target's.
protocol TargetOverrideKey: FieldKey {
    static var baseURL: Self { get }
    static var path: Self { get }
    static var headers: Self { get }
    static var auth: Self { get }
    static var paymentMethod: Self { get }
    static var timeouts: Self { get }
    static var tls: Self { get }
}

/// Reads a target that differs from the scenario's in some keys. `headers`, `timeouts` and `tls` are
/// merged key by key, everything else is replaced as a whole.
struct TargetOverrides {
    /// nil: it was refused, so that nothing is made of what is read.
    var base: Scenario.Target?
    /// Where `target.http` stands, for complaints.
    var http: Node?
    var surroundings: Surroundings

    /// For what rules say about themselves.
    static var none: TargetOverrides { TargetOverrides(surroundings: .none) }

    /// nil after a complaint.
    func read<Key: TargetOverrideKey>(
        _ fields: Fields<Key>
    ) -> (target: Scenario.Target, paymentMethod: JSONTemplate?)? {
        let url = fields.read(.baseURL, by: .base(surroundings))
        let path = fields.read(.path, by: .urlPath)
        let proof = fields.read(.auth, by: .proof(surroundings))
        let isAuthorized =
            fields[.auth].map { $0["credentials"] == nil } ?? (base?.credentials != nil)
        let headers = fields.read(.headers, by: .headers(surroundings, authorized: isAuthorized))
        let method = fields.read(.paymentMethod, by: .jsonObject(surroundings))
        let timeouts = fields.read(
            .timeouts, by: .timeouts(over: base?.timeouts ?? Scenario.Timeouts()))
        let tls = fields.read(.tls, by: .tls(surroundings, over: base?.tls ?? Scenario.TLS()))
        guard var target = base else { return nil }
        target.base = url ?? target.base
        target.path = path ?? target.path
        target.headers = Self.merged(target.headers, headers ?? [])
        target.timeouts = timeouts ?? target.timeouts
        target.tls = tls ?? target.tls
        if let proof { (target.credentials, target.signIn) = (proof.credentials, proof.signIn) }
        check(target, fields)
        return (target, method)
    }

    /// What is allowed in the target and not together with what replaces a part of it.
    private func check<Key: TargetOverrideKey>(_ target: Scenario.Target, _ fields: Fields<Key>) {
        let names = target.headers.map { $0.name.lowercased() }
        if let node = fields[.auth], fields[.headers]?.hasAuthorization != true,
            target.credentials != nil, names.contains("authorization")
        {
            fields.complaints.add(TargetProblem.authorizationTwice, at: node.place)
        }
        if target.base != base?.base, let http {
            target.http.check(http, for: target.base, fields.complaints)
        }
    }

    private static func merged(
        _ headers: [Scenario.Header], _ others: [Scenario.Header]
    ) -> [Scenario.Header] {
        let replaced = Set(others.map { $0.name.lowercased() })
        return headers.filter { !replaced.contains($0.name.lowercased()) } + others
    }
}

extension Node {
    fileprivate var hasAuthorization: Bool {
        guard case .mapping(let entries) = content else { return false }
        return entries.contains { $0.key.lowercased() == "authorization" }
    }
}

extension TargetOverrides {
    private static var asTarget: Presence { .otherwise("as target says") }

    static var baseURL: Field {
        Field("Where this one is.", Rule.base(.none), asTarget, example: "http://127.0.0.1:8081")
    }

    static var path: Field {
        Field(
            "The path of makePayment.", Rule.urlPath, asTarget,
            example: "/v2/payments/makePayment")
    }

    static var headers: Field {
        Field(
            "Sent with every payment, beside those of target; the same name replaces.",
            Rule.headers(.none, authorized: false), asTarget, example: "{ X-Provider: b }")
    }

    static var auth: Field {
        Field(
            "How paybench identifies itself: one way.", Rule.proof(.none), asTarget,
            example: #"{ bearer: "${secret:PAY_TOKEN}" }"#)
    }

    static var paymentMethod: Field {
        Field(
            "In place of that of every payment.", Rule.jsonObject(.none),
            .otherwise("as the payments say"), example: "{ type: scheme, provider: b }")
    }

    static var timeouts: Field { Field("When paybench gives up.", Rule.timeouts, asTarget) }
    static var tls: Field { Field("Whom to trust, and who we are.", Rule.tls(.none), asTarget) }
}
