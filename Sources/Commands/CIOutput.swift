import ArgumentParser
import Glibc
import Reports
import Results

/// What a run hands to the CI system around it, beside its result folder.
struct CIOutput: ParsableArguments {
    @Option(
        name: .customLong("write"),
        help: ArgumentHelp(
            "File to write besides the result folder; may be given again.",
            discussion:
                "Formats: \(WrittenFormat.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "FORMAT=FILE"),
        transform: OutputFile<WrittenFormat>.init)
    var files: [OutputFile<WrittenFormat>] = []

    @Flag(
        inversion: .prefixedNo,
        help: """
            Annotations for GitHub Actions on stderr, and the summary of the step. On by itself where \
            GITHUB_ACTIONS is true.
            """)
    var github: Bool?

    /// Before anything is sent: can the files be written?
    func validate() throws {
        for file in files { try file.checkFolder() }
    }

    /// Before anything is sent: is there what they are made of?
    ///
    /// - Parameter samples: the file of samples, where there will be one.
    func checkSources(samples: String?) throws {
        guard samples == nil, files.contains(where: { $0.format == .jtl }) else { return }
        throw ValidationError(
            "--write jtl=FILE is made of the samples; --samples FILE has them written")
    }

    /// false where anything of it could not be written; that was said then.
    ///
    /// - Parameters:
    ///   - folder: the result folder; nil where it is not whole.
    ///   - samples: the file of samples, where there is one.
    func write(_ summary: Summary, folder: String?, samples: String? = nil) -> Bool {
        let isWritten = files.map { file in
            attempt { () throws(ResultError) in
                try write(file, summary, folder: folder, samples: samples)
            }
        }
        return isWritten.allSatisfy(\.self) && tellGitHub(summary)
    }

    private func write(
        _ file: OutputFile<WrittenFormat>, _ summary: Summary, folder: String?, samples: String?
    ) throws(ResultError) {
        func exports() throws(ResultError) -> RunExports {
            guard let folder else {
                throw .corrupt(path: file.path, reason: "not written, since the results are not")
            }
            return RunExports(folder: ResultFolder(path: folder), summary: summary)
        }
        switch file.format {
        case .summary(let format):
            try writeFile(try summary.text(as: format, folder: folder), to: file.path)
        case .prometheus: try writeFile(try exports().metrics(), to: file.path)
        case .jtl:
            let exports = try exports()
            try writeFile(to: file.path) { (write) throws(ResultError) in
                try exports.jtl(samples: samples ?? exports.samples, write: write)
            }
        }
    }

    private func tellGitHub(_ summary: Summary) -> Bool {
        guard github ?? (Self.environment("GITHUB_ACTIONS") == "true") else { return true }
        Terminal.say(String(GitHubAnnotations(summary).text.dropLast()))
        guard let path = Self.environment("GITHUB_STEP_SUMMARY") else { return true }
        return attempt { () throws(ResultError) in
            try appendFile(MarkdownReport(summary).text + "\n", to: path)
        }
    }

    private func attempt(_ work: () throws(ResultError) -> Void) -> Bool {
        do {
            try work()
            return true
        } catch {
            Terminal.say("paybench: \(error.description)")
            return false
        }
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension OutputFile {
    /// Before anything is sent: can it be written?
    func checkFolder() throws {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        guard access(folder, W_OK | X_OK) == 0 else {
            throw ValidationError(
                "--write \(format.rawValue)=\(path.printable): the folder "
                    + "\(folder.printable): \(String(cString: strerror(errno)))")
        }
    }
}
