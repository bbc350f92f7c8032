import Foundation
import Scraping
import Testing

/// One connection to the loopback, with time limits.
private final class Visitor {
    private let socket: Int32

    init(port: UInt16, host: UInt32 = UInt32(INADDR_LOOPBACK)) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(
            socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = host.bigEndian
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else {
            close(socket)
            throw Refused()
        }
    }

    struct Refused: Error {}

    deinit { close(socket) }

    func say(_ text: String) { say(Array(text.utf8)) }

    func say(_ bytes: [UInt8]) { _ = send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

    /// All that comes until the other side ends.
    func listen() -> String {
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(socket, &buffer, buffer.count, 0)
            guard count > 0 else { return String(decoding: answer, as: UTF8.self) }
            answer += buffer[..<count]
        }
    }
}

@Suite(.serialized) struct EndpointTests {
    private let endpoint: ScrapeEndpoint

    init() throws {
        endpoint = try ScrapeEndpoint(port: 0)
        endpoint.serve { ScrapePage(contentType: "text/x", text: "for \($0 ?? "nobody")\n") }
    }

    private func answer(_ request: String) throws -> String {
        let visitor = try Visitor(port: endpoint.port)
        visitor.say(request)
        return visitor.listen()
    }

    @Test func whoAsksForThePageGetsIt() throws {
        defer { endpoint.close() }
        let answer = try answer("GET /metrics HTTP/1.1\r\nHost: x\r\naCCept: text/plain\r\n\r\n")
        #expect(
            answer.hasPrefix("HTTP/1.1 200 OK\r\nContent-Type: text/x\r\nContent-Length: 16\r\n"))
        #expect(answer.hasSuffix("\r\n\r\nfor  text/plain\n"))
        #expect(try self.answer("GET /metrics?x=1 HTTP/1.0\n\n").hasSuffix("\r\n\r\nfor nobody\n"))
        let head = try self.answer("HEAD /metrics HTTP/1.1\r\n\r\n")
        #expect(head.contains("Content-Length: 11\r\n") && head.hasSuffix("\r\n\r\n"))
    }

    private static let refused = [
        ("POST /metrics HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello", "405"),
        ("get /metrics HTTP/1.1\r\n\r\n", "405"),
        ("GET / HTTP/1.1\r\n\r\n", "404"),
        ("GET /metrics/ HTTP/1.1\r\n\r\n", "404"),
        ("GET /metrics HTTP/2.0\r\n\r\n", "505"),
        ("GET /metrics\r\n\r\n", "400"),
        ("GET  /metrics HTTP/1.1\r\n\r\n", "400"),
        ("\r\n\r\n", "400"),
        ("GET /metrics HTTP/1.1\r\n" + String(repeating: "X: y\r\n", count: 3000) + "\r\n", "431"),
    ]

    @Test func whatIsNoScrapeIsRefused() throws {
        defer { endpoint.close() }
        for (request, status) in Self.refused {
            #expect(try answer(request).hasPrefix("HTTP/1.1 \(status) "), "\(request.prefix(40))")
        }
    }

    @Test func aRequestMayComeInPieces() throws {
        defer { endpoint.close() }
        let visitor = try Visitor(port: endpoint.port)
        for byte in "GET /metrics HTTP/1.1\r\n\r\n".utf8 { visitor.say([byte]) }
        #expect(visitor.listen().hasPrefix("HTTP/1.1 200 OK\r\n"))
    }

    /// One that says nothing is let go, and nobody waits behind it for ever.
    @Test func aSilentVisitorDoesNotKeepOthersOut() throws {
        defer { endpoint.close() }
        let silent = try Visitor(port: endpoint.port)
        silent.say("GET /met")
        #expect(try answer("GET /metrics HTTP/1.1\r\n\r\n").hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(silent.listen().isEmpty)
    }

    @Test func aSilentVisitorDoesNotHoldUpTheEnd() throws {
        let silent = try Visitor(port: endpoint.port)
        endpoint.close()
        endpoint.close()
        #expect(silent.listen().isEmpty)
        #expect(throws: Visitor.Refused.self) { _ = try Visitor(port: endpoint.port) }
    }

    /// 127.0.0.2 is this machine too, as any of its addresses is.
    @Test func onlyTheLoopbackAddressIsListenedTo() throws {
        defer { endpoint.close() }
        #expect(throws: Visitor.Refused.self) {
            _ = try Visitor(port: endpoint.port, host: 0x7F00_0002)
        }
    }

    @Test func aPortThatIsTakenIsRefused() throws {
        defer { endpoint.close() }
        let refusal = #expect(throws: ScrapeEndpoint.Refusal.self) {
            _ = try ScrapeEndpoint(port: endpoint.port)
        }
        #expect(refusal?.isPortTaken == true && refusal?.port == endpoint.port)
    }

    @Test func anythingAtAllIsSurvived() throws {
        defer { endpoint.close() }
        let seed = UInt64.random(in: 0...UInt64.max)
        var state = seed
        for _ in 0..<40 {
            let visitor = try Visitor(port: endpoint.port)
            let bytes = (0..<Int(state % 600)).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 33)
            }
            visitor.say(bytes + Array("\r\n\r\n".utf8))
            _ = visitor.listen()
        }
        let answer = try answer("GET /metrics HTTP/1.1\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"), "seed \(seed)")
    }
}
