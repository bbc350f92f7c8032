import Curl

/// How long before an arrival a worker is awake already. A core that sleeps needs its time to wake up,
/// on a virtual machine tens of microseconds: too much for an arrival that is to leave on time.
///
/// Learns by how much sleeps are overslept; so it costs little where the core hardly sleeps. Never more
/// than a quarter of the time.
struct Vigil: Sendable {
    private static let longest: Nanoseconds = 150_000
    /// What was not used is kept, up to this.
    private static let start: Nanoseconds = 5_000_000

    /// How long before the instant to wake up.
    private(set) var early: Nanoseconds = 60_000
    /// Time spent awake with nothing to do.
    private(set) var spent: Nanoseconds = 0
    private let begin: Nanoseconds

    init(begin: Nanoseconds) { self.begin = begin }

    func isAllowed(at now: Nanoseconds) -> Bool { 4 * spent < now - begin + Self.start }

    /// A sleep ended so much later than it was to: up quickly, down slowly, near the worst of the usual.
    mutating func overslept(by late: Nanoseconds) {
        let step = late > early ? (late - early) / 4 : (late - early) / 64
        early = min(max(early + step, 2_000), Self.longest)
    }

    mutating func spend(_ time: Nanoseconds) { spent += time }
}
