import Payments
import Reports
import Runs

/// One line a second on stderr, redrawn in place on a terminal.
struct LiveView: Sendable {
    let isQuiet: Bool

    func show(_ progress: RunProgress) {
        guard !isQuiet else { return }
        Terminal.redraw(ProgressLine(snapshot(of: progress)).text)
    }

    func end() {
        if !isQuiet { Terminal.endRedrawing() }
    }

    private func snapshot(of progress: RunProgress) -> ProgressLine.Snapshot {
        let accepted = progress.outcomes[Int(Outcome.accepted.rawValue)]
        let declined = progress.outcomes[Int(Outcome.declined.rawValue)]
        return ProgressLine.Snapshot(
            elapsedSeconds: progress.elapsedSeconds, totalSeconds: progress.plannedSeconds,
            phase: progress.isDraining ? "draining" : progress.phase, started: progress.started,
            inFlight: max(0, progress.started - progress.completed),
            accepted: accepted, declined: declined,
            other: progress.completed - accepted - declined, p50: progress.p50, p99: progress.p99)
    }
}
