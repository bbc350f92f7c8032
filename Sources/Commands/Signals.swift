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

    /// Told of every signal from now on, and how many there were: on the queue of signals.
    func whenReceived(_ tell: @escaping @Sendable (Ending.Signal, _ count: Int) -> Void) {
        inbox.whenReceived(tell)
    }
}

/// What was heard, and the run that it is meant for when there is one.
private final class SignalInbox: Sendable {
    private struct State {
        var received: Ending.Signal?
        var count = 0
        var run: Run?
        var tell: @Sendable (Ending.Signal, Int) -> Void = { _, _ in }
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

    func whenReceived(_ tell: @escaping @Sendable (Ending.Signal, Int) -> Void) {
        state.withLock { $0.tell = tell }
    }

    func receive(_ signal: Ending.Signal) {
        let now = state.withLock { state in
            state.received = state.received ?? signal
            state.count += 1
            return state
        }
        now.run?.interrupt(signal)
        now.tell(signal, now.count)
        // Nothing was sent yet, and whatever holds us up does not hear the first one.
        if now.run == nil, now.count > 1 { Glibc.exit(signal.exitStatus.rawValue) }
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
