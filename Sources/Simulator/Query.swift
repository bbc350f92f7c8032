/// The query of one request, taken apart once: what decides the format, and what is bound.
struct Query {
    /// `?callback=`, as the client wrote it; empty values count as absent.
    private(set) var callback: [UInt8]?
    private(set) var format: [UInt8]?
    private var values: [Value] = []

    private struct Value {
        var name: [UInt8]
        var text: [UInt8]
    }

    /// - Parameter text: what stands behind the `?`.
    init(_ text: Span<UInt8>) {
        var start = 0
        while start < text.count {
            let end = Bytes.position(of: UInt8(ascii: "&"), in: text, from: start) ?? text.count
            add(text.extracting(start..<end))
            start = end + 1
        }
    }

    private mutating func add(_ pair: Span<UInt8>) {
        guard let equals = Bytes.position(of: UInt8(ascii: "="), in: pair) else { return }
        let value = Self.decoded(pair.extracting((equals + 1)..<pair.count))
        guard !value.isEmpty else { return }
        let name = Self.decoded(pair.extracting(0..<equals))
        if Bytes.matches(name.span, "callback") {
            callback = value
        } else if Bytes.matches(name.span, "format") {
            format = value
        } else if PaymentMember(name.span) != nil {
            keep(Value(name: name, text: value))
        }
    }

    /// A name that comes twice is one value with a comma in it.
    private mutating func keep(_ value: Value) {
        let same = values.firstIndex { known in
            known.name.count == value.name.count
                && zip(known.name, value.name).allSatisfy {
                    Bytes.lowercase($0) == Bytes.lowercase($1)
                }
        }
        guard let same else { return values.append(value) }
        values[same].text.append(UInt8(ascii: ","))
        values[same].text.append(contentsOf: value.text)
    }

    /// Writes the values over what the body said.
    func bind(to payment: inout BoundPayment) throws(BindingFault) {
        var unreadable: [UnreadableValue] = []
        for value in values where !Self.bind(value.text.span, of: value.name.span, to: &payment) {
            unreadable.append(
                UnreadableValue(
                    name: Bytes.text(value.name.span), value: Bytes.text(value.text.span)))
        }
        guard unreadable.isEmpty else { throw .unreadable(unreadable) }
    }

    /// False if the value cannot become its member.
    private static func bind(
        _ text: Span<UInt8>, of name: Span<UInt8>, to payment: inout BoundPayment
    ) -> Bool {
        switch PaymentMember(name) {
        case .paymentID:
            guard let id = PaymentID(guid: text) else { return false }
            payment.id = id
        case .clientType:
            guard let type = Scalar.clientType(text) else { return false }
            payment.clientType = type
        case .paymentMethod: payment.hasPaymentMethod = true
        case .storePaymentMethod:
            let first = Bytes.position(of: UInt8(ascii: ","), in: text) ?? text.count
            return Scalar.isBoolean(text.extracting(0..<first))
        case .version: return Bytes.integer(text) != nil
        case nil: break
        }
        return true
    }

    /// `+` is a blank, `%XX` a byte; a `%` without two digits stands for itself.
    static func decoded(_ text: Span<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let byte = text[index]
            index += 1
            if byte == UInt8(ascii: "%"), index + 1 < text.count,
                let high = Bytes.hexadecimal(text[index]),
                let low = Bytes.hexadecimal(text[index + 1])
            {
                bytes.append(high << 4 | low)
                index += 2
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return bytes
    }
}
