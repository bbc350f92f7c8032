/// The ports of this machine that connections to one address and port can begin at.
package struct LocalPorts: Sendable, Equatable {
    package let count: Int
    /// For how long the kernel keeps the port of a connection that we closed.
    package let quarantineSeconds: Double

    /// What the kernel says now.
    ///
    /// - Parameter toLoopback: `tcp_tw_reuse` may be for the loopback alone (2, the usual value).
    package init(toLoopback: Bool) {
        let range = Self.numbers("ip_local_port_range")
        let reuse = Self.numbers("tcp_tw_reuse").first ?? 0
        self.init(
            range: range.count == 2 && range[0] <= range[1] ? range[0]...range[1] : 32768...60999,
            isReusedEarly: reuse == 1 || (reuse == 2 && toLoopback))
    }

    /// - Parameter isReusedEarly: after a second of TIME_WAIT, by a clock of whole seconds.
    package init(range: ClosedRange<Int>, isReusedEarly: Bool) {
        count = range.count
        quarantineSeconds = isReusedEarly ? 2 : 60
    }

    /// Where so many connections are to be open at one time: what is missing, and what to raise.
    package func warning(connections: Int) -> String? {
        guard connections > count else { return nil }
        return "at most \(count) connections can be open to one address: so many local ports there "
            + "are (raise net.ipv4.ip_local_port_range)"
    }

    /// The same where so many are opened and closed in a second.
    package func warning(connectionsPerSecond rate: Double) -> String? {
        let needed = Int((rate * quarantineSeconds).rounded(.up))
        guard needed > count else { return nil }
        return "reuse: false at \(Int(rate.rounded()))/s needs \(needed) local ports, since the "
            + "kernel keeps each one for \(Int(quarantineSeconds)) s; there are \(count) (raise "
            + "net.ipv4.ip_local_port_range"
            + (quarantineSeconds > 2 ? ", or set net.ipv4.tcp_tw_reuse=1)" : ")")
    }

    private static func numbers(_ name: String) -> [Int] {
        (KernelFile.text("/proc/sys/net/ipv4/\(name)") ?? "")
            .split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    }
}
