import Documents
import Glibc
import Payments

private enum BaselineKey: String, FieldKey {
    case target, design, result

    static var choices: [[BaselineKey]] { [[.target, .result]] }
    static var companions: [(key: BaselineKey, with: [BaselineKey])] { [(.design, [.target])] }

    var field: Field {
        switch self {
        case .target:
            Field(
                "Keys in place of the target's: a run of it beside the candidate.",
                Rule.overridden(.none), example: "{ base_url: http://127.0.0.1:8081 }")
        case .design:
            Field(
                "Both at the same time, or in blocks of 2s in random order.",
                Rule.twoArmed, .otherwise("duet; with users: blocks"))
        case .result:
            Field(
                "A stored result, a file or a folder; relative to the scenario.",
                Rule.storedResult(.none), example: "results/main")
        }
    }
}

/// What the target of a baseline may say.
private enum BaselineTargetKey: String, TargetOverrideKey {
    case baseURL = "base_url"
    case path, headers, auth
    case paymentMethod = "payment_method"
    case timeouts, tls

    var field: Field {
        switch self {
        case .baseURL: TargetOverrides.baseURL
        case .path: TargetOverrides.path
        case .headers: TargetOverrides.headers
        case .auth: TargetOverrides.auth
        case .paymentMethod: TargetOverrides.paymentMethod
        case .timeouts: TargetOverrides.timeouts
        case .tls: TargetOverrides.tls
        }
    }
}

extension Rule where Value == Scenario.Baseline {
    /// - Parameter hasUsers: whether a phase has users, so that a duet is impossible.
    static func baseline(_ overrides: TargetOverrides, hasUsers: Bool) -> Rule {
        .mapping { (fields: Fields<BaselineKey>) in
            let target = fields.read(.target, by: .overridden(overrides))
            let design = fields.read(.design, by: .twoArmed)
            let path = fields.read(.result, by: .storedResult(overrides.surroundings))
            let given = [BaselineKey.target, .result].filter { fields[$0] != nil }
            guard given.count == 1 else {
                let problem = KeyProblem.exactlyOne(
                    read: given.map(\.rawValue), allowed: ["target", "result"])
                fields.complaints.add(problem, at: fields.place)
                return nil
            }
            if let node = fields[.design], given == [.result] {
                fields.complaints.add(LoadProblem.onlyWith("design", "target"), at: node.place)
            }
            if given == [.result] { return path.map { .stored(path: $0) } }
            return target.map { .beside($0, design ?? (hasUsers ? .blocks : .duet)) }
        }
    }
}

extension Rule where Value == Scenario.Adapter {
    fileprivate static func overridden(_ overrides: TargetOverrides) -> Rule {
        .mapping { (fields: Fields<BaselineTargetKey>) in
            guard let (target, method) = overrides.read(fields) else { return nil }
            return Scenario.Adapter(
                name: "baseline", target: target, paymentMethod: method, rateCeiling: nil,
                isReference: true)
        }
    }
}

extension Rule where Value == Scenario.Design {
    /// The designs that two are measured by at once.
    fileprivate static var twoArmed: Rule { .word([("duet", .duet), ("blocks", .blocks)]) }
}

extension Rule where Value == String {
    /// Of a file or a folder that is there.
    fileprivate static func storedResult(_ surroundings: Surroundings) -> Rule {
        let shape = TemplateScope.visible.shape("the path of a result")
        return Rule<Template>.template(.visible, surroundings).shaped(shape).then {
            template throws(Violation) in
            let path = surroundings.path(template.constant ?? "")
            if access(path, R_OK) == 0 { return path }
            let reason = String(cString: strerror(errno))
            throw Violation(TargetProblem.missingFile(template.masked, reason: reason))
        }
    }
}
