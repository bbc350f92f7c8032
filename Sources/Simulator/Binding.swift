/// What binding made of one request.
struct BoundPayment: Equatable, Sendable {
    var id = PaymentID.zero
    /// As sent, in range or not; 0 is no client type.
    var clientType: Int32 = 0
    var storesPaymentMethod = false
    var version: Int32 = 0
    var paymentMethod = BoundText.none
    var returnURL = BoundText.none
}

/// A text that is copied only if somebody wants it.
enum BoundText: Equatable, Sendable {
    case none
    /// A range of the body, as it stands there; of a string without the quotes.
    case body(Range<Int>, isString: Bool)
    /// From a query or a form.
    case value([UInt8])
}

/// Why a request could not be bound; answered before anybody asks for credentials.
enum BindingFault: Error, Equatable {
    /// The body is not an object; it begins with this.
    case notAnObject(beginning: String)
    /// The body ends inside a string.
    case cutInsideString
    /// Strictly read, a value of the body cannot become its member.
    case cannotSet(UnreadableValue)
    /// Values of the query or a form that cannot become their members.
    case unreadable([UnreadableValue])
    /// The body is not in its `Content-Encoding`.
    case notCompressed
    /// The body is too long once it is decompressed.
    case tooLarge
}

/// A value that cannot become its member, the name as the client spelt it.
struct UnreadableValue: Equatable, Sendable {
    var name: String
    var value: String
}

/// The names that one type of request knows, in any case.
protocol MemberName: Sendable {
    init?(_ name: Span<UInt8>)
}

/// The members of makePayment.
enum PaymentMember: MemberName {
    case paymentID, paymentMethod, clientType, storePaymentMethod, returnURL, version

    init?(_ name: Span<UInt8>) {
        switch name.count {
        case 9 where Bytes.matches(name, "paymentid"): self = .paymentID
        case 9 where Bytes.matches(name, "returnurl"): self = .returnURL
        case 13 where Bytes.matches(name, "paymentmethod"): self = .paymentMethod
        case 10 where Bytes.matches(name, "clienttype"): self = .clientType
        case 18 where Bytes.matches(name, "storepaymentmethod"): self = .storePaymentMethod
        case 7 where Bytes.matches(name, "version"): self = .version
        default: return nil
        }
    }
}

extension BoundPayment {
    /// Reads a scalar; false, and nothing changed, if it cannot become the member.
    mutating func set(_ member: PaymentMember, to text: Span<UInt8>) -> Bool {
        switch member {
        case .paymentID:
            guard let id = PaymentID(guid: text) else { return false }
            self.id = id
        case .clientType:
            guard let type = Scalar.clientType(text) else { return false }
            clientType = type
        case .storePaymentMethod:
            guard let flag = Scalar.boolean(text) else { return false }
            storesPaymentMethod = flag
        case .version:
            guard let number = Bytes.integer(text) else { return false }
            version = number
        case .paymentMethod, .returnURL: return false
        }
        return true
    }

    mutating func clear(_ member: PaymentMember) {
        switch member {
        case .paymentID: id = .zero
        case .clientType: clientType = 0
        case .storePaymentMethod: storesPaymentMethod = false
        case .version: version = 0
        case .paymentMethod: paymentMethod = .none
        case .returnURL: returnURL = .none
        }
    }
}

/// The service's readings of scalar values, the same from a body and from a query.
enum Scalar {
    /// A number, digits, or names of `ClientType` in any case; nil for anything else. Several names
    /// with commas between are one value with the bits of all.
    static func clientType(_ text: Span<UInt8>) -> Int32? {
        if let number = Bytes.integer(text) { return number }
        var type: Int32 = 0
        var start = 0
        while start <= text.count {
            let end = Bytes.position(of: UInt8(ascii: ","), in: text, from: start) ?? text.count
            let part = text.extracting(start..<end)
            guard let named = named(part.extracting(Bytes.trimmed(part))) else { return nil }
            type |= named
            start = end + 1
        }
        return type
    }

    private static func named(_ text: Span<UInt8>) -> Int32? {
        if Bytes.matches(text, "ios") { return 1 }
        if Bytes.matches(text, "android") { return 2 }
        if Bytes.matches(text, "web") { return 3 }
        return nil
    }

    /// One of the words for true or false; `on` and `off` in lower case only.
    static func boolean(_ text: Span<UInt8>) -> Bool? {
        switch text.count {
        case 1:
            switch Bytes.lowercase(text[0]) {
            case UInt8(ascii: "1"), UInt8(ascii: "t"), UInt8(ascii: "y"): return true
            case UInt8(ascii: "0"), UInt8(ascii: "f"), UInt8(ascii: "n"): return false
            default: return nil
            }
        case 2 where Bytes.matches(text, "on") && text[0] >= 0x61 && text[1] >= 0x61: return true
        case 3
        where Bytes.matches(text, "off") && text[0] >= 0x61 && text[1] >= 0x61
            && text[2] >= 0x61:
            return false
        case 4 where Bytes.matches(text, "true"): return true
        case 5 where Bytes.matches(text, "false"): return false
        default: return nil
        }
    }
}
