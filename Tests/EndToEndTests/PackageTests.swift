import Foundation
import Testing

/// What `PAYBENCH_PACKAGE` names, if anything.
private enum Tarball {
    static let path: String? = ProcessInfo.processInfo.environment["PAYBENCH_PACKAGE"]
}

extension Keeping {
    /// The tarball of `scripts/package`, unpacked and used where no Swift is.
    @Suite(
        .enabled(
            if: Tarball.path != nil,
            "PAYBENCH_PACKAGE names no tarball; scripts/package makes one"))
    struct PackageTests {
        private let folder: Folder
        private let root: URL

        init() throws {
            folder = try Folder()
            let tarball = try #require(Tarball.path)
            let ended = try Command(["xzf", tarball], in: folder, executable: "/bin/tar").wait()
            #expect(ended.status == 0, "\(ended.talk)")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
            let name = try #require(names.first { $0.hasPrefix("paybench-") })
            root = folder.url.appendingPathComponent(name)
        }

        /// A shell that finds the system's programs and ours, and nothing of this session's environment.
        private func bash(_ script: String) throws -> Command.Ended {
            try Command(
                [
                    "-i", "PATH=\(root.path)/bin:/usr/bin:/bin", "HOME=\(folder.url.path)",
                    "/bin/bash", "--norc", "-euc", script,
                ], in: folder, executable: "/usr/bin/env"
            ).wait(seconds: 120)
        }

        @Test func itRunsAScenarioOfItsGalleryWithoutSwift() throws {
            let ended = try bash(
                """
                if command -v swift; then exit 99; fi
                paybench run '\(root.path)/share/paybench/scenarios/smoke.yaml' --write junit=junit.xml
                """)
            #expect([0, 5].contains(ended.status), "\(ended.talk)")
            #expect(ended.output.contains("smoke →"))
            let file = folder.url.appendingPathComponent("junit.xml").path
            #expect(FileManager.default.fileExists(atPath: file))
        }

        @Test func itAsksTheSystemForLibcurlAndNothingThatLibcurlLacks() throws {
            let ended = try bash("ldd \"$(command -v paybench)\"")
            #expect(ended.status == 0)
            for absent in ["libswift", "libFoundation", "libdispatch", "libstdc++", "not found"] {
                #expect(!ended.output.contains(absent), "\(ended.output)")
            }
            #expect(ended.output.contains("libcurl.so.4"))
        }

        @Test func everyScenarioOfItsGalleryIsValidThere() throws {
            let ended = try bash(
                """
                export PAY_TOKEN=x PAY_USER=x PAY_PASSWORD=x
                cd '\(root.path)/share/paybench/scenarios'
                for file in *.yaml; do paybench validate "$file"; done
                """)
            #expect(ended.status == 0, "\(ended.talk)")
        }

        @Test func bashCompletesItsCommandsAndFormats() throws {
            let ended = try bash(
                """
                source '\(root.path)/share/bash-completion/completions/paybench'
                complete -p paybench
                function_name=$(complete -p paybench | sed -E 's/.*-F ([^ ]+).*/\\1/')
                complete_line() {
                    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
                    COMP_LINE="$*" COMP_POINT=${#COMP_LINE} COMP_TYPE=9
                    COMPREPLY=()
                    "$function_name" paybench "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
                    echo "${COMPREPLY[@]}"
                }
                complete_line paybench rep
                complete_line paybench report x --format ben
                """)
            #expect(ended.status == 0, "\(ended.talk)")
            #expect(ended.output.contains("\nreport"))
            #expect(ended.output.contains("bencher"))
            #expect(ended.output.contains("benchmark-action-bigger"))
        }

        @Test func theOtherShellsHaveTheirsToo() throws {
            let places = [
                ("share/zsh/site-functions/_paybench", "#compdef paybench"),
                ("share/fish/vendor_completions.d/paybench.fish", "complete -c 'paybench'"),
            ]
            for (place, words) in places {
                let file = root.appendingPathComponent(place)
                #expect(try String(contentsOf: file, encoding: .utf8).contains(words), "\(place)")
            }
        }

        @Test func eachCommandHasItsManualPage() throws {
            let help = try bash("paybench --experimental-dump-help | tr , '\\n'").output
            let pages = try FileManager.default.contentsOfDirectory(
                atPath: root.appendingPathComponent("share/man/man1").path)
            for command in ["run", "report", "simulate", "completions"] {
                #expect(help.contains("\"\(command)\""))
                #expect(pages.contains("paybench-\(command).1"))
            }
            let topics = try FileManager.default.contentsOfDirectory(
                atPath: root.appendingPathComponent("share/man/man7").path)
            #expect(
                topics.contains("paybench-exit-statuses.7")
                    && topics.contains("paybench-outcomes.7"))
            let ended = try bash(
                """
                command -v mandoc >/dev/null || exit 0
                mandoc -T lint -W warning '\(root.path)'/share/man/man*/*
                """)
            #expect(ended.status == 0, "\(ended.output)")
        }

        @Test func itSaysOnWhichTermsItIsGiven() throws {
            let place = root.appendingPathComponent("share/doc/paybench")
            for file in ["LICENSE", "THIRD-PARTY", "INSTALL.md"] {
                let text = try String(
                    contentsOf: place.appendingPathComponent(file), encoding: .utf8)
                #expect(!text.isEmpty)
            }
        }

        @Test func itsSumIsRight() throws {
            let tarball = URL(fileURLWithPath: try #require(Tarball.path))
            let ended = try bash(
                "cd '\(tarball.deletingLastPathComponent().path)' && "
                    + "sha256sum --check '\(tarball.lastPathComponent).sha256'")
            #expect(ended.status == 0, "\(ended.talk)")
        }
    }
}
