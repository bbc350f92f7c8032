import Payments

/// `null` in the file where there is no value, instead of a missing key: a reader of the contract
/// finds every key always. A key that is missing, in a file of an older version, reads as no value.
@propertyWrapper
package struct NullWhenNone<Value: Codable & Sendable & Equatable>: Codable, Sendable, Equatable {
    package var wrappedValue: Value?

    package init(wrappedValue: Value?) {
        self.wrappedValue = wrappedValue
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        wrappedValue = container.decodeNil() ? nil : try container.decode(Value.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wrappedValue)
    }
}

extension KeyedDecodingContainer {
    func decode<Value>(_ type: NullWhenNone<Value>.Type, forKey key: Key) throws
        -> NullWhenNone<Value>
    {
        try decodeIfPresent(type, forKey: key) ?? NullWhenNone(wrappedValue: nil)
    }
}

/// An outcome is its name in every file, as a value and as a key.
extension Outcome: Codable, CodingKeyRepresentable {
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    package var codingKey: any CodingKey { Name(stringValue: name) }

    package init?(codingKey: some CodingKey) {
        self.init(name: codingKey.stringValue)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let name = try container.decode(String.self)
        guard let outcome = Outcome(name: name) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\(name) is no outcome")
        }
        self = outcome
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}

/// `{"kind": "completed"}`, `{"kind": "interrupted", "signal": "SIGINT"}`,
/// `{"kind": "guard_rail", "limit": "…"}`, `{"kind": "judged", "reason": "…"}`,
/// `{"kind": "failed", "reason": "…"}`, `{"kind": "killed"}`.
extension Ending: Codable {
    private enum Kind: String, Codable {
        case completed, interrupted, judged, failed, killed
        case guardRail = "guard_rail"
    }

    private enum CodingKeys: String, CodingKey { case kind, signal, limit, reason }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        switch try container.decode(Kind.self, forKey: .kind) {
        case .completed: self = .completed
        case .interrupted:
            let name = try container.decode(String.self, forKey: .signal)
            self = .interrupted(name == Signal.terminate.name ? .terminate : .interrupt)
        case .guardRail: self = .guardRail(try container.decode(String.self, forKey: .limit))
        case .judged: self = .judged(try container.decode(String.self, forKey: .reason))
        case .killed: self = .killed
        case .failed: self = .failed(try container.decode(String.self, forKey: .reason))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .completed: try container.encode(Kind.completed, forKey: .kind)
        case .interrupted(let signal):
            try container.encode(Kind.interrupted, forKey: .kind)
            try container.encode(signal.name, forKey: .signal)
        case .guardRail(let limit):
            try container.encode(Kind.guardRail, forKey: .kind)
            try container.encode(limit, forKey: .limit)
        case .judged(let reason):
            try container.encode(Kind.judged, forKey: .kind)
            try container.encode(reason, forKey: .reason)
        case .killed: try container.encode(Kind.killed, forKey: .kind)
        case .failed(let reason):
            try container.encode(Kind.failed, forKey: .kind)
            try container.encode(reason, forKey: .reason)
        }
    }
}

extension Ending.Signal {
    package var name: String {
        switch self {
        case .interrupt: "SIGINT"
        case .terminate: "SIGTERM"
        }
    }
}

/// `{"model": "open", "rate_per_s": 500, "arrivals": "poisson"}`, `{"model": "closed", "users": 50}`.
extension PhaseRecord.Model: Codable {
    private enum Kind: String, Codable { case open, closed }

    private enum CodingKeys: String, CodingKey {
        case model, arrivals, users, shape
        case ratePerSecond = "rate_per_s"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        switch try container.decode(Kind.self, forKey: .model) {
        case .open:
            self = .open(
                ratePerSecond: try container.decode(Double.self, forKey: .ratePerSecond),
                process: try container.decode(String.self, forKey: .arrivals),
                shape: try container.decodeIfPresent(String.self, forKey: .shape))
        case .closed: self = .closed(users: try container.decode(Int.self, forKey: .users))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .open(let ratePerSecond, let process, let shape):
            try container.encode(Kind.open, forKey: .model)
            try container.encode(ratePerSecond, forKey: .ratePerSecond)
            try container.encode(process, forKey: .arrivals)
            try container.encodeIfPresent(shape, forKey: .shape)
        case .closed(let users):
            try container.encode(Kind.closed, forKey: .model)
            try container.encode(users, forKey: .users)
        }
    }
}
