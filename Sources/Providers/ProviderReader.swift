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
        _ = fields.read(.version, by: .word([("1", 1)]))
        let behaviour = fields.read(.preset, by: Rule<Preset>.word)?.provider ?? Provider()
        var provider = ProviderBehaviour(fields).read(in: Provider(), over: behaviour)
        provider.name = fields.read(.name, by: .label) ?? provider.name
        provider.adapters = fields.read(.adapters, by: .adapters(of: provider)) ?? []
        return provider
    }

    /// Whether the file's keys are a provider's and not a scenario's; false when it can't be read.
    package static func isProvider(bytes: [UInt8]) -> Bool {
        let document = Document.read(bytes: bytes, complaints: Complaints(file: ""))
        guard case .mapping(let entries)? = document?.root.content else { return false }
        let keys = Set(entries.map(\.key))
        let foreign: Set = ["target", "payments", "load"]
        let own = Set(ProviderKey.allCases.map(\.rawValue)).subtracting([
            "version", "name", "seed", "limits", "adapters",
        ])
        return keys.isDisjoint(with: foreign)
            && (!keys.isDisjoint(with: own) || keys.contains("adapters"))
    }
}

enum ProviderKey: String, FieldKey {
    case version, name, seed, auth, service, preset, latency, stall, answers, drops, limits, faults
    case `repeat`
    case ledgerEntries = "ledger_entries"
    case adapters
}

/// The keys that say what a provider does; those of a file and of an adapter are the same.
struct ProviderBehaviour<Key: FieldKey> {
    let fields: Fields<Key>

    init(_ fields: Fields<Key>) { self.fields = fields }

    /// - Parameters:
    ///   - host: whose credentials and service hold where none are given.
    ///   - base: what else holds where the file says nothing: a preset, or nothing special.
    func read(in host: Provider, over base: Provider) -> Provider {
        var read = base
        read.seed = value(.seed, by: .integer(in: 0...UInt64.max))
        (read.credentials, read.tokens, read.login) =
            value(.auth, by: .providerAuth) ?? (host.credentials, host.tokens, host.login)
        read.service = value(.service, by: .serviceSettings(over: host.service)) ?? host.service
        read.latency = value(.latency, by: .latency(over: base.latency)) ?? base.latency
        read.stall = value(.stall, by: .stall)
        read.answers = value(.answers, by: Rule.scriptedAnswer.list) ?? []
        read.drops = value(.drops, by: Rule.scriptedDrop.list) ?? []
        read.limits = value(.limits, by: .limits) ?? base.limits
        read.faults = value(.faults, by: .faults) ?? []
        read.repeats = value(.repeat, by: Rule<RepeatPolicy>.word) ?? base.repeats
        let entries = Rule<Int>.integer(in: 1...100_000_000)
        read.ledgerEntries = value(.ledgerEntries, by: entries) ?? base.ledgerEntries
        checkShares(of: read)
        return read
    }

    private func node(_ key: ProviderKey) -> Node? {
        Key(rawValue: key.rawValue).flatMap { fields[$0] }
    }

    private func value<Value>(_ key: ProviderKey, by rule: Rule<Value>) -> Value? {
        Key(rawValue: key.rawValue).flatMap { fields.read($0, by: rule) }
    }

    private func checkShares(of provider: Provider) {
        let sum = provider.scriptedShare
        // Decimal shares that add up to the whole may miss it by a rounding error.
        guard sum > 1 + 1e-9 else { return }
        let place = (node(.answers) ?? node(.drops))?.place
        fields.complaints.add(ProviderProblem.sharesExceedWhole(sum), at: place)
    }
}

extension Provider {
    /// The part of all payments that is not simply accepted.
    package var scriptedShare: Double {
        answers.reduce(0) { $0 + $1.share } + drops.reduce(0) { $0 + $1.share }
    }
}
