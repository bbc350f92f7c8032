/// What there is to know about one key of the format; each key has one, or its mapping doesn't compile.
package struct Field {
    /// One line.
    package let documentation: String
    package let presence: Presence
    package let example: String?
    private let describe: () -> Shape

    package var shape: Shape { describe() }

    /// - Parameters:
    ///   - rule: by which the reader reads the key, whatever surrounds the document.
    ///   - example: as YAML.
    package init<Value>(
        _ documentation: String, _ rule: @autoclosure @escaping () -> Rule<Value>,
        _ presence: Presence = .optional, example: String? = nil
    ) {
        self.documentation = documentation
        self.presence = presence
        self.example = example
        describe = { rule().shape }
    }
}

/// The keys that a mapping of the format may have.
package protocol FieldKey: CaseIterable, Hashable, RawRepresentable, Sendable
where RawValue == String {
    var field: Field { get }
    /// Of the keys of each group exactly one has to be there.
    static var choices: [[Self]] { get }
    /// Of the keys of each group at least one has to be there.
    static var alternatives: [[Self]] { get }
    /// Of the keys of each group at most one may be there.
    static var exclusives: [[Self]] { get }
    /// Keys that mean nothing unless one of others is there.
    static var companions: [(key: Self, with: [Self])] { get }
}

extension FieldKey {
    package static var choices: [[Self]] { [] }
    package static var alternatives: [[Self]] { [] }
    package static var exclusives: [[Self]] { [] }
    package static var companions: [(key: Self, with: [Self])] { [] }

    package static var required: Set<Self> {
        Set(allCases.filter { $0.field.presence == .required })
    }
}
