/// What became of the payments of a probe, by intended instant; those of its settling are not counted.
package struct ProbeResult: Codable, Sendable, Equatable {
    package struct Slice: Codable, Sendable, Equatable {
        package var scheduled: Int
        /// For each promise on latency, in its order: payments that took longer, failed, or were not
        /// answered when counting ended and are older.
        package var exceeding: [Int]
        /// Outcomes that are errors, payments that were not sent included.
        package var failed: Int

        package init(scheduled: Int, exceeding: [Int], failed: Int) {
            self.scheduled = scheduled
            self.exceeding = exceeding
            self.failed = failed
        }
    }

    /// Payments that missed a promise, each counted once.
    package struct Causes: Codable, Sendable, Equatable {
        /// Answered well, but too late.
        package var latency = 0
        /// Refused, broken or unreadable answers, and payments that could not be sent.
        package var errors = 0
        /// 429.
        package var throttled = 0
        package var inDoubt = 0
        package var timeouts = 0

        package init() {}

        var failed: Int { errors + throttled + inDoubt + timeouts }
    }

    /// Response times, for charts; nil where none came.
    package struct Times: Codable, Sendable, Equatable {
        package var meanMicroseconds: Double?
        package var p50Microseconds: Double?
        package var p90Microseconds: Double?
        package var p99Microseconds: Double?
        package var p999Microseconds: Double?

        package init() {}
    }

    /// Whole ones, in order; fewer than the probe has where it was stopped early.
    package var slices: [Slice]
    /// Of the whole step, its settling included.
    package var seconds: Double
    /// At each whole second of what was counted, payments that were due and not completed.
    package var inFlight: [Double]
    package var achievedPerSecond: Double
    package var completedPerSecond: Double
    /// Why the generator, and not the target, made this result what it is.
    package var generatorTrouble: String?
    package var wasStoppedEarly: Bool
    package var causes: Causes
    package var times: Times

    package init(
        slices: [Slice], seconds: Double, inFlight: [Double], achievedPerSecond: Double,
        completedPerSecond: Double, generatorTrouble: String? = nil, wasStoppedEarly: Bool = false,
        causes: Causes = Causes(), times: Times = Times()
    ) {
        self.slices = slices
        self.seconds = seconds
        self.inFlight = inFlight
        self.achievedPerSecond = achievedPerSecond
        self.completedPerSecond = completedPerSecond
        self.generatorTrouble = generatorTrouble
        self.wasStoppedEarly = wasStoppedEarly
        self.causes = causes
        self.times = times
    }

    package var scheduled: Int { slices.reduce(0) { $0 + $1.scheduled } }
    package var failed: Int { slices.reduce(0) { $0 + $1.failed } }

    func missing(_ criterion: Criterion) -> Int { slices.reduce(0) { $0 + $1.missing(criterion) } }
    func share(_ criterion: Criterion) -> Double {
        scheduled == 0 ? 0 : Double(missing(criterion)) / Double(scheduled)
    }

    /// Payments that kept every promise.
    var good: Int {
        slices.reduce(0) { $0 + $1.scheduled - max($1.exceeding.max() ?? 0, $1.failed) }
    }
}

extension ProbeResult.Slice {
    func missing(_ criterion: Criterion) -> Int {
        switch criterion {
        case .latency(let index): exceeding[index]
        case .errors: failed
        }
    }
}
