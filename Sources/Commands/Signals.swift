import Dispatch
import Glibc
import Results
import Runs
import Synchronization

/// Hears SIGINT, SIGTERM and SIGHUP for as long as it lives, on a queue of its own.
final class Signals {
    private let inbox = SignalInbox()
    private let sources: [any DispatchSourceSignal]

    /// Signals are heard once it returns; one that comes before ends the process, as it would any.
    init() {
        let queue = DispatchQueue(label: "paybench.signals")
        let registered = DispatchSemaphore(value: 0)
        sources = [SIGINT, SIGTERM, SIGHUP].map { [inbox] number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                inbox.receive(number == SIGINT ? .interrupt : .terminate)
            }
            source.setRegistrationHandler { registered.signal() }
            source.resume()
            return source
        }
        for _ in sources { registered.wait() }
    }

    /// The first one.
    var received: Ending.Signal? { inbox.received }

    /// From now on a signal stops `run`; one that came before does so at once.
    func watch(_ run: Run) { inbox.watch(run) }
}

/// What was heard, and the run that it is meant for when there is one.
private final class SignalInbox: Sendable {
    private struct State {
        var received: Ending.Signal?
        var run: Run?
    }

    private let state = Mutex(State())

    var received: Ending.Signal? { state.withLock { $0.received } }

    func watch(_ run: Run) {
        let early = state.withLock { state in
            state.run = run
            return state.received
        }
        if let early { run.interrupt(early) }
    }

    func receive(_ signal: Ending.Signal) {
        let (run, isFirst) = state.withLock { state in
            defer { state.received = state.received ?? signal }
            return (state.run, state.received == nil)
        }
        if let run { return run.interrupt(signal) }
        // Nothing was sent yet, and whatever holds us up does not hear the first one.
        if !isFirst { Glibc.exit(signal.exitStatus.rawValue) }
    }
}

extension Ending.Signal {
    var exitStatus: ExitStatus {
        switch self {
        case .interrupt: .interrupted
        case .terminate: .terminated
        }
    }
}
