import Curl
import Testing

@testable import Engine

/// The counts of a window by a dictionary of all windows: what a loop over them would find.
private func squares(_ instants: [Nanoseconds], window: Nanoseconds) -> Int {
    let counts = instants.reduce(into: [Nanoseconds: Int]()) { $0[$1 / window, default: 0] += 1 }
    return counts.values.reduce(0) { $0 + $1 * $1 }
}

@Suite struct PunctualityTests {
    @Test(arguments: [1 as UInt64, 2, 3])
    func squaresAreThoseOfAllWindows(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var intended: [Nanoseconds] = []
        var next = Nanoseconds(0)
        for _ in 0..<2000 {
            next += Nanoseconds.random(in: 0..<(4 * millisecond), using: &random)
            intended.append(next)
        }
        // A pause of 50 ms each half second: what was due in it goes out at its end.
        let sent = intended.map { instant in
            let begin = instant / (500 * millisecond) * (500 * millisecond)
            return max(instant, begin + 50 * millisecond)
        }
        var windows = SendWindows()
        var tally = PunctualityTally()
        for (intended, sent) in zip(intended, sent) {
            windows.count(intended: intended, sent: sent, in: &tally)
        }
        #expect(tally.sends == 2000)
        #expect(tally.planned.in10ms == squares(intended, window: 10 * millisecond))
        #expect(tally.planned.in100ms == squares(intended, window: 100 * millisecond))
        #expect(tally.sent.in10ms == squares(sent, window: 10 * millisecond))
        #expect(tally.sent.in100ms == squares(sent, window: 100 * millisecond))
        #expect(tally.sent.in10ms > tally.planned.in10ms, "seed \(seed)")
    }

    @Test func aWindowMayBeOpenWhileTalliesAreExchanged() {
        var windows = SendWindows()
        var first = PunctualityTally()
        var second = PunctualityTally()
        for _ in 0..<3 { windows.count(intended: 0, sent: 0, in: &first) }
        for _ in 0..<4 { windows.count(intended: 0, sent: 0, in: &second) }
        first.add(second)
        // Seven in one window.
        #expect(first.sends == 7)
        #expect(first.sent.in10ms == 49)
    }

    @Test func theLongestStallIsKeptWithItsWorker() {
        var first = PunctualityTally()
        first.countStall(of: 30 * millisecond, until: second, worker: 0)
        first.countStall(of: 20 * millisecond, until: 2 * second, worker: 0)
        var other = PunctualityTally()
        other.countStall(of: 40 * millisecond, until: 3 * second, worker: 1)
        first.add(other)
        // Each without its first 10 ms.
        #expect(first.stalled == 60 * millisecond)
        #expect(first.longestStall == 40 * millisecond)
        #expect(first.longestStallEnd == 3 * second)
        #expect(first.longestStallWorker == 1)
    }
}
