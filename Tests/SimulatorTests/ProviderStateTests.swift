import NIOCore
import Providers
import Testing

@testable import Simulator

/// Limits, queues and switches, in simulated time.
@Suite struct ProviderStateTests {
    static func at(_ milliseconds: Int64) -> NIODeadline {
        .uptimeNanoseconds(1_000_000_000) + .milliseconds(milliseconds)
    }

    static func state(_ change: (inout Provider) -> Void) -> ProviderState {
        ProviderState(.scripted(change), seed: 5)
    }

    /// The model: the servers one by one, the one that is free first takes the payment.
    @Test(arguments: [1, 2, 7])
    func aQueueDepartsAsItsModelDoes(_ servers: Int) {
        let draws = Draws(seed: 11)
        var queue = VirtualQueue(servers: servers)
        var free = [NIODeadline](repeating: .uptimeNanoseconds(0), count: servers)
        var arrival = Self.at(0)
        for number in 1...5000 as ClosedRange<UInt64> {
            arrival = arrival + .nanoseconds(Int64(draws.unit(number, for: .order) * 4e6))
            let service = TimeAmount.nanoseconds(Int64(draws.unit(number, for: .latency) * 9e6))
            free.sort()
            free[0] = max(free[0], arrival) + service
            let departure = queue.depart(arrival: arrival, service: service)
            #expect(departure == free[0])
        }
    }

    /// One server, 10 ms each, three at once: 10, 20, 30; the next comes to an empty queue.
    @Test func paymentsWaitForEachOther() {
        var state = Self.state {
            $0.latency.law = .constant(.milliseconds(10))
            $0.latency.servers = 1
        }
        let due = [0, 0, 0, 100].map { (instant: Int64) in
            _ = state.passes(at: Self.at(instant))
            return state.course(at: Self.at(instant)).due
        }
        #expect(due == [10, 20, 30, 110].map(Self.at))
    }

    /// 10 a second, burst 3: three at once, then one every 100 ms.
    @Test func theBucketHoldsItsBurstAndFillsAtItsRate() {
        var bucket = TokenBucket(Limits.Rate(perSecond: 10, burst: 3))
        let instants: [Int64] = [0, 0, 0, 0, 99, 100, 150, 200]
        let taken = instants.map { bucket.take(at: Self.at($0)) }
        #expect(taken == [true, true, true, false, false, true, false, true])
        let later = (1...4).map { _ in bucket.take(at: Self.at(10_000)) }
        #expect(later == [true, true, true, false])
    }

    /// 1,000 attempts a second against 25 a second with a burst of 25: 25 + 9.999 · 25 → 274.
    @Test func theBucketKeepsItsRate() {
        var bucket = TokenBucket(Limits.Rate(perSecond: 25, burst: 25))
        let taken = (0..<10_000).count { bucket.take(at: Self.at($0)) }
        #expect(taken == 25 + 249)
    }

    @Test func concurrencyCountsWhatIsNotFinished() {
        var state = Self.state { $0.limits.concurrent = 2 }
        let atOnce = [0, 0, 0].map { state.passes(at: Self.at($0)) }
        #expect(atOnce == [true, true, false])
        state.finished()
        let later = [1, 1].map { state.passes(at: Self.at($0)) }
        #expect(later == [true, false])
    }

    /// The first, and the one 2 s after its predecessor, take 800 ms more.
    @Test func theFirstCallAndOneAfterIdlenessAreSlow() {
        var state = Self.state {
            $0.latency.firstCall = Latency.FirstCall(
                extra: .milliseconds(800), idle: .seconds(2))
        }
        let instants: [Int64] = [0, 1000, 2999, 4999]
        let delays = instants.map { (state.course(at: Self.at($0)).due - Self.at($0)).nanoseconds }
        #expect(delays == [800_000_000, 0, 0, 800_000_000])
    }

    /// A brown-out from 1 s for 1 s: five times as long, and half of the payments fail.
    @Test func aBrownOutSlowsAndFailsInItsWindow() {
        var state = Self.state {
            $0.latency.law = .constant(.milliseconds(10))
            $0.faults = [
                Fault(
                    name: "lunch", .brownOut(factor: 5, errors: 0.5),
                    window: Fault.Window(after: .seconds(1), length: .seconds(1)))
            ]
        }
        var failed = 0
        for instant in 0..<3000 as Range<Int64> {
            _ = state.passes(at: Self.at(instant))
            let course = state.course(at: Self.at(instant))
            let isBrown = (1000..<2000).contains(instant)
            #expect(course.due == Self.at(instant + (isBrown ? 50 : 10)))
            #expect(isBrown || course.fault == nil)
            failed += course.fault == nil ? 0 : 1
        }
        // Binomial, n = 1,000, p = ½: five standard deviations are 79.
        #expect(abs(failed - 500) < 79)
    }

    @Test func aSwitchByHandBeatsTheWindow() {
        var switches = FaultSwitches([
            Fault(
                name: "a", .badJSON, window: Fault.Window(after: .seconds(1), length: .seconds(1))),
            Fault(name: "b", .stall, isArmed: false),
        ])
        #expect(!switches.isOn(0, at: Self.at(1500)))
        switches.paymentArrived(at: Self.at(0))
        switches.paymentArrived(at: Self.at(900))
        let on = [999, 1000, 1999, 2000].map { switches.isOn(0, at: Self.at($0)) }
        #expect(on == [false, true, true, false])
        #expect(switches.stallEnd(at: Self.at(0)) == nil)
        let known = [("a", false), ("b", true), ("c", true)].map { switches.turn($0, on: $1) }
        #expect(known == [true, true, false])
        #expect(!switches.isOn(0, at: Self.at(1500)))
        #expect(switches.stallEnd(at: Self.at(0)) == .distantFuture)
    }

    /// 10,000 payments, 1 %: binomial, five standard deviations are 50.
    @Test func aFaultHasItsShareAndTheFirstOfTwoCounts() {
        var state = Self.state {
            $0.faults = [
                Fault(name: "a", .badJSON, share: 0.01), Fault(name: "b", .cutBody, share: 0.01),
            ]
        }
        let faults = (0..<10_000).compactMap { state.course(at: Self.at($0)).fault }
        #expect(abs(faults.count { $0 == 0 } - 100) < 50)
        #expect(abs(faults.count { $0 == 1 } - 99) < 50)
    }

    /// Of 2,000 payments 2 are number 1,000 or 2,000; 5 are a multiple of 400, one of which is 2,000.
    @Test func everySoManyThPaymentIsHitExactly() {
        var state = Self.state {
            $0.faults = [
                Fault(name: "a", .badJSON, every: 1000), Fault(name: "b", .cutBody, every: 400),
            ]
        }
        let faults = (1...2000).map { state.course(at: Self.at($0)).fault }
        let hit = (1...2000).filter { faults[$0 - 1] != nil }
        #expect(hit == [400, 800, 1000, 1200, 1600, 2000])
        #expect(hit.map { faults[$0 - 1] } == [1, 1, 0, 1, 1, 0])
    }

    @Test func aRestartRepeatsTheDrawsAndKeepsWhatIsInFlight() {
        let fresh = Self.state {
            $0.latency.law = .exponential(mean: .milliseconds(5))
            $0.limits.concurrent = 1
        }
        var state = fresh
        let isFirstIn = state.passes(at: Self.at(0))
        let first = state.course(at: Self.at(0)).due
        state.restart(as: fresh)
        let isSecondIn = state.passes(at: Self.at(0))
        state.finished()
        let isThirdIn = state.passes(at: Self.at(0))
        let again = state.course(at: Self.at(0)).due
        #expect([isFirstIn, isSecondIn, isThirdIn] == [true, false, true])
        #expect(again == first)
    }
}
