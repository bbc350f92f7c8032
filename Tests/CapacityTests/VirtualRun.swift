import Capacity

/// Runs a search against a target in virtual time: what the live command does, without a network.
struct VirtualRun {
    var target: VirtualTarget
    var promises: Promises
    /// The highest rate that the generator can drive.
    var generatorLimit = Double.infinity
    /// Departures of payments of earlier probes.
    private var outstanding: [Double] = []

    init(_ target: VirtualTarget, promises: Promises, generatorLimit: Double = .infinity) {
        self.target = target
        self.promises = promises
        self.generatorLimit = generatorLimit
    }

    /// - Parameter mostSteps: a search that does not end by then has a fault.
    mutating func answer(of search: inout CapacitySearch, mostSteps: Int = 400) -> CapacityAnswer? {
        for _ in 0..<mostSteps {
            if let answer = step(&search) { return answer }
        }
        return nil
    }

    mutating func step(_ search: inout CapacitySearch) -> CapacityAnswer? {
        switch search.next() {
        case .probe(let probe): search.took(result(of: probe))
        case .drain(let drain):
            let seconds = min(target.leftover, drain.atMost) + 0.2
            target.pause(seconds)
            search.drained(seconds: seconds, isEmpty: target.leftover == 0)
        case .done(let answer): return answer
        }
        return nil
    }

    mutating func result(of probe: Probe) -> ProbeResult {
        let begin = target.now
        let rate = min(probe.rate, generatorLimit)
        if let surge = probe.surge {
            target.run(rate: min(surge.rate, generatorLimit), seconds: surge.seconds) {
                outstanding.append($0 + $1.time)
            }
        }
        target.run(rate: rate, seconds: probe.settle) { arrival, answer in
            outstanding.append(arrival + answer.time)
        }
        var counts = Counts(from: target.now, promises: promises)
        counts.carry(outstanding)
        var slices: [ProbeResult.Slice] = []
        while slices.count < probe.slices, !probe.isHopeless(after: slices) {
            counts.beginSlice()
            target.run(rate: rate, seconds: probe.sliceSeconds) { counts.add($0, $1) }
            slices.append(counts.slice)
        }
        outstanding = counts.unfinished(at: target.now)
        var result = counts.result(slices: slices, until: target.now)
        result.seconds = target.now - begin
        result.wasStoppedEarly = slices.count < probe.slices
        if probe.rate > generatorLimit { result.generatorTrouble = "sent late" }
        return result
    }
}

/// The payments of one probe, counted as they come.
private struct Counts {
    let start: Double
    let promises: Promises
    private(set) var slice = ProbeResult.Slice(scheduled: 0, exceeding: [], failed: 0)
    private var causes = ProbeResult.Causes()
    private var scheduled = 0
    private var completed = 0
    private var sum = 0.0
    private var times: [Double] = []
    /// How many more are in flight at each second than at the one before.
    private var changes: [Int] = []
    private var departures: [Double] = []

    init(from start: Double, promises: Promises) {
        self.start = start
        self.promises = promises
    }

    mutating func beginSlice() {
        slice = ProbeResult.Slice(
            scheduled: 0, exceeding: promises.latencies.map { _ in 0 }, failed: 0)
    }

    mutating func carry(_ departures: [Double]) {
        for departure in departures where departure > start { count(from: start, until: departure) }
    }

    mutating func add(_ arrival: Double, _ answer: VirtualTarget.Answer) {
        scheduled += 1
        slice.scheduled += 1
        sum += answer.time
        let hasFailed = answer.kind != .accepted
        if hasFailed { slice.failed += 1 }
        var isLate = false
        for (index, latency) in promises.latencies.enumerated()
        where hasFailed || answer.time > latency.limitSeconds {
            slice.exceeding[index] += 1
            isLate = true
        }
        switch answer.kind {
        case .accepted: causes.latency += isLate ? 1 : 0
        case .throttled: causes.throttled += 1
        case .refused: causes.errors += 1
        }
        count(from: arrival, until: arrival + answer.time)
    }

    private mutating func count(from: Double, until: Double) {
        departures.append(until)
        let (first, last) = (Int((from - start).rounded(.up)), Int((until - start).rounded(.up)))
        guard first < last else { return }
        while changes.count <= last { changes.append(0) }
        changes[first] += 1
        changes[last] -= 1
    }

    func unfinished(at time: Double) -> [Double] { departures.filter { $0 > time } }

    func result(slices: [ProbeResult.Slice], until end: Double) -> ProbeResult {
        let seconds = end - start
        var inFlight = 0
        let marks = changes.map { change in
            inFlight += change
            return Double(inFlight)
        }.prefix(Int(seconds) + 1)
        let padded =
            Array(marks) + [Double](repeating: 0, count: max(0, Int(seconds) + 1 - marks.count))
        let completed = departures.count { $0 > start && $0 <= end }
        var times = ProbeResult.Times()
        times.meanMicroseconds = scheduled == 0 ? nil : sum / Double(scheduled) * 1e6
        return ProbeResult(
            slices: slices, seconds: seconds, inFlight: padded,
            achievedPerSecond: Double(scheduled) / seconds,
            completedPerSecond: Double(completed) / seconds, causes: causes, times: times)
    }
}
