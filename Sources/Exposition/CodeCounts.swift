import Payments
import Results

/// How often each code of an outcome came. Codes are the service's own words, and each is a series that
/// whoever scrapes has to keep: so the first fifty have one each, and the rest are `other`.
struct CodeCounts: Sendable {
    struct Key: Hashable, Sendable {
        var outcome: Outcome
        var code: String
    }

    static let most = 50
    static let longest = 100
    private static let rest = "other"

    private var counts: [[Key: Int]] = []
    /// In the order in which they came.
    private(set) var keys: [Key] = []

    /// - Parameter group: a number from 0 on; counts are apart, the limit is for all.
    mutating func add(_ codes: [Interval.Code: Int], group: Int) {
        while counts.count <= group { counts.append([:]) }
        let sorted = codes.sorted {
            ($0.key.code, $0.key.httpStatus ?? 0) < ($1.key.code, $1.key.httpStatus ?? 0)
        }
        for (code, count) in sorted where count > 0 {
            counts[group][key(of: code), default: 0] += count
        }
    }

    func count(_ key: Key, group: Int) -> Int {
        counts.indices.contains(group) ? counts[group][key] ?? 0 : 0
    }

    private mutating func key(of code: Interval.Code) -> Key {
        let text = String(code.code.printable.prefix(Self.longest))
        let key = Key(outcome: code.outcome, code: text)
        if keys.contains(key) { return key }
        let hasRoom = keys.count { $0.code != Self.rest } < Self.most
        let kept = hasRoom ? key : Key(outcome: code.outcome, code: Self.rest)
        if !keys.contains(kept) { keys.append(kept) }
        return kept
    }
}
