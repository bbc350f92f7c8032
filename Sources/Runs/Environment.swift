import Curl
import Digests
import Engine
import Glibc
import Results
import Scenarios

extension EnvironmentRecord {
    /// This machine, and what the first connection found.
    init(_ preparation: Preparation, limits: ContainerLimits) {
        self.init(
            kernel: Self.kernel, hostHash: Self.hostHash, cores: Machine.cores,
            libcurl: Libcurl.version, sameHost: preparation.isSameHost,
            effectiveSHA256: SHA256.hexadecimal(of: Array(preparation.scenario.effectiveText.utf8)))
        cpuModel = Self.processorName
        governor = Self.word(in: "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
        cpuLimit = limits.cpu
        memoryLimitBytes = limits.memory
        clockSource = Machine.clockSource
        tlsLibrary = Libcurl.tlsVersion
        peer = preparation.greeting?.peer
        tlsVersion = preparation.greeting?.tlsVersion
        noiseFloor = preparation.noiseFloor
    }

    private static var kernel: String {
        var names = utsname()
        uname(&names)
        return [
            text(&names.sysname), text(&names.release), text(&names.machine),
        ].joined(separator: " ")
    }

    private static var hostHash: String {
        var names = utsname()
        uname(&names)
        return String(
            SHA256.hexadecimal(of: Array(text(&names.nodename).utf8)).prefix(12))
    }

    /// - Parameter field: characters up to a NUL, which `uname` puts there.
    private static func text<Field>(_ field: inout Field) -> String {
        withUnsafeBytes(of: &field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// The first; x86 calls it so, ARM has none.
    private static var processorName: String? {
        let line = KernelFile.text("/proc/cpuinfo")?.split(separator: "\n")
            .first { $0.hasPrefix("model name") }
        return line?.split(separator: ":", maxSplits: 1).last.map { name in
            String(name.drop { $0 == " " })
        }
    }

    private static func word(in path: String) -> String? {
        KernelFile.text(path)?.split(whereSeparator: \.isWhitespace).first.map(String.init)
    }
}

extension Machine {
    /// `tsc`; what CLOCK_MONOTONIC is read from.
    static var clockSource: String? {
        let path = "/sys/devices/system/clocksource/clocksource0/current_clocksource"
        return KernelFile.text(path)?.split(whereSeparator: \.isWhitespace).first.map(String.init)
    }

    /// What a reading of the clock costs, in nanoseconds: the best of 20 times 50. Costs 50 µs.
    static var clockCost: Double {
        let times = 50
        let costs = (0..<20).map { _ in
            let before = MonotonicClock.now()
            var latest = before
            for _ in 0..<times { latest = MonotonicClock.now() }
            return Double(latest - before) / Double(times)
        }
        return costs.min() ?? 0
    }
}
