/// A mapping whose keys are known: unknown and missing ones are complained about when it is made.
package struct Fields<Key: FieldKey> {
    /// Of the mapping itself.
    package let place: Place
    package let complaints: Complaints
    private let nodes: [Key: Node]

    /// nil, with a complaint, when the node is no mapping.
    fileprivate init?(_ node: Node, complaints: Complaints) {
        guard case .mapping(let entries) = node.content else {
            let allowed = "a mapping with the keys \(list(Self.allowed))"
            complaints.add(
                ValueProblem.wrongType(read: node.content, allowed: allowed), at: node.place)
            return nil
        }
        place = node.place
        self.complaints = complaints
        nodes = Self.sort(entries, complaints: complaints)
        let required = Key.required
        for key in Key.allCases where required.contains(key) && nodes[key] == nil {
            complaints.add(KeyProblem.missing(key.rawValue), at: place)
        }
    }

    /// No key of the format is there.
    package var isEmpty: Bool { nodes.isEmpty }

    package subscript(key: Key) -> Node? { nodes[key] }

    /// The value under a key; nil when there is none, and with a complaint when it breaks the rule.
    ///
    /// - Precondition: the rule allows what the key's description says.
    package func read<Value>(_ key: Key, by rule: Rule<Value>) -> Value? {
        guard let node = nodes[key] else { return nil }
        assert(rule.shape == key.field.shape, "\(Key.self).\(key) is described as it is read")
        return rule.read(node, complaints)
    }

    /// The only key of a mapping that makes a choice; nil with a complaint for none or several.
    package func onlyKey() -> Key? {
        let read = Key.allCases.filter { nodes[$0] != nil }
        if read.count == 1 { return read[0] }
        let problem = KeyProblem.exactlyOne(read: read.map(\.rawValue), allowed: Self.allowed)
        complaints.add(problem, at: place)
        return nil
    }

    private static var allowed: [String] { Key.allCases.map(\.rawValue) }

    private static func sort(
        _ entries: [Node.Entry], complaints: Complaints
    ) -> [Key: Node] {
        var nodes: [Key: Node] = [:]
        for entry in entries {
            if let key = Key(rawValue: entry.key) {
                nodes[key] = entry.value
            } else {
                complaints.add(KeyProblem.unknown(entry.key, allowed: allowed), at: entry.keyPlace)
            }
        }
        return nodes
    }
}

extension Rule {
    /// The mapping itself, for readers that take it apart piece by piece.
    package static func fields<Key: FieldKey>() -> Rule where Value == Fields<Key> {
        .mapping { $0 }
    }

    /// A mapping with the keys of `Key`; `read` is given it once its keys are known to be right.
    package static func mapping<Key: FieldKey>(
        _ read: @escaping (Fields<Key>) -> Value?
    ) -> Rule {
        Rule(.object(Key.self)) { node, complaints in
            Fields(node, complaints: complaints).flatMap(read)
        }
    }
}
