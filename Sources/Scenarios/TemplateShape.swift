import Documents

extension TemplateScope {
    /// A text with the templates of this scope.
    var shape: Shape { shape("a text") }

    /// - Parameter what: what the text is, for people.
    func shape(_ what: String) -> Shape {
        let templates = allowed.map { "${\($0)}" }
        return .text(pattern: pattern, words: "\(what); may hold \(list(templates))")
    }

    /// Finds nothing in a text with a template that the scope doesn't have.
    var pattern: String {
        let templates = allowed.map(Self.pattern(of:)).joined(separator: "|")
        return #"^([^$]|\$(?!\{)|\$\{(\#(templates))\})*$"#
    }

    /// Of one template as `allowed` shows it.
    private static func pattern(of template: String) -> String {
        let name = "[A-Za-z_][A-Za-z0-9_]*"
        if let open = template.firstIndex(of: "(") {
            return template[..<open] + #"\([^}]*\)"#
        }
        if let dot = template.firstIndex(of: ".") {
            return template[..<dot] + #"\.[^}]+"#
        }
        return template.replacing("NAME", with: name).replacing("default", with: "[^}]*")
    }
}

extension Surroundings {
    /// For what rules say about themselves.
    static let none = Surroundings(directory: "", environment: [:], libcurl: nil)
}
