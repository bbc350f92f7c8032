import Capacity
import Results

/// `capacity.svg`: p99 and what missed a promise against the rate, with what was proven. Two plots, one
/// above the other, over the same rates.
package struct CapacityPicture: Sendable {
    private static let width = 760.0
    private static let upper = SVGPlot.Frame(left: 70, top: 40, right: 740, bottom: 240)
    private static let lower = SVGPlot.Frame(left: 70, top: 290, right: 740, bottom: 400)

    private let answer: CapacityAnswer
    private let name: String
    private let steps: [CapacityStep]

    /// - Parameter name: of the scenario.
    package init(_ answer: CapacityAnswer, name: String) {
        self.answer = answer
        self.name = name
        steps = answer.steps.filter { $0.verdict != .notDriven }
    }

    /// nil where no step tells anything.
    package var svg: String? {
        let rates = steps.map(\.ratePerSecond)
        guard let low = rates.min(), let high = rates.max() else { return nil }
        let margin = max(0.02 * (high - low), 0.01 * high)
        let domain = low - margin...high + margin
        var drawing = SVGDrawing(
            width: Self.width, height: 440, title: "\(name): capacity", summary: answer.sentence)
        drawing.text("\(name): \(answer.headline)", at: .init(x: 16, y: 20), isBold: true)
        drawTimes(in: &drawing, over: domain)
        drawShares(in: &drawing, over: domain)
        return drawing.svg
    }

    private func drawTimes(in drawing: inout SVGDrawing, over domain: ClosedRange<Double>) {
        let known = steps.filter { ($0.p99Microseconds ?? 0) > 0 }
        let plot = SVGPlot(
            in: Self.upper, x: domain, covering: known.compactMap(\.p99Microseconds), .logarithmic)
        plot.drawRules(in: &drawing) { Figures.duration(microseconds: UInt64(max(0, $0))) }
        drawBase(of: plot, in: &drawing)
        drawing.text("p99", at: .init(x: 16, y: 34), ink: .muted)
        for step in known {
            plot.drawDot(
                (step.ratePerSecond, step.p99Microseconds ?? 0), in: &drawing, ink: step.ink,
                radius: 4, tip: step.tip)
        }
        if let proven = answer.provenPerSecond {
            plot.drawMark(
                at: proven, "proven \(Figures.rate(perSecond: proven))", in: &drawing, ink: .better)
        }
    }

    private func drawShares(in drawing: inout SVGDrawing, over domain: ClosedRange<Double>) {
        let plot = SVGPlot(in: Self.lower, x: domain, covering: [0, 1])
        plot.drawRules(in: &drawing) { Figures.share(max(0, $0)) }
        drawBase(of: plot, in: &drawing)
        drawing.text(
            "too late or failed (dots), failed (small dots)", at: .init(x: 16, y: 280),
            ink: .muted)
        for step in steps {
            plot.drawDot(
                (step.ratePerSecond, step.exceedingShare ?? step.failedShare), in: &drawing,
                ink: step.ink, radius: 4, tip: step.tip)
            plot.drawDot(
                (step.ratePerSecond, step.failedShare), in: &drawing, ink: .muted, radius: 2)
        }
    }

    private func drawBase(of plot: SVGPlot, in drawing: inout SVGDrawing) {
        let labels = plot.x.ticks(about: 8).map { (at: $0, words: Figures.rate(perSecond: $0)) }
        plot.drawBase(in: &drawing, labels: labels)
    }
}

extension CapacityAnswer {
    fileprivate var headline: String {
        provenPerSecond.map { "proven \(Figures.rate(perSecond: $0))" } ?? "nothing proven"
    }
}

extension CapacityStep {
    fileprivate var ink: SVGDrawing.Ink {
        switch verdict {
        case .kept: .series(0)
        case .unproven, .notDriven: .muted
        case .broken: .worse
        }
    }

    fileprivate var tip: String {
        "step \(number), \(purpose.words): \(Figures.rate(perSecond: ratePerSecond)), "
            + verdict.words
    }
}
