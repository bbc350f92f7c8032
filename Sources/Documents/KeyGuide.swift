/// The keys of a format by their paths, such as `load.rate.from`: lists and the names of mappings that
/// the file chooses need not be said.
package struct KeyGuide {
    /// What a path leads to.
    package struct Entry: Sendable, Equatable {
        /// With `NAME` for names that the file chooses.
        package var path: String
        package var member: ObjectShape.Member
        /// The keys that it has itself.
        package var below: [ObjectShape.Member]
    }

    private let root: Shape

    package init(_ root: Shape) { self.root = root }

    /// Every key, parents in front of their children.
    package var entries: [Entry] { Self.distinct(Self.entries(in: root, at: "")) }

    /// What stands at a path; empty for none, several where the same key is read in different ways.
    package func entries(at path: String) -> [Entry] {
        let steps = path.split(separator: ".", omittingEmptySubsequences: false)
            .map { $0.hasSuffix("[]") ? String($0.dropLast(2)) : String($0) }
        return Self.distinct(Self.entries(in: root, behind: steps[...], at: "", [:]))
    }

    /// Where a mapping has several forms, a key that they share once.
    private static func distinct(_ entries: [Entry]) -> [Entry] {
        var seen: Set<[String]> = []
        return entries.filter { seen.insert([$0.path, $0.member.documentation]).inserted }
    }

    /// Paths that may have been meant: those that end with it, else the nearest by spelling.
    package func suggestions(for path: String) -> [String] {
        let all = entries.map(\.path)
        let ending = all.filter { $0.hasSuffix("." + path) }
        if !ending.isEmpty { return Self.shortestFirst(Self.unique(ending)) }
        if let near = nearestWord(to: path, in: all) { return [near] }
        let word = path.split(separator: ".").last.map(String.init) ?? path
        let keys = Self.unique(entries.map(\.member.key))
        guard let near = nearestWord(to: word, in: keys) else { return [] }
        return Self.shortestFirst(
            Self.unique(all.filter { $0 == near || $0.hasSuffix("." + near) }))
    }

    private static func shortestFirst(_ paths: [String]) -> [String] {
        let depths = paths.enumerated().sorted { left, right in
            let (a, b) = (left.element.split(separator: "."), right.element.split(separator: "."))
            return (a.count, left.offset) < (b.count, right.offset)
        }
        return depths.map(\.element)
    }

    private static func unique(_ words: [String]) -> [String] {
        var seen: Set<String> = []
        return words.filter { seen.insert($0).inserted }
    }

    private static func join(_ path: String, _ key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }

    private static func entries(in shape: Shape, at path: String) -> [Entry] {
        switch shape {
        case .object(let object):
            object.members.flatMap { member in
                let path = join(path, member.key)
                return [Entry(path: path, member: member, below: member.shape.members)]
                    + entries(in: member.shape, at: path)
            }
        case .list(let element, _), .recursive(_, let element): entries(in: element, at: path)
        case .map(let element, _, _): entries(in: element, at: join(path, "NAME"))
        case .oneOf(let shapes): shapes.flatMap { entries(in: $0, at: path) }
        case .text, .words, .null, .boolean, .anyNumber, .integer, .number, .quantity, .again: []
        }
    }

    /// - Parameter around: shapes that this one stands in, by name.
    private static func entries(
        in shape: Shape, behind steps: ArraySlice<String>, at path: String,
        _ around: [String: Shape]
    ) -> [Entry] {
        guard let step = steps.first else { return [] }
        switch shape {
        case .object(let object):
            guard let member = object[step] else { return [] }
            let path = join(path, step)
            if steps.count == 1 {
                return [Entry(path: path, member: member, below: member.shape.members)]
            }
            return entries(in: member.shape, behind: steps.dropFirst(), at: path, around)
        case .list(let element, _): return entries(in: element, behind: steps, at: path, around)
        case .map(let element, _, _):
            let path = join(path, "NAME")
            let direct = entries(in: element, behind: steps, at: path, around)
            if !direct.isEmpty { return direct }
            return entries(in: element, behind: steps.dropFirst(), at: path, around)
        case .oneOf(let shapes):
            return shapes.flatMap { entries(in: $0, behind: steps, at: path, around) }
        case .recursive(let name, let inner):
            let around = around.merging([name: inner]) { $1 }
            return entries(in: inner, behind: steps, at: path, around)
        case .again(let name):
            return around[name].map { entries(in: $0, behind: steps, at: path, around) } ?? []
        case .text, .words, .null, .boolean, .anyNumber, .integer, .number, .quantity: return []
        }
    }
}

extension Shape {
    /// The keys of the mappings that a value may be, those in lists and behind names included.
    fileprivate var members: [ObjectShape.Member] {
        switch self {
        case .object(let object): object.members
        case .list(let element, _), .map(let element, _, _), .recursive(_, let element):
            element.members
        case .oneOf(let shapes): shapes.flatMap(\.members)
        case .text, .words, .null, .boolean, .anyNumber, .integer, .number, .quantity, .again: []
        }
    }
}
