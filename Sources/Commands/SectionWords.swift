import Arrivals
import Metrics
import Results
import Scenarios

/// Budgets, comparison and capacity search of a plan, for people.
struct SectionWords {
    let scenario: Scenario

    init(_ scenario: Scenario) { self.scenario = scenario }

    var paragraphs: [[String]] { [budgets, adapters, capacity] }

    private var budgets: [String] {
        guard !scenario.budgets.isEmpty else { return [] }
        return ["budgets"] + scenario.budgets.map { "  \($0.words)" } + baseline
    }

    private var baseline: [String] {
        switch scenario.baseline {
        case .beside(let other, let design):
            ["  the baseline is \(other.target.words), beside the target (\(design.rawValue))"]
        case .stored(let path): ["  the baseline is \(path)"]
        case nil: []
        }
    }

    private var adapters: [String] {
        guard let compare = scenario.compare else { return [] }
        let names = scenario.adapters.map(\.name.count).max() ?? 0
        let rows = scenario.adapters.map { adapter in
            let blanks = String(repeating: " ", count: names - adapter.name.count)
            return "  \(adapter.name)\(blanks)  \(adapter.target.words)"
                + (adapter.isReference ? "  (reference)" : "")
        }
        let load =
            switch compare.load {
            case .rate(let rate): "\(rate.written) each"
            case .users(let users): "\(users) users each"
            }
        return [
            "compare, \(compare.design.rawValue), \(load), "
                + "for \(compare.endsWhenDecided ? "at most " : "")\(compare.length.short)"
        ] + rows
            + ["  by \(compare.metrics.map(\.name).joined(separator: ", "))"]
    }

    private var capacity: [String] {
        guard let capacity = scenario.capacity else { return [] }
        let search = capacity.search
        return [
            "capacity between \(search.from.written) and \(search.to.written), searched for "
                + "\(capacity.length.short) in steps of \(capacity.step.measure.short)"
        ] + capacity.sustain.map { "  \($0.text)" }
    }
}

extension Budget {
    fileprivate var words: String {
        let parts = [
            phase.map { "in \($0)" }, after.map { "after \($0.short)" },
            window.map { "in every \($0.short)" }, lasting.map { "failed for \($0.short)" },
            abort ? "else the run stops" : nil,
        ].compactMap(\.self)
        return text + (parts.isEmpty ? "" : "  (\(parts.joined(separator: ", ")))")
    }
}

extension Scenario.Target {
    fileprivate var words: String { "\(base.text): POST \(requestTarget)" }
}
