import Foundation
import Testing

extension Keeping {
    /// What a run hands to the CI system around it.
    @Suite struct PipelineTests {
        private static let examples = Binary.package.appendingPathComponent("docs/examples/ci")

        private func smoke(in folder: Folder) throws -> String {
            let text = try String(
                contentsOf: Binary.package.appendingPathComponent("scenarios/smoke.yaml"),
                encoding: .utf8)
            return try folder.write(text, as: "smoke.yaml")
        }

        private func text(_ name: String, in folder: Folder) throws -> String {
            try String(contentsOf: folder.url.appendingPathComponent(name), encoding: .utf8)
        }

        @Test func aRunWritesWhatItsReportWritesLater() throws {
            let folder = try Folder()
            let formats = [
                "junit", "markdown", "github", "gitlab", "bencher", "benchmark-action",
                "benchmark-action-bigger", "json", "csv",
            ]
            let ended = try paybench(
                ["run", try smoke(in: folder), "--quiet", "--results", folder.results]
                    + formats.flatMap { ["--write", "\($0)=\($0).out"] }, in: folder)
            #expect([0, 5].contains(ended.status), "\(ended.talk)")
            let result = try #require(folder.resultFolders.first)
            for format in formats {
                let again = try paybench(["report", result, "--format", format], in: folder)
                #expect(again.status == 0)
                #expect(try again.output == text("\(format).out", in: folder), "\(format)")
            }
        }

        @Test func onGitHubItAnnotatesAndAddsToTheSummaryOfTheStep() throws {
            let folder = try Folder()
            let file = try folder.write("before\n", as: "step.md")
            let github = ["GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": file]
            let arguments = [
                "run", try smoke(in: folder), "--quiet", "--results", folder.results,
            ]
            let told = try paybench(arguments, in: folder, environment: github)
            #expect(
                told.talk.contains("\n::notice title=paybench smoke::") || told.talk.hasPrefix("::")
            )
            #expect(!told.output.contains("::"))
            let summary = try text("step.md", in: folder)
            #expect(summary.hasPrefix("before\n<!-- paybench: smoke -->\n"))
            let silent = try paybench(arguments + ["--no-github"], in: folder, environment: github)
            #expect(!silent.talk.contains("::"))
            #expect(try text("step.md", in: folder) == summary)
        }

        @Test(arguments: [
            ("junti=a.xml", "did you mean \"junit\"?"), ("a.xml", "FORMAT=FILE is expected"),
            ("junit=", "no file is named"), ("junit=absent/a.xml", "No such file or directory"),
        ])
        func aFileThatCanNotBeWrittenStopsBeforeAnythingIsSent(
            argument: String, words: String
        ) throws {
            let folder = try Folder()
            let ended = try paybench(
                ["run", try smoke(in: folder), "--results", folder.results, "--write", argument],
                in: folder)
            #expect(ended.status == 64)
            #expect(ended.talk.contains(words), "\(ended.talk)")
            #expect(folder.resultFolders.isEmpty)
        }

        /// Each `paybench` command of an example, run as it stands there by a shell.
        @Test(arguments: [
            ("github-actions.yml", ["junit.xml", "comment.md", "figures.json"]),
            ("gitlab-ci.yml", ["junit.xml", "metrics.txt", "comment.md"]),
            ("Jenkinsfile", ["junit.xml", "comment.md"]),
        ])
        func theExamplesWork(example: String, files: [String]) throws {
            let folder = try Folder()
            let bench = folder.url.appendingPathComponent("bench")
            let bin = folder.url.appendingPathComponent("bin")
            for made in [bench, bin] {
                try FileManager.default.createDirectory(at: made, withIntermediateDirectories: true)
            }
            try FileManager.default.copyItem(
                atPath: try smoke(in: folder),
                toPath: bench.appendingPathComponent("payments.yaml").path)
            try FileManager.default.createSymbolicLink(
                atPath: bin.appendingPathComponent("paybench").path,
                withDestinationPath: Binary.path)
            let commands = try commands(of: example)
            #expect(!commands.isEmpty)
            for command in commands {
                let ended = try Command(
                    ["-euc", command], in: folder,
                    environment: ["PATH": "\(bin.path):/usr/bin:/bin"], executable: "/bin/bash"
                ).wait()
                #expect([0, 5].contains(ended.status), "\(command)\n\(ended.talk)")
            }
            let text = try String(
                contentsOf: Self.examples.appendingPathComponent(example), encoding: .utf8)
            for file in files {
                #expect(try !self.text(file, in: folder).isEmpty)
                #expect(text.ranges(of: file).count > 1, "\(file) is written, and used")
            }
        }

        /// Lines that begin with the program's name, with those that continue them.
        private func commands(of example: String) throws -> [String] {
            let text = try String(
                contentsOf: Self.examples.appendingPathComponent(example), encoding: .utf8)
            let lines = text.split(separator: "\\\n").joined(separator: "").split(separator: "\n")
            return lines.map { $0.trimmingCharacters(in: .whitespaces) }
                .filter { $0.hasPrefix("paybench run") }
        }
    }
}
