import NIOCore

/// The `returnUrl` of a payment, read only for the answers that are built on it.
enum ReturnURL {
    /// The text of the member as it stands in the body, escapes left alone; nil: there is none.
    static func read(_ body: ByteBuffer?) -> String? {
        guard let body else { return nil }
        let bytes = body.readableBytesUInt8Span
        var index = 0
        while let start = Bytes.position(of: UInt8(ascii: "\""), in: bytes, from: index) {
            guard let end = Bytes.position(of: UInt8(ascii: "\""), in: bytes, from: start + 1)
            else { return nil }
            index = end + 1
            guard Bytes.matches(bytes.extracting((start + 1)..<end), "returnurl") else { continue }
            if let value = value(behind: index, bytes) { return value }
        }
        return nil
    }

    /// The string behind a colon.
    private static func value(behind start: Int, _ bytes: Span<UInt8>) -> String? {
        var index = start
        while index < bytes.count, Bytes.isBlank(bytes[index]) { index += 1 }
        guard index < bytes.count, bytes[index] == UInt8(ascii: ":") else { return nil }
        index += 1
        while index < bytes.count, Bytes.isBlank(bytes[index]) { index += 1 }
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\""),
            let end = Bytes.position(of: UInt8(ascii: "\""), in: bytes, from: index + 1)
        else { return nil }
        return Bytes.text(bytes.extracting((index + 1)..<end))
    }

    /// Where a buyer goes for the challenge: the return address itself, with what came of it.
    static func challenge(_ returnURL: String?, payment id: PaymentID) -> String {
        let base = returnURL ?? ""
        return base + (base.contains("?") ? "&" : "?") + "paymentId=\(id.digits)&result=challenge"
    }
}
