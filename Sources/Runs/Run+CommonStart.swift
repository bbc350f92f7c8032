import Curl
import Results

/// A run that begins when others do.
extension Run {
    /// Everything but the first payment, so early before a common start.
    private static let preparing: Nanoseconds = 200_000_000
    /// From then on the monotonic clock counts.
    private static let wallClockEnds: Nanoseconds = 50_000_000
    /// A clock that is only slewed changes by less in that time.
    private static let mostSlew: Nanoseconds = 5_000_000

    /// Waits until `ahead` before the start; whoever is too late, or hears that there is to be none, goes
    /// home.
    package func approach(
        _ start: CommonStart, ahead: Nanoseconds
    ) throws(StartFailure) {
        let isTime = WallClock.wait(until: start.ownInstant - ahead) { control.stopReason != nil }
        let late = Machine.wallNanoseconds - start.ownInstant
        guard isTime, late <= CommonStart.mostLate else {
            throw goHome(isTime ? .late(by: late) : .interrupted)
        }
    }

    /// As the other one, but begins when others do: request 0 of the whole plan is due at the start. Where
    /// that was missed no payment is sent.
    package func perform(
        _ listener: Listener, journal file: JournalFile? = nil, at start: CommonStart
    ) throws(StartFailure) -> (record: Record, clock: ClockFacts) {
        try approach(start, ahead: Self.preparing)
        journal.withLock { $0 = file }
        let before = WallClock.origin
        var plan = preparation.plan(origin: start.ownInstant - before)
        plan.extras.wallClock = start.instant
        let course = course(plan, listener)
        try approach(start, ahead: Self.wallClockEnds)
        let clock = WallClock.origin
        if abs(clock - before) > Self.mostSlew { throw goHome(.clockWasSet(by: clock - before)) }
        let begin = max(MonotonicClock.now(), plan.origin)
        let late = begin - plan.origin
        if late > CommonStart.mostLate { throw goHome(.late(by: late)) }
        let record = play(course)
        return (record, ClockFacts(start, clock: clock, begin: begin))
    }

    private func goHome(_ failure: StartFailure) -> StartFailure {
        callOff()
        return failure
    }
}

extension ClockFacts {
    /// - Parameters:
    ///   - clock: the wall clock at instant 0 of the monotonic one, when the run began.
    ///   - begin: by the monotonic clock.
    fileprivate init(_ start: CommonStart, clock: Int64, begin: Nanoseconds) {
        let kernel = WallClock.kernelBound
        self.init(
            asked: start.instant, actual: clock + begin - (start.offset ?? 0),
            offset: start.offset, bound: start.bound, step: WallClock.origin - clock,
            kernelBound: kernel?.bound, isSynchronised: kernel?.isSynchronised)
    }
}
