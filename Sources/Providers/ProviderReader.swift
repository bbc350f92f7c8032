import Documents
import Payments

/// Reads the provider file, or the same tree inside a scenario, into a `Provider`.
package enum ProviderReader {
    /// Where the tree stands: a file of its own has to say its `version`.
    package enum Origin: Sendable { case file, scenario }

    /// - Parameter name: how complaints call the file.
    package static func read(bytes: [UInt8], name: String) throws(DocumentError) -> Provider {
        let complaints = Complaints(file: name)
        let document = Document.read(bytes: bytes, complaints: complaints)
        let provider = document.flatMap { read($0.root, from: .file, complaints: complaints) }
        try complaints.check()
        guard let provider else { throw DocumentError(file: name, place: nil, FileProblem.empty) }
        return provider
    }

    package static func read(path: String) throws(DocumentError) -> Provider {
        try read(bytes: documentBytes(path: path, name: path), name: path)
    }

    /// Complete whenever nothing was added to the complaints.
    package static func read(
        _ node: Node, from origin: Origin, complaints: Complaints
    ) -> Provider? {
        let required: Set<ProviderKey> = origin == .file ? [.version] : []
        guard let fields = Fields(node, required: required, complaints: complaints) else {
            return nil
        }
        var provider = Provider()
        _ = fields.read(.version, by: .word([("1", 1)]))
        provider.name = fields.read(.name, by: .label) ?? provider.name
        provider.seed = fields.read(.seed, by: .integer(in: 0...UInt64.max))
        if let auth = fields.read(.auth, by: .providerAuth) {
            (provider.credentials, provider.tokens, provider.login) = auth
        }
        provider.service = fields.read(.service, by: .serviceSettings) ?? provider.service
        provider.latency = fields.read(.latency, by: .latencyLaw) ?? provider.latency
        provider.stall = fields.read(.stall, by: .stall)
        provider.answers = fields.read(.answers, by: Rule.scriptedAnswer.list) ?? []
        provider.drops = fields.read(.drops, by: Rule.scriptedDrop.list) ?? []
        checkShares(of: provider, fields)
        return provider
    }

    private static func checkShares(of provider: Provider, _ fields: Fields<ProviderKey>) {
        let sum = provider.scriptedShare
        // Decimal shares that add up to the whole may miss it by a rounding error.
        guard sum > 1 + 1e-9 else { return }
        let place = (fields[.answers] ?? fields[.drops])?.place
        fields.complaints.add(ProviderProblem.sharesExceedWhole(sum), at: place)
    }
}

enum ProviderKey: String, FieldKey {
    case version, name, seed, auth, service, latency, stall, answers, drops
}

extension Provider {
    /// The part of all payments that is not simply accepted.
    package var scriptedShare: Double {
        answers.reduce(0) { $0 + $1.share } + drops.reduce(0) { $0 + $1.share }
    }
}
