import Results

/// One run out of the shards that belong together: exact counts, histograms added bucket by bucket,
/// nothing scaled up. What the merged run is worth is said here and nowhere else (`verdict(on:)`).
package struct ShardMerge: Sendable {
    package let set: ShardSet
    /// As if one machine had sent what the shards sent.
    package let start: RunStart
    package let end: RunEnd
    let reports: [ShardReport]

    /// Reads every log to its end.
    package init(_ set: ShardSet) throws(MergeRefusal) {
        var reports: [ShardReport] = []
        for member in set.members {
            let report = try ShardReport(member)
            if let first = reports.first, !first.start.hasPlan(of: report.start) {
                throw .brokenLog(
                    name: member.name,
                    reason: "its interval log has other phases or payments than that of "
                        + set.members[0].name)
            }
            reports.append(report)
        }
        self.set = set
        self.reports = reports
        start = RunStart(reports)
        end = RunEnd(reports)
    }

    /// Adds all up, interval by interval.
    ///
    /// - Parameter each: gets each interval with the seconds that were settled with it; the last time only
    ///   seconds.
    package func add(
        each: (Interval?, [RecordBuilder.SettledSecond]) throws(ResultError) -> Void = {
            _, _ throws(ResultError) in
        }
    ) throws(ResultError) -> Record {
        var joined = try JoinedIntervals(set, start: start)
        var builder = RecordBuilder(start)
        while let interval = try joined.next() {
            try each(interval, builder.add(interval))
        }
        try each(nil, builder.settleAll())
        return builder.record(end)
    }

    /// Planned by the shards that are there; those of a shard that was cut as far as it got.
    private var planned: Int { reports.reduce(0) { $0 + $1.planned } }

    /// How much of the plan was sent.
    package func coverage() -> Summary.Merge {
        let header = set.headers[0]
        let share: Double =
            if let whole = header.planned, whole > 0 {
                min(1, Double(planned) / Double(whole))
            } else {
                Double(set.whole) / Double(set.expected)
            }
        return Summary.Merge(
            expected: set.expected, whole: set.whole, allowedMissing: 0,
            planDigest: header.planDigest, plannedByPlan: header.planned, coveredShare: share,
            isAligned: alignment.isAligned)
    }

    var alignment: ClockAlignment { ClockAlignment(set.headers) }
    /// The arrivals that the shards were to send and those that they had, where all of them are whole and
    /// these are not the same; nil where they are.
    var lostArrivals: (planned: Int, byPlan: Int)? {
        guard set.whole == set.expected, let byPlan = set.headers[0].planned, byPlan != planned
        else { return nil }
        return (planned, byPlan)
    }
}

/// How far the clocks of the shards may be apart.
struct ClockAlignment: Sendable, Equatable {
    /// Half of a second of the timeline.
    static let most = 0.5

    /// Seconds by which two of them may differ; nil where nobody knows.
    let bound: Double?
    /// By shard, as `bound`.
    let bounds: [Double?]

    /// One machine has one clock. A barrier measured what the kernel can only estimate.
    init(_ headers: [ShardHeader]) {
        guard Set(headers.map(\.hostHash)).count > 1 else {
            bounds = headers.map { _ in 0 }
            bound = 0
            return
        }
        let byBarrier = headers.contains { $0.clock.offsetBound != nil }
        bounds = headers.map { header in
            let clock = header.clock
            let measured = byBarrier && header.index == 0 ? 0 : clock.offsetBound
            return (measured ?? clock.kernelBound).map { Double($0) / 1e9 }
        }
        let known = bounds.compactMap(\.self).sorted()
        bound = known.count == bounds.count ? known.suffix(2).reduce(0, +) : nil
    }

    var isAligned: Bool { bound.map { $0 <= Self.most } ?? false }
}

extension RunStart {
    /// Whether both logs can be added up. That they are of one plan its digest says: their scenarios have
    /// the paths of files in them, which each machine may have elsewhere.
    fileprivate func hasPlan(of other: RunStart) -> Bool {
        phases == other.phases && passes == other.passes && paymentNames == other.paymentNames
            && expectations == other.expectations && signsIn == other.signsIn
            && options == other.options && design == other.design
    }

    fileprivate init(_ reports: [ShardReport]) {
        self = reports[0].start
        identity.startedAt = Double(reports[0].header.clock.startAsked) / 1e9
        workers = reports.reduce(0) { $0 + $1.start.workers }
        cores = reports.cores
        environment = EnvironmentRecord(reports.compactMap(\.start.environment), cores: cores)
    }
}

extension RunEnd {
    /// The gravest of the ways in which the shards ended.
    fileprivate init(_ reports: [ShardReport]) {
        let ends = reports.map(\.end)
        let generators = ends.map(\.generator)
        self.init(
            ending: ends.map(\.ending).min { $0.rank < $1.rank } ?? .completed,
            wallSeconds: ends.map(\.wallSeconds).max() ?? 0,
            generator: GeneratorRecord(
                workers: generators.reduce(0) { $0 + $1.workers }, cores: reports.cores,
                cpuSeconds: generators.reduce(0) { $0 + $1.cpuSeconds },
                busiestWorker: generators.map(\.busiestWorker).max() ?? 0,
                peakRSSBytes: generators.reduce(0) { $0 + $1.peakRSSBytes },
                connectionsOpened: generators.reduce(0) { $0 + $1.connectionsOpened }))
        let versions = Set(ends.compactMap(\.httpVersion))
        httpVersion = versions.count == 1 ? versions.first : nil
    }
}

extension Ending {
    fileprivate var rank: Int {
        switch self {
        case .guardRail: 0
        case .failed: 1
        case .killed: 2
        case .interrupted: 3
        case .judged: 4
        case .completed: 5
        }
    }
}

extension [ShardReport] {
    /// Each machine's once.
    fileprivate var cores: Int {
        reduce(into: [String: Int]()) { cores, report in
            cores[report.header.hostHash] = Swift.max(
                cores[report.header.hostHash] ?? 0, report.start.cores)
        }.values.reduce(0, +)
    }
}

extension EnvironmentRecord {
    /// What all machines have in common; texts that differ stand beside each other.
    fileprivate init?(_ machines: [EnvironmentRecord], cores: Int) {
        guard let first = machines.first else { return nil }
        func all(_ text: (EnvironmentRecord) -> String) -> String {
            machines.map(text).reduce(into: [String]()) {
                if !$0.contains($1) { $0.append($1) }
            }.joined(separator: ", ")
        }
        func common<Value: Equatable>(_ value: (EnvironmentRecord) -> Value?) -> Value? {
            machines.allSatisfy { value($0) == value(first) } ? value(first) : nil
        }
        self = first
        kernel = all(\.kernel)
        hostHash = all(\.hostHash)
        libcurl = all(\.libcurl)
        self.cores = cores
        sameHost = machines.contains(where: \.sameHost)
        cpuModel = common(\.cpuModel)
        governor = common(\.governor)
        cpuLimit = common(\.cpuLimit)
        memoryLimitBytes = common(\.memoryLimitBytes)
        clockSource = common(\.clockSource)
        tlsLibrary = common(\.tlsLibrary)
        peer = common(\.peer)
        tlsVersion = common(\.tlsVersion)
        noiseFloor = common(\.noiseFloor)
    }
}
