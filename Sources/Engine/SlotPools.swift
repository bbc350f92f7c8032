import Curl

/// Which slots are free, arm by arm: a slot's handle keeps the options of its arm, and no arm waits
/// because another one holds many.
struct SlotPools {
    private struct Pool {
        var free: FreeSlots
        var made = 0
        let most: Int
        /// Where connections are used in turn, all of them are opened first.
        let opensFirst: Bool
        /// Until then every slot was taken, the last time that was so.
        var exhaustedUntil: Nanoseconds = 0

        var hasFreeSlot: Bool { free.count > 0 || made < most }
    }

    private var pools: [Pool]
    var isAnyFull: Bool { pools.contains { !$0.hasFreeSlot } }

    /// The arms that have a free slot, made or not.
    private(set) var free = ArmSet()

    init(plan: EnginePlan, worker: Int) {
        pools = plan.arms.map { arm in
            Pool(
                free: FreeSlots(order: arm.transfer.rotates ? .longestFree : .lastFreed),
                most: share(of: arm.slots, index: worker, of: plan.workers),
                opensFirst: arm.transfer.rotates)
        }
        for arm in pools.indices { free.set(arm, pools[arm].hasFreeSlot) }
    }

    /// nil: one is to be made.
    ///
    /// - Precondition: the arm has a free slot.
    mutating func take(for arm: Int) -> Int? {
        defer { free.set(arm, pools[arm].hasFreeSlot) }
        let makesOne = pools[arm].opensFirst && pools[arm].made < pools[arm].most
        if !makesOne, let known = pools[arm].free.take() { return known }
        pools[arm].made += 1
        return nil
    }

    mutating func put(back slot: Int, of arm: Int, at now: Nanoseconds) {
        if !pools[arm].hasFreeSlot { pools[arm].exhaustedUntil = now }
        pools[arm].free.append(slot)
        free.set(arm, true)
    }

    /// By arm.
    var made: [Int] { pools.map(\.made) }

    func exhaustedUntil(_ arm: Int) -> Nanoseconds { pools[arm].exhaustedUntil }
}
