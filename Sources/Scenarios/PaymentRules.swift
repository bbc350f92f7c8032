import Documents
import Payments

private enum PaymentKey: String, FieldKey {
    case name, weight
    case paymentID = "payment_id"
    case clientType = "client_type"
    case paymentMethod = "payment_method"
    case storePaymentMethod = "store_payment_method"
    case returnURL = "return_url"
    case version, expect
    case repeatOf = "repeat_of"

    var field: Field {
        switch self {
        case .name:
            Field("What the payment is called in reports.", Rule.label, .required, example: "card")
        case .weight:
            Field(
                "How many of all weights together are such payments.", Rule.weight, .defaultsTo("1")
            )
        case .paymentID:
            Field(
                "The id; the same id again is the same payment.", Rule.paymentID(.none),
                .defaultsTo(#""${uuid}""#))
        case .clientType:
            Field("By name in any case, or by number.", Rule.clientType, .required)
        case .paymentMethod:
            Field(
                "Sent as it stands, in JSON, templates replaced.", Rule.jsonObject(.none),
                .required,
                example: #"{ type: scheme, token: "tok-${int(1000,9999)}" }"#)
        case .storePaymentMethod:
            Field("Sent as storePaymentMethod.", Rule.boolean, .otherwise("not sent"))
        case .returnURL:
            Field(
                "Sent as returnUrl; never called.", Rule.returnURL(.none), .otherwise("not sent"),
                example: "https://shop.example.test/return")
        case .version:
            Field("Sent as version.", Rule.sentVersion, .otherwise("not sent"))
        case .expect:
            Field("Outcomes that are no error.", Rule.outcomes, .defaultsTo("[accepted, declined]"))
        case .repeatOf:
            Field(
                "Part of which is sent again with the same id, to see what the service does.",
                Rule.repeats, .otherwise("none"), example: "2%")
        }
    }
}

extension Rule where Value == Int {
    fileprivate static var weight: Rule { .integer(in: 1...PaymentMix.largestSum) }
    fileprivate static var sentVersion: Rule { .integer(in: 0...Int(Int32.max)) }
}

extension Rule where Value == Template {
    /// `reconcile.csv` lists it in clear.
    fileprivate static func paymentID(_ surroundings: Surroundings) -> Rule {
        template(.listed, surroundings).withoutCardNumbers.notEmpty
    }

    fileprivate static func returnURL(_ surroundings: Surroundings) -> Rule {
        template(.request, surroundings).withoutCardNumbers.absoluteURL
    }
}

extension Rule where Value == [PaymentTemplate] {
    /// The weighted mix: at least one payment, no name twice.
    static func mix(_ surroundings: Surroundings) -> Rule {
        let list = Rule<PaymentTemplate>.payment(surroundings)
            .named("payment", { $0.name }, at: "name")
        return Rule(list.shape) { node, complaints in
            let payments = list.read(node, complaints)
            if let payments { checkWeights(of: payments, node, complaints) }
            return payments
        }
    }

    /// Complains where the sum goes past what a mix may have.
    private static func checkWeights(
        of payments: [PaymentTemplate], _ node: Node, _ complaints: Complaints
    ) {
        guard case .sequence(let nodes) = node.content else { return }
        let sum = payments.reduce(0) { $0 + $1.weight }
        guard sum > PaymentMix.largestSum else { return }
        var reached = 0
        let first = payments.firstIndex { payment in
            reached += payment.weight
            return reached > PaymentMix.largestSum
        }
        let payment = first.map { nodes[$0] } ?? node
        let place = payment["weight"]?.place ?? payment.place
        complaints.add(LoadProblem.weights(sum: sum, most: PaymentMix.largestSum), at: place)
    }
}

extension Rule where Value == PaymentTemplate {
    fileprivate static func payment(_ surroundings: Surroundings) -> Rule {
        .mapping { (fields: Fields<PaymentKey>) in
            let name = fields.read(.name, by: .label)
            let weight = fields.read(.weight, by: .weight)
            let paymentID = fields.read(.paymentID, by: .paymentID(surroundings))
            let clientType = fields.read(.clientType, by: .clientType)
            let method = fields.read(.paymentMethod, by: .jsonObject(surroundings))
            let store = fields.read(.storePaymentMethod, by: .boolean)
            let returnURL = fields.read(.returnURL, by: .returnURL(surroundings))
            let version = fields.read(.version, by: .sentVersion)
            let expect = fields.read(.expect, by: .outcomes)
            let repeats = fields.read(.repeatOf, by: .repeats)
            guard let name, let clientType, let method else { return nil }
            return PaymentTemplate(
                name: name, weight: weight ?? 1, paymentID: paymentID ?? Template([.uuid]),
                paymentMethod: method, clientType: clientType, storePaymentMethod: store,
                returnURL: returnURL, version: version, expect: expect ?? [.accepted, .declined],
                repeats: repeats)
        }
    }
}

extension Rule where Value == ClientType {
    /// By name in any case, or by number.
    static var clientType: Rule {
        let allowed = "IOS, Android, Web, or 1, 2, 3"
        let words = ClientType.allCases.map(\.name) + ["1", "2", "3"]
        let shape = Shape.oneOf([.words(words), .text(pattern: anyCase, words: "in any case")])
        return scalar(allowed, shape) { scalar in
            if scalar.meaning == .nothing { throw WrongKind() }
            let written = scalar.text.lowercased()
            let match = ClientType.allCases.first {
                $0.name.lowercased() == written || String($0.rawValue) == written
            }
            if let match { return match }
            throw Violation(ValueProblem.notAWord(scalar.text, allowed: words))
        }
    }

    /// `^([iI][oO][sS]|…)$`
    private static var anyCase: String {
        let names = ClientType.allCases.map { type in
            type.name.map { "[\($0.lowercased())\($0.uppercased())]" }.joined()
        }
        return "^(\(names.joined(separator: "|")))$"
    }
}

extension Rule where Value == Set<Outcome> {
    static var outcomes: Rule { outcomes(among: Outcome.allCases.map { ($0.name, $0) }) }

    /// At least one of these.
    static func outcomes(among words: [(String, Outcome)]) -> Rule {
        let list = Rule<Outcome>.word(words).list
        return Rule(.list(of: Rule<Outcome>.word(words).shape, least: 1)) { node, complaints in
            guard let outcomes = list.read(node, complaints) else { return nil }
            if outcomes.isEmpty {
                let allowed = "at least one of \(Documents.list(words.map(\.0)))"
                complaints.add(ValueProblem.emptyList(allowed: allowed), at: node.place)
            }
            return Set(outcomes)
        }
    }
}

extension Rule where Value == Template {
    var notEmpty: Rule {
        then { template throws(Violation) in
            if template.constant != "" { return template }
            throw Violation(ValueProblem.badText("", allowed: "a text that is not empty"))
        }
    }

    /// `scheme://…` without blanks and control characters; it is sent and never called.
    var absoluteURL: Rule {
        then { template throws(Violation) in
            let text = template.example
            let mark = text.firstRange(of: "://")
            let scheme = mark.map { text[..<$0.lowerBound] } ?? ""
            let rest = mark.map { text[$0.upperBound...] } ?? ""
            let known = scheme.first?.isLetter ?? false
            let token = scheme.allSatisfy {
                $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0))
            }
            let others = Set("[]?#".utf8)
            let clean = rest.unicodeScalars.allSatisfy { scalar in
                isURLPath(String(scalar))
                    || others.contains(UInt8(truncatingIfNeeded: scalar.value))
                        && scalar.isASCII
            }
            let host = rest.first.map { !"/?#:".contains($0) } ?? false
            if known, token, clean, host { return template }
            let allowed = "an absolute URL such as https://shop.example.test/return"
            throw Violation(ValueProblem.badText(template.masked, allowed: allowed))
        }
    }
}

extension Template {
    /// A text like those it may become: `0` where they differ, choices one behind the other.
    var example: String {
        pieces.map { piece in
            switch piece {
            case .literal(let text): text
            case .secret(_, let value): value
            case .choice(let texts): texts.joined()
            case .uuid, .sequence, .integer, .now, .data: "0"
            }
        }.joined()
    }

    /// Neighbouring literals as one.
    var joined: Template {
        var joined: [Piece] = []
        for piece in pieces {
            if case .literal(let text) = piece, case .literal(let before) = joined.last {
                joined[joined.count - 1] = .literal(before + text)
            } else {
                joined.append(piece)
            }
        }
        return Template(joined)
    }
}
