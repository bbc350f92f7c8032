import Foundation
import Testing

/// One request to the real service and what it answered, as far as this stand-in is to do the same.
struct ObservedPair: Decodable, Sendable, CustomTestStringConvertible {
    struct Bound: Decodable, Sendable {
        var version: Int32
        var paymentId: String
        var clientType: Int32
        var storePaymentMethod: Bool
        var returnUrl: String?
        /// In place of the text where it is long.
        var returnUrlLength: Int?
        /// Names and values in their order; nil: no map.
        var paymentMethod: [[String]]?
    }

    var set: String
    var name: String
    /// Method and target.
    var request: String
    var headers: [String]
    private var body: String?
    private var bodyHexadecimal: String?
    var status: Int
    var contentType: String?
    var challenge: String?
    /// Names of the cookies that were set, sorted.
    var cookies: [String]
    var errorCode: String?
    var fieldName: String?
    var bound: Bound?

    var testDescription: String { "\(set): \(name)" }

    /// The bytes that were sent.
    var bytes: [UInt8] {
        if let length = bound?.returnUrlLength {
            return Array((#"{"returnUrl":""# + String(repeating: "x", count: length) + "\"}").utf8)
        }
        guard let bodyHexadecimal else { return Array((body ?? "").utf8) }
        let digits = Array(bodyHexadecimal)
        return stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0...($0 + 1)]), radix: 16)
        }
    }

    /// The routes of the rebuilt service stood for settings; here they are one route.
    var target: String {
        let parts = request.split(separator: " ", maxSplits: 1)
        for prefix in ["/open/", "/valid/", "/throw/"] where parts[1].hasPrefix(prefix) {
            let rest = parts[1].dropFirst(prefix.count)
            guard prefix == "/throw/" else { return "\(parts[0]) /mobile/payments/\(rest)" }
            let query = rest.firstIndex(of: "?").map { rest[$0...] } ?? ""
            return "\(parts[0]) /mobile/payments/makePayment\(query)"
        }
        return parts[1].hasPrefix("/OPEN/")
            ? "\(parts[0]) /MOBILE/PAYMENTS/\(parts[1].dropFirst(6))" : request
    }

    static let all: [ObservedPair] = {
        guard
            let url = Bundle.module.url(
                forResource: "makepayment-observed", withExtension: "jsonl",
                subdirectory: "Fixtures"),
            let text = try? String(contentsOf: url, encoding: .utf8)
        else { return [] }
        return text.split(separator: "\n").compactMap {
            try? JSONDecoder().decode(ObservedPair.self, from: Data($0.utf8))
        }
    }()
}
