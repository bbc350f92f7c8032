/// Reads a JSON body as leniently as the service does: what it cannot read keeps its default, and
/// only a body that is no object, or that ends inside a string, is an error.
struct BodyReader {
    private var index = 0

    static func read(
        _ body: Span<UInt8>, into payment: inout BoundPayment
    ) throws(BindingFault) {
        var reader = BodyReader()
        try reader.read(body, into: &payment)
    }

    private mutating func read(
        _ body: Span<UInt8>, into payment: inout BoundPayment
    ) throws(BindingFault) {
        if body.count >= 3, body[0] == 0xEF, body[1] == 0xBB, body[2] == 0xBF { index = 3 }
        skipBlanks(body)
        guard index < body.count else { return }
        guard body[index] == UInt8(ascii: "{") else {
            let beginning = body.extracting(index..<min(body.count, index + 50))
            throw .notAnObject(beginning: Bytes.text(beginning))
        }
        index += 1
        while try readMember(body, into: &payment) {}
    }

    /// Reads one member and the comma behind it; false where the object ends or makes no more sense.
    private mutating func readMember(
        _ body: Span<UInt8>, into payment: inout BoundPayment
    ) throws(BindingFault) -> Bool {
        skipBlanks(body)
        guard index < body.count, body[index] == UInt8(ascii: "\"") else { return false }
        let name = try string(body)
        skipBlanks(body)
        guard index < body.count, body[index] == UInt8(ascii: ":") else { return false }
        index += 1
        skipBlanks(body)
        guard index < body.count else { return false }
        let quoted = body[index] == UInt8(ascii: "\"")
        let value = try quoted ? string(body) : unquoted(body)
        if let member = PaymentMember(body.extracting(name)) {
            assign(body.extracting(value), quoted: quoted, to: member, of: &payment)
        }
        skipBlanks(body)
        guard index < body.count, body[index] == UInt8(ascii: ",") else { return false }
        index += 1
        return true
    }

    private func assign(
        _ value: Span<UInt8>, quoted: Bool, to member: PaymentMember,
        of payment: inout BoundPayment
    ) {
        switch member {
        case .paymentID: payment.id = PaymentID(guid: value) ?? .zero
        case .clientType: payment.clientType = Scalar.clientType(value) ?? 0
        case .paymentMethod:
            payment.hasPaymentMethod = quoted || !Bytes.matches(value, "null")
        case .storePaymentMethod, .version: break
        }
    }

    private mutating func skipBlanks(_ body: Span<UInt8>) {
        while index < body.count, Bytes.isBlank(body[index]) { index += 1 }
    }

    /// The inside of the string that begins here; escapes stay as they are.
    private mutating func string(_ body: Span<UInt8>) throws(BindingFault) -> Range<Int> {
        index += 1
        let start = index
        while index < body.count {
            let byte = body[index]
            index += 1
            if byte == UInt8(ascii: "\"") { return start..<(index - 1) }
            if byte == UInt8(ascii: "\\") { index += 1 }
        }
        throw .cutInsideString
    }

    /// An object, an array, a number or a word: up to the comma or the brace that ends it.
    private mutating func unquoted(_ body: Span<UInt8>) throws(BindingFault) -> Range<Int> {
        let start = index
        var depth = 0
        while index < body.count {
            switch body[index] {
            case UInt8(ascii: "\""):
                _ = try string(body)
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return start..<index }
                depth -= 1
            case UInt8(ascii: ",") where depth == 0: return start..<index
            case 0x20, 0x09, 0x0A, 0x0D:
                if depth == 0 { return start..<index }
            default: break
            }
            index += 1
        }
        return start..<index
    }
}
