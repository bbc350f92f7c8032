/// The error object of the service, members in its order, absent ones left out.
struct ResponseStatus: Equatable, Sendable {
    struct Entry: Equatable, Sendable {
        var code: String
        var field: String
        var message: String
        /// Property name and value as validators add them.
        var meta: [Meta] = []
    }

    struct Meta: Equatable, Sendable {
        var name: String
        var value: String
    }

    var code: String
    var message: String
    /// nil: errors from before the service, and errors with status 200, have no such member.
    var entries: [Entry]?

    /// `{"responseStatus":{…}}`
    var json: String {
        var text = #"{"responseStatus":{"errorCode":"# + JSONText.quoted(code)
        text += #","message":"# + JSONText.quoted(message)
        if let entries {
            text += #","errors":["# + entries.map(\.json).joined(separator: ",") + "]"
        }
        return text + "}}"
    }
}

extension ResponseStatus.Entry {
    fileprivate var json: String {
        var text = #"{"errorCode":"# + JSONText.quoted(code)
        text += #","fieldName":"# + JSONText.quoted(field)
        text += #","message":"# + JSONText.quoted(message)
        if !meta.isEmpty {
            let members = meta.map { JSONText.quoted($0.name) + ":" + JSONText.quoted($0.value) }
            text += #","meta":{"# + members.joined(separator: ",") + "}"
        }
        return text + "}"
    }
}

extension ResponseStatus {
    /// - Parameter type: the type of request that could not be bound.
    init(_ fault: BindingFault, binding type: String = "MakePaymentRequest") {
        code = "SerializationException"
        switch fault {
        case .notAnObject(let beginning):
            message =
                "Type definitions should start with a '{', expecting serialized type "
                + "'\(type)', got string starting with: \(beginning)"
        case .cutInsideString:
            code = "IndexOutOfRangeException"
            message = "Index was outside the bounds of the array."
        case .cannotSet(let value):
            message = "Failed to set property '\(value.name)' with '\(value.value)'"
        case .notCompressed:
            code = "IOException"
            message = "The body is not in its Content-Encoding."
        case .tooLarge:
            code = "RequestTooLarge"
            message = "The body is too long once it is decompressed."
        case .unreadable(let values):
            message = "Unable to bind to request '\(type)'"
            entries = values.map {
                Entry(
                    code: "SerializationException", field: $0.name,
                    message: "'\($0.value)' is an Invalid value for '\($0.name)'")
            }
        }
    }

    /// What the validator has against the payment, all of it, the first failure on top; nil: nothing.
    init?(validating payment: BoundPayment) {
        var entries: [Entry] = []
        if payment.id == .zero {
            entries.append(.missing("NotEmpty", "PaymentId", value: payment.id.digits))
        }
        if payment.paymentMethod == .none {
            entries.append(.missing("NotNull", "PaymentMethod", value: nil))
        }
        if !(1...3).contains(payment.clientType) {
            entries.append(.outOfRange("ClientType", value: String(payment.clientType)))
        }
        guard let first = entries.first else { return nil }
        self.init(code: first.code, message: first.message, entries: entries)
    }
}

/// Complaints as the validator words them; a field is named in PascalCase, its property in words.
extension ResponseStatus.Entry {
    static func missing(_ code: String, _ field: String, value: String?) -> Self {
        let name = words(field)
        return Self(
            code: code, field: field, message: "'\(name)' must not be empty.",
            meta: meta(name, value))
    }

    fileprivate static func outOfRange(_ field: String, value: String) -> Self {
        let name = words(field)
        return Self(
            code: "Enum", field: field,
            message: "'\(name)' has a range of values which does not include '\(value)'.",
            meta: meta(name, value))
    }

    private static func meta(_ name: String, _ value: String?) -> [ResponseStatus.Meta] {
        [ResponseStatus.Meta(name: "PropertyName", value: name)]
            + (value.map { [ResponseStatus.Meta(name: "PropertyValue", value: $0)] } ?? [])
    }

    /// `PaymentId` as `Payment Id`.
    private static func words(_ field: String) -> String {
        field.reduce(into: "") { words, letter in
            if letter.isUppercase, !words.isEmpty { words.append(" ") }
            words.append(letter)
        }
    }
}
