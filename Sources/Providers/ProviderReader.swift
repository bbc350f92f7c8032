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
        rule(from: origin).read(node, complaints)
    }

    /// What a file of its own looks like.
    package static var shape: Shape {
        guard case .object(var object) = rule(from: .file).shape else {
            preconditionFailure("a provider is a mapping")
        }
        object.required.insert("version")
        return .object(object)
    }

    package static func rule(from origin: Origin) -> Rule<Provider> {
        .mapping { (fields: Fields<ProviderKey>) in
            if origin == .file, fields[.version] == nil {
                fields.complaints.add(KeyProblem.missing("version"), at: fields.place)
            }
            _ = fields.read(.version, by: .providerVersion)
            let behaviour = fields.read(.preset, by: Rule<Preset>.word)?.provider ?? Provider()
            var provider = ProviderBehaviour(fields).read(in: Provider(), over: behaviour)
            provider.name = fields.read(.name, by: .label) ?? provider.name
            provider.adapters = fields.read(.adapters, by: .adapters(of: provider)) ?? []
            return provider
        }
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

    var field: Field {
        switch self {
        case .version:
            Field("Of this format; a file of its own has to say it.", Rule.providerVersion)
        case .name: Field("What the provider is called in reports.", Rule.label, example: "card")
        case .seed:
            Field(
                "Of every random choice.", Rule.providerSeed,
                .otherwise("drawn, or the scenario's"), example: "42")
        case .auth: Field("What it asks for, any of several.", Rule.providerAuth)
        case .service:
            Field("How requests are read.", Rule.serviceSettings(over: ServiceSettings()))
        case .preset:
            Field("A provider by name; what the file says besides beats it.", Rule<Preset>.word)
        case .latency:
            Field("How long it takes: one law.", Rule.latency(over: Latency()), .otherwise("none"))
        case .stall: Field("For a time nothing is read and answered.", Rule.stall)
        case .answers:
            Field("What is not simply accepted: shares of all payments.", Rule.scriptedAnswer.list)
        case .drops:
            Field("Connections closed without an answer.", Rule.scriptedDrop.list)
        case .limits: Field("What it lets in.", Rule.limits)
        case .faults: Field("What goes wrong now and then.", Rule.faults)
        case .repeat:
            Field(
                "What a PaymentId gets that was there before.", Rule<RepeatPolicy>.word,
                .defaultsTo("charge_twice"))
        case .ledgerEntries:
            Field(
                "PaymentIds that the ledger has room for, 48 bytes each.", Rule.ledgerEntries,
                .defaultsTo("2000000"))
        case .adapters:
            Field("Further providers, each by its name.", Rule.adapters(of: Provider()))
        }
    }
}

extension Rule where Value == Int {
    fileprivate static var providerVersion: Rule { .word([("1", 1)]) }
    fileprivate static var ledgerEntries: Rule { .integer(in: 1...100_000_000) }
}

extension Rule where Value == UInt64 {
    fileprivate static var providerSeed: Rule { .integer(in: 0...UInt64.max) }
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
        read.seed = value(.seed, by: .providerSeed)
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
        read.ledgerEntries = value(.ledgerEntries, by: .ledgerEntries) ?? base.ledgerEntries
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
