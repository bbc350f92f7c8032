import Capacity
import Curl
import Results
import Scenarios
import Synchronization
import Verdicts

/// One probe of a capacity search, as a run of its own: what settles is sent and not measured, then the
/// rate is held and counted. It ends early where it is hopeless, and when nothing is in flight any more.
///
/// Workers, connections and sessions are made anew for each probe; as many connections as payments were
/// in flight before are opened ahead, so that a probe does not begin with a burst of them.
package final class ProbeRun: Sendable {
    package struct Setting: Sendable {
        /// Of the search: its target is checked.
        package var preparation: Preparation
        package var capacity: Scenario.Capacity
        package var promises: Promises
        /// Counts the runs of a search, from 1: no two have the same payment ids.
        package var part: Int
        /// Opened ahead.
        package var connections: Int
        /// As many may still be started; nil: there is no limit.
        package var payments: Int?
        /// What the target goes through before it settles, without a pause: the overload of a step down.
        package var before: Scenario.Capacity.Stretch?

        package init(
            _ preparation: Preparation, capacity: Scenario.Capacity, promises: Promises, part: Int
        ) {
            self.preparation = preparation
            self.capacity = capacity
            self.promises = promises
            self.part = part
            connections = 0
        }
    }

    /// What a probe left behind.
    package struct Ended: Sendable {
        /// Not to be taken where the ending is none of a probe's own.
        package var result: ProbeResult
        package var ending: Ending
        package var started: Int
        /// Payments were given up for their age: the target may still be busy with them.
        package var isTargetBusy: Bool
    }

    package let run: Run
    private let preparation: Preparation
    private let probe: Probe
    private let counts: Mutex<ProbeCounts>

    package init(_ probe: Probe, _ setting: Setting, toolVersion: String) {
        self.probe = probe
        let stretches = Self.stretches(of: probe, behind: setting.before)
        let first = stretches.dropLast().reduce(0) { $0 + Int($1.length.components.seconds) }
        preparation = setting.preparation.playing(
            setting.capacity.flow(stretches), part: setting.part,
            connections: setting.connections, payments: setting.payments)
        run = Run(preparation, toolVersion: toolVersion)
        counts = Mutex(
            ProbeCounts(
                probe, promises: setting.promises,
                payments: preparation.scenario.payments.map(\.name),
                expectations: preparation.scenario.payments.map(\.expect),
                phase: stretches.count - 1, first: first))
    }

    /// How long it takes, where it is not ended early, and how many payments that is.
    package static func extent(
        of probe: Probe, behind before: Scenario.Capacity.Stretch?
    ) -> (seconds: Double, payments: Double) {
        stretches(of: probe, behind: before).reduce((0, 0)) { sum, stretch in
            let seconds = stretch.length / .seconds(1)
            return (sum.0 + seconds, sum.1 + seconds * stretch.perSecond)
        }
    }

    /// Whole seconds but the last, which is the measured one: counts are kept by the second.
    private static func stretches(
        of probe: Probe, behind before: Scenario.Capacity.Stretch?
    ) -> [Scenario.Capacity.Stretch] {
        let settle = Scenario.Capacity.Stretch(
            name: "settle", perSecond: probe.rate, length: .seconds(probe.settle.rounded(.up)),
            measure: false)
        let surge = probe.surge.map {
            Scenario.Capacity.Stretch(
                name: "surge", perSecond: $0.rate, length: .seconds($0.seconds.rounded(.up)),
                measure: false)
        }
        let measured = Scenario.Capacity.Stretch(
            name: probe.purpose.rawValue, perSecond: probe.rate,
            length: .seconds(probe.measure), measure: true)
        return [before, surge, settle.length > .zero ? settle : nil, measured].compactMap(\.self)
    }

    /// Blocks until the probe is over and nothing is in flight.
    ///
    /// - Parameters:
    ///   - beside: makes of what listens what else listens, too.
    ///   - uncertain: payments whose booking has to be looked up.
    package func perform(
        beside: (Run.Listener) -> Run.Listener = { $0 },
        uncertain: @escaping @Sendable ([UncertainPayment]) -> Void
    ) throws(RunFailure) -> Ended {
        let begin = MonotonicClock.now()
        _ = try run.makeReady()
        let stopped = Mutex<Double?>(nil)
        let counting = Run.Listener(
            progress: { _ in }, uncertain: uncertain, started: { _ in },
            interval: { interval in self.counts.withLock { $0.add(interval) } },
            settled: { _ in
                self.counts.withLock { counts in
                    guard self.probe.isHopeless(after: counts.slicesSoFar) else { return nil }
                    stopped.withLock { $0 = $0 ?? counts.elapsed }
                    return .stop("hopeless")
                }
            },
            ended: { _ in })
        let record = run.perform(beside(counting))
        let seconds = Double(MonotonicClock.now() - begin) / 1e9
        let isJudged = if case .judged = record.ending { true } else { false }
        let stop = isJudged ? stopped.withLock { $0 } : nil
        let result = counts.withLock {
            $0.result(stopped: stop, wallSeconds: seconds, trouble: Self.trouble(in: record))
        }
        return Ended(
            result: result, ending: record.ending,
            started: record.phases.reduce(0) { $0 + $1.started },
            isTargetBusy: result.causes.timeouts > 0)
    }

    /// Why the generator, and not the target, made the record what it is.
    private static func trouble(in record: Record) -> String? {
        let verdict = judge(record)
        guard verdict.validity == .invalid else { return nil }
        return verdict.causes.first?.check ?? "invalid"
    }
}

extension ProbeResult {
    /// Of a target that was there and is so no more: no payment was sent.
    package init(unreachableFor probe: Probe, promises: Promises, seconds: Double) {
        let count = max(1, Int(probe.rate * probe.sliceSeconds))
        self.init(
            slices: [
                Slice(
                    scheduled: count, exceeding: promises.latencies.map { _ in count },
                    failed: count,
                    shares: promises.shares.map { _ in .init(missing: count, of: count) })
            ], seconds: seconds, inFlight: [], achievedPerSecond: 0, completedPerSecond: 0,
            wasStoppedEarly: true)
        causes.errors = count
    }
}
