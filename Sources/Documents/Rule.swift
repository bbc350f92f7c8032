/// How a value of one kind is read from a node: the value, or nil and a complaint; and what it has to
/// look like.
package struct Rule<Value> {
    package let read: (Node, Complaints) -> Value?
    private let describe: () -> Shape

    /// Everything that is read without a complaint has this shape; the reverse holds only as far as
    /// shapes can say it.
    package var shape: Shape { describe() }

    package init(
        _ shape: @autoclosure @escaping () -> Shape,
        _ read: @escaping (Node, Complaints) -> Value?
    ) {
        self.read = read
        describe = shape
    }

    /// A rule for scalars. `allowed` says what the others are told; `read` throws what is wrong, or
    /// `WrongKind` when the scalar is not even an attempt.
    package static func scalar(
        _ allowed: String, _ shape: @autoclosure @escaping () -> Shape,
        _ read: @escaping (Scalar) throws -> Value
    ) -> Rule {
        Rule(shape()) { node, complaints in
            let wrongType = ValueProblem.wrongType(read: node.content, allowed: allowed)
            guard case .scalar(let scalar) = node.content else {
                complaints.add(wrongType, at: node.place)
                return nil
            }
            do { return try read(scalar) } catch {
                let problem = (error as? Violation)?.problem ?? wrongType
                complaints.add(problem, at: node.place)
                return nil
            }
        }
    }

    /// The same rule, with other words for what is allowed where the value is of the wrong type.
    package func described(_ allowed: String) -> Rule {
        Rule(shape) { node, complaints in
            guard case .scalar(let scalar) = node.content, scalar.meaning != .nothing else {
                let problem = ValueProblem.wrongType(read: node.content, allowed: allowed)
                complaints.add(problem, at: node.place)
                return nil
            }
            return read(node, complaints)
        }
    }

    /// The same rule, with a shape that says more.
    package func shaped(_ shape: @autoclosure @escaping () -> Shape) -> Rule {
        Rule(shape(), read)
    }

    /// This rule, and `other` for mappings.
    package func or(mapping other: @autoclosure @escaping () -> Rule) -> Rule {
        Rule(.oneOf([shape, other().shape])) { node, complaints in
            if case .mapping = node.content { return other().read(node, complaints) }
            return read(node, complaints)
        }
    }

    /// A rule for what this rule reads: `next` throws what is wrong with it.
    package func then<Other>(_ next: @escaping (Value) throws(Violation) -> Other) -> Rule<Other> {
        Rule<Other>(shape) { node, complaints in
            guard let value = self.read(node, complaints) else { return nil }
            do throws(Violation) { return try next(value) } catch {
                complaints.add(error.problem, at: node.place)
                return nil
            }
        }
    }

    /// A list of values by this rule; nil when one of them breaks it.
    package var list: Rule<[Value]> {
        Rule<[Value]>(.list(of: shape, least: 0)) { node, complaints in
            guard case .sequence(let nodes) = node.content else {
                let problem = ValueProblem.wrongType(read: node.content, allowed: "a list")
                complaints.add(problem, at: node.place)
                return nil
            }
            let values = nodes.compactMap { read($0, complaints) }
            return values.count == nodes.count ? values : nil
        }
    }
}

/// A rule broken by a value, on its way to the complaints.
package struct Violation: Error {
    package let problem: any Problem

    package init(_ problem: some Problem) { self.problem = problem }
}

/// The scalar is of another kind altogether.
package struct WrongKind: Error {
    package init() {}
}
