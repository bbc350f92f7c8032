import Results

/// One line of a run under way, at most 100 columns, without a line feed.
package struct ProgressLine: Sendable {
    /// A moment of the run. Counts are since its start; latencies those of the last second, in µs, nil where not resolved.
    package struct Snapshot: Sendable, Equatable {
        package var elapsedSeconds: Double
        /// nil where nobody knows when it ends.
        package var totalSeconds: Double?
        package var phase: String
        package var started: Int
        package var inFlight: Int
        package var accepted: Int
        package var declined: Int
        /// Every outcome but accepted and declined.
        package var other: Int
        package var p50: UInt64?
        package var p99: UInt64?

        package init(
            elapsedSeconds: Double, totalSeconds: Double?, phase: String, started: Int,
            inFlight: Int, accepted: Int, declined: Int, other: Int, p50: UInt64?,
            p99: UInt64?
        ) {
            self.elapsedSeconds = elapsedSeconds
            self.totalSeconds = totalSeconds
            self.phase = phase
            self.started = started
            self.inFlight = inFlight
            self.accepted = accepted
            self.declined = declined
            self.other = other
            self.p50 = p50
            self.p99 = p99
        }
    }

    let snapshot: Snapshot

    package init(_ snapshot: Snapshot) {
        self.snapshot = snapshot
    }

    package var text: String { text(columns: TextReport.width) }

    package func text(columns: Int) -> String {
        let line = line(phase: snapshot.phase.printable)
        let excess = line.columns - columns
        guard excess > 0 else { return line }
        let phase = snapshot.phase.printable
        return self.line(phase: phase.clipped(to: max(1, phase.columns - excess)))
            .clipped(to: max(1, columns))
    }

    private func line(phase: String) -> String {
        let count = Figures.shortCount
        return [
            "\(time) \(phase)",
            "\(count(snapshot.started)) sent \(count(snapshot.inFlight)) open",
            "\(count(snapshot.accepted)) ok \(count(snapshot.declined)) declined "
                + "\(count(snapshot.other)) other",
            "p50 \(Figures.duration(microseconds: snapshot.p50)) "
                + "p99 \(Figures.duration(microseconds: snapshot.p99))",
        ].joined(separator: "  ")
    }

    /// `12/35 s`, `12 s` where the end is not known, `239/240 min` where it is far.
    private var time: String {
        let longest = max(snapshot.totalSeconds ?? 0, snapshot.elapsedSeconds)
        let (unit, seconds) = longest < 1000 ? ("s", 1.0) : ("min", 60.0)
        let times = [snapshot.elapsedSeconds, snapshot.totalSeconds].compactMap(\.self)
        return times.map { Self.whole($0 / seconds) }.joined(separator: "/") + " \(unit)"
    }

    private static func whole(_ number: Double) -> String { number.rounded(.down).fixed(0) }
}
