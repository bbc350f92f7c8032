import Arrivals
import Payments
import Scenarios

/// What a scenario would send, worked out before anything is sent.
struct Plan {
    let scenario: Scenario

    init(_ scenario: Scenario) { self.scenario = scenario }

    /// Payments of one entry of the mix, over all phases.
    struct Kind {
        var payment: PaymentTemplate
        /// nil: phases whose pace the target sets make some too, and nobody knows how many.
        var planned: Double?
        /// Ids among them that are sent a second time on purpose.
        var repeated: Double?
    }

    /// The spend.
    var kinds: [Kind] {
        scenario.payments.indices.map { index in
            let payment = scenario.payments[index]
            let counts = scenario.flows.flatMap { flow in
                flow.passes.map { self.planned(index, in: flow.phases[$0]) }
            }
            let known = counts.compactMap { $0 }
            let planned = known.count == counts.count ? known.reduce(0, +) : nil
            let repeats = payment.repeats?.share ?? 0
            return Kind(payment: payment, planned: planned, repeated: planned.map { $0 * repeats })
        }
    }

    /// Payments of one entry in one pass of a phase; nil where nobody knows.
    private func planned(_ entry: Int, in phase: Scenario.Phase) -> Double? {
        let share = self.share(of: entry, in: phase)
        return share == 0 ? 0 : phase.plannedPayments.map { $0 * share }
    }

    /// The part of a phase's payments that an entry of the mix has.
    private func share(of entry: Int, in phase: Scenario.Phase) -> Double {
        let weights = self.weights(in: phase)
        return Double(weights[entry]) / Double(max(1, weights.reduce(0, +)))
    }

    func weights(in phase: Scenario.Phase) -> [Int] {
        phase.weights ?? scenario.payments.map(\.weight)
    }

    /// One run of a phase, where it is known when it begins.
    struct Pass {
        var phase: Scenario.Phase
        /// Seconds from the start of the run.
        var begin: Double
        var length: Double
    }

    /// Passes of a flow up to the first whose length is not known; that one belongs to them, with
    /// length 0.
    func passes(of flow: Scenario.Flow) -> [Pass] {
        var passes: [Pass] = []
        var begin = 0.0
        for index in flow.passes {
            let phase = flow.phases[index]
            let length = phase.plannedDuration?.inSeconds
            passes.append(Pass(phase: phase, begin: begin, length: length ?? 0))
            guard let length else { break }
            begin += length
        }
        return passes
    }

    /// Arrivals a second of the open model over the time that is known, in equal parts; empty where
    /// no time is.
    func rates(parts: Int) -> (seconds: Double, perSecond: [Double]) {
        let passes = scenario.flows.flatMap(passes)
        let seconds = passes.map { $0.begin + $0.length }.max() ?? 0
        guard seconds > 0 else { return (0, []) }
        var arrivals = [Double](repeating: 0, count: parts)
        let width = seconds / Double(parts)
        for pass in passes where pass.length > 0 {
            guard let schedule = pass.phase.schedule else { continue }
            let samples = min(512, max(1, Int(8 * pass.length / width)))
            let sample = pass.length / Double(samples)
            let rates = schedule.rates(over: Int64(pass.length * 1e9), samples: samples)
            for (index, rate) in rates.enumerated() {
                let begin = pass.begin + Double(index) * sample
                Self.add(rate, from: begin, to: begin + sample, width: width, &arrivals)
            }
        }
        return (seconds, arrivals.map { $0 / width })
    }

    /// Arrivals at `rate` to the parts that the time from `begin` to `end` lies in.
    private static func add(
        _ rate: Double, from begin: Double, to end: Double, width: Double, _ parts: inout [Double]
    ) {
        let last = parts.count - 1
        for part in min(last, Int(begin / width))...min(last, Int(end / width)) {
            let overlap = min(end, Double(part + 1) * width) - max(begin, Double(part) * width)
            if overlap > 0 { parts[part] += rate * overlap }
        }
    }

    /// The first requests; none without a load.
    var samples: [SampleRequest] {
        scenario.flows.isEmpty ? [] : (0..<3).map { SampleRequest($0, of: scenario) }
    }

    /// Whether users make payments that no chart of rates can show.
    var hasUsers: Bool {
        scenario.phases.contains { if case .closed = $0.model { true } else { false } }
    }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
