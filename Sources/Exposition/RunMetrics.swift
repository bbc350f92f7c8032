import Histograms
import Payments
import Results

/// What a run did so far, as counters and histograms: the sum of its intervals. A value of a few
/// kilobytes that does not grow with the run.
package struct RunMetrics: Sendable {
    /// Payments that are told apart: those of measured phases, and those of one adapter of several.
    struct Group: Sendable, Hashable {
        var isMeasured: Bool
        /// nil where the run has one target.
        var adapter: String?
    }

    struct Counts: Sendable {
        var planned = 0
        var started = 0
        var skipped = 0
        var retries = 0
        var bytesSent: UInt64 = 0
        var bytesReceived: UInt64 = 0
        /// Indexed by `Outcome.rawValue`.
        var outcomes = [Int](repeating: 0, count: Outcome.allCases.count)
        /// Likewise.
        var responseTime = [DurationCounts](
            repeating: DurationCounts(), count: Outcome.allCases.count)
        var serviceTime = [DurationCounts](
            repeating: DurationCounts(), count: Outcome.allCases.count)
        var sendDelay = DurationCounts()

        var completed: Int { outcomes.reduce(0, +) }
    }

    /// Where the run stands.
    package enum Stage: Sendable {
        case running, over
    }

    private(set) var identity: RunIdentity
    private(set) var signsIn: Bool
    /// In the order in which they came.
    private(set) var groups: [Group] = []
    private(set) var counts: [Counts] = []
    private(set) var codes = CodeCounts()
    /// Of all phases, in the order of the scenario: whether it is being sent.
    private(set) var phases: [(name: String, isActive: Bool)] = []
    private(set) var signIns = (count: 0, failed: 0)
    /// Of the whole process; those of the runs before this one first.
    private var cpuSecondsBefore = 0.0
    private var ownCPUSeconds = 0.0
    private(set) var peakRSSBytes = 0
    private(set) var elapsed = 0.0
    package var stage = Stage.running
    /// nil where nobody has judged yet.
    package var verdict: Verdict?
    /// By phase, its place among the groups.
    private var groupOfPhase: [Int] = []
    private var phaseOfPass: [Int] = []
    private var phaseNames: [String] = []

    package init(_ start: RunStart) {
        identity = start.identity
        signsIn = start.signsIn
        begin(start)
    }

    /// Another run of the same process, such as the next step of a search: counters go on.
    package mutating func begin(_ start: RunStart) {
        identity = start.identity
        signsIn = start.signsIn
        phaseOfPass = start.passes
        phaseNames = start.phases.map(\.name)
        phases = phaseNames.unique.map { ($0, false) }
        groupOfPhase = start.phases.map { phase in
            place(of: Group(isMeasured: phase.measured, adapter: phase.adapter))
        }
        cpuSecondsBefore += ownCPUSeconds
        ownCPUSeconds = 0
        elapsed = 0
        stage = .running
        verdict = nil
    }

    private mutating func place(of group: Group) -> Int {
        if let known = groups.firstIndex(of: group) { return known }
        groups.append(group)
        counts.append(Counts())
        return groups.count - 1
    }

    var cpuSeconds: Double { cpuSecondsBefore + ownCPUSeconds }

    /// - Precondition: the interval is of the run that it was begun with.
    package mutating func add(_ interval: Interval) {
        for (phase, own) in interval.phases.enumerated() {
            let group = groupOfPhase[phase]
            counts[group].add(own)
            codes.add(own.codes, group: group)
        }
        for second in interval.seconds.values {
            for (phase, series) in second.series { counts[groupOfPhase[phase]].add(series) }
        }
        signIns.count += Int(clamping: interval.signIns.time.count)
        signIns.failed += interval.signIns.failed
        ownCPUSeconds = interval.cpuSeconds
        peakRSSBytes = interval.peakRSSBytes
        elapsed = interval.elapsed
        let active = Set(
            interval.spans.filter { $0.value.end >= interval.elapsed }.compactMap { pass, _ in
                phaseOfPass.indices.contains(pass) ? phaseNames[phaseOfPass[pass]] : nil
            })
        for index in phases.indices { phases[index].isActive = active.contains(phases[index].name) }
    }
}

extension RunMetrics.Counts {
    fileprivate mutating func add(_ phase: Interval.Phase) {
        planned += phase.planned
        started += phase.started
        skipped += phase.skipped
        retries += phase.retries
        bytesSent += phase.bytesSent
        bytesReceived += phase.bytesReceived
    }

    fileprivate mutating func add(_ series: PhaseSeries) {
        for slot in series.responseTime.indices {
            let outcome = slot % Outcome.allCases.count
            outcomes[outcome] += Int(series.responseTime[slot].count)
            responseTime[outcome].add(series.responseTime[slot])
            serviceTime[outcome].add(series.serviceTime[slot])
        }
        sendDelay.add(series.times.sendDelay)
    }
}

extension [String] {
    fileprivate var unique: [String] {
        reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
