import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Rendezvous

/// Real connections on the loopback.
@Suite(.serialized) struct BarrierTests {
    typealias Outcome = Result<BarrierStart, BarrierFailure>

    /// Shards that meet, each on a thread of its own.
    fileprivate final class Meeting: Sendable {
        let address: BarrierAddress
        fileprivate let outcomes = Mutex<[Int: Outcome]>([:])
        private let threads = DispatchGroup()
        private let interrupted = Mutex<Set<Int>>([])

        init() throws { address = try BarrierAddress("127.0.0.1:\(try freePort())") }

        func send(_ pass: BarrierPass, as key: Int, seconds: Int = 20) {
            threads.enter()
            Thread.detachNewThread { [self] in
                let outcome: Outcome
                do throws(BarrierFailure) {
                    let start = try Barrier.meet(
                        at: address, pass, seconds: seconds,
                        isInterrupted: { interrupted.withLock { $0.contains(key) } })
                    outcome = .success(start)
                } catch {
                    outcome = .failure(error)
                }
                outcomes.withLock { $0[key] = outcome }
                threads.leave()
            }
        }

        func interrupt(_ key: Int) { interrupted.withLock { _ = $0.insert(key) } }

        var isOver: [Int: Outcome] {
            threads.wait()
            return outcomes.withLock { $0 }
        }
    }

    @Test(arguments: [2, 3, 4]) func allGetOneStart(count: Int) throws {
        let meeting = try Meeting()
        // Whoever comes first: the others call until shard 0 is there.
        for index in (0..<count).reversed() {
            meeting.send(try pass(index, of: count), as: index)
        }
        let outcomes = meeting.isOver
        let starts = try (0..<count).map { try #require(outcomes[$0]).get() }
        #expect(Set(starts.map(\.instant)).count == 1)
        for start in starts {
            // One clock: what is found is within the bound, and that is a round trip on the loopback.
            #expect(abs(start.offset) <= start.bound)
            #expect(start.bound < 1_000_000_000)
        }
    }

    @Test func aDeadShardEndsItForAll() throws {
        let meeting = try Meeting()
        for index in 0..<2 { meeting.send(try pass(index, of: 4), as: index, seconds: 5) }
        // Says what a shard says, answers once, and is gone.
        let dead = try Caller(meeting.address)
        dead.say(BarrierLine.hello(try pass(3, of: 4)).text + "\n")
        #expect(dead.hearsSomething())
        dead.hangUp()
        let outcomes = meeting.isOver
        #expect(outcomes[0] == .failure(.gone(shard: 3)))
        // Refused, or too late to be.
        #expect(outcomes[1].map { (try? $0.get()) == nil } ?? false, "\(outcomes)")
    }

    @Test func whoDoesNotComeEndsItForAll() throws {
        let meeting = try Meeting()
        for index in 0..<2 { meeting.send(try pass(index, of: 3), as: index, seconds: 1 + index) }
        let outcomes = meeting.isOver
        #expect(outcomes[0] == .failure(.missing([2], seconds: 1)))
        // Refused, or too late to be.
        #expect(outcomes[1].map { (try? $0.get()) == nil } ?? false, "\(outcomes)")
    }

    @Test func withoutShardZeroNobodyBegins() throws {
        let meeting = try Meeting()
        meeting.send(try pass(1, of: 2), as: 1, seconds: 1)
        guard case .failure(.cannotReach)? = meeting.isOver[1] else {
            Issue.record("\(meeting.isOver)")
            return
        }
    }

    @Test func strangersAndOtherRunsChangeNothing() throws {
        let meeting = try Meeting()
        meeting.send(try pass(0, of: 2), as: 0)
        let quiet = try Caller(meeting.address)
        let loud = try Caller(meeting.address)
        loud.say("GET / HTTP/1.1\r\n" + String(repeating: "x", count: 5000))
        let other = try ShardNumber(1, of: 2)
        meeting.send(BarrierPass(runID: "other", plan: "p", place: other), as: 9)
        guard case .failure(.refused)? = meeting.outcome(of: 9) else {
            Issue.record("a shard of another run is turned away")
            return
        }
        meeting.send(try pass(1, of: 2), as: 1)
        let outcomes = meeting.isOver
        let start = try #require(outcomes[0]).get()
        #expect(try #require(outcomes[1]).get().instant == start.instant)
        quiet.hangUp()
    }

    @Test func anotherPlanEndsIt() throws {
        let meeting = try Meeting()
        meeting.send(try pass(0, of: 2), as: 0)
        meeting.send(BarrierPass(runID: "r", plan: "q", place: try ShardNumber(1, of: 2)), as: 1)
        let outcomes = meeting.isOver
        guard case .failure(.otherPlan(shard: 1, _))? = outcomes[0] else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(outcomes[1].map(isRefusal) ?? false, "\(outcomes)")
    }

    @Test(arguments: [0, 1]) func aSignalEndsIt(shard: Int) throws {
        let meeting = try Meeting()
        for index in 0..<2 { meeting.send(try pass(index, of: 3), as: index, seconds: 3) }
        meeting.interrupt(shard)
        let outcomes = meeting.isOver
        #expect(outcomes[shard] == .failure(.interrupted))
        #expect(outcomes[1 - shard].map { (try? $0.get()) == nil } ?? false)
    }

    private func isRefusal(_ outcome: Outcome) -> Bool {
        if case .failure(.refused) = outcome { true } else { false }
    }
}

extension BarrierTests.Meeting {
    /// As soon as that one is over.
    fileprivate func outcome(of key: Int) -> BarrierTests.Outcome? {
        let deadline = Date().addingTimeInterval(20)
        while Date() < deadline {
            if let outcome = outcomes.withLock({ $0[key] }) { return outcome }
            usleep(5000)
        }
        return nil
    }
}

/// A port of the loopback that nobody listened at a moment ago.
func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
        }
    }
    try #require(isBound)
    return Int(UInt16(bigEndian: address.sin_port))
}

/// Somebody who calls and says what it likes.
private final class Caller {
    private var descriptor: Int32 = -1

    init(_ barrier: BarrierAddress) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = UInt16(barrier.port).bigEndian
        let deadline = Date().addingTimeInterval(20)
        while Date() < deadline {
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            let isThere = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            if isThere { return }
            close(descriptor)
            usleep(5000)
        }
        throw BarrierFailure.cannotReach(barrier.description, reason: "test")
    }

    deinit { hangUp() }

    func say(_ text: String) {
        let bytes = Array(text.utf8)
        send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    func hearsSomething() -> Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, 0) == 1
    }

    func hangUp() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }
}
