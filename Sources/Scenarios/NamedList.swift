import Documents

extension Rule {
    /// A list of at least one value, each with a name that no other has.
    ///
    /// - Parameters:
    ///   - kind: what a value is called in complaints.
    ///   - key: under which the name stands in the document.
    func named(
        _ kind: String, _ name: @escaping (Value) -> String, at key: String
    ) -> Rule<[Value]> {
        Rule<[Value]>(.list(of: shape, least: 1)) { node, complaints in
            guard let values = list.read(node, complaints) else { return nil }
            if values.isEmpty {
                complaints.add(
                    ValueProblem.emptyList(allowed: "at least one \(kind)"), at: node.place)
                return nil
            }
            checkNames(values.map(name), key, node, complaints)
            return values
        }
    }

    private func checkNames(
        _ names: [String], _ key: String, _ node: Node, _ complaints: Complaints
    ) {
        guard case .sequence(let nodes) = node.content else { return }
        var first: [String: Place] = [:]
        for (name, node) in zip(names, nodes) {
            let place = node[key]?.place ?? node.place
            if let earlier = first[name] {
                complaints.add(LoadProblem.duplicateName(name, first: earlier), at: place)
            } else {
                first[name] = place
            }
        }
    }
}
