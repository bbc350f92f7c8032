import Yams

/// Parses a text to nodes. nil only with a complaint.
func compose(_ source: SourceText, complaints: Complaints) -> Node? {
    var draft = Draft(source)
    while true {
        do {
            let parser = try Parser(yaml: draft.text, resolver: .basic, encoding: .utf8)
            guard let root = try parser.singleRoot() else {
                complaints.add(FileProblem.empty, at: .start)
                return nil
            }
            // The parser owns the anchors that nodes hold weakly.
            return withExtendedLifetime(parser) {
                var builder = TreeBuilder(draft: draft, complaints: complaints)
                return builder.build(root)
            }
        } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
            let mark = Place(context.mark)
            if draft.tell(apart: mark) { continue }
            let problem = KeyProblem.duplicate(draft.restored(keys[0]), first: nil)
            complaints.add(problem, at: draft.place(of: mark))
            return nil
        } catch {
            let (problem, place) = draft.judge(error)
            complaints.add(problem, at: place)
            return nil
        }
    }
}

extension Place {
    init(_ mark: Mark) { self.init(line: mark.line, column: mark.column) }
}

extension Draft {
    /// What an error of the parser means in the file.
    fileprivate func judge(_ error: any Error) -> (SyntaxProblem, Place) {
        let start = Place(line: 1, column: 1)
        guard let error = error as? YamlError else { return (.malformed("\(error)"), start) }
        switch error {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _):
            let mark = Place(mark)
            return (judge(problem, context, at: mark), place(of: mark))
        case .composer(_, let problem, let mark, _):
            let second = problem.contains("another document")
            return (second ? .secondDocument : .malformed(problem), place(of: Place(mark)))
        case .reader(let problem, _, _, _), .writer(let problem), .emitter(let problem),
            .representer(let problem):
            return (.malformed(problem), start)
        case .no, .memory, .dataCouldNotBeDecoded, .duplicatedKeysInMapping:
            return (.malformed("the parser gave up"), start)
        }
    }

    private func judge(
        _ problem: String, _ context: YamlError.Context?, at mark: Place
    ) -> SyntaxProblem {
        if problem.contains("nesting level") { return .tooDeep(limit: Document.deepestLevel) }
        if character(at: mark) == "\t" { return .tab }
        let place = place(of: mark)
        if let tag = tag(before: place) { return .tag(tag) }
        let begin = context.map { Place($0.mark) }
        if [begin?.line ?? place.line, place.line, place.line - 1].contains(where: isExplicitKey) {
            return .explicitKey
        }
        guard let context, let begin = begin.map(self.place) else { return .malformed(problem) }
        return .malformed("\(problem) (\(context.text) from \(begin.line):\(begin.column))")
    }

    /// Whether a line begins with the `?` of an explicit key.
    private func isExplicitKey(line: Int) -> Bool {
        words(line: line).first { !["-", "{", "["].contains($0) } == "?"
    }

    /// The tag in front of a list or mapping: they bear one of ours, and the parser takes one.
    private func tag(before place: Place) -> String? {
        let word = words(line: place.line, before: place.column).last ?? ""
        return word.firstIndex(of: "!").map { String(word[$0...]) }
    }
}
