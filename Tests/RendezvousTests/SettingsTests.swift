import Glibc
import Testing

@testable import Rendezvous

/// Which shard this is, and when it begins: from the command line and the environment.
@Suite struct SettingsTests {
    private static let now: Int64 = 1_800_000_000_000_000_000

    private func settings(
        _ options: ShardSettings.Options, _ environment: [String: String] = [:]
    ) throws(ShardProblem) -> ShardSettings? {
        try ShardSettings(options, environment: environment, folder: "results", now: Self.now)
    }

    private func options(
        _ shard: String?, run: String? = "r1", startAt: String? = "1800000010",
        barrier: String? = nil, out: String? = nil
    ) -> ShardSettings.Options {
        ShardSettings.Options(
            shard: shard, runID: run, startAt: startAt, barrier: barrier, out: out)
    }

    @Test func withoutShardsThereIsNothingToSettle() throws {
        #expect(try settings(ShardSettings.Options()) == nil)
        let others = ["SLURM_PROCID": "1", "SLURM_NTASKS": "4", "SHARD_RUN_ID": "x"]
        #expect(try settings(ShardSettings.Options(), others) == nil)
    }

    @Test(arguments: [("0/1", 0, 1), ("3/4", 3, 4), ("0/1024", 0, 1024)])
    func aShardIsNamedOutright(text: String, index: Int, count: Int) throws {
        let found = try #require(try settings(options(text)))
        #expect(found.place == (try ShardNumber(index, of: count)))
        #expect(found.runID == "r1")
        #expect(found.start == .at(1_800_000_010_000_000_000))
        #expect(found.output == .folder("results"))
    }

    @Test(arguments: [
        "4/4", "-1/4", "1/0", "/4", "1/", "1/4/2", "1.0/4", "0/1025", "+1/4", " 1/4", "1/٤", "",
    ])
    func whatIsNoShardIsRefused(text: String) {
        let expected: ShardProblem = text.contains("/") ? .noSuchShard(text) : .unknownSource(text)
        #expect(throws: expected) { try settings(options(text)) }
    }

    @Test func aMisspeltSourceIsCorrected() {
        #expect(throws: ShardProblem.unknownSource("slurm-stp")) {
            try settings(options("slurm-stp"))
        }
        let words = ShardProblem.unknownSource("slurm-stp").description
        #expect(words.contains("did you mean \"slurm-step\"?"))
        for source in ShardSource.allCases { #expect(words.contains(source.rawValue)) }
    }

    /// An array job sets both `SLURM_PROCID`, which is 0 in all of them, and the task's own number.
    private static let arrayTask = [
        "SLURM_PROCID": "0", "SLURM_NTASKS": "1", "SLURM_ARRAY_TASK_ID": "13",
        "SLURM_ARRAY_TASK_MIN": "10", "SLURM_ARRAY_TASK_MAX": "16", "SLURM_ARRAY_TASK_COUNT": "3",
        "SLURM_ARRAY_TASK_STEP": "3",
    ]

    @Test(arguments: [
        ("env", ["SHARD_INDEX": "2", "SHARD_COUNT": "5"], "2/5"),
        ("slurm-step", ["SLURM_PROCID": "3", "SLURM_NTASKS": "4"], "3/4"),
        ("slurm-step", arrayTask, "0/1"), ("slurm-array", arrayTask, "1/3"),
        (
            "slurm-array",
            [
                "SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_MIN": "1",
                "SLURM_ARRAY_TASK_COUNT": "8",
            ], "6/8"
        ),
        ("k8s", ["JOB_COMPLETION_INDEX": "3", "SHARD_COUNT": "4"], "3/4"),
        ("k8s", ["JOB_COMPLETION_INDEX": "1", "SHARD_COUNT": "4", "SHARD_INDEX": "2"], "1/4"),
        ("mpi", ["OMPI_COMM_WORLD_RANK": "1", "OMPI_COMM_WORLD_SIZE": "2"], "1/2"),
        ("mpi", ["MV2_COMM_WORLD_RANK": "1", "MV2_COMM_WORLD_SIZE": "3"], "1/3"),
        ("mpi", ["PMI_RANK": "6", "PMI_SIZE": "7"], "6/7"),
        (
            "mpi",
            [
                "OMPI_COMM_WORLD_RANK": "1", "OMPI_COMM_WORLD_SIZE": "2", "PMI_RANK": "1",
                "PMI_SIZE": "2",
            ], "1/2"
        ),
    ])
    func eachSourceIsReadAsItsEngineWritesIt(
        source: String, environment: [String: String], place: String
    ) throws {
        #expect(try settings(options(source), environment)?.place.description == place)
    }

    @Test(
        arguments: [
            ("env", [:], .notSet("SHARD_INDEX", source: .env)),
            ("env", ["SHARD_INDEX": "1", "SHARD_COUNT": ""], .notSet("SHARD_COUNT", source: .env)),
            (
                "k8s", ["JOB_COMPLETION_INDEX": "1"], .notSet("SHARD_COUNT", source: .k8s)
            ),
            (
                "slurm-step", ["SLURM_PROCID": "one", "SLURM_NTASKS": "4"],
                .notANumber("SLURM_PROCID", "one")
            ),
            (
                "slurm-step", ["SLURM_PROCID": "4", "SLURM_NTASKS": "4"],
                .noSuchShardInEnvironment("SLURM_PROCID", 4, "SLURM_NTASKS", 4)
            ),
            // --array=1,3,7
            (
                "slurm-array",
                [
                    "SLURM_ARRAY_TASK_ID": "3", "SLURM_ARRAY_TASK_MIN": "1",
                    "SLURM_ARRAY_TASK_MAX": "7", "SLURM_ARRAY_TASK_COUNT": "3",
                ], .arrayWithGaps
            ),
            (
                "slurm-array",
                [
                    "SLURM_ARRAY_TASK_ID": "9", "SLURM_ARRAY_TASK_MIN": "1",
                    "SLURM_ARRAY_TASK_COUNT": "3",
                ], .noSuchShard("8/3")
            ),
            ("mpi", ["PMIX_RANK": "1"], .notSet("OMPI_COMM_WORLD_RANK", source: .mpi)),
            (
                "mpi",
                [
                    "OMPI_COMM_WORLD_RANK": "1", "OMPI_COMM_WORLD_SIZE": "2", "PMI_RANK": "0",
                    "PMI_SIZE": "1",
                ], .ranksDiffer
            ),
        ] as [(String, [String: String], ShardProblem)])
    func whatAnEngineDoesNotSayIsNotGuessed(
        source: String, environment: [String: String], problem: ShardProblem
    ) {
        #expect(throws: problem) { try settings(options(source), environment) }
        #expect(!problem.description.isEmpty)
    }

    private static let environment = [
        "SHARD_INDEX": "1", "SHARD_COUNT": "3", "SHARD_RUN_ID": "from-env",
        "SHARD_START_AT": "1800000020", "SHARD_RESULT_DIR": "/var/shards",
    ]

    @Test func ourOwnVariablesAreEnough() throws {
        let found = try #require(try settings(ShardSettings.Options(), Self.environment))
        #expect(found.place.description == "1/3")
        #expect(found.runID == "from-env")
        #expect(found.start == .at(1_800_000_020_000_000_000))
        #expect(found.output == .folder("/var/shards"))
    }

    @Test func anOptionWins() throws {
        let own = options("0/2", run: "own", barrier: nil, out: "-")
        let found = try #require(try settings(own, Self.environment))
        #expect(found.place.description == "0/2")
        #expect(found.runID == "own")
        #expect(found.start == .at(1_800_000_010_000_000_000))
        #expect(found.output == .standardOutput)
        let called = options("0/2", startAt: nil, barrier: "10.0.0.7:7000")
        let barrier = try BarrierAddress("10.0.0.7:7000")
        #expect(try settings(called, Self.environment)?.start == .barrier(barrier))
        let timed = options("0/2")
        #expect(
            try settings(timed, ["SHARD_BARRIER": "h:1"])?.start == .at(1_800_000_010_000_000_000))
    }

    @Test func theStartIsNamedOnce() throws {
        let barrier = try BarrierAddress("[::1]:7000")
        let both = options("0/2", startAt: "barrier", barrier: "[::1]:7000")
        #expect(try settings(both)?.start == .barrier(barrier))
        #expect(throws: ShardProblem.start(.two(time: "1800000010"))) {
            try settings(options("0/2", barrier: "h:1"))
        }
        #expect(throws: ShardProblem.start(.noBarrier)) {
            try settings(options("0/2", startAt: "barrier"))
        }
        let place = try ShardNumber(0, of: 2)
        #expect(throws: ShardProblem.start(.unknown(place))) {
            try settings(options("0/2", startAt: nil))
        }
        #expect(try settings(options("0/1", startAt: nil))?.start == .now)
        var environment = Self.environment
        environment["SHARD_BARRIER"] = "h:1"
        #expect(throws: ShardProblem.start(.twoInEnvironment(time: "1800000020", barrier: "h:1"))) {
            try settings(ShardSettings.Options(), environment)
        }
        environment["SHARD_START_AT"] = "barrier"
        #expect(
            try settings(ShardSettings.Options(), environment)?.start
                == .barrier(try BarrierAddress("h:1")))
    }

    @Test(arguments: ["", "..", ".hidden", "a b", "a/b", "ü", String(repeating: "x", count: 65)])
    func whatCanNotNameAFolderIsNoRunID(id: String) {
        #expect(throws: ShardProblem.badRunID(id)) { try settings(options("0/2", run: id)) }
    }

    @Test func shardsNeedARunIDAndNobodyElseTheirOptions() {
        #expect(throws: ShardProblem.noRunID) { try settings(options("0/2", run: nil)) }
        for option in ["--start-at", "--barrier", "--out"] {
            let stray = ShardSettings.Options(
                startAt: option == "--start-at" ? "1" : nil,
                barrier: option == "--barrier" ? "h:1" : nil, out: option == "--out" ? "x" : nil)
            #expect(throws: ShardProblem.withoutShard(option: option)) { try settings(stray) }
        }
    }

    @Test(arguments: ["h", "h:", ":1", "h:0", "h:65536", "::1:7000", "a b:1", "h:1x", "[]:1"])
    func whatIsNoAddressIsRefused(text: String) {
        #expect(throws: ShardProblem.start(.badAddress(text))) { try BarrierAddress(text) }
    }

    @Test(arguments: ["", "5", "0s", "61m", "1h", "-1s", "1.5s"])
    func whatIsNoTimeoutIsRefused(text: String) {
        var own = options("0/2")
        own.barrierTimeout = text
        #expect(throws: ShardProblem.start(.badTimeout(text))) { try settings(own) }
    }
}

/// Instants as launchers write them.
@Suite struct StartTimeTests {
    /// By the C library.
    private func seconds(_ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int) -> Int64
    {
        var parts = tm()
        parts.tm_year = Int32(year - 1900)
        parts.tm_mon = Int32(month - 1)
        parts.tm_mday = Int32(day)
        parts.tm_hour = Int32(hour)
        parts.tm_min = Int32(minute)
        return Int64(timegm(&parts))
    }

    private func padded(_ number: Int, _ digits: Int = 2) -> String {
        let text = "\(number)"
        return String(repeating: "0", count: digits - text.count) + text
    }

    /// Every day of years with and without a leap day, at an instant that differs from day to day.
    @Test(arguments: [1970, 1999, 2000, 2024, 2026, 2100])
    func theCalendarIsThatOfTheCLibrary(year: Int) throws {
        for day in 0..<366 {
            let lengths = [31, year % 4 == 0 && year % 100 != 0 || year == 2000 ? 29 : 28, 31, 30]
            let month = 1 + day % 4
            let own = 1 + day % lengths[month - 1]
            let (hour, minute) = (day % 24, day % 60)
            let expected = seconds(year, month, own, hour, minute) * 1_000_000_000
            let date = "\(padded(year, 4))-\(padded(month))-\(padded(own))"
            let clock = "\(padded(hour)):\(padded(minute)):07.25"
            let utc = try StartTime("\(date)T\(clock)Z", now: expected)
            #expect(utc.nanoseconds == expected + 7_250_000_000)
            let eastern = try StartTime("\(date) \(clock)+01:30", now: expected)
            #expect(eastern.nanoseconds == expected + 7_250_000_000 - 5_400_000_000_000)
        }
    }

    @Test(
        arguments: [
            ("1800000000", 0), ("1800000000.5", 500_000_000), ("1800000000.000000001", 1),
            ("1799999999.75", -250_000_000),
        ] as [(String, Int64)])
    func secondsAreCountedFrom1970(text: String, offset: Int64) throws {
        let now: Int64 = 1_800_000_000_000_000_000
        #expect(try StartTime(text, now: now).nanoseconds == now + offset)
    }

    @Test(arguments: [
        "", "now", "-5", "1e9", "1800000000.", "1800000000.0000000001", "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-01-01", "2026-01-01T00:00Z", "2026-01-01T00:00:00",
        "2026-01-01T24:00:00Z", "2026-01-01T00:00:00+1:00", "2026-01-01T00:00:00ZZ",
    ])
    func whatIsNoInstantIsRefused(text: String) {
        #expect(throws: ShardProblem.start(.badTime(text))) {
            try StartTime(text, now: 1_800_000_000_000_000_000)
        }
    }

    @Test(arguments: [
        "0", "1800086401", "1800000000000", "99999999999999999", "1999-01-01T00:00:00Z",
    ])
    func anInstantThatNobodyCanMeanIsRefused(text: String) {
        #expect(throws: ShardProblem.start(.distantTime(text))) {
            try StartTime(text, now: 1_800_000_000_000_000_000)
        }
    }
}
