import Engine
import Results

/// When the passes of a run began and ended, as far as it can be told before it is over: a pass that ends by
/// time, exactly; another one, to the half second.
struct PassTimes {
    private let flows: [Range<Int>]
    /// By pass; nil where it does not end by time.
    private let lengths: [Double?]
    /// By flow: the pass that it was seen in last, and when that one began.
    private var current: [(pass: Int, start: Double)]

    init(_ plan: EnginePlan) {
        flows = plan.flows
        lengths = plan.passes.map { plan.phases[$0].length.map { Double($0) / 1e9 } }
        current = plan.flows.map { ($0.lowerBound, 0) }
    }

    /// What is known at `elapsed` seconds, when the flows are in the passes `seen`: of each pass that was
    /// under way since the last time.
    mutating func spans(seen: [Int], at elapsed: Double) -> [Int: PhaseRecord.Span] {
        var spans: [Int: PhaseRecord.Span] = [:]
        for flow in flows.indices {
            while current[flow].pass < seen[flow] {
                let (pass, start) = current[flow]
                let end = end(of: pass, from: start, at: elapsed)
                spans[pass] = PhaseRecord.Span(start: start, end: end)
                current[flow] = (pass + 1, end)
            }
            let (pass, start) = current[flow]
            spans[pass] = PhaseRecord.Span(
                start: start, end: end(of: pass, from: start, at: elapsed))
        }
        return spans
    }

    private func end(of pass: Int, from start: Double, at elapsed: Double) -> Double {
        max(start, min(lengths[pass].map { start + $0 } ?? .infinity, elapsed))
    }
}
