import Payments
import Providers
import Testing

@testable import Simulator

/// Requests that nobody would write.
@Suite struct FuzzTests {
    static let seed: UInt64 = 20_240_803
    static let requests = 10_000

    /// Every one gets an answer or a closed connection: `answer()` throws after a minute of neither.
    @Test(arguments: [ServiceSettings.Binding.lenient, .strict])
    func noRequestHangsOrEndsTheService(_ binding: ServiceSettings.Binding) async throws {
        let provider = Provider.scripted { provider in
            provider.credentials = .basic(username: Template("user"), password: Template("pass"))
            provider.tokens = TokenSettings(secret: "secret")
            provider.login = LoginSettings(username: "user", password: "pass")
            provider.service.binding = binding
            provider.service.cors = true
        }
        try await withSimulator(provider) { server in
            var mutations = Mutations(seed: Self.seed ^ (binding == .strict ? 1 : 0))
            for _ in 1...(Self.requests / 2) {
                let client = try BlockingClient(port: server.port)
                client.send(mutations.next())
                client.endSending()
                while try client.answer() != nil {}
            }
            let counts = server.ledger.counts
            #expect(counts.requests > Self.requests / 3)
            #expect(counts.answers.count > 5, "\(counts.answers)")
            var right = PaymentText()
            right.headers.append("Authorization: Basic dXNlcjpwYXNz")
            #expect(try ask(server, right)?.status == 200)
        }
    }
}

/// Good requests with a few things changed in each, the same for the same seed.
struct Mutations {
    private var random: SplitMix
    private static let seeds: [[UInt8]] = Requests.all

    init(seed: UInt64) { random = SplitMix(state: seed) }

    mutating func next() -> [UInt8] {
        var bytes = Self.seeds[random.below(Self.seeds.count)]
        for _ in 0...random.below(6) where !bytes.isEmpty { change(&bytes) }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let place = random.below(bytes.count)
        let end = min(bytes.count, place + 1 + random.below(16))
        switch random.below(8) {
        case 0: bytes[place] = UInt8(random.below(256))
        case 1: bytes[place] ^= 1 << UInt8(random.below(8))
        case 2: bytes.removeSubrange(place..<end)
        case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 4: bytes.insert(contentsOf: Self.words[random.below(Self.words.count)], at: place)
        case 5: bytes.removeSubrange(place...)
        case 6: changeDigit(&bytes)
        default: bytes += Self.seeds[random.below(Self.seeds.count)]
        }
    }

    /// Lengths, versions and numbers.
    private mutating func changeDigit(_ bytes: inout [UInt8]) {
        let digits = bytes.indices.filter { (0x30...0x39).contains(bytes[$0]) }
        guard !digits.isEmpty else { return }
        bytes[digits[random.below(digits.count)]] = UInt8(0x30 + random.below(10))
    }

    private static let words: [[UInt8]] = [
        "\r\n", "\r\n\r\n", "{", "}", "[", "\"", "\\", "\\u12", "null", "%", "%4", "&", "=", ";",
        "--",
        "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "Content-Encoding: gzip\r\n",
        "Expect: 100-continue\r\n", "Host: a b\r\n", "\u{FEFF}", "\u{0}", "99999999999999999999",
        "-1", ".xml", "?callback=a&", "Connection: close\r\n", "Cookie: ss-id=x;;=;ss-pid\r\n",
    ].map { Array($0.utf8) }

    /// SplitMix64 (Steele, Lea, Flood 2014).
    private struct SplitMix {
        var state: UInt64

        mutating func below(_ bound: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
            return Int((word ^ word >> 31) % UInt64(bound))
        }
    }
}

/// One good request of every kind.
private enum Requests {
    static let all: [[UInt8]] = [
        request(body: Array(PaymentText.body(id: 1).utf8)),
        request(
            line: "POST /mobile/payments/makePayment.json?callback=cb&paymentId=%7B1%7D&v=3",
            ["Content-Type: application/json", "Authorization: Basic dXNlcjpwYXNz"],
            body: Array(#"{"paymentMethod":{"a":{"b":[1,"\"x"]}},"returnUrl":"\u00e9"}"#.utf8)),
        request(
            ["Content-Type: application/x-www-form-urlencoded"],
            body: Array("PaymentId=1111&ClientType=Web&paymentMethod=%7Ba:1%7D".utf8)),
        request(
            ["Content-Type: multipart/form-data; boundary=xx"],
            body: Array(
                ("--xx\r\nContent-Disposition: form-data; name=\"clientType\"\r\n\r\n2\r\n"
                    + "--xx--\r\n").utf8)),
        request(
            ["Content-Type: application/json", "Content-Encoding: deflate"],
            body: [
                0xAB, 0x56, 0x4A, 0xCE, 0xC9, 0x4C, 0xCD, 0x2B, 0x09, 0xA9, 0x2C, 0x48, 0x55, 0xB2,
                0x32, 0xD2, 0x51, 0x2A, 0x4A, 0x2D, 0x29, 0x2D, 0xCA, 0x0B, 0x2D, 0xCA, 0x51, 0xB2,
                0x52, 0x4A, 0x49, 0x53, 0xAA, 0x05, 0x00,
            ]),
        request(
            line: "POST /auth/credentials", ["Content-Type: application/json"],
            body: Array(#"{"userName":"user","password":"pass","rememberMe":true}"#.utf8)),
        request([
            "Authorization: Bearer " + Tokens.signed(#"{"exp":99999999999}"#, secret: "secret"),
            "Cookie: ss-id=AAAAAAAAAAAAAAAAAAAA; ss-opt=perm", "X-ss-id: b",
        ]),
        request(line: "GET /json/reply/MakePaymentRequest?clientType=2"),
        request(line: "OPTIONS /"), request(line: "HEAD //auth//", ["Expect: 100-continue"]),
        Array(
            ("POST /mobile/payments/makePayment HTTP/1.1\r\nHost: a\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n").utf8),
    ]

    private static func request(
        line: String = "POST /mobile/payments/makePayment",
        _ headers: [String] = ["Content-Type: application/json"], body: [UInt8] = []
    ) -> [UInt8] {
        let head =
            ["\(line) HTTP/1.1", "Host: localhost", "Accept: application/json"] + headers
            + ["Content-Length: \(body.count)"]
        return Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
    }
}
