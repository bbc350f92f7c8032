import Providers

/// Reads a JSON body the way the service does. Leniently, what it cannot read keeps its value, and
/// only a body that is no object, or that ends inside a string, is an error.
enum BodyReader {
    static func read(
        _ body: Span<UInt8>, _ binding: ServiceSettings.Binding = .lenient,
        into payment: inout BoundPayment
    ) throws(BindingFault) {
        try read(body) { (member, value) throws(BindingFault) in
            let name = body.extracting(member.name)
            guard let known = PaymentMember(name),
                !payment.set(known, to: value, at: member.value, isString: member.isString),
                binding == .strict
            else { return }
            throw .cannotSet(UnreadableValue(name: Bytes.text(name), value: Bytes.text(value)))
        }
    }

    /// Hands over the members of the object with their values in the order of the text.
    @inline(__always)
    static func read(
        _ body: Span<UInt8>,
        _ receive: (JSONCursor.Member, Span<UInt8>) throws(BindingFault) -> Void
    ) throws(BindingFault) {
        let start = JSONCursor.start(of: body)
        guard start < body.count else { return }
        guard body[start] == UInt8(ascii: "{") else {
            let beginning = body.extracting(start..<min(body.count, start + 50))
            throw .notAnObject(beginning: Bytes.text(beginning))
        }
        var cursor = JSONCursor(behind: start)
        while true {
            let member: JSONCursor.Member?
            do { member = try cursor.nextMember(body) } catch { throw .cutInsideString }
            guard let member else { return }
            try receive(member, body.extracting(member.value))
        }
    }
}

extension BoundPayment {
    /// Takes a value of the body; false, and nothing changed, if it cannot become the member.
    @inline(__always)
    fileprivate mutating func set(
        _ member: PaymentMember, to value: Span<UInt8>, at place: Range<Int>, isString: Bool
    ) -> Bool {
        if !isString, Bytes.matches(value, "null") {
            clear(member)
            return true
        }
        switch member {
        case .paymentMethod: paymentMethod = .body(place, isString: isString)
        case .returnURL: returnURL = .body(place, isString: isString)
        case .paymentID, .clientType, .storePaymentMethod, .version: return set(member, to: value)
        }
        return true
    }
}
