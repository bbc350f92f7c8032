import Documents

// The trees of laws, limits and faults, as the rules read them.

extension Latency {
    var tree: Tree {
        var pairs: [(String, Tree)] = []
        if let servers {
            pairs.append(
                (
                    "queue",
                    .mapping([
                        ("servers", .plain("\(servers)")), ("service", .mapping([law.member])),
                    ])
                ))
        } else {
            pairs.append(law.member)
        }
        if let slow { pairs.append(("slow", slow.tree)) }
        if let standIn { pairs.append(("stand_in", standIn.tree)) }
        if let firstCall { pairs.append(("slow_first_call", firstCall.tree)) }
        if isStratified { pairs.append(("stratified", .plain("true"))) }
        return .mapping(pairs)
    }
}

extension Latency.Slow {
    fileprivate var tree: Tree {
        .mapping([("share", .plain("\(share)")), ("factor", .plain("\(factor)"))])
    }
}

extension Latency.StandIn {
    fileprivate var tree: Tree {
        .mapping([("share", .plain("\(share)")), ("after", .plain(after.written))])
    }
}

extension Latency.FirstCall {
    fileprivate var tree: Tree {
        .mapping([("extra", .plain(extra.written)), ("idle", .plain(idle.written))])
    }
}

extension LatencyLaw {
    /// Its key and what stands under it.
    fileprivate var member: (String, Tree) {
        switch self {
        case .constant(let time): ("constant", .plain(time.written))
        case .uniform(let from, let to): ("uniform", times(("from", from), ("to", to)))
        case .exponential(let mean): ("exponential", times(("mean", mean)))
        case .lognormal(let p50, let p99): ("lognormal", times(("p50", p50), ("p99", p99)))
        case .pareto(let p50, let p99): ("pareto", times(("p50", p50), ("p99", p99)))
        case .bimodal(let fast, let slow, let share):
            (
                "bimodal",
                .mapping([
                    ("fast", .plain(fast.written)), ("slow", .plain(slow.written)),
                    ("slow_share", .plain("\(share)")),
                ])
            )
        case .empirical(let points): ("empirical", .list(points.map(\.tree)))
        }
    }

    private func times(_ pairs: (String, Duration)...) -> Tree {
        .mapping(pairs.map { ($0.0, .plain($0.1.written)) })
    }
}

extension QuantilePoint {
    fileprivate var tree: Tree {
        .mapping([("quantile", .plain("\(quantile)")), ("time", .plain(time.written))])
    }
}

extension Limits {
    var tree: Tree {
        var pairs: [(String, Tree)] = []
        if let rate {
            pairs.append(("rate", .plain("\(rate.perSecond)/s")))
            pairs.append(("burst", .plain("\(rate.burst)")))
        }
        if let concurrent { pairs.append(("concurrent", .plain("\(concurrent)"))) }
        pairs.append(("retry_after", .plain(retryAfter.written)))
        return .mapping(pairs)
    }
}

extension Fault {
    var tree: Tree {
        var pairs: [(String, Tree)] = [
            ("kind", .text(effect.kind.rawValue)), ("name", .text(name)),
        ]
        if effect.kind.isOfPayments {
            pairs.append(every.map { ("every", .plain("\($0)")) } ?? ("share", .plain("\(share)")))
        }
        if let window {
            pairs.append(("after", .plain(window.after.written)))
            if let length = window.length { pairs.append(("for", .plain(length.written))) }
        }
        if !isArmed { pairs.append(("on", .plain("false"))) }
        return .mapping(pairs + effect.members)
    }
}

extension Fault.Effect {
    fileprivate var members: [(String, Tree)] {
        switch self {
        case .refuse, .stall, .cutBody, .wrongLength, .badJSON: []
        case .reset(let point): [("point", .text(point.rawValue))]
        case .drip(let time), .timeout(let time), .closeIdle(let time):
            [("time", .plain(time.written))]
        case .brownOut(let factor, let errors):
            [("factor", .plain("\(factor)")), ("errors", .plain("\(errors)"))]
        }
    }
}
