import ArgumentParser
import FoundationEssentials
import Rendezvous
import Runs

/// What a command line says about a run that several machines send together.
struct ShardArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "This process plays shard I of N, from 0; or where to read that.",
            discussion:
                "Sources: \(ShardSource.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "I/N|SOURCE"))
    var shard: String?

    @Option(
        help: ArgumentHelp(
            "When the whole plan begins: UNIX seconds or RFC 3339; or barrier.",
            valueName: "TIME"))
    var startAt: String?

    @Option(
        help: ArgumentHelp(
            "Shard 0 listens there, the others call, and all begin together.",
            valueName: "HOST:PORT"))
    var barrier: String?

    @Option(
        help: ArgumentHelp(
            "How long shards wait for each other at the barrier.", valueName: "DURATION"))
    var barrierTimeout = "2m"

    @Option(
        help: ArgumentHelp(
            "Folder for the shard's result (in DIR/RUN), or - for lines of text on stdout.",
            valueName: "DIR|-"))
    var out: String?

    /// nil where the whole plan is played here; what is wrong ends the command with 64.
    func settings(runID: String?, folder: String) throws -> ShardSettings? {
        let options = ShardSettings.Options(
            shard: shard, runID: runID, startAt: startAt, barrier: barrier,
            barrierTimeout: barrierTimeout, out: out)
        do throws(ShardProblem) {
            return try ShardSettings(
                options, environment: ProcessInfo.processInfo.environment, folder: folder,
                now: Machine.wallNanoseconds)
        } catch {
            Terminal.say("paybench: \(error.description.printable)")
            throw ExitStatus.usage.exit
        }
    }
}

/// For commands that decide from all answers what is sent next, which no shard sees.
struct NoShards: ParsableArguments {
    @Option(help: .hidden) var shard: String?

    func validate() throws {
        guard shard != nil else { return }
        throw ValidationError(
            "--shard: only paybench run is sent by shards; a search, or a comparison while it is "
                + "measured, decides from all answers what it sends next")
    }
}
