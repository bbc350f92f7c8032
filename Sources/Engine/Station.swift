import Curl
import Payments

/// Where one worker works: its connections and sessions. Made and used on the worker's thread, and ready
/// before the first payment is due; connections are opened ahead when it is made.
package final class Station {
    package struct Failure: Error, Sendable, Equatable {
        package let reason: String
    }

    let reactor: Reactor
    /// nil where no arm's payments need one.
    let sessions: ArmSessions?
    private let plan: EnginePlan
    /// By arm; nil where no connections are opened ahead.
    private let warmUps: [WarmUp?]

    package init(plan: EnginePlan, index: Int) {
        self.plan = plan
        reactor = Reactor(plan.arms.map { ($0.transfer, $0.allowed) })
        warmUps = plan.arms.indices.map { [reactor] in
            Self.warmUp(reactor, plan: plan, arm: $0, index: index)
        }
        sessions = ArmSessions(plan: plan, worker: index, reactor: reactor)
    }

    /// Connections that could not be opened ahead; payments open their own then.
    package var notice: String? {
        let notices = zip(plan.arms, warmUps).compactMap { arm, warmUp -> String? in
            guard let warmUp, warmUp.failed > 0 else { return nil }
            let reason = warmUp.failure.map { "\($0.name): \($0.explanation)" } ?? "no connection"
            let whose = arm.name.map { " to \($0)" } ?? ""
            return "\(warmUp.failed) of \(warmUp.failed + warmUp.opened) connections\(whose) could "
                + "not be opened ahead (\(reason))"
        }
        return notices.isEmpty ? nil : notices.joined(separator: "; ")
    }

    /// Signs its sessions in; blocks for the total time-out at most.
    package func prepare() throws(Failure) {
        for (arm, own) in zip(plan.arms, sessions?.byArm ?? []) {
            guard let own, let sessions else { continue }
            let deadline = MonotonicClock.now() + arm.totalTimeout
            if !own.signIn(until: deadline, finished: { sessions.finish($0, $1) }) {
                let whose = arm.name.map { " to \($0)" } ?? ""
                throw Failure(
                    reason: "sign-in\(whose) failed: \(own.failure ?? "no answer in time")")
            }
        }
    }

    /// Before any transfer is made.
    private static func warmUp(
        _ reactor: Reactor, plan: EnginePlan, arm: Int, index: Int
    ) -> WarmUp? {
        let count = share(of: plan.arms[arm].warmConnections, index: index, of: plan.workers)
        guard count > 0 else { return nil }
        return reactor.warmUp(count, to: arm, patience: plan.arms[arm].totalTimeout)
    }
}
