import Arrivals
import Documents
import Metrics

extension Scenario {
    /// The sections beside the load, as far as they are there.
    var sectionPairs: [(String, Tree)] {
        var pairs: [(String, Tree)] = []
        if !budgets.isEmpty { pairs.append(("budgets", .list(budgets.map(\.tree)))) }
        if let baseline { pairs.append(("baseline", baseline.tree)) }
        if !adapters.isEmpty {
            let trees = adapters.map { adapter in
                let reference = ("reference", Tree.plain("\(adapter.isReference)"))
                return (adapter.name, Tree.mapping(adapter.pairs + [reference]))
            }
            pairs.append(("adapters", .mapping(trees)))
        }
        if let compare { pairs.append(("compare", compare.tree)) }
        if let capacity { pairs.append(("capacity", capacity.tree)) }
        return pairs
    }
}

extension Scenario {
    /// The budgets as a file of their own (`BudgetFile`).
    package var budgetsText: String { Tree.list(budgets.map(\.tree)).yaml }
}

extension Budget {
    fileprivate var tree: Tree {
        var pairs: [(String, Tree)] = [("check", .text(text))]
        if let phase { pairs.append(("phase", .text(phase))) }
        if let window { pairs.append(("window", .plain(window.written))) }
        if let after { pairs.append(("after", .plain(after.written))) }
        if let lasting { pairs.append(("for", .plain(lasting.written))) }
        if window != nil { pairs.append(("abort", .plain("\(abort)"))) }
        return .mapping(
            pairs + [
                ("confidence", .plain("\(confidence)")),
                ("on_inconclusive", .text(onInconclusive.rawValue)),
            ])
    }
}

extension Scenario.Baseline {
    fileprivate var tree: Tree {
        switch self {
        case .beside(let other, let design):
            .mapping([("target", .mapping(other.pairs)), ("design", .text(design.rawValue))])
        case .stored(let path): .mapping([("result", .text(path))])
        }
    }
}

extension Scenario.Adapter {
    /// Complete, whatever the target says.
    fileprivate var pairs: [(String, Tree)] {
        var pairs: [(String, Tree)] = [
            ("base_url", .text(target.base.text)), ("path", .text(target.path)),
            ("headers", target.headerTree),
        ]
        if let auth = target.authTree { pairs.append(("auth", auth)) }
        if let paymentMethod { pairs.append(("payment_method", paymentMethod.tree)) }
        pairs += [("timeouts", target.timeouts.tree), ("tls", target.tls.tree)]
        if let rateCeiling { pairs.append(("rate", .plain(rateCeiling.written))) }
        return pairs
    }
}

extension Scenario.Compare {
    fileprivate var tree: Tree {
        var pairs: [(String, Tree)] = [
            ("design", .text(design.rawValue)), ("block", .plain(block.written)),
            ("settle", .plain(settle.written)),
        ]
        switch load {
        case .rate(let rate): pairs.append(("rate", .plain(rate.written)))
        case .users(let users): pairs.append(("users", .plain("\(users)")))
        }
        pairs += [
            ("metrics", .list(metrics.map { .text($0.name) })),
            ("equivalent_within", .plain("\(equivalentWithin)")),
            ("confidence", .plain("\(confidence)")), ("for", .plain(length.written)),
        ]
        if endsWhenDecided { pairs.append(("until", .text(EarlyEnd.decided.rawValue))) }
        return .mapping(pairs)
    }
}

extension Scenario.Capacity {
    fileprivate var tree: Tree {
        var pairs: [(String, Tree)] = [
            ("search", search.tree), ("step", step.tree), ("arrivals", .text(arrivals.rawValue)),
            ("sustain", .list(sustain.map { .text($0.text) })), ("then", then.tree),
        ]
        if let proof { pairs.append(("proof", .plain(proof.written))) }
        if let expect { pairs.append(("expect", .plain(expect.written))) }
        return .mapping(pairs + [("for", .plain(length.written))])
    }
}

extension Scenario.Capacity.Search {
    fileprivate var tree: Tree {
        .mapping([
            ("from", .plain(from.written)), ("to", .plain(to.written)),
            ("tolerance", .plain("\(tolerance)")), ("confidence", .plain("\(confidence)")),
        ])
    }
}

extension Scenario.Capacity.Step {
    fileprivate var tree: Tree {
        .mapping(
            (settle.map { [("settle", .plain($0.written))] } ?? []) + [
                ("measure", .plain(measure.written)), ("repeats", .plain("\(repeats)")),
            ])
    }
}

extension Scenario.Capacity.Then {
    fileprivate var tree: Tree {
        var pairs: [(String, Tree)] = [("step_down", .plain("\(stepDown)"))]
        if let soak {
            pairs += [("soak", .plain(soak.written)), ("soak_at", .plain("\(soakAt)"))]
        }
        return .mapping(pairs)
    }
}
