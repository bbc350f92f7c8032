import Payments

/// Numbers the codes that one worker meets, so that counting one is an increment.
///
/// A code's first sight builds its text; every later one compares a hash. Bounded: a
/// target that makes up a new code for each answer gets one entry for all beyond the limit.
package struct CodeTable: Sendable {
    package struct Entry: Sendable, Equatable, Hashable {
        package var outcome: Outcome
        package var code: String
        /// nil where no answer came.
        package var httpStatus: Int?
        package var field: String?
    }

    /// What an answer or a failure says, before it has a text.
    enum Source {
        case service(code: UnsafeRawBufferPointer, field: UnsafeRawBufferPointer?)
        /// The answer has no code of its own.
        case status
        /// libcurl's name, or ours, for what happened; `number` tells names apart.
        case named(String, number: UInt64)
    }

    private static let most = 512
    private static let longestText = 200

    private var hashes: [UInt64] = []
    package private(set) var entries: [Entry] = []

    package init() {}

    mutating func index(of source: Source, outcome: Outcome, status: Int) -> Int {
        let hash = Self.hash(of: source, outcome: outcome, status: status)
        if let known = hashes.firstIndex(of: hash) { return known }
        guard entries.count < Self.most else { return others(outcome: outcome) }
        return insert(Self.entry(of: source, outcome: outcome, status: status), hash: hash)
    }

    private mutating func others(outcome: Outcome) -> Int {
        let hash = UInt64(outcome.rawValue)
        let entry = Entry(outcome: outcome, code: "(further codes)", httpStatus: nil, field: nil)
        return hashes.lastIndex(of: hash) ?? insert(entry, hash: hash)
    }

    private mutating func insert(_ entry: Entry, hash: UInt64) -> Int {
        hashes.append(hash)
        entries.append(entry)
        return entries.count - 1
    }

    /// FNV-1a over what makes a code: 64 bits, so that different ones of a run do not meet.
    static func hash(of source: Source, outcome: Outcome, status: Int) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func take(_ value: UInt64) { hash = (hash ^ value) &* 0x0100_0000_01B3 }
        take(UInt64(outcome.rawValue))
        take(UInt64(truncatingIfNeeded: status) &+ 1_000)
        switch source {
        case .service(let code, let field):
            for byte in code { take(UInt64(byte)) }
            take(256)
            if let field { for byte in field { take(UInt64(byte)) } }
        case .status: take(257)
        case .named(_, let number):
            take(258)
            take(number)
        }
        return Mix.scramble(hash)
    }

    private static func entry(of source: Source, outcome: Outcome, status: Int) -> Entry {
        let httpStatus = status > 0 ? status : nil
        switch source {
        case .service(let code, let field):
            return Entry(
                outcome: outcome, code: text(code), httpStatus: httpStatus,
                field: field.map(text))
        case .status:
            return Entry(
                outcome: outcome, code: "HTTP \(status)", httpStatus: httpStatus, field: nil)
        case .named(let name, _):
            return Entry(outcome: outcome, code: name, httpStatus: httpStatus, field: nil)
        }
    }

    private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        String(String.UnicodeScalarView(JSONText.decoded(bytes).unicodeScalars.prefix(longestText)))
    }
}
