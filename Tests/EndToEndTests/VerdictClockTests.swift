import Foundation
import Testing

extension EndToEnd.VerdictTests {
    /// The wall clock goes forward by one second two to three seconds after its start, for the generator alone: every
    /// reading goes through a function that is put before the system's. No time that is measured moves.
    @Test func aClockThatIsSetMeanwhileIsNamed() throws {
        let target = try Target(["latency: { constant: 20ms }"])
        let folder = try Folder()
        let library = try Self.steppingClock(in: folder)
        _ = try run(
            scenario(target.address, load: ["phase: open, rate: 100/s, for: 4s"]), in: folder,
            environment: ["LD_PRELOAD": library])
        let results = try Results(folder)
        let summary = try results.summary
        expectTheCountsAddUp(summary)
        #expect(summary.verdict.causes.contains { $0.check == "clock" })
        let json = try #require(
            JSONSerialization.jsonObject(with: Data(results.text("summary.json").utf8))
                as? [String: Any])
        let host = try #require(json["host"] as? [String: Any])
        let clock = try #require(host["clock"] as? [String: Any])
        #expect(clock["steps"] as? Int == 1)
        let step = try #require(clock["largest_step_s"] as? Double)
        #expect(abs(step - 1) < 0.05)
        #expect(try #require(summary.latency.responseTime.p50Us) < 500_000)
    }

    private static func steppingClock(in folder: Folder) throws -> String {
        let source = try folder.write(
            """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <time.h>
            typedef int function(clockid_t, struct timespec *);
            static function *system_clock;
            static time_t first;
            __attribute__((constructor)) static void begin(void) {
                struct timespec time;
                system_clock = (function *)dlsym(RTLD_NEXT, "clock_gettime");
                system_clock(CLOCK_MONOTONIC, &time);
                first = time.tv_sec;
            }
            int clock_gettime(clockid_t clock, struct timespec *time) {
                struct timespec now;
                if (!system_clock) begin();
                int result = system_clock(clock, time);
                if (result || clock != CLOCK_REALTIME) return result;
                system_clock(CLOCK_MONOTONIC, &now);
                if (now.tv_sec >= first + 3) time->tv_sec += 1;
                return 0;
            }

            """, as: "clock.c")
        let library = "\(folder.url.path)/clock.so"
        let compiled = try Command(
            ["clang", "-O2", "-shared", "-fPIC", "-o", library, source], in: folder,
            executable: "/usr/bin/env"
        ).wait()
        try #require(compiled.status == 0, "\(compiled.talk)")
        return library
    }
}
