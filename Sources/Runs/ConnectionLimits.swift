import FoundationEssentials
import Scenarios

/// How many connections this machine lets the run have, checked before the start.
struct ConnectionLimits {
    /// Over all workers; at least one.
    let connections: Int
    /// What the run will meet, and what to raise.
    let warnings: [String]
    private let streams: Int
    private let inFlight: Int

    init(of scenario: Scenario, route: Route) {
        self.init(
            of: scenario, descriptors: Descriptors.raiseLimit(),
            ports: route.peers.isEmpty ? nil : LocalPorts(toLoopback: route.isLoopback))
    }

    /// - Parameter ports: nil where connections need none.
    init(of scenario: Scenario, descriptors: Int, ports: LocalPorts?) {
        let http = scenario.target.http
        streams = http.streams
        inFlight = scenario.limits.inFlight
        let wanted = min(
            (inFlight + streams - 1) / streams, http.connections ?? scenario.limits.inFlight)
        // Beside its connections each multi handle has a pair of descriptors of its own.
        let byDescriptors = max(1, descriptors - 128 - descriptors / 32)
        connections = max(1, min(wanted, byDescriptors, ports?.count ?? wanted))
        var warnings: [String] = []
        if byDescriptors < wanted {
            let most = min(byDescriptors * streams, inFlight)
            warnings.append(
                "at most \(most) payments can be in flight: this process may open "
                    + "\(descriptors) files (raise it with ulimit -n)")
        }
        if let ports, ports.count < wanted {
            warnings.append(
                "at most \(ports.count) connections can be open to one address: so many local "
                    + "ports there are (raise net.ipv4.ip_local_port_range)")
        }
        if let ports, !http.reuse, let rate = scenario.peakRate {
            warnings += ports.warning(connectionsPerSecond: rate).map { [$0] } ?? []
        }
        self.warnings = warnings
    }

    /// Payments in flight at the most: each worker has the same number of whole connections.
    func slots(workers: Int) -> Int {
        streams == 1
            ? min(connections, inFlight)
            : max(workers, min(connections / workers * workers * streams, inFlight))
    }
}

/// The ports of this machine that connections to one address and port can begin at.
struct LocalPorts: Equatable {
    let count: Int
    /// For how long the kernel keeps the port of a connection that we closed.
    let quarantineSeconds: Double

    /// - Parameter toLoopback: TIME_WAIT can be cut short for the loopback alone.
    init(toLoopback: Bool) {
        let range = Self.numbers("ip_local_port_range")
        let reuse = Self.numbers("tcp_tw_reuse").first ?? 0
        self.init(
            range: range.count == 2 && range[0] <= range[1] ? range[0]...range[1] : 32768...60999,
            isReusedEarly: reuse == 1 || (reuse == 2 && toLoopback))
    }

    /// - Parameter isReusedEarly: by tcp_tw_reuse: after a second, by the clock's whole seconds.
    init(range: ClosedRange<Int>, isReusedEarly: Bool) {
        count = range.count
        quarantineSeconds = isReusedEarly ? 2 : 60
    }

    /// What happens where each payment has a connection of its own.
    func warning(connectionsPerSecond rate: Double) -> String? {
        let needed = Int((rate * quarantineSeconds).rounded(.up))
        guard needed > count else { return nil }
        return "reuse: false at \(Int(rate.rounded()))/s needs \(needed) local ports, since the "
            + "kernel keeps each one for \(Int(quarantineSeconds)) s; there are \(count) (raise "
            + "net.ipv4.ip_local_port_range"
            + (quarantineSeconds > 2 ? ", or set net.ipv4.tcp_tw_reuse=1)" : ")")
    }

    private static func numbers(_ name: String) -> [Int] {
        let text = try? String(contentsOfFile: "/proc/sys/net/ipv4/\(name)", encoding: .utf8)
        return (text ?? "").split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    }
}

extension Scenario {
    /// Of the open phases; nil where there are none.
    fileprivate var peakRate: Double? {
        phases.compactMap(\.peakRate).max()
    }
}
