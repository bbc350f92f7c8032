import Arrivals
import Documents
import Metrics
import Payments

extension Scenario.Flow {
    /// - Parameter payments: what weights are about.
    func tree(_ payments: [PaymentTemplate]) -> Tree { .list(trees(payments)) }

    func trees(_ payments: [PaymentTemplate]) -> [Tree] { steps.map { tree($0, payments) } }

    private func tree(_ step: Scenario.Step, _ payments: [PaymentTemplate]) -> Tree {
        switch step {
        case .phase(let index): return .mapping(phases[index].pairs(payments))
        case .repeated(let times, let steps):
            let pair = ("repeat", Tree.plain("\(times)"))
            if case .phase(let index) = steps.first, steps.count == 1, !phases[index].isPause {
                return .mapping(phases[index].pairs(payments) + [pair])
            }
            return .mapping([pair, ("load", .list(steps.map { tree($0, payments) }))])
        }
    }
}

extension Scenario.Phase {
    fileprivate func pairs(_ payments: [PaymentTemplate]) -> [(String, Tree)] {
        var pairs: [(String, Tree)] = [("phase", .text(name))]
        if isPause { return pairs + [("pause", .plain((end.length ?? .zero).written))] }
        switch model {
        case .open(let load): pairs += load.pairs
        case .closed(let users): pairs += users.pairs
        }
        if let length = end.length { pairs.append(("for", .plain(length.written))) }
        if let payments = end.payments { pairs.append(("payments", .plain("\(payments)"))) }
        if let weights {
            let mix = zip(payments, weights).filter { $0.1 > 0 }
            pairs.append(("mix", .mapping(mix.map { ($0.0.name, .plain("\($0.1)")) })))
        }
        if !until.isEmpty { pairs.append(("until", until.tree)) }
        return pairs + [("measure", .plain("\(measure)"))]
    }
}

extension Scenario.OpenLoad {
    fileprivate var pairs: [(String, Tree)] {
        switch self {
        case .pause: []
        case .rate(let shape, let process):
            [("rate", shape.tree), ("arrivals", .text(process.rawValue))]
        case .recorded(let recording): [("arrivals", recording.tree)]
        }
    }
}

extension Scenario.RateShape {
    fileprivate var tree: Tree {
        switch self {
        case .constant(let rate): .plain(rate.written)
        case .ramp(let from, let to): .mapping([("from", rate(from)), ("to", rate(to))])
        case .stairs(let from, let to, let step, let every):
            .mapping([
                ("from", .plain(from.written)), ("to", .plain(to.written)),
                ("step", .plain(step.written)), ("every", .plain(every.written)),
            ])
        case .spike(let base, let peak, let at, let lasting):
            .mapping([
                ("base", rate(base)), ("peak", .plain(peak.written)), ("at", .plain(at.written)),
                ("lasting", .plain(lasting.written)),
            ])
        }
    }

    private func rate(_ perSecond: Double) -> Tree {
        .plain(perSecond == 0 ? "0/s" : Rate(perSecond: perSecond).written)
    }
}

extension Rate {
    /// As a scenario says it; reads back to the same rate.
    package var written: String {
        let whole = Int(perSecond)
        return Double(whole) == perSecond ? "\(whole)/s" : "\(perSecond)/s"
    }
}

extension Scenario.Recording {
    fileprivate var tree: Tree {
        var pairs: [(String, Tree)] = [("file", .text(arrivals.path))]
        switch column {
        case .named(let name): pairs.append(("column", .text(name)))
        case .number(let number): pairs.append(("column", .plain("\(number)")))
        case nil: break
        }
        pairs.append(("unit", .text(arrivals.unit.rawValue)))
        pairs.append(("speed", .plain("\(arrivals.speed)x")))
        if arrivals.window != RecordedArrivals.Window() {
            var window = [("from", Tree.plain(Duration.nanoseconds(arrivals.window.from).written))]
            if let to = arrivals.window.to {
                window.append(("to", .plain(Duration.nanoseconds(to).written)))
            }
            pairs.append(("window", .mapping(window)))
        }
        return .mapping(pairs)
    }
}

extension Scenario.Users {
    fileprivate var pairs: [(String, Tree)] {
        let users: Tree =
            from == to
            ? .plain("\(from)")
            : .mapping([("from", .plain("\(from)")), ("to", .plain("\(to)"))])
        var pairs = [("users", users), ("think_time", thinkTime.tree)]
        if let pace { pairs.append(("every", .plain(pace.written))) }
        if let paymentsEach { pairs.append(("payments_per_user", .plain("\(paymentsEach)"))) }
        return pairs
    }
}

extension Scenario.ThinkTime {
    fileprivate var tree: Tree {
        switch self {
        case .constant(let time): .plain(time.written)
        case .uniform(let from, let to):
            .mapping([
                (
                    "uniform",
                    .mapping([("from", .plain(from.written)), ("to", .plain(to.written))])
                )
            ])
        case .exponential(let mean): .mapping([("exponential", .plain(mean.written))])
        }
    }
}

extension [Condition] {
    var tree: Tree { .list(map { .text($0.text) }) }
}

extension Scenario.Retry {
    var tree: Tree {
        let on = Outcome.allCases.filter(outcomes.contains).map { Tree.text($0.name) }
        let after: Tree =
            switch delay {
            case .retryAfter: .text("retry_after")
            case .fixed(let time): .plain(time.written)
            }
        return .mapping([("on", .list(on)), ("max", .plain("\(most)")), ("after", after)])
    }
}

extension Repeats {
    var tree: Tree {
        .mapping([("share", .plain("\(share)")), ("when", .text(timing.rawValue))])
    }
}
