import Foundation
import Testing

extension EndToEnd {
    /// `scripts/distributed/slurm` on real daemons.
    @Suite(
        .enabled(
            if: Launchers.has("munged", "slurmctld", "slurmd", "srun", "salloc"),
            "needs slurm-wlm and munge: scripts/setup --interop"))
    struct SlurmTests {
        private func start(
            _ plan: NumberedPlan, run: String, on slurm: LocalEngine, in folder: Folder,
            environment: [String: String] = [:]
        ) throws -> Command {
            try Launchers.start(
                "slurm",
                [
                    "--shards", "\(plan.shards)", "--run", run, "--results", plan.results,
                    "--start-in", "\(Launchers.startIn)", plan.file, "--", "--workers", "1",
                ], in: folder, environment: slurm.environment.merging(environment) { $1 })
        }

        /// At four times the rate that one of them has.
        @Test func fourNodesSendOnePlanTogether() throws {
            let slurm = try LocalEngine("slurm-local", nodes: 4)
            let folder = try Folder()
            let target = try Target(["latency: { constant: 20ms }"])
            let plan = try NumberedPlan(target, mark: 1, rate: 200, seconds: 3)
            let ended = try start(plan, run: "one", on: slurm, in: folder).wait()
            let merged = try plan.merged
            expectItEndedByItself(ended, merged.summary)
            expectTheCountsAddUp(merged.summary)
            #expect(merged.merge.whole == 4 && merged.merge.coveredShare == 1)
            #expect(merged.summary.totals["accepted"] == plan.count)
            try plan.expectTheBooksAgree(Array(0..<plan.count))
            let starts = try (0..<4).map { try plan.earliest(of: $0) }
            let spread = try (#require(starts.max()) - #require(starts.min())) / 1000
            #expect(
                spread < 10000, "\(MeasuredAgain.mark)the shards began \(spread) µs apart")
        }

        /// Four runs at once, each of which loses its shard 2 in its own way.
        @Test func aLostShardLeavesTheOthersTheirsAndNoPaymentOutOfTheBooks() throws {
            let slurm = try LocalEngine("slurm-local", nodes: 16)
            let folder = try Folder()
            let target = try Target(["latency: { constant: 20ms }"])
            let plans = try (1...4).map {
                try NumberedPlan(target, mark: $0, rate: 40, seconds: 5)
            }
            let names = ["killed", "terminated", "lost", "late"]
            let late = try folder.write(Self.lateShard, as: "late")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: late)
            let commands = try zip(names, plans).map { name, plan in
                try start(
                    plan, run: name, on: slurm, in: folder,
                    environment: name == "late" ? ["PAYBENCH": late, "REAL": Binary.path] : [:])
            }
            for plan in plans.dropLast() { try plan.waitForPayments(3, of: 2) }
            kill(try shard("killed").id, SIGKILL)
            kill(try shard("terminated").id, SIGTERM)
            try lose(shard("lost"), slurm)
            let ends = try commands.map { try $0.wait() }
            for (index, end) in ends.enumerated() {
                #expect(end.status == 5, "\(names[index]): \(end.output) \(end.talk)")
                let merged = try plans[index].merged
                expectTheCountsAddUp(merged.summary)
                #expect(merged.merge.whole == 3 && merged.merge.expected == 4)
                #expect(end.output.contains("of the planned load"))
            }
            for index in [0, 2] { try expectShardTwoIsMissing(plans[index], names[index], folder) }
            try expectShardTwoIsCut(plans[1])
            try expectShardTwoSentNothing(plans[3])
            try expectStatusIsOfMerge(plans[0], "killed", folder)
        }

        /// Comes a second late, and more, as shard 2.
        private static let lateShard = """
            #!/bin/bash
            if [[ ${SLURM_PROCID-} == 2 ]]; then sleep $((${*: -1} + 2 - $(date +%s))); fi
            exec "$REAL" "$@"

            """

        private func shard(_ run: String) throws -> ShardProcess {
            try ShardProcess(
                program: Binary.path,
                variables: ["SLURM_PROCID=2", "SLURM_JOB_NAME=paybench-\(run)"])
        }

        /// What runs on its node is gone at once: the daemon, the step's, and the shard.
        private func lose(_ shard: ShardProcess, _ slurm: LocalEngine) throws {
            let folder = URL(fileURLWithPath: try #require(slurm.environment["SLURM_CONF"]))
                .deletingLastPathComponent()
            let node = try shard.variable("SLURMD_NODENAME")
            let daemon = try String(
                contentsOf: folder.appendingPathComponent("\(node).pid"), encoding: .utf8)
            let victims = [
                try #require(Int32(daemon.trimmingCharacters(in: .whitespacesAndNewlines))),
                try shard.parent, shard.id,
            ]
            for victim in victims { kill(victim, SIGKILL) }
        }

        /// What it sent is in its own folder, and with it in the books.
        private func expectShardTwoIsMissing(
            _ plan: NumberedPlan, _ run: String, _ folder: Folder
        ) throws {
            let merged = try plan.merged
            let arrivals = try plan.arrivals
            let others = [0, 1, 3].flatMap(plan.numbers)
            #expect(merged.merge.coveredShare == 0.75)
            #expect(merged.summary.totals.started == others.count)
            let mine = arrivals.keys.filter { $0 % 4 == 2 }
            try plan.expectTheBooksAgree(others + mine)
            let left = try #require(try plan.results("shard-2-of-4-", in: run).first)
            let report = try paybench(["report", left, "--format", "json"], in: folder)
            let listed = try paybench(["report", left, "--format", "unanswered"], in: folder)
            let unanswered = Set(
                listed.output.split(separator: "\n").dropFirst().compactMap {
                    Int($0.prefix { $0 != "," }.suffix(12))
                })
            let silent = mine.filter { !unanswered.contains($0) }
            #expect(try Summary(report.output).totals["accepted"] == silent.count)
        }

        /// Its result is there, of what it sent until then.
        private func expectShardTwoIsCut(_ plan: NumberedPlan) throws {
            let merged = try plan.merged
            let arrivals = try plan.arrivals
            #expect((0.75..<1).contains(merged.merge.coveredShare))
            #expect(merged.summary.totals.started == arrivals.count)
            let mine = arrivals.keys.filter { $0 % 4 == 2 }
            #expect((3..<plan.count / 4).contains(mine.count))
            try plan.expectTheBooksAgree([0, 1, 3].flatMap(plan.numbers) + mine)
        }

        private func expectShardTwoSentNothing(_ plan: NumberedPlan) throws {
            let others = [0, 1, 3].flatMap(plan.numbers)
            #expect(try plan.merged.summary.totals.started == others.count)
            try plan.expectTheBooksAgree(others)
        }

        /// The same shards give the same status without a launcher.
        private func expectStatusIsOfMerge(
            _ plan: NumberedPlan, _ run: String, _ folder: Folder
        ) throws {
            for (allowed, status) in [("0", 5), ("1", 4)] {
                let ended = try paybench(
                    [
                        "merge", "\(plan.results)/\(run)", "--expect", "4", "--allow-missing",
                        allowed, "--output", "\(folder.results)-\(allowed)",
                    ], in: folder)
                #expect(ended.status == Int32(status), "\(ended.output) \(ended.talk)")
            }
        }

        @Test func whatIsRefusedAsksForNoNode() throws {
            let folder = try Folder()
            let text = scenario(
                "https://api.stripe.com", load: ["phase: s, rate: 2/s, for: 1s"],
                more: ["limits: { payments: 10, duration: 1m }"],
                target: "environment: sandbox, allow_hosts: [api.stripe.com]")
            let file = try folder.write(text, as: "s.yaml")
            let ended = try Launchers.start(
                "slurm", ["--shards", "4", file], in: folder,
                environment: ["SLURM_CONF": "/nowhere"]
            ).wait()
            #expect(ended.status == 64)
            #expect(ended.talk.contains("belongs to a payment provider"), "\(ended.talk)")
            #expect(folder.resultFolders.isEmpty)
        }

        @Test func nodesThatAreNotThereAreNotWaitedFor() throws {
            let slurm = try LocalEngine("slurm-local", nodes: 2)
            let folder = try Folder()
            let target = try Target()
            let plan = try NumberedPlan(target, mark: 1, rate: 40, seconds: 1)
            let ended = try start(
                plan, run: "many", on: slurm, in: folder, environment: ["SALLOC_IMMEDIATE": "1"]
            ).wait()
            #expect(ended.status == 5)
            #expect(ended.talk.contains("none of 4 shards left a result"), "\(ended.talk)")
            #expect(try target.ledger.requests == 0)
        }
    }
}

extension NumberedPlan {
    /// By how much the most punctual request of a shard came after its due time, in ns of a clock that all
    /// shards have in common.
    fileprivate func earliest(of shard: Int) throws -> Int64 {
        let came = try firstArrivals
        return try #require(
            numbers(of: shard).compactMap { number in
                came[number].map { $0 - Int64(number) * 1_000_000_000 / Int64(rate) }
            }.min())
    }
}
