import NIOHTTP1

/// What the admin port answers, for every provider of the service.
///
/// `GET /health`, and for the plain provider `GET /ledger` (JSON), `/ledger/entries` (CSV), `/timing`
/// (JSON), `/timing/payments` (CSV, where times are kept), `/provider` (YAML: the true law), `POST /reset`, `POST /faults/NAME?on=true|false`; for an
/// adapter the same below `/adapters/NAME`.
struct AdminDesk: Sendable {
    struct Document {
        var status: HTTPResponseStatus = .ok
        var type = "text/plain; charset=utf-8"
        var text: String

        static let notFound = Document(status: .notFound, text: "404\n")

        static func json(_ text: String) -> Document {
            Document(type: "application/json; charset=utf-8", text: text)
        }
    }

    let plain: SimulatedProvider
    let adapters: [(name: String, provider: SimulatedProvider)]

    func answer(_ method: HTTPMethod, _ target: String) -> Document {
        let parts = target.split(separator: "?", maxSplits: 1)
        let path = (parts.first ?? "").split(separator: "/").map(String.init)
        let query = parts.count > 1 ? String(parts[1]) : ""
        guard path.first == "adapters", path.count >= 2 else {
            return answer(method, path, query, plain)
        }
        guard let adapter = adapters.first(where: { $0.name == path[1] }) else { return .notFound }
        return answer(method, Array(path.dropFirst(2)), query, adapter.provider)
    }

    private func answer(
        _ method: HTTPMethod, _ path: [String], _ query: String, _ provider: SimulatedProvider
    ) -> Document {
        switch (method, path.joined(separator: "/")) {
        case (.GET, "health"): return Document(text: "ok\n")
        case (.GET, "ledger"): return .json(provider.ledger.counts.json)
        case (.GET, "ledger/entries"):
            return Document(type: "text/csv; charset=utf-8", text: provider.ledger.csv)
        case (.GET, "timing"): return .json(provider.ledger.timing.json)
        case (.GET, "timing/payments"):
            guard let times = provider.ledger.times else { return .notFound }
            return Document(type: "text/csv; charset=utf-8", text: times.csv)
        case (.GET, "provider"): return Document(text: law(of: provider))
        case (.POST, "reset"):
            provider.reset()
            return Document(text: "ok\n")
        case (.POST, _) where path.count == 2 && path[0] == "faults":
            return turn(path[1], query, provider)
        default: return .notFound
        }
    }

    private func turn(_ fault: String, _ query: String, _ provider: SimulatedProvider) -> Document {
        let isOn: Bool
        switch query {
        case "on=true": isOn = true
        case "on=false": isOn = false
        default: return Document(status: .badRequest, text: "on=true or on=false\n")
        }
        guard provider.turn(fault, on: isOn) else {
            let names = provider.provider.faults.map(\.name).joined(separator: ", ")
            return Document(status: .notFound, text: "no such fault; faults: \(names)\n")
        }
        return Document(text: "ok\n")
    }

    /// The provider as it was read, without credentials of any kind.
    private func law(of provider: SimulatedProvider) -> String {
        var described = provider.provider
        (described.credentials, described.tokens, described.login) = (nil, nil, nil)
        described.adapters = []
        return described.documentText
    }
}
