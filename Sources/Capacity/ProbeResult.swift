/// What became of the payments of a probe, by intended instant; those of its settling are not counted.
package struct ProbeResult: Codable, Sendable, Equatable {
    package struct Slice: Codable, Sendable, Equatable {
        package var scheduled: Int
        /// For each promise on latency, in its order: payments that took longer, failed, or were not
        /// answered when counting ended and are older.
        package var exceeding: [Int]
        /// Outcomes that are errors, payments that were not sent included.
        package var failed: Int
        /// For each of `Promises.shares`.
        package var shares: [Count]

        package init(scheduled: Int, exceeding: [Int], failed: Int, shares: [Count] = []) {
            self.scheduled = scheduled
            self.exceeding = exceeding
            self.failed = failed
            self.shares = shares
        }
    }

    /// Of the payments that a promise is about, those that missed it.
    package struct Count: Codable, Sendable, Equatable {
        package var missing: Int
        package var all: Int

        package init(missing: Int = 0, of all: Int = 0) {
            self.missing = missing
            self.all = all
        }

        package mutating func add(_ other: Count) {
            missing += other.missing
            all += other.all
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

    func count(_ criterion: Criterion) -> Count {
        slices.reduce(into: Count()) { $0.add($1.count(criterion)) }
    }

    func share(_ criterion: Criterion) -> Double { count(criterion).share }

    /// Payments that kept every promise.
    var good: Int {
        slices.reduce(0) { sum, slice in
            let missing = slice.exceeding + [slice.failed] + slice.shares.map(\.missing)
            return sum + slice.scheduled - (missing.max() ?? 0)
        }
    }
}

extension ProbeResult.Count {
    var share: Double { all == 0 ? 0 : Double(missing) / Double(all) }
}

extension ProbeResult.Slice {
    func count(_ criterion: Criterion) -> ProbeResult.Count {
        switch criterion {
        case .latency(let index): .init(missing: exceeding[index], of: scheduled)
        case .errors: .init(missing: failed, of: scheduled)
        case .share(let index): shares[index]
        }
    }
}
