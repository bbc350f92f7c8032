import Dispatch
import Glibc
import Results
import Runs
import Synchronization

/// SIGINT, SIGTERM and SIGHUP, heard on a queue of their own: they stop the run when there is one,
/// and are remembered when there is none yet.
final class Signals: Sendable {
    private struct State {
        var received: Ending.Signal?
        var run: Run?
    }

    private let state = Mutex(State())
    private let sources = Mutex<[any DispatchSourceSignal]>([])

    init() {
        let queue = DispatchQueue(label: "paybench.signals")
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { [weak self] in
                self?.receive(number == SIGINT ? .interrupt : .terminate)
            }
            source.resume()
            sources.withLock { $0.append(source) }
        }
    }

    var received: Ending.Signal? { state.withLock { $0.received } }

    /// From now on a signal stops `run`; one that came before does so at once.
    func watch(_ run: Run) {
        let early = state.withLock { state in
            state.run = run
            return state.received
        }
        if let early { run.interrupt(early) }
    }

    private func receive(_ signal: Ending.Signal) {
        let run = state.withLock { state in
            state.received = state.received ?? signal
            return state.run
        }
        run?.interrupt(signal)
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
