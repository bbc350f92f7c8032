import Curl
import Designs
import Payments

/// What a pass plays, and for which arms. What it plays is one thing, the record that a payment belongs
/// to another: a pass that several arms share has records of its own for each of them.
package struct PassPlan: Sendable, Equatable {
    /// One arm's part. What is played is that of its phase, the same for every lane of a pass; whose it
    /// is says the phase too.
    package struct Lane: Sendable, Equatable {
        package var phase: Int
        /// The record of what is due at the beginning of a block; nil where there are no blocks.
        package var settling: Int?

        package init(phase: Int, settling: Int? = nil) {
            self.phase = phase
            self.settling = settling
        }
    }

    package enum Design: Sendable, Equatable {
        /// One arm has it for itself.
        case alone
        /// The arrivals of one schedule, whose rate is that of all arms together, are dealt out in groups
        /// of one for each arm, each group in a drawn order.
        case duet
        /// Each arm gets the same, in blocks of time that come in rounds of one for each arm, each round
        /// in a drawn order. The pass takes its length once for each arm.
        case blocks(Nanoseconds, settle: Nanoseconds)
    }

    package var lanes: [Lane]
    package var design: Design
    /// Passes that play the same for one arm each, this one among them; nil: no other one does.
    package var siblings: Range<Int>?

    package init(_ lanes: [Lane], _ design: Design, siblings: Range<Int>? = nil) {
        precondition((1...8).contains(lanes.count), "one to eight arms share a pass")
        precondition(design != .alone || lanes.count == 1, "who is alone has no company")
        self.lanes = lanes
        self.design = design
        self.siblings = siblings
    }

    /// A pass of a plain run.
    package init(phase: Int) { self.init([Lane(phase: phase)], .alone) }

    /// All the records that it has payments for.
    var phases: [Int] { lanes.flatMap { [$0.phase, $0.settling].compactMap(\.self) } }
}

extension EnginePlan {
    /// Seeds the draws of one pass, the same for every worker, and for every arm.
    func seed(ofPass pass: Int) -> UInt64 {
        let first = passes[pass].siblings?.lowerBound ?? pass
        return Mix.scramble(arms[0].keys.draws &+ UInt64(first))
    }

    /// In which order the arms come; the number that seeds it is enough for whoever reads the record.
    package func orderSeed(ofPass pass: Int) -> UInt64 {
        Mix.scramble(seed(ofPass: pass) ^ 0x9FB2_1C65_1E98_DF25)
    }

    func order(ofPass pass: Int) -> ArmOrder {
        ArmOrder(arms: passes[pass].lanes.count, seed: orderSeed(ofPass: pass))
    }

    /// nil where the pass has no blocks.
    func timetable(ofPass pass: Int) -> BlockTimetable? {
        guard case .blocks(let block, let settle) = passes[pass].design else { return nil }
        return BlockTimetable(
            order: order(ofPass: pass), block: block, settle: settle,
            length: ownLength(ofPass: pass))
    }

    /// What the pass takes of an arm's time; nil where something else ends it.
    package func ownLength(ofPass pass: Int) -> Nanoseconds? {
        phases[phase(ofPass: pass)].ownLength
    }

    /// The record that stands for the pass: of its first arm.
    package func phase(ofPass pass: Int) -> Int { passes[pass].lanes[0].phase }

    /// How long the pass takes, where its phase has a length.
    package func length(ofPass pass: Int) -> Nanoseconds? {
        let length = phases[phase(ofPass: pass)].length
        switch passes[pass].design {
        case .alone, .duet: return length
        case .blocks: return length.map { $0 * Nanoseconds(passes[pass].lanes.count) }
        }
    }

    /// The records whose payments are due at `offset` from the start of the pass.
    func phases(ofPass pass: Int, at offset: Nanoseconds) -> [Int] {
        let lanes = passes[pass].lanes
        guard let timetable = timetable(ofPass: pass) else { return lanes.map(\.phase) }
        guard let block = timetable.block(at: offset) else { return [] }
        let lane = lanes[block.arm]
        return [timetable.settles(at: offset - block.start) ? lane.settling ?? lane.phase : lane.phase]
    }
}
