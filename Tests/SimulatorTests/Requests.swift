import Glibc
import Providers
import Simulator
import Testing

/// A makePayment request as text; the defaults make a valid payment.
struct PaymentText {
    var line = "POST /mobile/payments/makePayment HTTP/1.1"
    var headers = ["Accept: application/json", "Content-Type: application/json"]
    var id = 1
    var body: String?

    static func body(id: Int) -> String {
        let digits = String(id, radix: 16)
        let padded = String(repeating: "0", count: 32 - digits.count) + digits
        return #"{"paymentId":"\#(padded)","paymentMethod":{"type":"scheme"},"clientType":1}"#
    }

    var text: String {
        let body = body ?? Self.body(id: id)
        let head = [line, "Host: localhost"] + headers + ["Content-Length: \(body.utf8.count)"]
        return head.joined(separator: "\r\n") + "\r\n\r\n" + body
    }
}

extension Provider {
    static func scripted(_ change: (inout Provider) -> Void = { _ in }) -> Provider {
        var provider = Provider()
        provider.seed = 20_240_611
        change(&provider)
        return provider
    }
}

/// Runs `work` against a fresh simulator and stops it whatever happens.
func withSimulator(
    _ provider: Provider = .scripted(), threads: Int = 1,
    limits: ConnectionLimits = ConnectionLimits(), keepsTimes: Bool = false,
    _ work: (SimulatorServer) throws -> Void
) async throws {
    var settings = SimulatorSettings(provider: provider)
    settings.threads = threads
    settings.connections = limits
    settings.keepsTimes = keepsTimes
    let server = try await SimulatorServer.start(settings)
    do {
        try work(server)
    } catch {
        await server.stop()
        throw error
    }
    await server.stop()
}

/// Sends one request on a connection of its own.
func ask(_ server: SimulatorServer, _ request: PaymentText) throws -> BlockingClient.Answer? {
    let client = try BlockingClient(port: server.port)
    client.send(request.text)
    return try client.answer()
}

/// The ledger's entry of the payment `ask` sends by this id.
func entry(_ server: SimulatorServer, _ id: Int) -> Ledger.Entry? {
    server.ledger[PaymentID(high: 0, low: UInt64(id))]
}

func admin(
    _ server: SimulatorServer, _ path: String, _ method: String = "GET"
) throws -> BlockingClient.Answer? {
    let client = try BlockingClient(port: server.adminPort)
    client.send("\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return try client.answer()
}

/// Asks on a connection of its own and expects this status.
func expect(
    _ status: Int, from server: SimulatorServer, _ request: PaymentText,
    at place: SourceLocation = #_sourceLocation
) throws {
    let answer = try ask(server, request)
    #expect(answer?.status == status, sourceLocation: place)
}

/// The same of the admin port.
func expectAdmin(
    _ status: Int, from server: SimulatorServer, _ path: String, _ method: String = "GET",
    at place: SourceLocation = #_sourceLocation
) throws {
    let answer = try admin(server, path, method)
    #expect(answer?.status == status, sourceLocation: place)
}

struct NeverHappened: Error {}

/// Asks again and again until it is so; a minute at most.
func wait(until isSo: () -> Bool) throws {
    for _ in 1...60_000 {
        if isSo() { return }
        usleep(1000)
    }
    throw NeverHappened()
}
