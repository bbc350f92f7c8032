import Exposition
import Results
import Runs
import Scraping
import Synchronization
import Verdicts

/// Metrics of a run while it lasts, for whoever scrapes them. They are added up from what the run tells
/// twice a second; workers know nothing of it.
final class LiveMetrics: Sendable {
    private struct State {
        var metrics: RunMetrics?
        var run: Run?
        /// When the run may be judged again.
        var nextVerdict = ContinuousClock.now
        var isServed = false
    }

    /// Judging takes at most this share of a core: the longer a run is, the more there is to look at.
    private static let costOfVerdicts = 0.02
    private static let shortestPause = Duration.seconds(2)

    private let endpoint: ScrapeEndpoint
    private let state = Mutex(State())

    init(_ endpoint: ScrapeEndpoint) {
        self.endpoint = endpoint
    }

    /// What else listens hears everything first.
    func listener(beside other: Run.Listener, of run: Run) -> Run.Listener {
        state.withLock { $0.run = run }
        var listener = other
        listener.tell(\.started) { self.begin($0) }
        listener.tell(\.interval) { interval in
            self.state.withLock { $0.metrics?.add(interval) }
        }
        listener.tell(\.ended) { _ in
            self.state.withLock { $0.metrics?.stage = .over }
        }
        return listener
    }

    private func begin(_ start: RunStart) {
        let isServed = state.withLock { state in
            defer { state.isServed = true }
            if state.metrics == nil {
                state.metrics = RunMetrics(start)
            } else {
                state.metrics?.begin(start)
            }
            return state.isServed
        }
        guard !isServed else { return }
        endpoint.serve { [weak self] accept in
            let format = ExpositionFormat(accepting: accept)
            let text = self?.metrics?.text(as: format) ?? ""
            return ScrapePage(contentType: format.contentType, text: text)
        }
    }

    /// The run that was listened to last is over, and this is what it was worth.
    func end(_ verdict: Verdict) {
        state.withLock { state in
            state.run = nil
            state.metrics?.verdict = verdict
        }
    }

    func close() { endpoint.close() }

    /// As they are now; on the endpoint's queue.
    private var metrics: RunMetrics? {
        let now = ContinuousClock.now
        let due = state.withLock { $0.nextVerdict <= now ? $0.run : nil }
        guard let record = due?.recordSoFar else { return state.withLock(\.metrics) }
        let verdict = judge(soFar: record)
        let end = ContinuousClock.now
        return state.withLock { state in
            let pause = max(Self.shortestPause, (end - now) / Self.costOfVerdicts)
            state.nextVerdict = end + pause
            if state.run != nil { state.metrics?.verdict = verdict }
            return state.metrics
        }
    }
}
