import Capacity
import Reports
import Results

/// The `report.html` of a capacity search: what is proven, what gave way, latency and errors against the
/// rate, where goodput turns, the law of scalability, every step.
package struct CapacityPage: Sendable {
    /// How the steps of a search are told apart.
    private static let legend: [(words: String, ink: SVGDrawing.Ink)] = [
        ("kept", .series(0)), ("broken", .worse), ("unproven, or the generator's end", .muted),
    ]

    private let answer: CapacityAnswer
    private let name: String
    private let target: String?
    private let text: CapacityText
    /// Without those that the generator could not drive: they tell nothing of the target.
    private let steps: [CapacityStep]

    /// - Parameters:
    ///   - name: of the scenario.
    ///   - target: where the load went; nil where it is not known any more.
    ///   - stopped: why it is not finished; nil: it is.
    package init(
        _ answer: CapacityAnswer, name: String, target: String?, stopped: String? = nil
    ) {
        self.answer = answer
        self.name = name
        self.target = target
        text = CapacityText(
            answer, name: name, target: target ?? "", folder: nil, stopped: stopped)
        steps = answer.steps.filter { $0.verdict != .notDriven && $0.ratePerSecond.isFinite }
    }

    package var page: Page {
        let to = target.map { "to \($0.printable) · " } ?? ""
        return Page(
            title: "\(name.printable): capacity",
            facts: "\(to)\(Figures.count(answer.steps.count)) steps in "
                + Figures.length(seconds: answer.seconds),
            mood: mood, headline: headline, lead: lead,
            sections: [charts, law, table].compactMap(\.self))
    }
}

/// The box at the top.
extension CapacityPage {
    private var mood: Page.Mood {
        switch answer.ending {
        case .proven: (answer.headroom?.share ?? 0) < 0 ? .doubtful : .good
        case .atLeast: .good
        case .generatorCeiling, .noProof, .unfinished: .doubtful
        case .failsAtStart, .notRecovered, .lost: .bad
        }
    }

    private var headline: String {
        guard let proven = answer.provenPerSecond else { return "Nothing is proven" }
        let rate = Figures.rate(perSecond: proven)
        switch answer.ending {
        case .proven: return "\(rate) is proven"
        case .atLeast, .generatorCeiling: return "At least \(rate)"
        case .failsAtStart, .notRecovered, .noProof, .lost, .unfinished: return "\(rate) held"
        }
    }

    private var lead: [Markup] {
        [
            .paragraph(text.sentence.capitalised),
            .facts(
                [("promises", answer.promises.map(\.printable).joined(separator: ", "))]
                    + text.findings),
        ]
    }
}

/// Its sections.
extension CapacityPage {
    private var charts: Page.Section {
        Page.Section(
            "rate", "Against the rate", [latency.markup, shares.markup, goodput.markup])
    }

    private var latency: Figure {
        var chart = PointChart(
            "Response time against the rate", answer.sentence, x: Self.rate, y: Self.duration)
        chart.kind = .logarithmic
        chart.dots = dots { $0.p99Microseconds }
        chart.pale = dots { $0.p50Microseconds }
        chart.levels = answer.promises.compactMap(Self.limit).map { limit in
            .init(at: limit.microseconds, limit.promise.printable, ink: .worse)
        }
        chart.marks = marks
        chart.stretch = estimate
        return Figure(
            "Response time against the rate",
            "p99 of each step, and its p50 as a small dot; times on a logarithmic scale. "
                + "Shaded: where the capacity lies by the estimate.",
            chart, legend: Self.legend,
            tables: [
                numbers(["p50", "p99"]) {
                    [$0.p50Microseconds, $0.p99Microseconds].map { $0.map(Self.duration) }
                }
            ])
    }

    private var shares: Figure {
        var chart = PointChart(
            "Errors against the rate", answer.sentence, x: Self.rate,
            y: { Figures.share(min(max(0, $0), 1)) })
        chart.dots = dots { $0.exceedingShare ?? $0.failedShare }
        chart.pale = dots { $0.failedShare }
        chart.marks = marks
        return Figure(
            "Too late or failed", "Share of the payments of each step; failed ones as a small dot.",
            chart, legend: Self.legend,
            tables: [
                numbers(["too late or failed", "failed"]) {
                    [$0.exceedingShare, $0.failedShare].map { $0.map(Figures.share) }
                }
            ])
    }

    private var goodput: Figure {
        var chart = PointChart(
            "Goodput against the rate", answer.sentence, x: Self.rate, y: Self.rate)
        chart.dots = dots { $0.goodPerSecond }
        let rates = steps.map(\.ratePerSecond)
        chart.curve = [rates.min(), rates.max()].compactMap(\.self).map { ($0, $0) }
        chart.marks =
            answer.knee.map {
                [
                    .init(
                        at: $0.ratePerSecond,
                        "knee \(Figures.rate(perSecond: $0.ratePerSecond))", ink: .text)
                ]
            } ?? []
        return Figure(
            "Goodput",
            "Payments a second that kept every promise; on the line: all that were sent.",
            chart, legend: Self.legend,
            tables: [
                numbers(["kept every promise"]) { [Figures.rate(perSecond: $0.goodPerSecond)] }
            ])
    }

    /// What a chart shows of each step.
    private func numbers(_ head: [String], cells: (CapacityStep) -> [String?]) -> Table {
        Table(
            "Steps that tell of the target", head: ["rate", "result"] + head,
            rows: steps.map { step in
                [Figures.rate(perSecond: step.ratePerSecond), step.verdict.words]
                    + cells(step).map { $0 ?? Figures.none }
            }, wordy: [1])
    }

    private func dots(_ value: (CapacityStep) -> Double?) -> [PointChart.Dot] {
        steps.compactMap { step in
            guard let value = value(step), value.isFinite else { return nil }
            return .init(
                x: step.ratePerSecond, y: value, ink: step.ink,
                tip: "step \(step.number), \(step.purpose.words): "
                    + "\(Figures.rate(perSecond: step.ratePerSecond)), \(step.verdict.words)")
        }
    }

    private var marks: [PointChart.Mark] {
        let proven = answer.provenPerSecond.map {
            PointChart.Mark(at: $0, "proven \(Figures.rate(perSecond: $0))", ink: .better)
        }
        let failed = answer.firstFailedPerSecond.map {
            PointChart.Mark(at: $0, "failed \(Figures.rate(perSecond: $0))", ink: .worse)
        }
        return [proven, failed].compactMap(\.self)
    }

    private var estimate: ClosedRange<Double>? {
        answer.estimate.flatMap { estimate in
            let (lower, upper) = (estimate.lowerPerSecond, estimate.upperPerSecond)
            return lower.isFinite && upper.isFinite && lower <= upper ? lower...upper : nil
        }
    }

    private var law: Page.Section? {
        scalability.map { Page.Section("law", "What holds it back", [$0.markup]) }
    }

    /// What is completed a second against what is in flight, with the law where it fits.
    private var scalability: Figure? {
        guard let law = answer.scalability else { return nil }
        let known = steps.filter { ($0.meanInFlight ?? 0) > 0 }
        var chart = PointChart(
            "Throughput against payments in flight",
            text.findings.first { $0.name == "law" }?.value ?? "",
            x: { max(0, $0).fixed($0 == $0.rounded() ? 0 : 1) }, y: Self.rate)
        chart.dots = known.map { step in
            .init(
                x: step.meanInFlight ?? 0, y: step.completedPerSecond, ink: step.ink,
                tip:
                    "step \(step.number): \(Figures.significant(step.meanInFlight ?? 0)) in flight, "
                    + Figures.rate(perSecond: step.completedPerSecond))
        }
        if law.fits, let most = known.compactMap(\.meanInFlight).max(), most.isFinite {
            chart.curve = (0...60).map { index in
                let inFlight = max(1, most) * Double(index) / 60
                return (inFlight, law.perSecond(inFlight: inFlight))
            }
        }
        return Figure(
            "Throughput against payments in flight",
            law.fits
                ? "The line is the Universal Scalability Law, fitted to the steps."
                : "The Universal Scalability Law does not fit these steps, so it is not drawn.",
            chart, legend: Self.legend,
            tables: [
                numbers(["in flight", "completed"]) {
                    [
                        $0.meanInFlight.map(Figures.significant),
                        Figures.rate(perSecond: $0.completedPerSecond),
                    ]
                }
            ])
    }

    private var table: Page.Section? {
        guard !answer.steps.isEmpty else { return nil }
        let rows = zip(answer.steps, text.stepRows).map { ["\($0.number)"] + $1 }
        return Page.Section(
            "steps", "Every step",
            [
                Table(
                    "In the order in which they were made",
                    head: ["step", "purpose", "result"] + CapacityText.head.dropFirst(2),
                    rows: rows, wordy: [1, 2]
                ).markup
            ])
    }

    private static let rate: @Sendable (Double) -> String = { Ticks.rate($0) }

    private static let duration: @Sendable (Double) -> String = { Ticks.duration($0) }

    /// Of a promise such as `p99 < 250 ms`; nil of those about other things than p99.
    private static func limit(_ promise: String) -> (promise: String, microseconds: Double)? {
        let words = promise.split(separator: " ")
        guard words.count == 4, words[0] == "p99", words[1].hasPrefix("<"),
            let number = Double(words[2]),
            let unit = ["µs": 1.0, "ms": 1e3, "s": 1e6][String(words[3])]
        else { return nil }
        return (promise, number * unit)
    }
}

extension CapacityStep {
    fileprivate var ink: SVGDrawing.Ink {
        switch verdict {
        case .kept: .series(0)
        case .broken: .worse
        case .unproven, .notDriven: .muted
        }
    }
}

extension Scalability {
    /// X(N) of the law.
    fileprivate func perSecond(inFlight n: Double) -> Double {
        lambdaPerSecond * n / max(1e-9, 1 + sigma * (n - 1) + kappa * n * (n - 1))
    }
}
