import Foundation
import Testing

extension Keeping {
    /// `scripts/distributed/parallel` over a real sshd.
    @Suite(
        .enabled(
            if: Launchers.has("parallel", "sshd", "ssh", "ssh-keygen"),
            "needs parallel, openssh-server and openssh-client: scripts/setup --interop"))
    struct ParallelTests {
        private func start(
            _ plan: NumberedPlan, hosts: String, run: String, on sshd: LocalEngine,
            in folder: Folder
        ) throws -> Command {
            try Launchers.start(
                "parallel",
                [
                    "--hosts", hosts, "--run", run, "--results", plan.results, "--start-in",
                    "\(Launchers.startIn)", plan.file, "--", "--workers", "1",
                ], in: folder, environment: sshd.environment)
        }

        /// At once: all is well; one machine can't be reached; the launcher is ended, and killed.
        @Test func whatTheMachinesPrintedIsMerged() throws {
            let sshd = try LocalEngine("sshd-local")
            let folder = try Folder()
            let target = try Target(["latency: { constant: 20ms }"])
            let plans = try [(1, 4, 3), (2, 4, 3), (3, 2, 20), (4, 2, 20)].map {
                try NumberedPlan(target, mark: $0, rate: 40, seconds: $2, shards: $1)
            }
            let hosts = [
                "bench0,bench1,bench2,bench3", "bench0,bench1,gone,bench3", "bench0,bench1",
                "bench0,bench1",
            ]
            let commands = try zip(plans, hosts).map { plan, hosts in
                try start(plan, hosts: hosts, run: "run\(plan.mark)", on: sshd, in: folder)
            }
            for shard in 0...1 {
                for plan in plans.suffix(2) { try plan.waitForPayments(3, of: shard) }
            }
            commands[2].signal(SIGTERM)
            commands[3].signal(SIGKILL)
            let ends = try commands.map { try $0.wait() }
            expectItEndedByItself(ends[0], try plans[0].merged.summary)
            #expect(try plans[0].merged.merge.whole == 4)
            #expect(try plans[0].merged.summary.totals["accepted"] == plans[0].count)
            try plans[0].expectTheBooksAgree(Array(0..<plans[0].count))
            try expectShardTwoIsMissing(plans[1], ends[1])
            try expectAllAreCut(plans[2], ends[2])
            try expectItStopped(plans[3], target)
        }

        private func expectShardTwoIsMissing(_ plan: NumberedPlan, _ ended: Command.Ended) throws {
            let merged = try plan.merged
            let others = [0, 1, 3].flatMap(plan.numbers)
            #expect(ended.status == 5, "\(ended.talk)")
            #expect(merged.merge.whole == 3 && merged.merge.coveredShare == 0.75)
            #expect(merged.summary.totals.started == others.count)
            try plan.expectTheBooksAgree(others)
        }

        /// What was sent until then is merged.
        private func expectAllAreCut(_ plan: NumberedPlan, _ ended: Command.Ended) throws {
            let merged = try plan.merged
            let sent = try plan.arrivals.keys.sorted()
            #expect(ended.status == 5, "\(ended.talk)")
            #expect(merged.merge.whole == 0 && merged.merge.coveredShare < 1)
            #expect(sent.count < plan.count && merged.summary.totals.started == sent.count)
            try plan.expectTheBooksAgree(sent)
        }

        /// Shards whose launcher is gone end, too.
        private func expectItStopped(_ plan: NumberedPlan, _ target: Target) throws {
            try eventually(within: 15, "they have ended") { try target.isQuiet }
            #expect(try plan.arrivals.count < plan.count)
            #expect(try plan.results("whole-").isEmpty)
        }
    }
}
