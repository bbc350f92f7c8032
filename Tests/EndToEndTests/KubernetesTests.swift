import Foundation
import Testing

extension Keeping {
    /// `scripts/distributed/kubernetes`: no cluster is here, so what a cluster would do with it is done by
    /// hand.
    @Suite struct KubernetesTests {
        private static let validator = Binary.package
            .appendingPathComponent(".build/interop/bin/kubernetes-validate").path

        private func manifest(_ name: String) throws -> String {
            try String(contentsOfFile: Launchers.path("kubernetes/\(name)"), encoding: .utf8)
        }

        /// The value that `key:` has in a manifest, each time, without comments.
        private func values(_ key: String, in text: String) -> [String] {
            text.split(separator: "\n").compactMap { line in
                let line = line.trimmingCharacters(in: .whitespaces).prefix { $0 != "#" }
                guard line.hasPrefix("\(key): ") else { return nil }
                return line.dropFirst(key.count + 2).trimmingCharacters(in: .whitespaces)
            }
        }

        private func parameters() throws -> [String: String] {
            try manifest("parameters.env").split(separator: "\n").reduce(into: [:]) {
                let words = $1.split(separator: "=", maxSplits: 1)
                $0[String(words[0])] = String(words[1])
            }
        }

        @Test(
            .enabled(
                if: FileManager.default.isExecutableFile(atPath: validator),
                "needs kubernetes-validate: scripts/setup --interop"),
            arguments: ["1.29", "1.33", "1.37"])
        func theManifestsAreValid(version: String) throws {
            let folder = try Folder()
            let files = ["job.yaml", "service.yaml"].map { Launchers.path("kubernetes/\($0)") }
            let ended = try Command(
                ["--strict", "-k", version] + files, in: folder, executable: Self.validator
            ).wait()
            #expect(ended.status == 0, "\(ended.output) \(ended.talk)")
            #expect((ended.output + ended.talk).components(separatedBy: "passed").count == 3)
        }

        @Test func thereAreAsManyPodsAsShards() throws {
            let job = try manifest("job.yaml")
            let count = try #require(try parameters()["SHARD_COUNT"])
            #expect(values("completions", in: job) == [count])
            #expect(values("parallelism", in: job) == [count])
            #expect(values("completionMode", in: job) == ["Indexed"])
            let places = try manifest("kustomization.yaml")
            #expect(places.contains("fieldPaths: [spec.completions, spec.parallelism]"))
        }

        /// What the parameters say is what the manifests say before kustomize has put it in.
        @Test func theManifestsHaveTheParametersTheyAreWrittenWith() throws {
            let parameters = try parameters()
            let (job, service) = (try manifest("job.yaml"), try manifest("service.yaml"))
            #expect(values("activeDeadlineSeconds", in: job) == [parameters["DEADLINE_S"]])
            #expect(values("image", in: job) == [parameters["IMAGE"]])
            let name = try #require(parameters["NAME"])
            for key in ["subdomain", "paybench-run"] {
                #expect(Set(values(key, in: job)) == [name], "\(key)")
            }
            #expect(values("paybench-run", in: service) == [name])
            for text in [job, service] { #expect(values("name", in: text).first == name) }
        }

        @Test func noShardIsRepeatedAndOneThatFailsLeavesTheOthersTheirs() throws {
            let job = try manifest("job.yaml")
            #expect(values("backoffLimitPerIndex", in: job) == ["0"])
            #expect(values("backoffLimit", in: job).isEmpty)
            #expect(values("restartPolicy", in: job) == ["Never"])
            #expect(values("values", in: job) == ["[64]"])
        }

        /// The command line and the environment that a pod has.
        @Test func theShardsOfAnIndexedJobFindEachOther() throws {
            let folder = try Folder()
            let target = try Target(["latency: { constant: 20ms }"])
            let plan = try NumberedPlan(target, mark: 1, rate: 40, seconds: 2)
            let job = try manifest("job.yaml")
            let line = try #require(values("args", in: job).first)
            let words = line.dropFirst().dropLast().split(separator: ",").map {
                $0.trimmingCharacters(in: CharacterSet(charactersIn: " \""))
            }
            #expect(words.contains("/scenario/scenario.yaml"))
            #expect(values("value", in: job) == ["$(NAME)-0.$(NAME):7000"])
            #expect(values("port", in: try manifest("service.yaml")) == ["7000"])
            let barrier = "127.0.0.1:\(try freePort())"
            let pods = try (0..<4).map { index in
                try Command(
                    words.map { $0 == "/scenario/scenario.yaml" ? plan.file : $0 }
                        + ["--workers", "1"],
                    in: folder,
                    environment: [
                        "JOB_COMPLETION_INDEX": "\(index)", "NAME": "example", "SHARD_COUNT": "4",
                        "SHARD_RUN_ID": "example", "SHARD_BARRIER": barrier,
                    ])
            }
            let ends = try pods.map { try $0.wait() }
            let printed = try folder.write(ends.map(\.output).joined(), as: "pods.txt")
            let ended = try paybench(
                ["merge", printed, "--expect", "4", "--run", "example", "--output", plan.results],
                in: folder)
            let merged = try plan.merged
            expectItEndedByItself(ended, merged.summary)
            #expect(merged.merge.whole == 4, "\(ends.map(\.talk))")
            try plan.expectTheBooksAgree(Array(0..<plan.count))
        }

        /// `kubectl` whose pods are processes of this machine.
        private static let kubectl = """
            #!/bin/bash
            case "$1 $2" in
                kustomize*) cp "$2/parameters.env" "$PODS" && cat "$2"/*.yaml ;;
                create*)
                    . "$PODS/parameters.env"
                    export SHARD_COUNT SHARD_RUN_ID
                    for i in $(seq 0 $((SHARD_COUNT - 1))); do
                        JOB_COMPLETION_INDEX=$i "$PAYBENCH" run "$SCENARIO" --shard k8s --out - \\
                            --workers 1 </dev/null >"$PODS/$i.log" 2>&1 &
                        echo $! >"$PODS/$i.id"
                    done ;;
                "get job")
                    for file in "$PODS"/*.id; do
                        if [[ -e /proc/$(cat "$file")/exe ]]; then exit; fi
                    done
                    echo Failed ;;
                "get pods") for file in "$PODS"/*.id; do basename "$file" .id; done ;;
                logs*) cat "$PODS/$2.log" ;;
                delete*) touch "$PODS/deleted" ;;
            esac

            """

        @Test func theLauncherMergesWhatThePodsPrintedAndCleansUp() throws {
            let folder = try Folder()
            let target = try Target(["latency: { constant: 20ms }"])
            let plan = try NumberedPlan(target, mark: 1, rate: 40, seconds: 4)
            let program = try folder.write(Self.kubectl, as: "kubectl")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: program)
            let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
            let command = try Launchers.start(
                "kubernetes/launch",
                ["--shards", "4", "--run", "pods", "--results", plan.results, plan.file],
                in: folder,
                environment: [
                    "PATH": "\(folder.url.path):\(path)", "PODS": folder.url.path,
                    "SCENARIO": plan.file, "SHARD_BARRIER": "127.0.0.1:\(try freePort())",
                ])
            try plan.waitForPayments(3, of: 2)
            kill(
                try ShardProcess(
                    program: Binary.path,
                    variables: ["SHARD_RUN_ID=pods", "JOB_COMPLETION_INDEX=2"]
                ).id, SIGKILL)
            let ended = try command.wait()
            let merged = try plan.merged
            let others = [0, 1, 3].flatMap(plan.numbers)
            #expect(ended.status == 5, "\(ended.talk)")
            #expect(merged.merge.whole == 3 && merged.merge.coveredShare == 0.75)
            #expect(merged.summary.totals.started == others.count)
            #expect(try others.allSatisfy(plan.arrivals.keys.contains))
            let deleted = folder.url.appendingPathComponent("deleted").path
            #expect(FileManager.default.fileExists(atPath: deleted))
        }
    }
}
