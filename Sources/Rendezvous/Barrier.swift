import Glibc

/// Where shards of one plan agree on a start when they come at times of their own: shard 0 listens, the
/// others call and stay connected. All of them get one start, or none does.
package enum Barrier {
    /// Blocks until all shards are there, or it is known that they won't be.
    ///
    /// - Parameters:
    ///   - seconds: from now on; then it fails for all that came.
    ///   - isInterrupted: asked about 20 times a second.
    package static func meet(
        at address: BarrierAddress, _ pass: BarrierPass, seconds: Int,
        isInterrupted: () -> Bool
    ) throws(BarrierFailure) -> BarrierStart {
        if pass.place.index == 0 {
            let host = try BarrierHost(at: address, seconds: seconds, isInterrupted: isInterrupted)
            return try host.gather(pass, seconds: seconds, isInterrupted: isInterrupted)
        }
        let guest = BarrierGuest(address, pass, seconds: seconds)
        return try guest.attend(isInterrupted: isInterrupted)
    }

    /// How long a wait for anything is before interruptions are asked about.
    static let turn: Int32 = 50
}
