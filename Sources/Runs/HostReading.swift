import Curl
import Glibc

/// What the kernel says of the machine at one moment; nil where it does not.
struct HostReading: Sendable, Equatable {
    /// Of CLOCK_MONOTONIC.
    var instant: Nanoseconds
    /// Nanoseconds since 1970 at `instant`; nil where both clocks could not be read close together.
    var wallClock: Nanoseconds?
    var times: CPUTimes?
    var throttled: Throttled?
    var segments: Segments?
    /// The lowest free descriptor: about as many are in use.
    var descriptors: Int?

    /// Of all cores since the machine was started, in the kernel's ticks.
    struct CPUTimes: Sendable, Equatable {
        var total: Int
        var idle: Int
        /// Given to other guests by the hypervisor.
        var stolen: Int

        /// From `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal; guests are in user.
        init?(stat: String) {
            guard let line = stat.split(separator: "\n").first, line.hasPrefix("cpu ") else {
                return nil
            }
            let ticks = line.split(separator: " ").dropFirst().compactMap { Int($0) }
            guard ticks.count >= 8 else { return nil }
            total = ticks[..<8].reduce(0, +)
            idle = ticks[3] + ticks[4]
            stolen = ticks[7]
        }
    }

    /// TCP segments of this network namespace since it began.
    struct Segments: Sendable, Equatable {
        var sent: Int
        var retransmitted: Int

        /// From `/proc/net/snmp`: a line of names, then one of numbers.
        init?(snmp: String) {
            let lines = snmp.split(separator: "\n").filter { $0.hasPrefix("Tcp:") }
                .map { $0.split(separator: " ") }
            guard lines.count == 2 else { return nil }
            func number(_ name: Substring) -> Int? {
                guard let place = lines[0].firstIndex(of: name),
                    lines[1].indices.contains(place)
                else { return nil }
                return Int(lines[1][place])
            }
            guard let sent = number("OutSegs"), let again = number("RetransSegs") else {
                return nil
            }
            self.sent = sent
            retransmitted = again
        }
    }

    /// How often and how long CPU limits held this process up.
    struct Throttled: Sendable, Equatable {
        var count = 0
        var time: Nanoseconds = 0
    }
}

extension HostReading {
    /// Two readings of the monotonic clock around one of the wall clock that are further apart do not
    /// tell what the difference of the clocks is.
    private static let closest: Nanoseconds = 1_000_000

    /// Costs about 0.1 ms.
    static func now(limits: ContainerLimits) -> HostReading {
        let before = MonotonicClock.now()
        let wall = Machine.wallNanoseconds
        let after = MonotonicClock.now()
        return HostReading(
            instant: before, wallClock: after - before < closest ? wall : nil,
            times: KernelFile.text("/proc/stat").flatMap { CPUTimes(stat: $0) },
            throttled: limits.throttled,
            segments: KernelFile.text("/proc/net/snmp").flatMap { Segments(snmp: $0) },
            descriptors: lowestFreeDescriptor)
    }

    private static var lowestFreeDescriptor: Int? {
        let descriptor = dup(2)
        guard descriptor >= 0 else { return nil }
        close(descriptor)
        return Int(descriptor)
    }
}
