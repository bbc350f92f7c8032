import Curl
import Payments

/// Where one worker works: its connections and sessions. Made and used on the worker's thread, and ready
/// before the first payment is due; connections are opened ahead when it is made.
package final class Station {
    package struct Failure: Error, Sendable, Equatable {
        package let reason: String
    }

    let reactor: Reactor
    let sessions: Sessions?
    private let plan: EnginePlan
    private let warmUp: WarmUp?

    package init(plan: EnginePlan, index: Int) {
        self.plan = plan
        reactor = Reactor(options: plan.transfer, allowed: plan.allowed)
        warmUp = Self.warmUp(reactor, plan: plan, index: index)
        sessions = plan.extras.signIn.map { [reactor] in
            Sessions($0, plan: plan, worker: index, reactor: reactor)
        }
    }

    /// Connections that could not be opened ahead; payments open their own then.
    package var notice: String? {
        guard let warmUp, warmUp.failed > 0 else { return nil }
        let reason = warmUp.failure.map { "\($0.name): \($0.explanation)" } ?? "no connection"
        return "\(warmUp.failed) of \(warmUp.failed + warmUp.opened) connections could not be "
            + "opened ahead (\(reason))"
    }

    /// Signs its sessions in; blocks for the total time-out at most.
    package func prepare() throws(Failure) {
        guard let sessions else { return }
        if !sessions.signIn(until: MonotonicClock.now() + plan.totalTimeout) {
            throw Failure(reason: "sign-in failed: \(sessions.failure ?? "no answer in time")")
        }
    }

    /// Before any transfer is made.
    private static func warmUp(_ reactor: Reactor, plan: EnginePlan, index: Int) -> WarmUp? {
        let count = share(of: plan.extras.warmConnections, index: index, of: plan.workers)
        guard count > 0 else { return nil }
        return reactor.warmUp(count, patience: plan.totalTimeout)
    }
}
