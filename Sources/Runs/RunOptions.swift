import Rendezvous

/// What the command line adds to a scenario.
package struct RunOptions: Sendable {
    /// nil: as many as there are cores, at most four.
    package var workers: Int?
    /// nil: a new one, so that no rerun pays again under old payment ids.
    package var runID: String?

    /// nil: the whole plan is played here.
    package var shard: ShardNumber?
    /// Every request is told of (`Run.Listener.samples`).
    package var keepsSamples: Bool

    package init(workers: Int? = nil, runID: String? = nil, keepsSamples: Bool = false) {
        self.workers = workers
        self.runID = runID
        self.keepsSamples = keepsSamples
    }
}

/// Why a run did not begin.
package enum RunFailure: Error, Equatable {
    /// The first connection failed: DNS, TCP or TLS.
    case unreachable(target: String, reason: String)
    /// A name that stands for this machine leads elsewhere.
    case notLoopback(host: String, address: String)
    case simulator(reason: String)
}

/// What is running, once a second and at the end; for the live view.
package struct RunProgress: Sendable {
    package var elapsedSeconds: Double
    /// nil where the plan does not say when it ends.
    package var plannedSeconds: Double?
    package var phase: String
    package var started: Int
    /// Indexed by `Outcome.rawValue`.
    package var outcomes: [Int]
    /// Of the last whole second, by intended instant, as far as answered; µs.
    package var p50: UInt64?
    package var p99: UInt64?
    package var isDraining: Bool

    package var completed: Int { outcomes.reduce(0, +) }
}
