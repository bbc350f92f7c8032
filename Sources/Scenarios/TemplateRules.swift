import Documents
import Payments

/// Which templates a text may hold.
enum TemplateScope {
    /// Part of each request: every template.
    case request
    /// Part of each request, and written into the results: every template but secrets.
    case listed
    /// The same for all requests: `${env:…}` and `${secret:…}`.
    case constant
    /// Shown to everyone: `${env:…}` only.
    case visible

    var allowed: [String] {
        switch self {
        case .request: Self.perRequest + ["env:NAME", "env:NAME:-default", "secret:NAME"]
        case .listed: Self.perRequest + ["env:NAME", "env:NAME:-default"]
        case .constant: ["env:NAME", "env:NAME:-default", "secret:NAME"]
        case .visible: ["env:NAME", "env:NAME:-default"]
        }
    }

    private static let perRequest = [
        "uuid", "seq", "int(1,9900)", "choice(a,b)", "now", "data.NAME.COLUMN",
    ]
}

extension Rule where Value == Template {
    static func template(_ scope: TemplateScope, _ surroundings: Surroundings) -> Rule {
        Rule(scope.shape) { node, complaints in
            guard let text = Rule<String>.text.read(node, complaints) else { return nil }
            return template(text, scope, surroundings) { complaints.add($0, at: node.place) }
        }
    }

    /// nil after at least one complaint.
    static func template(
        _ text: String, _ scope: TemplateScope, _ surroundings: Surroundings,
        complain: (TemplateProblem) -> Void
    ) -> Template? {
        var builder = TemplateBuilder(scope: scope, surroundings: surroundings)
        builder.read(text)
        builder.problems.forEach(complain)
        return builder.problems.isEmpty ? Template(builder.pieces) : nil
    }
}

/// Takes a text apart into its pieces; the only templating there is.
private struct TemplateBuilder {
    let scope: TemplateScope
    let surroundings: Surroundings
    private(set) var pieces: [Template.Piece] = []
    private(set) var problems: [TemplateProblem] = []

    init(scope: TemplateScope, surroundings: Surroundings) {
        self.scope = scope
        self.surroundings = surroundings
    }

    private var environment: [String: String] { surroundings.environment }

    mutating func read(_ text: String) {
        var rest = Substring(text)
        while let open = rest.firstRange(of: "${") {
            add(literal: rest[..<open.lowerBound])
            rest = rest[open.upperBound...]
            guard let close = rest.firstIndex(of: "}") else {
                problems.append(.unclosed(text))
                return
            }
            add(template: String(rest[..<close]))
            rest = rest[rest.index(after: close)...]
        }
        add(literal: rest)
    }

    private mutating func add(literal: some StringProtocol) {
        if literal.isEmpty { return }
        if case .literal(let before) = pieces.last {
            pieces[pieces.count - 1] = .literal(before + literal)
        } else {
            pieces.append(.literal(String(literal)))
        }
    }

    private mutating func add(template: String) {
        switch template {
        case "uuid": add(perRequest: .uuid, template)
        case "seq": add(perRequest: .sequence, template)
        case _ where template.hasPrefix("int("): addInteger(template)
        case "now": add(perRequest: .now, template)
        case _ where template.hasPrefix("choice("): addChoice(template)
        case _ where template.hasPrefix("data."): addData(template)
        case _ where template.hasPrefix("env:"): addVariable(template)
        case _ where template.hasPrefix("secret:"): addSecret(template)
        default: problems.append(.unknown(template, scope.allowed))
        }
    }

    private mutating func add(perRequest piece: Template.Piece, _ template: String) {
        switch scope {
        case .request, .listed: pieces.append(piece)
        case .constant, .visible: problems.append(.notHere(template, scope.allowed))
        }
    }

    private mutating func addInteger(_ template: String) {
        let inner = template.dropFirst("int(".count)
        let bounds = inner.dropLast().split(separator: ",", omittingEmptySubsequences: false)
            .map { Int64($0.drop { $0 == " " }) }
        guard inner.last == ")", bounds.count == 2, let low = bounds[0], let high = bounds[1],
            low <= high
        else {
            problems.append(.badRange(template))
            return
        }
        add(perRequest: .integer(low...high), template)
    }

    /// Texts between commas, without the blanks around them.
    private mutating func addChoice(_ template: String) {
        let inner = template.dropFirst("choice(".count)
        let texts = inner.dropLast().split(separator: ",", omittingEmptySubsequences: false)
            .map(trimmed)
        guard inner.last == ")", texts.allSatisfy({ !$0.isEmpty }) else {
            problems.append(.badChoice(template))
            return
        }
        add(perRequest: .choice(texts), template)
    }

    private func trimmed(_ text: Substring) -> String {
        let start = text.drop { $0 == " " }
        let end = start.lastIndex { $0 != " " }
        return String(end.map { start[...$0] } ?? "")
    }

    /// The name of a set has no dot; that of a column may have any character but `}`.
    private mutating func addData(_ template: String) {
        let body = template.dropFirst("data.".count)
        guard let dot = body.firstIndex(of: "."), dot > body.startIndex,
            body.index(after: dot) < body.endIndex
        else {
            problems.append(.badData(template))
            return
        }
        let (name, column) = (String(body[..<dot]), String(body[body.index(after: dot)...]))
        let sets = surroundings.dataSets
        guard let set = sets.firstIndex(where: { $0.name == name }) else {
            problems.append(
                .unknownData(name, template: template, known: sets.map(\.name)))
            return
        }
        // Of a file that was refused nobody knows the columns.
        let columns = sets[set].columns ?? [column]
        guard let number = columns.firstIndex(of: column) else {
            problems.append(.unknownColumn(column, template: template, known: columns))
            return
        }
        let cell = Template.DataReference(
            set: set, column: number, setName: name, columnName: column)
        add(perRequest: .data(cell), template)
    }

    private mutating func addVariable(_ template: String) {
        let body = template.dropFirst("env:".count)
        let mark = body.firstRange(of: ":-")
        let name = String(body[..<(mark?.lowerBound ?? body.endIndex)])
        guard isVariableName(name) else {
            problems.append(.badName(template))
            return
        }
        let value = environment[name].flatMap { $0.isEmpty ? nil : $0 }
        guard let text = value ?? mark.map({ String(body[$0.upperBound...]) }) else {
            problems.append(.unset(name, template: template))
            return
        }
        if text.contains("${") {
            problems.append(.templateInside(name))
        } else {
            add(literal: text)
        }
    }

    private mutating func addSecret(_ template: String) {
        let name = String(template.dropFirst("secret:".count))
        guard isVariableName(name) else {
            problems.append(.badName(template))
            return
        }
        if scope == .visible || scope == .listed {
            problems.append(.revealed(template, scope.allowed))
        } else if let value = environment[name], !value.isEmpty {
            pieces.append(.secret(name: name, value: value))
        } else {
            problems.append(.unset(name, template: template))
        }
    }
}

private func isVariableName(_ name: String) -> Bool {
    let bytes = name.utf8
    guard let first = bytes.first, !(0x30...0x39).contains(first) else { return false }
    return bytes.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
            || $0 == 0x5F
    }
}
