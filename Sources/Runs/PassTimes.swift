import Curl
import Engine
import Results

/// When the passes of a run began and ended, as far as it can be told before it is over: of a pass that
/// nobody was seen in, only by its length.
struct PassTimes {
    private let origin: Nanoseconds
    /// By pass; nil where it does not end by time.
    private let lengths: [Double?]
    /// By flow: the pass that it was seen in last, and when that one began.
    private var current: [(pass: Int, start: Double)]

    init(_ plan: EnginePlan) {
        origin = plan.origin
        lengths = plan.passes.indices.map { plan.length(ofPass: $0).map { Double($0) / 1e9 } }
        current = plan.flows.map { ($0.lowerBound, 0) }
    }

    /// What is known at `elapsed` seconds, when the flows are in the passes `seen`: of each pass that was
    /// under way since the last time.
    mutating func spans(seen: [PassSpan], at elapsed: Double) -> [Int: PhaseRecord.Span] {
        var spans: [Int: PhaseRecord.Span] = [:]
        for (flow, now) in zip(current.indices, seen) {
            let begin = min(Double(max(0, now.start - origin)) / 1e9, elapsed)
            while current[flow].pass < now.pass {
                let (pass, start) = current[flow]
                let isJustBefore = pass + 1 == now.pass
                let end = isJustBefore ? max(start, begin) : end(of: pass, from: start, at: begin)
                spans[pass] = PhaseRecord.Span(start: start, end: end)
                current[flow] = (pass + 1, end)
            }
            current[flow].start = begin
            spans[now.pass] = PhaseRecord.Span(
                start: begin, end: end(of: now.pass, from: begin, at: elapsed))
        }
        return spans
    }

    private func end(of pass: Int, from start: Double, at elapsed: Double) -> Double {
        max(start, min(lengths[pass].map { start + $0 } ?? .infinity, elapsed))
    }
}
