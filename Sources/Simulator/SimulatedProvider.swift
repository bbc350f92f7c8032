import Glibc
import NIOCore
import Providers
import Synchronization

/// What all connections of one simulator share.
final class SimulatedProvider: Sendable {
    let service: PaymentService
    let script: ProviderScript
    let ledger: Ledger
    let maxBodyBytes: Int
    private let loops: any EventLoopGroup
    private let stall: Stall?
    private let window = Mutex<StallWindow?>(nil)
    private let stopping = Atomic(false)

    init(_ settings: SimulatorSettings, seed: UInt64, loops: any EventLoopGroup) {
        service = PaymentService(settings.provider)
        script = ProviderScript(settings.provider, seed: seed)
        ledger = Ledger(scriptedCodes: settings.provider.answers.map(\.code))
        maxBodyBytes = settings.provider.service.bodyLimit
        stall = settings.provider.stall
        self.loops = loops
    }

    /// When a payment that arrived at `arrival` is to be answered, and how it ends.
    func admit(
        _ id: PaymentID, at arrival: NIODeadline
    ) -> (due: NIODeadline, ending: ProviderScript.Ending) {
        let plan = script.plan(payment: ledger.arrived(id))
        let due = arrival + .nanoseconds(plan.delayNanoseconds)
        guard let stall else { return (due, plan.ending) }
        return (window(of: stall, at: arrival).release(due), plan.ending)
    }

    /// Ends a stall that is going on; false if that has been asked for before.
    func stop() -> Bool { !stopping.exchange(true, ordering: .relaxed) }

    /// The stall's place in time; the first payment fixes it.
    private func window(of stall: Stall, at arrival: NIODeadline) -> StallWindow {
        window.withLock { window in
            if let window { return window }
            let new = StallWindow(stall, firstPayment: arrival)
            window = new
            for loop in loops.makeIterator() {
                loop.scheduleTask(deadline: new.start) { self.standStill(until: new.end) }
            }
            return new
        }
    }

    /// Blocks the event loop that runs it: nothing is read, nothing falls due, nothing is written.
    private func standStill(until end: NIODeadline) {
        while !stopping.load(ordering: .relaxed) {
            let left = (end - .now()).nanoseconds
            guard left > 0 else { return }
            var pause = timespec(tv_sec: 0, tv_nsec: Int(min(left, 20_000_000)))
            nanosleep(&pause, nil)
        }
    }
}
