import Curl
import Results
import Testing

@testable import Runs

private let second: Nanoseconds = 1_000_000_000

/// A machine whose clocks run together, one reading a second.
private func readings(_ count: Int, wall: (Int) -> Nanoseconds? = { _ in 0 }) -> [HostReading] {
    (0..<count).map { number in
        let instant = Nanoseconds(number) * second
        return HostReading(
            instant: instant, wallClock: wall(number).map { 1_000 * second + instant + $0 },
            times: nil, throttled: nil, segments: nil, descriptors: 20 + number % 3)
    }
}

private func record(_ readings: [HostReading]) -> HostRecord {
    var watch = HostWatch(readings[0])
    for reading in readings.dropFirst() { watch.add(reading) }
    return watch.record(
        clockSource: "tsc", clockCost: 30, descriptorLimit: 1000, ports: nil,
        connections: HostRecord.Connections(
            wanted: 1, ceiling: 1, scarcity: nil, needed: 1, areRenewed: false))
}

@Suite struct HostWatchTests {
    @Test func aClockThatIsDisciplinedHasNoSteps() {
        // 500 µs a second is the most that the kernel slews: 0.3 s in 10 minutes.
        let seen = record(readings(600, wall: { Nanoseconds($0) * 500_000 }))
        #expect(seen.clock.steps == 0)
        #expect(seen.clock.largestStep == 0)
    }

    @Test(arguments: [
        (50_000_000, 0), (50_000_001, 1), (-50_000_001, 1), (-3600 * 1_000_000_000, 1),
    ])
    func aClockThatIsSetHasAStep(by step: Nanoseconds, steps: Int) {
        let seen = record(readings(10, wall: { $0 < 5 ? 0 : step }))
        #expect(seen.clock.steps == steps)
        #expect(seen.clock.largestStep == (steps == 0 ? 0 : Double(step) / 1e9))
    }

    /// A reading that was interrupted between the clocks says nothing, and the next one is compared with
    /// the last that did.
    @Test func aStepIsFoundBehindAnInterruptedReading() {
        let seen = record(readings(10, wall: { $0 == 5 ? nil : $0 < 5 ? 0 : 2 * second }))
        #expect(seen.clock.steps == 1)
        #expect(seen.clock.largestStep == 2)
    }

    @Test func sharesAreOfTheTimeWatched() {
        var samples = readings(3)
        // 1000 ticks passed: 300 idle, 50 stolen.
        samples[0].times = HostReading.CPUTimes(stat: "cpu  100 0 50 800 50 0 0 10 0 0\n")
        samples[2].times = HostReading.CPUTimes(stat: "cpu  600 100 100 1000 150 0 0 60 7 0\n")
        samples[0].throttled = HostReading.Throttled(count: 3, time: second)
        samples[2].throttled = HostReading.Throttled(count: 7, time: second + second / 2)
        let seen = record(samples)
        #expect(seen.busyShare == 0.7)
        #expect(seen.stealShare == 0.05)
        // Half a second of two.
        #expect(seen.throttling == HostRecord.Throttling(count: 4, share: 0.25))
        #expect(seen.descriptors == HostRecord.Descriptors(used: 22, limit: 1000))
    }

    @Test func whatTheKernelDoesNotSayIsNotMadeUp() {
        let seen = record(readings(3))
        #expect(seen.busyShare == nil && seen.stealShare == nil)
        #expect(seen.throttling == nil && seen.segments == nil)
        #expect(HostReading.CPUTimes(stat: "cpu0 1 2 3\n") == nil)
        #expect(HostReading.CPUTimes(stat: "cpu 1 2 3\n") == nil)
        #expect(HostReading.Segments(snmp: "Tcp: InSegs\nTcp: 1\n") == nil)
        #expect(HostReading.Segments(snmp: "") == nil)
    }

    @Test func segmentsAreFoundByTheirNames() {
        let snmp = """
            Ip: Forwarding DefaultTTL
            Ip: 2 64
            Tcp: RtoAlgorithm MaxConn InSegs OutSegs RetransSegs InErrs
            Tcp: 1 -1 500 600 7 0
            """
        let seen = HostReading.Segments(snmp: snmp)
        #expect(seen?.sent == 600 && seen?.retransmitted == 7)
    }

    @Test func thisMachineCanBeRead() {
        let reading = HostReading.now(limits: ContainerLimits())
        #expect(reading.instant > 0)
        #expect((reading.descriptors ?? 0) > 2)
        #expect(Machine.clockCost > 0)
    }
}

@Suite struct ContainerLimitTests {
    private func limits(_ files: [String: String]) -> ContainerLimits {
        ContainerLimits(text: { files[$0] })
    }

    @Test func ofVersion2TheTightestLevelHolds() {
        let seen = limits([
            "/proc/self/cgroup": "0::/pod/box\n",
            "/sys/fs/cgroup/pod/box/cpu.max": "max 100000\n",
            "/sys/fs/cgroup/pod/cpu.max": "250000 100000\n",
            "/sys/fs/cgroup/pod/box/memory.max": "max\n",
            "/sys/fs/cgroup/pod/memory.max": "1073741824\n",
            "/sys/fs/cgroup/pod/box/cpu.stat": "usage_usec 5\nnr_throttled 0\nthrottled_usec 0\n",
            "/sys/fs/cgroup/pod/cpu.stat": "usage_usec 5\nnr_throttled 12\nthrottled_usec 34\n",
        ])
        #expect(seen.cpu == 2.5)
        #expect(seen.memory == 1 << 30)
        #expect(seen.throttled == HostReading.Throttled(count: 12, time: 34_000))
    }

    @Test func ofVersion1EachControllerHasItsOwnTree() {
        let seen = limits([
            "/proc/self/cgroup": "4:memory:/box\n1:cpu,cpuacct:/box\n0::/\n",
            "/sys/fs/cgroup/cpu/box/cpu.cfs_quota_us": "30000\n",
            "/sys/fs/cgroup/cpu/box/cpu.cfs_period_us": "100000\n",
            "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
            "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
            "/sys/fs/cgroup/memory/box/memory.limit_in_bytes": "9223372036854771712\n",
            "/sys/fs/cgroup/cpu/box/cpu.stat": "nr_periods 9\nnr_throttled 2\nthrottled_time 77\n",
        ])
        #expect(seen.cpu == 0.3)
        #expect(seen.memory == nil)
        #expect(seen.throttled == HostReading.Throttled(count: 2, time: 77))
    }

    @Test func withoutControlGroupsThereIsNoLimit() {
        let seen = limits([:])
        #expect(seen.cpu == nil && seen.memory == nil && seen.throttled == nil)
    }
}
