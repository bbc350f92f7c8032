/// The names and values of a query or a form, as far as `Member` knows the names.
struct Pairs<Member: MemberName>: Sendable {
    struct Pair: Sendable {
        var member: Member
        /// As the client spelt it.
        var name: [UInt8]
        var text: [UInt8]
    }

    private(set) var all: [Pair] = []

    init() {}

    /// - Parameter text: `name=value&…`, percent-encoded.
    init(urlEncoded text: Span<UInt8>) {
        URLEncoded.forEachPair(of: text) { add(name: $0, text: $1) }
    }

    /// Empty values count as absent; a name that comes twice is one value with a comma in it.
    mutating func add(name: [UInt8], text: [UInt8]) {
        guard !text.isEmpty, let member = Member(name.span) else { return }
        guard let same = place(of: name) else {
            return all.append(Pair(member: member, name: name, text: text))
        }
        all[same].text.append(UInt8(ascii: ","))
        all[same].text.append(contentsOf: text)
    }

    /// Takes over the values of others; where both have a name, theirs counts.
    mutating func write(_ others: Pairs) {
        for pair in others.all {
            if let same = place(of: pair.name) { all[same] = pair } else { all.append(pair) }
        }
    }

    private func place(of name: [UInt8]) -> Int? {
        all.firstIndex { known in
            known.name.count == name.count
                && zip(known.name, name).allSatisfy { Bytes.lowercase($0) == Bytes.lowercase($1) }
        }
    }
}

/// The members of makePayment in a query or a form, where `v` says the version as well.
struct QueryMember: MemberName {
    var member: PaymentMember

    init?(_ name: Span<UInt8>) {
        if let member = PaymentMember(name) {
            self.member = member
        } else if Bytes.matches(name, "v") {
            member = .version
        } else {
            return nil
        }
    }
}

extension Pairs<QueryMember> {
    /// Writes the values over what the body said.
    func bind(to payment: inout BoundPayment) throws(BindingFault) {
        var unreadable: [UnreadableValue] = []
        for pair in all where !Self.bind(pair, to: &payment) {
            unreadable.append(
                UnreadableValue(
                    name: Bytes.text(pair.name.span), value: Bytes.text(pair.text.span)))
        }
        guard unreadable.isEmpty else { throw .unreadable(unreadable) }
    }

    private static func bind(_ pair: Pair, to payment: inout BoundPayment) -> Bool {
        let text = pair.text.span
        switch pair.member.member {
        case .paymentMethod: payment.paymentMethod = .value(pair.text)
        case .returnURL: payment.returnURL = .value(pair.text)
        case .storePaymentMethod:
            let first = Bytes.position(of: UInt8(ascii: ","), in: text) ?? text.count
            return payment.set(.storePaymentMethod, to: text.extracting(0..<first))
        case .paymentID, .clientType, .version: return payment.set(pair.member.member, to: text)
        }
        return true
    }
}

/// `application/x-www-form-urlencoded` (WHATWG URL, section 5.1), the form of queries too.
enum URLEncoded {
    /// Hands over names and values, decoded; what has no `=` is left out.
    static func forEachPair(of text: Span<UInt8>, _ receive: ([UInt8], [UInt8]) -> Void) {
        var start = 0
        while start < text.count {
            let end = Bytes.position(of: UInt8(ascii: "&"), in: text, from: start) ?? text.count
            let pair = text.extracting(start..<end)
            if let equals = Bytes.position(of: UInt8(ascii: "="), in: pair) {
                let value = pair.extracting((equals + 1)..<pair.count)
                receive(decoded(pair.extracting(0..<equals)), decoded(value))
            }
            start = end + 1
        }
    }

    /// Everything but ASCII letters and digits as `%XX`.
    static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default: encoded += (byte < 16 ? "%0" : "%") + String(byte, radix: 16)
            }
        }
        return encoded
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
