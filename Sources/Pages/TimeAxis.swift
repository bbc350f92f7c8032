import Reports
import Results

/// The course of a run to the right: where its seconds lie, which words stand below, and its phases.
package struct TimeAxis: Sendable {
    package struct Phase: Sendable, Equatable {
        package var name: String
        package var start: Double
        package var end: Double

        package init(name: String, start: Double, end: Double) {
            self.name = name
            self.start = start
            self.end = end
        }
    }

    private static let steps: [Double] = [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200,
    ]
    private static let mostLabels = 8.0
    /// About what a letter takes.
    private static let letter = 6.5

    package let seconds: Double
    private let phases: [Phase]

    package init(seconds: Double, phases: [Phase] = []) {
        self.seconds = seconds.isFinite ? max(1, seconds) : 1
        self.phases = phases
    }

    /// A pass of a phase each; what several adapters did at the same time is one.
    ///
    /// - Parameter least: seconds that it covers in any case.
    package init(_ summary: Summary, atLeast least: Double = 0) {
        var seen: [Phase] = []
        for phase in summary.phases {
            for span in phase.spans ?? [] {
                let pass = Phase(name: phase.name, start: span.start, end: span.end)
                if !seen.contains(where: { $0.start == pass.start && $0.name == pass.name }) {
                    seen.append(pass)
                }
                guard seen.count < 60 else { break }
            }
        }
        self.init(
            seconds: max(summary.wallSeconds, least), phases: seen.sorted { $0.start < $1.start })
    }

    package var labels: [(at: Double, words: String)] {
        let step = Self.steps.first { seconds / $0 <= Self.mostLabels } ?? 86_400
        let count = Int(min(seconds / step, 100))
        return (0...count).map { (Double($0) * step, words(Double($0) * step)) }
    }

    /// `5 s`, `2:30`, `1:05:00`.
    package func words(_ second: Double) -> String {
        let whole = Int(min(max(0, second), 1e9).rounded())
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        if seconds < 120 { return "\(whole) s" }
        let rest = two(whole % 60)
        if seconds < 7200 { return "\(whole / 60):\(rest)" }
        return "\(whole / 3600):\(two(whole / 60 % 60)):\(rest)"
    }

    /// Where phases begin, with their names above the frame.
    package func drawPhases(_ plot: SVGPlot, in drawing: inout SVGDrawing) {
        var free = -Double.infinity
        for phase in phases {
            guard let start = plot.x.position(of: phase.start),
                let end = plot.x.position(of: phase.end)
            else { continue }
            drawing.line(
                from: .init(x: start, y: plot.frame.top - 14),
                to: .init(x: start, y: plot.frame.bottom), ink: .muted, stroke: .dashed,
                tip: "\(phase.name), from \(words(phase.start)) to \(words(phase.end))")
            let letters = Int((max(end, start + 30) - start - 8) / Self.letter)
            guard start >= free, letters >= 3 else { continue }
            let name = phase.name.clipped(to: letters)
            drawing.text(name, at: .init(x: start + 4, y: plot.frame.top - 5), ink: .muted)
            free = start + Double(name.count) * Self.letter + 8
        }
    }
}
