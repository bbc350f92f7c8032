import Yams

/// Turns the parser's nodes into ours: aliases expanded within a budget, keys checked, tags
/// refused.
struct TreeBuilder {
    /// What an alias may stand for.
    private enum Anchored {
        /// Its value is still being built: an alias to it would never end.
        case open
        case built(Node, size: Int, height: Int)
    }

    /// A node with the number of nodes in it and of levels below it, aliases expanded.
    private struct Built {
        var node: Node
        var size = 1
        var height = 1

        mutating func add(_ part: Built) {
            size += part.size
            height = max(height, part.height + 1)
        }
    }

    private struct Refused: Error {}

    private static let mostCompared = 100

    private let draft: Draft
    private let complaints: Complaints
    private var anchors: [String: Anchored] = [:]
    private var spent = 0

    init(draft: Draft, complaints: Complaints) {
        self.draft = draft
        self.complaints = complaints
    }

    /// The tree, with empty values where a complaint was made; nil when it is too large or deep.
    mutating func build(_ root: Yams.Node) -> Node? { try? build(root, level: 1).node }

    private mutating func build(_ node: Yams.Node, level: Int) throws(Refused) -> Built {
        let place = node.mark.map { draft.place(of: Place($0)) } ?? Place(line: 1, column: 1)
        try spend(1, level: level, at: place)
        let anchor = node.anchor?.rawValue
        if let anchor { anchors[anchor] = .open }
        let built = try buildContent(node, at: place, level: level)
        if let anchor {
            anchors[anchor] = .built(built.node, size: built.size, height: built.height)
        }
        return built
    }

    private mutating func buildContent(
        _ node: Yams.Node, at place: Place, level: Int
    ) throws(Refused) -> Built {
        switch node {
        case .scalar(let scalar): return try build(scalar, at: place, level: level)
        case .sequence(let sequence):
            refuseTag(sequence.tag, unless: "tag:yaml.org,2002:seq", at: place)
            return try build(sequence, at: place, level: level)
        case .mapping(let mapping):
            refuseTag(mapping.tag, unless: "tag:yaml.org,2002:map", at: place)
            return try build(mapping, at: place, level: level)
        case .alias: return empty(at: place)
        }
    }

    private mutating func build(
        _ scalar: Yams.Node.Scalar, at place: Place, level: Int
    ) throws(Refused) -> Built {
        let plain = scalar.style == .plain
        if plain, let name = draft.aliasName(scalar.string) {
            return try expand(name, at: place, level: level)
        }
        refuseTag(scalar.tag, unless: plain ? "" : "tag:yaml.org,2002:str", at: place)
        let value = Scalar(text: draft.restored(scalar.string), quoted: !plain)
        return Built(node: Node(place: place, content: .scalar(value)))
    }

    private mutating func expand(
        _ name: String, at place: Place, level: Int
    ) throws(Refused) -> Built {
        switch anchors[name] {
        case .built(var node, let size, let height):
            try spend(size, level: level + height - 1, at: place)
            node.place = place
            return Built(node: node, size: size, height: height)
        case .open: complaints.add(SyntaxProblem.cyclicAlias(name), at: place)
        case nil:
            // Sorted and compared for each such alias: no more of them than people make.
            let known = anchors.count <= Self.mostCompared ? anchors.keys.sorted() : []
            complaints.add(SyntaxProblem.undefinedAlias(name, anchors: known), at: place)
        }
        return empty(at: place)
    }

    private mutating func build(
        _ sequence: Yams.Node.Sequence, at place: Place, level: Int
    ) throws(Refused) -> Built {
        var nodes: [Node] = []
        var whole = empty(at: place)
        for element in sequence {
            let part = try build(element, level: level + 1)
            whole.add(part)
            nodes.append(part.node)
        }
        whole.node.content = .sequence(nodes)
        return whole
    }

    private mutating func build(
        _ mapping: Yams.Node.Mapping, at place: Place, level: Int
    ) throws(Refused) -> Built {
        var entries: [Node.Entry] = []
        var places: [String: Place] = [:]
        var whole = empty(at: place)
        for (key, value) in mapping {
            let keyPlace = key.mark.map { draft.place(of: Place($0)) } ?? place
            let part = try build(value, level: level + 1)
            whole.add(part)
            guard let key = read(key: key, at: keyPlace) else { continue }
            if let first = places[key] {
                complaints.add(KeyProblem.duplicate(key, first: first), at: keyPlace)
                continue
            }
            places[key] = keyPlace
            entries.append(Node.Entry(key: key, keyPlace: keyPlace, value: part.node))
        }
        whole.node.content = .mapping(entries)
        return whole
    }

    private func read(key: Yams.Node, at place: Place) -> String? {
        guard case .scalar(let scalar) = key,
            scalar.style != .plain || draft.aliasName(scalar.string) == nil
        else {
            complaints.add(SyntaxProblem.collectionKey, at: place)
            return nil
        }
        let text = draft.restored(scalar.string)
        if scalar.style == .plain, text == "<<" {
            complaints.add(SyntaxProblem.mergeKey, at: place)
            return nil
        }
        refuseTag(scalar.tag, unless: "tag:yaml.org,2002:str", at: place)
        return text
    }

    /// Quoted scalars, and keys that were compared, bear the tag of their kind untagged.
    private func refuseTag(_ tag: Tag, unless usual: String, at place: Place) {
        let name = tag.description
        if name.isEmpty || name == usual || draft.isOwn(tag: name) { return }
        complaints.add(SyntaxProblem.tag(draft.restored(tag: name)), at: place)
    }

    private mutating func spend(_ nodes: Int, level: Int, at place: Place) throws(Refused) {
        spent += nodes
        if spent > Document.mostNodes {
            complaints.add(SyntaxProblem.tooManyNodes(limit: Document.mostNodes), at: place)
            throw Refused()
        }
        if level > Document.deepestLevel {
            complaints.add(SyntaxProblem.tooDeep(limit: Document.deepestLevel), at: place)
            throw Refused()
        }
    }

    private func empty(at place: Place) -> Built {
        let nothing = Scalar(text: "", quoted: false)
        return Built(node: Node(place: place, content: .scalar(nothing)))
    }
}
