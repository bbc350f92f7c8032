import Reports
import Results

/// The course of a run to the right: where its seconds lie, which words stand below, and its phases.
package struct TimeAxis: Sendable {
    package struct Phase: Sendable, Equatable {
        package var name: String
        package var start: Double
        package var end: Double
        package var isMeasured: Bool

        package init(name: String, start: Double, end: Double, isMeasured: Bool = true) {
            self.name = name
            self.start = start
            self.end = end
            self.isMeasured = isMeasured
        }
    }

    private static let steps: [Double] = [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200,
    ]
    /// Above a frame, for the names of phases.
    static let phaseRoom = 24.0
    private static let mostPhases = 60
    /// Of the beginning of a name that is too long.
    private static let fewestLetters = 6

    package let seconds: Double
    private let phases: [Phase]

    /// A pass of a phase each; what several adapters did at the same time is one.
    ///
    /// - Parameter least: seconds that it covers in any case.
    package init(_ summary: Summary, atLeast least: Double = 0) {
        let passes = summary.phases.flatMap { phase in
            (phase.spans ?? []).map { span in
                Phase(
                    name: phase.name, start: span.start, end: span.end, isMeasured: phase.measured)
            }
        }
        self.init(seconds: max(summary.wallSeconds, least), passes: passes)
    }

    /// - Parameter passes: in any order; what began at the same time under the same name is one.
    package init(seconds: Double, passes: [Phase] = []) {
        var seen: [Phase] = []
        for pass in passes.sorted(by: { $0.start < $1.start }) where seen.count < Self.mostPhases {
            if !seen.contains(where: { $0.start == pass.start && $0.name == pass.name }) {
                seen.append(pass)
            }
        }
        self.seconds = seconds.isFinite ? max(1, seconds) : 1
        phases = seen
    }

    /// About so many at most, as far as they don't lie on each other.
    func labels(on plot: SVGPlot, atMost most: Int) -> [(at: Double, words: String)] {
        let step = Self.steps.first { seconds / $0 <= Double(most) } ?? 86_400
        let count = Int(min(seconds / step, 100))
        return plot.spaced(
            (0...count).map { (at: Double($0) * step, words: words(Double($0) * step)) })
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

    /// Where phases begin, with their names above the frame as far as they fit; what is not measured
    /// lies in a shade.
    package func drawPhases(_ plot: SVGPlot, in drawing: inout SVGDrawing) {
        var free = -Double.infinity
        for phase in phases {
            guard let start = plot.x.position(of: phase.start),
                let end = plot.x.position(of: phase.end)
            else { continue }
            if !phase.isMeasured {
                drawing.cell(
                    from: .init(x: start, y: plot.frame.top - Self.phaseRoom + 8),
                    to: .init(x: end, y: plot.frame.bottom), ink: .muted, opacity: 0.1)
            }
            drawing.line(
                from: .init(x: start, y: plot.frame.top - Self.phaseRoom + 8),
                to: .init(x: start, y: plot.frame.bottom), ink: .muted, stroke: .dashed,
                tip: "\(phase.name), from \(words(phase.start)) to \(words(phase.end))")
            let letters = Int((max(end, start + 30) - start - 10) / ChartSize.letter)
            guard start >= free, letters >= min(Self.fewestLetters, phase.name.count) else {
                continue
            }
            let name = Self.title(of: phase).first { $0.count <= letters } ?? phase.name
            let shown = name.clipped(to: letters)
            drawing.text(shown, at: .init(x: start + 4, y: plot.frame.top - 5), ink: .muted)
            free = start + Double(shown.count) * ChartSize.letter + 6
        }
    }

    /// The first that fits is shown.
    private static func title(of phase: Phase) -> [String] {
        phase.isMeasured ? [phase.name] : ["\(phase.name) (not measured)", phase.name]
    }
}
