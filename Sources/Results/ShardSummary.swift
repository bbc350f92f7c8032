/// What is told of a run that was sent by several machines and added up.
extension Summary {
    /// One shard of the plan.
    package struct Shard: Codable, Sendable, Equatable {
        package enum State: String, Codable, Sendable {
            case whole
            /// It did not send its part to the end.
            case cut
            /// There is no result of it.
            case missing
        }

        /// From 0.
        package var index: Int
        package var state: State
        /// nil of one that is missing, like all that follows.
        @NullWhenNone package var hostHash: String?
        @NullWhenNone package var tool: String?
        @NullWhenNone package var libcurl: String?
        /// How its sending ended.
        @NullWhenNone package var ending: Ending?
        /// RFC 3339, UTC, with microseconds.
        @NullWhenNone package var startedAt: String?
        /// Behind the start that was asked for; negative: before it.
        @NullWhenNone package var startLate: Double?
        /// By how much its wall clock moved against the monotonic one.
        @NullWhenNone package var clockStep: Double?
        /// The most that its clock may be off the others'; nil also where nobody knows.
        @NullWhenNone package var clockBound: Double?
        @NullWhenNone package var planned: Int?
        @NullWhenNone package var started: Int?
        /// Its own lateness, of the measured phases of the open model.
        @NullWhenNone package var lagP99: UInt64?
        /// Of the measured phases.
        @NullWhenNone package var responseTimeP99: UInt64?

        enum CodingKeys: String, CodingKey {
            case index, state, tool, libcurl, ending, planned, started
            case hostHash = "host_hash"
            case startedAt = "started_at"
            case startLate = "start_late_s"
            case clockStep = "clock_step_s"
            case clockBound = "clock_bound_s"
            case lagP99 = "lag_p99_us"
            case responseTimeP99 = "response_time_p99_us"
        }

        package init(index: Int, state: State) {
            self.index = index
            self.state = state
            hostHash = nil
            tool = nil
            libcurl = nil
            ending = nil
            startedAt = nil
            startLate = nil
            clockStep = nil
            clockBound = nil
            planned = nil
            started = nil
            lagP99 = nil
            responseTimeP99 = nil
        }
    }

    /// How much of the plan the figures are of.
    package struct Merge: Codable, Sendable, Equatable {
        /// Shards of the plan, and those of them that are whole.
        package var expected: Int
        package var whole: Int
        /// Shards that were allowed to be missing or cut.
        package var allowedMissing: Int
        /// Lower-case hexadecimal SHA-256.
        package var planDigest: String
        /// Arrivals of the whole plan; nil where only a run tells.
        @NullWhenNone package var plannedByPlan: Int?
        /// 0…1: of the plan's arrivals, or of its shards where these are not known.
        package var coveredShare: Double
        /// Whether a second of the timeline is the same second for all shards.
        package var isAligned: Bool

        enum CodingKeys: String, CodingKey {
            case expected, whole
            case allowedMissing = "allowed_missing"
            case planDigest = "plan_sha256"
            case plannedByPlan = "planned_by_plan"
            case coveredShare = "covered_share"
            case isAligned = "series_aligned"
        }

        package init(
            expected: Int, whole: Int, allowedMissing: Int, planDigest: String,
            plannedByPlan: Int?, coveredShare: Double, isAligned: Bool
        ) {
            self.expected = expected
            self.whole = whole
            self.allowedMissing = allowedMissing
            self.planDigest = planDigest
            self.coveredShare = coveredShare
            self.isAligned = isAligned
            self.plannedByPlan = plannedByPlan
        }

        package var isWhole: Bool { whole == expected }
        /// `3/4`
        package var part: String { "\(whole)/\(expected)" }
    }
}
