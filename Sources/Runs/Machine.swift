import FoundationEssentials
import Glibc

/// Facts of the machine and of this process.
package enum Machine {
    /// CPUs that this process may run on.
    static var cores: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

    /// CPU seconds of this process so far, user and system.
    static var cpuSeconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1e6
    }

    /// The high-water mark of resident memory. Not `ru_maxrss`: that one survives exec.
    static var peakRSSBytes: Int {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else {
            return 0
        }
        for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
            return (line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0)
                * 1024
        }
        return 0
    }

    /// Seconds since 1970-01-01 UTC.
    static var wallClock: Double { Double(wallNanoseconds) / 1e9 }

    /// Nanoseconds since 1970-01-01 UTC.
    package static var wallNanoseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

extension Machine {
    /// The compiler this was built with, as far as it can be told while compiling.
    static var swiftVersion: String {
        #if compiler(>=6.4)
            "6.4 or later"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }
}

package enum Descriptors {
    /// Lets this process open as many descriptors as the system allows it; returns how many.
    package static func raiseLimit() -> Int {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return 1024 }
        var raised = limit
        raised.rlim_cur = limit.rlim_max
        if setrlimit(resource, &raised) == 0 { limit = raised }
        return Int(clamping: limit.rlim_cur)
    }

    /// Standard streams that were closed when we were started read and write nothing, instead of
    /// being the next file or socket that is opened.
    package static func fillStandardStreams() {
        var descriptor = open("/dev/null", O_RDWR)
        while (0...2).contains(descriptor) { descriptor = open("/dev/null", O_RDWR) }
        if descriptor > 2 { close(descriptor) }
    }
}
