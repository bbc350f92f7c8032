import Curl
import Results

/// Watches the machine while a run lasts: one reading a second, of which only the first, the last and
/// the extremes are kept.
struct HostWatch: Sendable {
    /// The wall clock drifts against the monotonic one by 0.5 ms a second at the most when it is
    /// disciplined; what differs by more from one reading to the next is a step.
    private static let leastStep: Nanoseconds = 50_000_000

    private let first: HostReading
    private var last: HostReading
    /// Wall clock less monotonic clock, where it was known last.
    private var difference: Nanoseconds?
    private var steps = 0
    private var largestStep: Nanoseconds = 0
    private var mostDescriptors: Int

    init(_ first: HostReading) {
        self.first = first
        last = first
        difference = first.wallClock.map { $0 - first.instant }
        mostDescriptors = first.descriptors ?? 0
    }

    mutating func add(_ reading: HostReading) {
        last = reading
        mostDescriptors = max(mostDescriptors, reading.descriptors ?? 0)
        guard let wall = reading.wallClock else { return }
        let now = wall - reading.instant
        defer { difference = now }
        guard let difference, abs(now - difference) > Self.leastStep else { return }
        steps += 1
        if abs(now - difference) > abs(largestStep) { largestStep = now - difference }
    }

    /// What it saw.
    ///
    /// - Parameter clockCost: what reading the clock costs, in nanoseconds.
    func record(
        clockSource: String?, clockCost: Double, descriptorLimit: Int, ports: LocalPorts?,
        connections: HostRecord.Connections
    ) -> HostRecord {
        var record = HostRecord(
            clock: HostRecord.Clock(
                source: clockSource, readNanoseconds: clockCost, steps: steps,
                largestStep: Double(largestStep) / 1e9),
            descriptors: HostRecord.Descriptors(used: mostDescriptors, limit: descriptorLimit),
            ports: ports.map {
                HostRecord.Ports(count: $0.count, quarantineSeconds: $0.quarantineSeconds)
            },
            connections: connections)
        if let before = first.times, let after = last.times, after.total > before.total {
            let total = Double(after.total - before.total)
            record.busyShare = 1 - Double(after.idle - before.idle) / total
            record.stealShare = Double(after.stolen - before.stolen) / total
        }
        if let before = first.throttled, let after = last.throttled, last.instant > first.instant {
            record.throttling = HostRecord.Throttling(
                count: after.count - before.count,
                share: Double(after.time - before.time) / Double(last.instant - first.instant))
        }
        if let before = first.segments, let after = last.segments {
            record.segments = HostRecord.Segments(
                sent: after.sent - before.sent,
                retransmitted: after.retransmitted - before.retransmitted)
        }
        return record
    }
}
