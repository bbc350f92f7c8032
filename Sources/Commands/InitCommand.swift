import ArgumentParser
import Documents
import Glibc

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Writes a commented scenario that runs as it is, to begin with.",
        discussion: "A file that exists is never touched.")

    @Argument(help: "The file to write.")
    var file = "scenario.yaml"

    func run() throws {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw refusal(errno) }
        defer { close(descriptor) }
        var bytes = Array(Starter.text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw refusal(errno) }
            bytes = bytes.dropFirst(written)
        }
        Terminal.print(Starter.nextSteps(file: file))
    }

    private func refusal(_ code: Int32) -> any Error {
        let reason =
            code == EEXIST
            ? "it exists, and is left as it is; name another file"
            : String(cString: strerror(code))
        Terminal.say("paybench: \(shown(file)) is not written: \(reason)")
        return ExitStatus.usage.exit
    }
}
