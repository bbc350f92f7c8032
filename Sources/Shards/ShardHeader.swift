/// What a shard says of itself and of the plan that it had a part of: the first line of its file, as JSON.
///
/// Keys are added, never renamed; `ShardFile.format` changes when an old reader would read wrongly.
package struct ShardHeader: Codable, Sendable, Equatable {
    package var runID: String
    /// Lower-case hexadecimal SHA-256 of all that makes the plan: the same for every shard of one run.
    package var planDigest: String
    package var scenarioSHA256: String
    package var seed: UInt64
    /// From 0.
    package var index: Int
    /// Shards that the plan was divided into.
    package var count: Int
    /// Arrivals of the whole plan, all shards together; nil where only a run tells (users).
    package var planned: Int?
    package var clock: ShardClock
    /// The first 12 hexadecimal digits of the SHA-256 of the host name.
    package var hostHash: String
    package var toolVersion: String
    package var libcurlVersion: String
    /// It sent its part of the plan to the end: neither interrupted, nor stopped by a limit, nor failed.
    package var isComplete: Bool

    enum CodingKeys: String, CodingKey {
        case seed, index, count, planned, clock
        case runID = "run_id"
        case planDigest = "plan_sha256"
        case scenarioSHA256 = "scenario_sha256"
        case hostHash = "host_hash"
        case toolVersion = "tool"
        case libcurlVersion = "libcurl"
        case isComplete = "complete"
    }

    package init(
        runID: String, planDigest: String, scenarioSHA256: String, seed: UInt64, index: Int,
        count: Int, planned: Int?, clock: ShardClock, hostHash: String, toolVersion: String,
        libcurlVersion: String, isComplete: Bool
    ) {
        self.runID = runID
        self.planDigest = planDigest
        self.scenarioSHA256 = scenarioSHA256
        self.seed = seed
        self.index = index
        self.count = count
        self.planned = planned
        self.clock = clock
        self.hostHash = hostHash
        self.toolVersion = toolVersion
        self.libcurlVersion = libcurlVersion
        self.isComplete = isComplete
    }
}

/// What a shard knows of its clock. Instants are nanoseconds since 1970-01-01 UTC.
package struct ShardClock: Codable, Sendable, Equatable {
    /// When the whole plan was to begin: the same for every shard.
    package var startAsked: Int64
    /// When this shard's plan began, by the clock that `startAsked` is of.
    package var startActual: Int64
    /// By how much the wall clock moved against the monotonic one while the run lasted; forward is positive.
    package var step: Int64
    /// This clock less that of shard 0, as a barrier measured it, and the error that it has at most; nil
    /// without one. The start is in shard 0's time then.
    package var offset: Int64?
    package var offsetBound: Int64?
    /// The error that the kernel takes its wall clock to have at most (`adjtimex`); nil where it does not
    /// know: no time service disciplines it.
    package var kernelBound: Int64?

    enum CodingKeys: String, CodingKey {
        case startAsked = "start_asked_ns"
        case startActual = "start_actual_ns"
        case step = "step_ns"
        case offset = "offset_ns"
        case offsetBound = "offset_bound_ns"
        case kernelBound = "kernel_bound_ns"
    }

    package init(
        startAsked: Int64, startActual: Int64, step: Int64, offset: Int64? = nil,
        offsetBound: Int64? = nil, kernelBound: Int64? = nil
    ) {
        self.startAsked = startAsked
        self.startActual = startActual
        self.step = step
        self.offset = offset
        self.offsetBound = offsetBound
        self.kernelBound = kernelBound
    }
}

extension ShardHeader {
    /// What a file says need not be possible.
    var isPossible: Bool {
        (1...Self.mostShards).contains(count) && (0..<count).contains(index)
            && (0...1 << 53).contains(planned ?? 0) && clock.isPossible && isRunID
    }

    package static let mostShards = 4096

    /// As the command line takes them: they name folders and stand in lines of text.
    private var isRunID: Bool {
        (1...64).contains(runID.utf8.count)
            && runID.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"):
                    true
                case _: "._-".utf8.contains(byte)
                }
            }
    }
}

extension ShardClock {
    /// Far from overflowing when two are subtracted.
    fileprivate var isPossible: Bool {
        [startAsked, startActual].allSatisfy { (0..<1 << 62).contains($0) }
            && [step, offset ?? 0].allSatisfy { $0.magnitude < 1 << 62 }
            && [offsetBound ?? 0, kernelBound ?? 0].allSatisfy { (0..<1 << 62).contains($0) }
    }
}
