/// What the two sides of a barrier say to each other: lines of ASCII, words apart by one space.
enum BarrierLine: Equatable {
    /// A shard's first words.
    case hello(BarrierPass)
    /// Shard 0 asks for the time, and says its own.
    case probe(sent: Int64)
    /// The same again, with when it came and when this was written.
    case echo(sent: Int64, received: Int64, answered: Int64)
    case start(BarrierStart)
    case refused(String)

    /// No line is longer, its end included; who sends more is not one of us.
    static let longest = 400

    /// nil: nothing that a barrier says.
    init?(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard let verb = words.first else { return nil }
        switch (verb, words.count) {
        case (BarrierPass.verb, 4):
            guard let place = try? ShardNumber(words[1]) else { return nil }
            self = .hello(BarrierPass(runID: words[2], plan: words[3], place: place))
        case ("probe", 2):
            guard let sent = Int64(words[1]) else { return nil }
            self = .probe(sent: sent)
        case ("echo", 4):
            guard let sent = Int64(words[1]), let received = Int64(words[2]),
                let answered = Int64(words[3])
            else { return nil }
            self = .echo(sent: sent, received: received, answered: answered)
        case ("start", 4):
            guard let instant = Int64(words[1]), let offset = Int64(words[2]),
                let bound = Int64(words[3])
            else { return nil }
            self = .start(BarrierStart(instant: instant, offset: offset, bound: bound))
        case ("no", _): self = .refused(text.dropFirst(3).description)
        case _: return nil
        }
    }

    var text: String {
        switch self {
        case .hello(let pass): "\(BarrierPass.verb) \(pass.place) \(pass.runID) \(pass.plan)"
        case .probe(let sent): "probe \(sent)"
        case .echo(let sent, let received, let answered): "echo \(sent) \(received) \(answered)"
        case .start(let start): "start \(start.instant) \(start.offset) \(start.bound)"
        case .refused(let reason): "no \(reason.prefix(Self.longest - 8))"
        }
    }
}

/// What a shard shows at the barrier.
package struct BarrierPass: Sendable, Equatable {
    fileprivate static let verb = "paybench-barrier/1"

    package var runID: String
    /// Digest of the whole plan, the same for all shards; one word.
    package var plan: String
    package var place: ShardNumber

    package init(runID: String, plan: String, place: ShardNumber) {
        self.runID = runID
        self.plan = plan
        self.place = place
    }
}

/// What all shards are told.
package struct BarrierStart: Sendable, Equatable {
    /// By the clock of shard 0; nanoseconds since 1970, UTC.
    package var instant: Int64
    /// How far this shard's clock is before that of shard 0, and by how much that may be wrong.
    package var offset: Int64
    package var bound: Int64

    package init(instant: Int64, offset: Int64, bound: Int64) {
        self.instant = instant
        self.offset = offset
        self.bound = bound
    }

    /// By this shard's own clock.
    package var ownInstant: Int64 { instant + offset }
}

/// Why there is no start. Nothing was sent.
package enum BarrierFailure: Error, Equatable {
    case interrupted
    case cannotListen(String, reason: String)
    case cannotReach(String, reason: String)
    case missing([Int], seconds: Int)
    case gone(shard: Int)
    case silent(shard: Int)
    case otherPlan(shard: Int, String)
    /// What shard 0 said.
    case refused(String)
    case late(seconds: Int)
    case wrongStart
}

/// How far another clock is before ours, from four readings: ours, theirs, theirs, ours (as NTP does,
/// RFC 5905, section 8).
struct ClockComparison: Equatable {
    let offset: Int64
    let roundTrip: Int64

    /// nil where the readings can't be of one exchange.
    init?(sent: Int64, received: Int64, answered: Int64, back: Int64) {
        // Far from overflow, whatever somebody sends.
        let readings = [sent, received, answered, back]
        guard readings.allSatisfy({ (0...(.max / 4)).contains($0) }) else { return nil }
        roundTrip = (back - sent) - (answered - received)
        offset = ((received - sent) + (answered - back)) / 2
        guard back >= sent, answered >= received, roundTrip >= 0 else { return nil }
    }

    /// The offset is not wrong by more.
    var bound: Int64 { (roundTrip + 1) / 2 }
}
