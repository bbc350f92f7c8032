import Arrivals

extension Scenario {
    /// The load of a comparison as a flow: what each adapter gets while it has its turn.
    ///
    /// All of it takes `compare.length`; only where that is too short for a single block, more. What
    /// comes first warms up every adapter and is not measured.
    ///
    /// - Parameters:
    ///   - design: that of `compare`, or another one that takes its place.
    ///   - aside: time that is needed for something else.
    package func comparedFlow(_ design: Design, aside: Duration = .zero) -> Flow? {
        guard let compare else { return nil }
        let warmUp: Duration
        let steady: Duration
        switch design {
        case .duet:
            warmUp = .seconds(5)
            steady = compare.length - aside - warmUp
        case .blocks:
            warmUp = compare.block
            let rounds = Int((compare.length - aside) / (compare.block * adapters.count)) - 1
            steady = compare.block * max(1, rounds)
        case .sequential:
            warmUp = compare.block
            steady = (compare.length - aside) / adapters.count - warmUp
        }
        let model: Model =
            switch compare.load {
            case .rate(let rate): .open(.rate(.constant(rate), .poisson))
            case .users(let users):
                .closed(Users(from: users, to: users, thinkTime: .constant(.zero)))
            }
        let phases = [
            Phase(name: "warm-up", model: model, end: End(length: warmUp), measure: false),
            Phase(
                name: "steady", model: model, end: End(length: max(steady, compare.block)),
                measure: true),
        ]
        return Flow(name: nil, phases: phases, steps: [.phase(0), .phase(1)])
    }
}
