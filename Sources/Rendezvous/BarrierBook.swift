/// Shard 0's side of the barrier, as decisions: who is there and alive, how their clocks stand, when all
/// begin. A pure value; it knows the time only from what it is told (nanoseconds).
///
/// Who is there has a connection that is open, and answers: a shard that died leaves a closed one, one
/// that hangs leaves probes without an answer.
struct BarrierBook {
    enum Action: Equatable {
        case send(BarrierLine, to: Int)
        case drop(Int)
    }

    enum State: Equatable {
        case open
        /// By the clock of shard 0.
        case started(Int64)
        case failed(BarrierFailure)
    }

    fileprivate struct Guest {
        var place: ShardNumber
        /// Our wall clock when the last probe left, and our monotonic one; nil: it was answered.
        var probe: (wall: Int64, at: Int64)?
        var heard: Int64
        var comparisons = 0
        var best: ClockComparison?
    }

    /// Comparisons of clocks before the start: the quickest of them counts.
    private static let comparisons = 8
    private static let pause: Int64 = 250_000_000
    private static let patience: Int64 = 3_000_000_000
    /// A stranger may say who it is for so long.
    private static let greeting: Int64 = 5_000_000_000
    /// From the word to the start, beside some round trips.
    private static let lead: Int64 = 1_000_000_000

    private let pass: BarrierPass
    private let ends: Int64
    private let seconds: Int
    /// By connection: since when it has said nothing.
    private var strangers: [Int: Int64] = [:]
    /// By connection.
    private var guests: [Int: Guest] = [:]
    private(set) var state = State.open

    init(_ pass: BarrierPass, opened: Int64, seconds: Int) {
        self.pass = pass
        self.seconds = seconds
        ends = opened + Int64(seconds) * 1_000_000_000
    }

    mutating func accept(_ connection: Int, at now: Int64) { strangers[connection] = now }

    /// - Parameter wall: when it came.
    mutating func hear(
        _ line: BarrierLine?, from connection: Int, wall: Int64, at now: Int64
    ) -> [Action] {
        if strangers[connection] != nil {
            strangers[connection] = nil
            guard case .hello(let theirs) = line else { return [.drop(connection)] }
            return greet(theirs, connection, wall: wall, at: now)
        }
        guard let guest = guests[connection] else { return [] }
        guard case .echo(let sent, let received, let answered) = line, let probe = guest.probe,
            probe.wall == sent,
            let comparison = ClockComparison(
                sent: sent, received: received, answered: answered, back: wall)
        else { return fail(.silent(shard: guest.place.index)) }
        guests[connection]?.take(comparison, at: now)
        let isKnown = guest.comparisons + 1 >= Self.comparisons
        return isKnown ? [] : [ask(connection, wall: wall, at: now)]
    }

    private mutating func greet(
        _ theirs: BarrierPass, _ connection: Int, wall: Int64, at now: Int64
    ) -> [Action] {
        // Of another run, as its launcher or an old process has it: no shard of ours is missing for that.
        guard theirs.runID == pass.runID else {
            return [
                .send(.refused("this is run \(pass.runID)"), to: connection), .drop(connection),
            ]
        }
        let index = theirs.place.index
        if let difference = difference(of: theirs) {
            let failure = BarrierFailure.otherPlan(shard: index, difference)
            return [.send(.refused(failure.description), to: connection)] + fail(failure)
        }
        let isTaken = index == 0 || guests.values.contains { $0.place.index == index }
        if isTaken {
            return [
                .send(.refused("shard \(index) is there already"), to: connection),
                .drop(connection),
            ]
        }
        guests[connection] = Guest(place: theirs.place, heard: now)
        return [ask(connection, wall: wall, at: now)]
    }

    /// nil: it is a shard of our plan.
    private func difference(of theirs: BarrierPass) -> String? {
        if theirs.place.count != pass.place.count {
            return "of \(theirs.place.count) shards, not \(pass.place.count)"
        }
        return theirs.plan == pass.plan
            ? nil : "another scenario, seed, data file, number of workers or version of paybench"
    }

    mutating func close(_ connection: Int) -> [Action] {
        strangers[connection] = nil
        guard let guest = guests.removeValue(forKey: connection) else { return [] }
        return fail(.gone(shard: guest.place.index))
    }

    /// - Parameter wall: what the clock says now.
    mutating func tick(wall: Int64, at now: Int64) -> [Action] {
        guard state == .open else { return [] }
        var actions: [Action] = []
        for (connection, since) in strangers where now >= since + Self.greeting {
            strangers[connection] = nil
            actions.append(.drop(connection))
        }
        for (connection, guest) in guests {
            if let probe = guest.probe {
                if now >= probe.at + Self.patience {
                    return actions + fail(.silent(shard: guest.place.index))
                }
            } else if now >= guest.heard + Self.pause {
                actions.append(ask(connection, wall: wall, at: now))
            }
        }
        if isComplete { return actions + start(wall: wall) }
        return now < ends ? actions : actions + fail(.missing(missing, seconds: seconds))
    }

    /// All are there, and nothing is on its way.
    private var isComplete: Bool {
        guests.count == pass.place.count - 1
            && guests.values.allSatisfy { $0.probe == nil && $0.comparisons >= Self.comparisons }
    }

    private var missing: [Int] {
        let there = Set(guests.values.map(\.place.index))
        return (1..<pass.place.count).filter { !there.contains($0) }
    }

    private mutating func ask(_ connection: Int, wall: Int64, at now: Int64) -> Action {
        guests[connection]?.probe = (wall, now)
        return .send(.probe(sent: wall), to: connection)
    }

    private mutating func start(wall: Int64) -> [Action] {
        let slowest = guests.values.compactMap(\.best?.roundTrip).max() ?? 0
        let instant = wall + Self.lead + min(4 * slowest, Self.lead)
        state = .started(instant)
        return guests.map { connection, guest in
            let start = BarrierStart(
                instant: instant, offset: guest.best?.offset ?? 0, bound: guest.best?.bound ?? 0)
            return .send(.start(start), to: connection)
        }
    }

    /// Ends it for all.
    mutating func fail(_ failure: BarrierFailure) -> [Action] {
        guard state == .open else { return [] }
        state = .failed(failure)
        return (Array(guests.keys) + Array(strangers.keys)).map {
            .send(.refused(failure.description), to: $0)
        }
    }
}

extension BarrierBook.Guest {
    fileprivate mutating func take(_ comparison: ClockComparison, at now: Int64) {
        probe = nil
        heard = now
        comparisons += 1
        if comparison.roundTrip < best?.roundTrip ?? .max { best = comparison }
    }
}
