import Curl
import Dispatch
import Scenarios
import Synchronization

/// Looks the target's name up again and again, on a queue of its own: a payment never waits for it.
///
/// New addresses are for new connections. One that is not this machine's, where the name promises that
/// it is, is not taken; where the name leads nowhere, the last answer holds.
final class Lookups: Sendable {
    let directory: Directory
    private let end: End
    private let pause: Duration
    /// All that was found so far: connections to where the name led before are still let through.
    private let known: Mutex<[PeerAddress]>

    /// nil where the name is not to be looked up again, or is none.
    init?(of base: Scenario.BaseURL, route: Route, every pause: Duration?) {
        guard let pause, let resolution = route.resolution else { return nil }
        self.pause = pause
        end = End(base)
        known = Mutex(route.peers)
        directory = Directory(resolution: resolution, allowed: route.allowed)
    }

    /// Until the timer is cancelled.
    func start() -> any DispatchSourceTimer {
        let timer = DispatchSource.makeTimerSource(
            queue: DispatchQueue(label: "paybench.names", qos: .utility))
        let nanoseconds = Int(clamping: pause.nanoseconds)
        timer.schedule(
            deadline: .now() + .nanoseconds(nanoseconds), repeating: .nanoseconds(nanoseconds))
        timer.setEventHandler { [self] in lookUp() }
        timer.resume()
        return timer
    }

    private func lookUp() {
        guard let peers = try? end.resolve(), let resolution = end.resolution(to: peers) else {
            return
        }
        let all = known.withLock { known in
            known += peers.filter { !known.contains($0) }
            return known
        }
        directory.list(resolution, allowed: AllowedPeers(all))
    }
}
