extension Credentials {
    /// The value of the `Authorization` header.
    ///
    /// - Precondition: the templates are constant.
    package var authorization: String { header.constant ?? "" }

    /// The same, where a bearer token may differ from request to request; user names, passwords and
    /// API keys, which travel in Base64, may not, as the scenario reader makes sure.
    var header: Template {
        switch self {
        case .bearer(let token): Template([.literal("Bearer ")] + token.pieces)
        case .basic(let username, let password):
            Template(
                "Basic "
                    + Self.base64("\(username.constant ?? ""):\(password.constant ?? "")"))
        case .apiKey(let key): Template("Basic " + Self.base64("\(key.constant ?? ""):"))
        }
    }

    /// RFC 4648, section 4.
    private static func base64(_ text: String) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let bytes = Array(text.utf8)
        var out = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits: UInt32 = 0
            for (place, byte) in group.enumerated() {
                bits |= UInt32(byte) << UInt32(16 - 8 * place)
            }
            for place in 0...group.count {
                out.append(alphabet[Int(bits >> UInt32(18 - 6 * place)) & 63])
            }
            out += String(repeating: "=", count: 3 - group.count)
        }
        return out
    }
}
