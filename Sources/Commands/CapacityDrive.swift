import Capacity
import Curl
import Glibc
import Reports
import Results
import Runs
import Scenarios

/// Plays the steps of a capacity search against its target until it has an answer, or has to stop.
final class CapacityDrive {
    enum End {
        case answered(CapacityAnswer)
        case guardRail(String)
        case interrupted(Ending.Signal)
        case failed(String)
    }

    /// Connections opened ahead at the most.
    private static let mostConnections = 512
    /// The longest overload that a step down begins with, in seconds.
    private static let longestOverload = 10.0
    /// Poisson arrivals that come beside the planned ones, in standard deviations.
    private static let spread = 5.0

    private(set) var state: CapacityState
    private let preparation: Preparation
    private let capacity: Scenario.Capacity
    private let output: CapacityOutput
    private let signals: Signals
    private let view: LiveView
    private let metrics: LiveMetrics?
    /// The last probe gave payments up, which the target may still be busy with.
    private var isTargetBusy = false

    init(
        _ state: CapacityState, _ preparation: Preparation, _ capacity: Scenario.Capacity,
        output: CapacityOutput, signals: Signals, view: LiveView, metrics: LiveMetrics?
    ) {
        self.state = state
        self.preparation = preparation
        self.capacity = capacity
        self.output = output
        self.signals = signals
        self.view = view
        self.metrics = metrics
    }

    var name: String { preparation.scenario.name }

    func perform() throws(RunFailure) -> End {
        view.watch(signals)
        defer { view.end() }
        while true {
            if let signal = signals.received { return .interrupted(signal) }
            switch state.search.next() {
            case .done(let answer):
                output.save(state)
                return .answered(answer)
            case .drain(let drain): pause(for: drain)
            case .probe(let probe): if let end = try play(probe) { return end }
            }
            output.save(state)
        }
    }

    /// Every run ends with nothing in flight. What is still to be waited for are payments that we gave up:
    /// the target has them for as long again, at a guess.
    private func pause(for drain: Drain) {
        let patience = preparation.scenario.target.timeouts.total / .seconds(1)
        let begin = MonotonicClock.now()
        let seconds = isTargetBusy ? min(drain.atMost, patience) : 0
        view.rest(state.search)
        while Double(MonotonicClock.now() - begin) / 1e9 < seconds {
            guard signals.received == nil else { return }
            usleep(20_000)
        }
        isTargetBusy = false
        let spent = Double(MonotonicClock.now() - begin) / 1e9
        state.seconds += spent
        state.search.drained(seconds: spent, isEmpty: true)
    }

    /// - Returns: why the search has to stop; nil: it goes on.
    private func play(_ probe: Probe) throws(RunFailure) -> End? {
        let before = overload(before: probe)
        if let reason = limit(for: probe, behind: before) { return .guardRail(reason) }
        state.parts += 1
        output.save(state)
        view.begin(probe, of: state.search)
        let begin = MonotonicClock.now()
        let play = ProbeRun(probe, setting(before), toolVersion: Paybench.version)
        signals.watch(play.run)
        let ended: ProbeRun.Ended
        do throws(RunFailure) {
            ended = try play.perform(
                beside: { [view, metrics] listener in
                    let seen = view.isPicture ? view.listener(beside: listener) : listener
                    return metrics?.listener(beside: seen, of: play.run) ?? seen
                },
                uncertain: { [output] in output.append($0) })
        } catch {
            // Of the first probe it means that nothing was sent.
            guard !state.search.observations.isEmpty else { throw error }
            take(
                ProbeResult(
                    unreachableFor: probe, promises: state.search.settings.promises,
                    seconds: Double(MonotonicClock.now() - begin) / 1e9))
            return nil
        }
        state.started += ended.started
        state.seconds += ended.result.seconds
        isTargetBusy = ended.isTargetBusy
        switch ended.ending {
        case .completed, .judged: take(ended.result)
        case .guardRail(let reason): return .guardRail(reason)
        case .interrupted(let signal): return .interrupted(signal)
        case .killed: return .failed("killed")
        case .failed(let reason): return .failed(reason)
        }
        return nil
    }

    private func take(_ result: ProbeResult) {
        state.search.took(result)
        view.end(state.search)
    }

    private func setting(_ before: Scenario.Capacity.Stretch?) -> ProbeRun.Setting {
        var setting = ProbeRun.Setting(
            preparation, capacity: capacity, promises: state.search.settings.promises,
            part: state.parts)
        let kept = state.search.observations.filter { $0.verdict == .kept }
        let peak = kept.suffix(3).compactMap { $0.result.inFlight.max() }.max() ?? 0
        setting.connections = min(Self.mostConnections, Int((1.5 * peak).rounded(.up)))
        setting.payments = preparation.scenario.limits.payments.map { $0 - state.started }
        setting.before = before
        return setting
    }

    /// A step down follows its overload without a pause, or the target would be empty. So each of them but
    /// the first brings its own.
    private func overload(before probe: Probe) -> Scenario.Capacity.Stretch? {
        guard probe.purpose == .stepDown,
            let first = state.search.observations.first(where: { $0.probe.purpose == .stepDown })
        else { return nil }
        let seconds = min(Self.longestOverload, first.probe.settle + first.probe.measure)
        return Scenario.Capacity.Stretch(
            name: "overload", perSecond: first.probe.rate, length: .seconds(seconds.rounded(.up)),
            measure: false)
    }

    /// The limit that the probe might reach; nil: none.
    private func limit(
        for probe: Probe, behind before: Scenario.Capacity.Stretch?
    ) -> String? {
        let extent = ProbeRun.extent(of: probe, behind: before)
        let limits = preparation.scenario.limits
        let most = extent.payments + Self.spread * extent.payments.squareRoot()
        if let payments = limits.payments, Double(state.started) + most > Double(payments) {
            return
                "limits.payments allows \(payments); \(state.started) were started, and the next "
                + "step takes \(Int(most.rounded(.up)))"
        }
        if let duration = limits.duration, state.seconds + extent.seconds > duration / .seconds(1) {
            return "limits.duration: the next step would not end in time"
        }
        return nil
    }
}
