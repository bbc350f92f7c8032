import Glibc
import Statistics

/// Two arms measured in one job, 200 payments a second in all (`truth.md`, 5.1).
struct Duel: Sendable {
    enum Design: Sendable, CaseIterable {
        /// Both at once, half of the rate each, in slices of 4 s.
        case duet
        /// In turn, 2 s each after 0.2 s to settle; which of the two is first is drawn.
        case blocks
        /// The reference for the first half of the job, the candidate for the second.
        case sequential

        var name: String {
            switch self {
            case .duet: "duet"
            case .blocks: "2-s blocks"
            case .sequential: "one after the other"
            }
        }

        /// Seconds that both arms of one slice take.
        var slice: Double {
            switch self {
            case .duet, .sequential: 4
            case .blocks: 4.4
            }
        }
    }

    /// Where in a job an arm is measured.
    struct Block {
        var start: Double
        var length: Double
        var rate: Double
    }

    static let rate = 200.0

    var design: Design
    var machine: Machine
    /// Of the candidate's times.
    var factor = 1.0
    /// Whether the candidate stalls for 0.5 s each 30 s.
    var stalls = false
    /// Log-sd of noise that each arm has by itself.
    var ownNoise = 0.0
    /// Logarithm of what times grow by in the course of the job.
    var drift = 0.0

    func slower(_ factor: Double) -> Duel {
        var duel = self
        duel.factor = factor
        return duel
    }

    func slices(seconds: Double, seed: UInt64) -> [Arms<Sample>] {
        var bout = Bout(of: self, seconds: seconds, seed: seed)
        return bout.slices(Int(seconds / design.slice + 1e-9))
    }
}

/// A duel while it goes on: the slices one after the other.
struct Bout {
    private let duel: Duel
    private let seconds: Double
    private let stalls: Stalls?
    private let own: Arms<OwnNoise?>
    private var job: Job
    private var next = 0

    init(of duel: Duel, seconds: Double, seed: UInt64) {
        self.duel = duel
        self.seconds = seconds
        var draws = Draws(seed: seed)
        stalls = duel.stalls ? Stalls(phase: 30 * draws.uniform()) : nil
        func noise() -> OwnNoise? {
            guard duel.ownNoise > 0 else { return nil }
            return OwnNoise(spread: duel.ownNoise, seconds: seconds, draws: &draws)
        }
        own = Arms(reference: noise(), candidate: noise())
        job = Job(on: duel.machine, seconds: seconds + 1, drift: duel.drift, draws: draws)
    }

    mutating func slices(_ count: Int) -> [Arms<Sample>] {
        (0..<count).map { _ in
            let blocks = blocks()
            next += 1
            return Arms(
                reference: sample(blocks.reference, noise: own.reference),
                candidate: sample(
                    blocks.candidate, noise: own.candidate, factor: duel.factor,
                    stalls: stalls))
        }
    }

    private mutating func blocks() -> Arms<Duel.Block> {
        let start = Double(next) * duel.design.slice
        func block(_ offset: Double) -> Duel.Block {
            .init(start: start + offset, length: 2, rate: Duel.rate)
        }
        switch duel.design {
        case .duet:
            let both = Duel.Block(start: start, length: 4, rate: Duel.rate / 2)
            return Arms(reference: both, candidate: both)
        case .blocks:
            let isFirst = job.draws.uniform() < 0.5
            return Arms(
                reference: block(isFirst ? 0.2 : 2.4), candidate: block(isFirst ? 2.4 : 0.2))
        case .sequential:
            return Arms(
                reference: block(-start / 2), candidate: block((seconds - start) / 2))
        }
    }

    private mutating func sample(
        _ block: Duel.Block, noise: OwnNoise?, factor: Double = 1, stalls: Stalls? = nil
    ) -> Sample {
        job.sample(
            from: block.start, for: block.length, rate: block.rate, factor: factor, noise: noise,
            stalls: stalls)
    }
}
