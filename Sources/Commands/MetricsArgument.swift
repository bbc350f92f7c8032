import ArgumentParser
import Scraping

/// Whether a run can be watched by Prometheus while it lasts.
struct MetricsArgument: ParsableArguments {
    @Option(
        name: .customLong("metrics-port"),
        help: ArgumentHelp(
            "Port of 127.0.0.1 at which Prometheus finds metrics while the run lasts.",
            discussion: "0: one that is free, said on stderr.", valueName: "port"))
    var port: Int?

    func validate() throws {
        guard let port, UInt16(exactly: port) == nil else { return }
        throw ValidationError("--metrics-port \(port): 0…65535 are possible")
    }

    /// nil where nobody asked for it. Where the port can't be had, says so and ends with 64.
    func open(isQuiet: Bool) throws -> LiveMetrics? {
        guard let port = port.flatMap({ UInt16(exactly: $0) }) else { return nil }
        do throws(ScrapeEndpoint.Refusal) {
            let endpoint = try ScrapeEndpoint(port: port)
            if !isQuiet || port == 0 { Terminal.say("paybench: metrics at \(endpoint.address)") }
            return LiveMetrics(endpoint)
        } catch {
            let remedy = error.isPortTaken ? "; 0 takes one that is free" : ""
            Terminal.say(
                "paybench: --metrics-port \(error.port): \(error.words)\(remedy); nothing was sent")
            throw ExitStatus.usage.exit
        }
    }
}
