import Documents
import Metrics

private enum BudgetKey: String, FieldKey {
    case check, phase, window, after, `for`, abort, confidence
    case onInconclusive = "on_inconclusive"

    static var companions: [(key: BudgetKey, with: [BudgetKey])] {
        [(.for, [.window]), (.abort, [.window])]
    }

    var field: Field {
        switch self {
        case .check:
            Field(
                "What has to hold: metric{label=value} op limit.", Rule.check(.none), .required,
                example: "errors.rate < 0.1%")
        case .phase:
            Field(
                "The only phase that it is about.", Rule<String>.text,
                .otherwise("every measured one"), example: "steady")
        case .window:
            Field(
                "It has to hold in every window of this length, in whole seconds.", Rule.window,
                .otherwise("it has to hold over all of the time"), example: "10s")
        case .after:
            Field(
                "How much of the beginning is not judged, in whole seconds.", Rule.wholeTime,
                .otherwise("nothing"), example: "30s")
        case .for:
            Field(
                "It fails only when windows fail for this long in a row.", Rule.wholeTime,
                .otherwise("it fails with the first window that fails"), example: "30s")
        case .abort:
            Field("The run stops as soon as it has failed.", Rule.boolean, .defaultsTo("false"))
        case .confidence:
            Field("Of the interval that it is judged by.", Rule.confidence, .defaultsTo("95%"))
        case .onInconclusive:
            Field(
                "What it means when nobody can tell: a warning, or exit status 4.",
                Rule<Budget.OnInconclusive>.word,
                .otherwise("fail; warn where the limit is relative to the baseline"))
        }
    }
}

extension Rule where Value == [Budget] {
    /// At least one; names and the baseline are checked by whoever knows them.
    static func budgets(_ names: Names) -> Rule {
        let budget = Rule<Budget>.budget(names)
        return Rule(.list(of: budget.shape, least: 1)) { node, complaints in
            guard let budgets = budget.list.read(node, complaints) else { return nil }
            if !budgets.isEmpty { return budgets }
            let problem = ValueProblem.emptyList(allowed: "at least one budget")
            complaints.add(problem, at: node.place)
            return nil
        }
    }
}

extension Rule where Value == Budget {
    /// A check, or a mapping that says more.
    fileprivate static func budget(_ names: Names) -> Rule {
        check(names).described("\(Self.example), or { check: …, window: 10s, … }")
            .or(mapping: detailed(names))
    }

    private static var example: String { "a budget such as response_time.p99 < 800ms" }

    static func check(_ names: Names) -> Rule {
        Rule<String>.text.described(example).shaped(.text(pattern: nil, words: example)).then {
            text throws(Violation) in
            let budget: Budget
            do throws(BudgetProblem) { budget = try Budget(text) } catch { throw Violation(error) }
            try budget.selection.check(names)
            return budget
        }
    }

    private static func detailed(_ names: Names) -> Rule {
        .mapping { (fields: Fields<BudgetKey>) in
            let checked = fields.read(.check, by: .check(names))
            let phase = fields.read(.phase, by: Rule<String>.text)
            let window = fields.read(.window, by: .window)
            let after = fields.read(.after, by: .wholeTime)
            let lasting = fields.read(.for, by: .wholeTime)
            let abort = fields.read(.abort, by: .boolean)
            let confidence = fields.read(.confidence, by: .confidence)
            let policy = fields.read(.onInconclusive, by: Rule<Budget.OnInconclusive>.word)
            fields.checkWindow(window, lasting)
            guard var budget = checked else { return nil }
            if let phase { fields.checkPhase(phase, of: budget, names) }
            budget.phase = phase
            (budget.window, budget.after, budget.lasting) = (window, after, lasting)
            budget.abort = abort ?? false
            budget.confidence = confidence ?? Budget.usualConfidence
            budget.onInconclusive = policy ?? budget.onInconclusive
            return budget
        }
    }
}

extension Fields<BudgetKey> {
    /// What is said of windows is said beside their length.
    fileprivate func checkWindow(_ window: Duration?, _ lasting: Duration?) {
        for key in [BudgetKey.for, .abort] where self[.window] == nil {
            guard let node = self[key] else { continue }
            complaints.add(JudgingProblem.needsWindow(key.rawValue), at: node.place)
        }
        if let window, let lasting, lasting < window {
            let problem = JudgingProblem.shorterThanWindow(lasting, window: window)
            complaints.add(problem, at: self[.for]?.place)
        }
    }

    fileprivate func checkPhase(_ phase: String, of budget: Budget, _ names: Names) {
        let place = self[.phase]?.place
        let selection = budget.clause.selection
        if !budget.metric.labels.contains(.phase) {
            complaints.add(BudgetProblem.clause(.labelNotHere(.phase, budget.metric)), at: place)
        } else if selection.phase != nil {
            complaints.add(JudgingProblem.phaseTwice, at: place)
        } else if !names.hasPhase(phase, of: selection.flow) {
            let known = names.phases(of: selection.flow)
            complaints.add(LoadProblem.unknownName("phase", phase, known: known), at: place)
        }
    }
}

extension Rule where Value == Duration {
    /// Figures are kept by the second.
    fileprivate static var window: Rule { wholeSeconds(in: .seconds(1)...(.seconds(3600))) }
    fileprivate static var wholeTime: Rule {
        wholeSeconds(in: .seconds(1)...Bounds.lengths.upperBound)
    }

    static func wholeSeconds(in range: ClosedRange<Duration>) -> Rule {
        duration(in: range).then { duration throws(Violation) in
            if duration.components.attoseconds == 0 { return duration }
            let (least, most) = (range.lowerBound.written, range.upperBound.written)
            let allowed = "whole seconds, \(least) to \(most)"
            throw Violation(ValueProblem.outOfRange(duration.written, allowed: allowed))
        }
    }
}

extension Rule where Value == Double {
    /// How sure a verdict has to be.
    static var confidence: Rule { ratio(in: 0.5...0.9999, allowed: "50% to 99.99%") }

    /// - Parameter allowed: the range in words.
    static func ratio(in range: ClosedRange<Double>, allowed: String) -> Rule {
        Rule(.quantity(.ratio, range: allowed)) { node, complaints in
            guard let value = ratio.read(node, complaints) else { return nil }
            if range.contains(value) { return value }
            guard case .scalar(let scalar) = node.content else { return nil }
            complaints.add(ValueProblem.outOfRange(scalar.text, allowed: allowed), at: node.place)
            return nil
        }
    }
}
