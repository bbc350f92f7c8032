/// A PaymentId as the service keeps it: the 128 bits of a GUID.
package struct PaymentID: Sendable, Hashable {
    package var high: UInt64
    package var low: UInt64

    /// What an unreadable or missing PaymentId becomes.
    package static let zero = PaymentID(high: 0, low: 0)

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads the forms N, D, `{D}` and `(D)` in either case, blanks around allowed; nil for any other.
    init?(guid text: Span<UInt8>) {
        let trimmed = Bytes.trimmed(text)
        switch trimmed.count {
        case 32, 36:
            self.init(digits: text.extracting(trimmed))
        case 38:
            let inner = (trimmed.lowerBound + 1)..<(trimmed.upperBound - 1)
            switch (text[trimmed.lowerBound], text[inner.upperBound]) {
            case (UInt8(ascii: "{"), UInt8(ascii: "}")), (UInt8(ascii: "("), UInt8(ascii: ")")):
                self.init(digits: text.extracting(inner))
            default: return nil
            }
        default: return nil
        }
    }

    /// Reads 32 digits, or 36 places of which 8, 13, 18 and 23 are hyphens.
    private init?(digits text: Span<UInt8>) {
        self = .zero
        for index in text.indices {
            if text.count == 36, index == 8 || index == 13 || index == 18 || index == 23 {
                guard text[index] == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let digit = Bytes.hexadecimal(text[index]) else { return nil }
            high = high << 4 | low >> 60
            low = low << 4 | UInt64(digit)
        }
    }

    /// The N form: 32 lower-case hexadecimal digits.
    package var digits: String {
        String(unsafeUninitializedCapacity: 32) { target in
            withDigits { place, digit in target[place] = digit }
            return 32
        }
    }

    /// Hands over the places 0 to 31 of the N form with their ASCII digits.
    @inline(__always)
    func withDigits(_ receive: (Int, UInt8) -> Void) {
        for place in 0..<32 {
            let word = place < 16 ? high : low
            let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (place & 15))) & 15
            receive(place, digit < 10 ? 48 + digit : 87 + digit)
        }
    }
}
