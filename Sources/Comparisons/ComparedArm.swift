import Budgets
import Histograms
import Metrics
import Payments
import Results

/// What one adapter did in one slice of time.
package struct ComparedPart: Sendable, Equatable {
    /// By source of `ComparedArm`.
    var parts: [BudgetPart]
    /// Indexed by `Outcome.rawValue`.
    var outcomes = [Int](repeating: 0, count: Outcome.allCases.count)
    /// Seconds of the run that are in it.
    var seconds: Set<Int> = []

    init(sources: Int) {
        parts = [BudgetPart](repeating: BudgetPart(), count: sources)
    }

    fileprivate mutating func add(_ series: CompactSeries, record: Int, _ scopes: [BudgetScope]) {
        for (index, scope) in scopes.enumerated() {
            parts[index].add(scope.part(of: [record: series]))
        }
        for (key, histogram) in series {
            guard case .responseTime = key, let outcome = key.part?.outcome else { continue }
            outcomes[outcome] += Int(clamping: histogram.count)
        }
    }
}

/// A code of an outcome, as adapters are compared by it.
package struct ErrorCode: Sendable, Hashable {
    package var outcome: Outcome
    package var code: String
}

/// One adapter of a comparison, or one stored run: all that it is judged by, slice by slice.
package struct ComparedArm: Sendable {
    package let name: String
    /// Where its load went, as shown to people.
    package let target: String
    package let isReference: Bool
    /// Of the run's records.
    let phases: Set<Int>
    private let scopes: [BudgetScope]
    private(set) var slices: [Int: ComparedPart] = [:]
    /// By slice.
    private(set) var codes: [ErrorCode: [Int: Int]] = [:]
    /// How late its payments were sent, with a slot free; by second of the run.
    private(set) var lags: [Int: CompactHistogram] = [:]
    /// How long it was measured in each second of the run.
    private(set) var measured: [Int: Double] = [:]

    /// - Parameters:
    ///   - sources: what is gathered (`Metric.sources`).
    ///   - adapter: of the run's; nil: all that the run measured.
    init(
        _ name: String, target: String, isReference: Bool, sources: [Metric], of start: RunStart,
        adapter: String?
    ) {
        self.name = name
        self.target = target
        self.isReference = isReference
        scopes = sources.map { BudgetScope($0, of: start, adapter: adapter) }
        phases = scopes.first?.phases ?? []
    }

    /// What the run counted since the last time; before the seconds that are settled with it.
    mutating func add(_ interval: Interval, by ruler: SliceRuler) {
        let instant = max(0, interval.elapsed - 0.25)
        for record in phases {
            for (code, count) in interval.phases[record].codes where code.outcome != .accepted {
                let code = ErrorCode(outcome: code.outcome, code: code.code)
                let slice = ruler.slice(ofEndAt: instant, record: record)
                codes[code, default: [:]][slice, default: 0] += count
            }
            for (number, second) in interval.seconds {
                guard let lag = second.series[record]?.times.lag else { continue }
                lags[number, default: .init()].add(lag)
            }
        }
    }

    mutating func add(_ settled: RecordBuilder.SettledSecond, by ruler: SliceRuler) {
        for (record, series) in settled.series where phases.contains(record) {
            let slice = ruler.slice(of: settled.number, record: record)
            slices[slice, default: ComparedPart(sources: scopes.count)]
                .add(series, record: record, scopes)
            slices[slice]?.seconds.insert(settled.number)
        }
    }

    /// - Parameter spans: when it was measured.
    mutating func take(_ spans: [PhaseRecord.Span]) {
        measured = spans.reduce(into: [:]) { measured, span in
            guard span.end > span.start, span.end < 1e7 else { return }
            for second in Int(span.start)...Int(span.end) {
                let length =
                    min(span.end, Double(second + 1)) - max(span.start, Double(second))
                if length > 0 { measured[second, default: 0] += length }
            }
        }
    }

    /// Of all its payments, whatever slices are judged: when exactly a code came is not known.
    func share(of code: ErrorCode) -> Double {
        let all = slices.values.reduce(0) { $0 + $1.outcomes.reduce(0, +) }
        let own = codes[code]?.values.reduce(0, +) ?? 0
        return all == 0 ? 0 : Double(own) / Double(all)
    }

    /// How long it was measured in a slice.
    func seconds(ofSlice slice: Int) -> Double {
        (slices[slice]?.seconds ?? []).reduce(0) { $0 + (measured[$1] ?? 0) }
    }
}

extension Metric {
    /// What it is computed from: quantiles and means of a time come from the same durations.
    var source: Metric {
        switch self {
        case .time(let time, _): .time(time, .mean)
        case .errors, .outcome, .code, .rate, .skipped, .generatorCPU: self
        }
    }

    /// Without repetitions; response times and errors are always there, since every comparison tells
    /// of them.
    static func sources(of metrics: [Metric]) -> [Metric] {
        let all = [.time(.responseTime, .mean), .errors(.rate)] + metrics.map(\.source)
        return all.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// Which way is better.
    var isBetterHigher: Bool {
        switch self {
        case .rate, .outcome(.accepted, _): true
        case .outcome, .errors, .time, .code, .skipped, .generatorCPU: false
        }
    }

    /// Judged by the difference of shares, not by a ratio.
    var isShare: Bool { unit == .ratio }

    var isTime: Bool { unit == .duration }
}
