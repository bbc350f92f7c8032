import Results

/// `host.steal` and `clock`: what the machine took away. By themselves they make a measurement suspect;
/// where it showed, in lags or stalls, those say so.
extension Doubt {
    private static let stolen = Bounds(ok: 0.01, most: 0.05)
    private static let throttled = Bounds(ok: 0, most: 0.001)
    /// In nanoseconds a reading: each payment takes about ten.
    private static let clockCost = Bounds(ok: 200, most: .infinity)

    static func takenCPU(_ host: HostRecord?) -> Doubt? {
        if let throttling = host?.throttling, throttling.count > 0 {
            let times = throttling.count == 1 ? "once" : "\(Figures.count(throttling.count)) times"
            let doubt = Doubt(
                .hostSteal, throttling.share, within: throttled,
                advice: "The container was throttled \(times), for "
                    + "\(Figures.share(throttling.share)) of the run. Raise its CPU limit.")
            if let doubt { return doubt }
        }
        let share = host?.stealShare ?? 0
        return Doubt(
            .hostSteal, share, within: stolen,
            advice: "The hypervisor gave \(Figures.share(share)) of this machine's CPU time to "
                + "others. Use a machine that is not shared.")
    }

    static func slowClock(_ host: HostRecord?) -> Doubt? {
        guard let clock = host?.clock else { return nil }
        let source = clock.source.map { " (\($0.printable))" } ?? ""
        return Doubt(
            .clock, clock.readNanoseconds, within: clockCost,
            advice: "The kernel's clock\(source) takes "
                + "\(Figures.significant(clock.readNanoseconds)) ns to read, a dozen times a "
                + "payment. Use a machine whose clock source is tsc.")
    }

    /// Times are taken from the monotonic clock, which is never set.
    static func steppedClock(_ host: HostRecord?) -> Doubt? {
        guard let clock = host?.clock, clock.steps > 0 else { return nil }
        let size = Figures.length(seconds: abs(clock.largestStep))
        return Doubt(
            check: .clock, validity: .suspect, value: abs(clock.largestStep), threshold: 0.05,
            advice: "The wall clock was set \(clock.largestStep < 0 ? "back" : "forward") by "
                + "\(size) while the run lasted: instants in files are off by as much, latencies are not. "
                + "Keep the clock disciplined.")
    }
}
