import CurlShims
import Glibc

/// Instants on CLOCK_MONOTONIC, in nanoseconds. Where they stand for a point in time they are absolute.
package typealias Nanoseconds = Int64

package enum MonotonicClock {
    package static func now() -> Nanoseconds {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}

package enum CurrentThread {
    /// Lets the calling thread's waits end when they are due, not up to 50 µs later (the kernel's
    /// default slack); holds until the thread ends.
    package static func makePunctual() {
        let result = shim_set_timer_slack(1)
        precondition(result == 0, "the kernel takes a timer slack of 1 ns")
    }

    /// CPU that the calling thread has used.
    package static var cpuTime: Nanoseconds { shim_thread_cpu() }

    /// How long the calling thread was ready to run but had no core, as its scheduler counts it (second
    /// number of `schedstat`); nil where the kernel does not count it. Reads a file.
    package static var queuedTime: Nanoseconds? {
        let numbers = KernelFile.text("/proc/thread-self/schedstat")?
            .split(whereSeparator: \.isWhitespace).compactMap { Nanoseconds($0) }
        return numbers?.count == 3 ? numbers?[1] : nil
    }
}
