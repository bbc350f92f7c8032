/// What binding made of one request: the members that decide anything.
struct BoundPayment: Equatable, Sendable {
    var id = PaymentID.zero
    /// As sent, in range or not; 0 is no client type.
    var clientType: Int32 = 0
    var hasPaymentMethod = false
}

/// Why a request could not be bound; answered before anybody asks for credentials.
enum BindingFault: Error, Equatable {
    /// The body is not an object; it begins with this.
    case notAnObject(beginning: String)
    /// The body ends inside a string.
    case cutInsideString
    /// Query values that cannot become their members, names as the client spelt them.
    case unreadable([UnreadableValue])
}

struct UnreadableValue: Equatable, Sendable {
    var name: String
    var value: String
}

/// The members of makePayment that a reader has to look at.
enum PaymentMember {
    case paymentID, paymentMethod, clientType, storePaymentMethod, version

    /// By name, in any case.
    init?(_ name: Span<UInt8>) {
        switch name.count {
        case 9 where Bytes.matches(name, "paymentid"): self = .paymentID
        case 13 where Bytes.matches(name, "paymentmethod"): self = .paymentMethod
        case 10 where Bytes.matches(name, "clienttype"): self = .clientType
        case 18 where Bytes.matches(name, "storepaymentmethod"): self = .storePaymentMethod
        case 7 where Bytes.matches(name, "version"): self = .version
        case 1 where Bytes.matches(name, "v"): self = .version
        default: return nil
        }
    }
}

/// The service's readings of scalar values, the same from a body and from a query.
enum Scalar {
    /// A number, digits, or a name of `ClientType` in any case; nil for anything else.
    static func clientType(_ text: Span<UInt8>) -> Int32? {
        if let number = Bytes.integer(text) { return number }
        if Bytes.matches(text, "ios") { return 1 }
        if Bytes.matches(text, "android") { return 2 }
        if Bytes.matches(text, "web") { return 3 }
        return nil
    }

    /// Whether a query value is one of the words for true or false.
    static func isBoolean(_ text: Span<UInt8>) -> Bool {
        switch text.count {
        case 1:
            switch Bytes.lowercase(text[0]) {
            case UInt8(ascii: "0"), UInt8(ascii: "1"), UInt8(ascii: "t"), UInt8(ascii: "f"),
                UInt8(ascii: "y"), UInt8(ascii: "n"):
                true
            default: false
            }
        case 2: Bytes.matches(text, "on")
        case 3: Bytes.matches(text, "off")
        case 4: Bytes.matches(text, "true")
        case 5: Bytes.matches(text, "false")
        default: false
        }
    }
}
