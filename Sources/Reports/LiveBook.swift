import Histograms
import Payments
import Results

/// Gathers from the intervals of a run what a live view shows. It sees nothing but what the record is
/// made of, twice a second; memory is bounded.
package struct LiveBook: Sendable {
    /// How far back "the last seconds" go.
    static let recentSeconds = 5.0
    /// A second's counts are whole this long after its end: workers tell four times a second.
    private static let delay = 0.6

    private struct Recent: Sendable {
        var end: Double
        var cpuSeconds: Double
        var times: [Histogram]
        var sendDelay: Histogram
        var findings: LiveFindings
    }

    private struct Counts: Sendable {
        var planned = 0
        var started = 0
        var completed = 0
    }

    private let start: RunStart
    private var state: LiveState
    private var codes: [Interval.Code: Int] = [:]
    private var seconds: [Int: Counts] = [:]
    private var recent: [Recent] = []
    private var whole = Histogram()
    private var wholeByAdapter: [Histogram]
    /// By phase: its place in `state.adapters`.
    private let adapterOfPhase: [Int?]

    package init(_ start: RunStart) {
        self.start = start
        state = LiveState(name: start.identity.scenarioName, target: start.identity.target)
        state.cores = start.cores
        state.isAllMeasured = start.phases.allSatisfy(\.measured)
        let adapters = start.design?.adapters ?? []
        state.adapters = adapters.map {
            LiveState.Adapter(name: $0.name, isReference: $0.isReference)
        }
        wholeByAdapter = adapters.map { _ in Histogram() }
        adapterOfPhase = start.phases.map { phase in
            adapters.firstIndex { $0.name == phase.adapter }
        }
    }

    /// What the run did since the last one.
    package mutating func add(_ interval: Interval) {
        let begin = state.elapsedSeconds
        state.elapsedSeconds = max(begin, interval.elapsed)
        for phase in interval.phases { add(phase) }
        for (number, second) in interval.seconds { count(second, number) }
        var now = Recent(
            end: state.elapsedSeconds, cpuSeconds: interval.cpuSeconds,
            times: state.adapters.map { _ in Histogram() } + [Histogram()],
            sendDelay: Histogram(), findings: LiveFindings(interval.phases))
        for second in interval.seconds.values {
            for (phase, series) in second.series { add(series, of: phase, to: &now) }
        }
        var part = LiveTimeline.Part()
        part.add(bins: CompactHistogram(now.times[now.times.count - 1]).bins)
        state.timeline.add(part, at: (begin + state.elapsedSeconds) / 2)
        recent.append(now)
        let horizon = state.elapsedSeconds - Self.recentSeconds
        recent.removeAll { $0.end <= horizon }
        seconds = seconds.filter { Double($0.key) > horizon - 3 }
    }

    private mutating func add(_ phase: Interval.Phase) {
        state.planned += phase.planned
        state.started += phase.started
        state.skipped += phase.skipped
        codes.merge(phase.codes, uniquingKeysWith: +)
    }

    private mutating func count(_ second: Interval.Second, _ number: Int) {
        for outcome in second.outcomes.indices {
            state.outcomes[outcome] += second.outcomes[outcome]
        }
        seconds[number, default: Counts()].planned += second.planned
        seconds[number, default: Counts()].started += second.started
        seconds[number, default: Counts()].completed += second.outcomes.reduce(0, +)
    }

    private mutating func add(_ series: PhaseSeries, of phase: Int, to now: inout Recent) {
        let isMeasured = start.phases[phase].measured
        let adapter = adapterOfPhase[phase]
        now.sendDelay.add(series.times.sendDelay)
        now.findings.add(series.times)
        for (slot, times) in series.responseTime.enumerated() where !times.isEmpty {
            let isError = isError(slot)
            if isError { state.errors += Int(times.count) }
            now.times[now.times.count - 1].add(times)
            guard isMeasured else { continue }
            whole.add(times)
            guard let adapter else { continue }
            now.times[adapter].add(times)
            wholeByAdapter[adapter].add(times)
            state.adapters[adapter].answered += Int(times.count)
            if isError { state.adapters[adapter].errors += Int(times.count) }
        }
    }

    /// - Parameter slot: payment and outcome, as in `PhaseSeries`.
    private func isError(_ slot: Int) -> Bool {
        let (payment, outcome) = slot.quotientAndRemainder(dividingBy: Outcome.allCases.count)
        let expected =
            start.expectations.indices.contains(payment)
            ? start.expectations[payment] : [.accepted, .declined]
        return !expected.contains(Outcome.allCases[outcome])
    }
}

extension LiveBook {
    /// As it stands now; quantiles are taken here.
    package func snapshot(_ stage: LiveState.Stage) -> LiveState {
        var state = state
        state.stage = stage
        let all = recent.reduce(into: Histogram()) { $0.add($1.times[$1.times.count - 1]) }
        let sendDelay = recent.reduce(into: Histogram()) { $0.add($1.sendDelay) }
        state.recent = LiveState.Times(all)
        state.whole = LiveState.Times(whole)
        state.sendDelayP99 = sendDelay.value(at: 0.99)
        for index in state.adapters.indices {
            let own = recent.reduce(into: Histogram()) { $0.add($1.times[index]) }
            state.adapters[index].recent = LiveState.Times(own)
            state.adapters[index].whole = LiveState.Times(wholeByAdapter[index])
        }
        state.rates = rates
        state.busyCores = busyCores
        state.codes = shownCodes
        let findings = recent.map(\.findings).reduce(LiveFindings()) { $0.adding($1) }
        state.warnings = LiveWarning.all(in: state, findings)
        return state
    }

    private var rates: LiveState.Rates? {
        let end = Int((state.elapsedSeconds - Self.delay).rounded(.down))
        let begin = max(0, end - Int(Self.recentSeconds))
        guard end > begin else { return nil }
        let length = Double(end - begin)
        let sum = (begin..<end).compactMap { seconds[$0] }.reduce(into: Counts()) {
            $0.planned += $1.planned
            $0.started += $1.started
            $0.completed += $1.completed
        }
        return LiveState.Rates(
            planned: Double(sum.planned) / length, started: Double(sum.started) / length,
            completed: Double(sum.completed) / length)
    }

    private var busyCores: Double? {
        guard let last = recent.last, let first = recent.first, last.end > first.end else {
            return nil
        }
        return max(0, last.cpuSeconds - first.cpuSeconds) / (last.end - first.end)
    }

    private var shownCodes: [LiveState.Code] {
        var shown: [String: LiveState.Code] = [:]
        for (code, count) in codes where code.outcome != .accepted {
            let key = "\(code.outcome.name) \(code.code)"
            let known = shown[key]?.count ?? 0
            shown[key] = LiveState.Code(
                outcome: code.outcome, code: code.code, count: known + count)
        }
        return shown.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map(\.value)
    }
}

extension LiveState.Times {
    init(_ histogram: Histogram) {
        self.init()
        count = Int(clamping: histogram.count)
        p50 = histogram.observedValue(at: 0.5)
        p90 = histogram.observedValue(at: 0.9)
        p99 = histogram.observedValue(at: 0.99)
        p99_9 = histogram.observedValue(at: 0.999)
        maximum = histogram.isEmpty ? nil : histogram.maximum
    }
}
