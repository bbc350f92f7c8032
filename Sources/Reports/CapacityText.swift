import Capacity
import Results

/// The answer of a capacity search for people: what it is, why, every step, a chart. A pure function of
/// the answer; at most 100 columns.
package struct CapacityText: Sendable {
    private let answer: CapacityAnswer
    private let name: String
    private let target: String
    private let folder: String?
    /// Why it is not finished; nil: it is, or nobody stopped it.
    private let stopped: String?

    package init(
        _ answer: CapacityAnswer, name: String, target: String, folder: String?,
        stopped: String? = nil
    ) {
        self.answer = answer
        self.name = name
        self.target = target
        self.folder = folder
        self.stopped = stopped
    }

    /// Ends with a line feed.
    package func text(style: TextStyle = .plain) -> String {
        let head = "\(style.ink(.bold, name.printable.clipped(to: 40))) → \(target.printable)"
        var blocks = [[head] + paragraph("capacity", sentence) + facts]
        blocks.append(table)
        blocks.append(CapacityChart(answer.steps).lines)
        if let folder { blocks.append(["results in \(folder)"]) }
        return blocks.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }
            .joined(separator: "\n")
    }

    /// The answer, and why it is not finished.
    package var sentence: String {
        stopped.map { "\(answer.sentence). Stopped: \($0.printable)" } ?? answer.sentence
    }

    private func paragraph(_ label: String, _ sentence: String?) -> [String] {
        guard let sentence else { return [] }
        return Paragraph(label: label, sentence: sentence).lines(width: TextReport.width)
    }

    private var facts: [String] { findings.flatMap { paragraph($0.name, $0.value) } }

    /// What was found beside the answer, each with its name.
    package var findings: [(name: String, value: String)] {
        let known = [
            ("gave way", answer.gaveWay.map { "\($0.words) first" }), ("knee", knee),
            ("headroom", headroom), ("hysteresis", hysteresis), ("soak", soak),
            ("law", scalability), ("changed", changed),
        ]
        return known.compactMap { name, value in value.map { (name, $0) } }
            + answer.needs.map { ("more time", words($0)) }
    }

    private var knee: String? {
        answer.knee.map {
            "most payments that kept every promise, \(Figures.rate(perSecond: $0.goodputPerSecond)), "
                + "came at \(Figures.rate(perSecond: $0.ratePerSecond))"
        }
    }

    private var headroom: String? {
        answer.headroom.map { headroom in
            let share = Figures.share(abs(headroom.share))
            let expected = Figures.rate(perSecond: headroom.expectedPerSecond)
            return headroom.share < 0
                ? "\(share) short of the \(expected) that are expected"
                : "\(share) above the \(expected) that are expected"
        }
    }

    private var hysteresis: String? {
        answer.hysteresis.map { hysteresis in
            let overload = Figures.rate(perSecond: hysteresis.overloadedPerSecond)
            guard let recovered = hysteresis.recoveredPerSecond else {
                return
                    "after \(overload) the promises did not hold again, down to half of what was "
                    + "proven"
            }
            return "after \(overload) the promises held again at "
                + Figures.rate(perSecond: recovered)
        }
    }

    private var soak: String? {
        answer.soak.map { soak in
            let cause = soak.cause.map { ", by \($0.words)" } ?? ""
            return "\(Figures.rate(perSecond: soak.ratePerSecond)) for "
                + "\(Figures.length(seconds: soak.seconds)): \(soak.verdict.words)\(cause)"
        }
    }

    private var scalability: String? {
        answer.scalability.map { law in
            guard law.fits else {
                return "the Universal Scalability Law does not fit (residuals "
                    + "\(Figures.share(law.residual)), at worst \(Figures.share(law.worstResidual)))"
            }
            let peak = law.peakPerSecond.map { ", peak \(Figures.rate(perSecond: $0))" } ?? ""
            return "USL: λ \(Figures.rate(perSecond: law.lambdaPerSecond)), "
                + "σ \(law.sigma.fixed(4)), κ \(law.kappa.fixed(6))\(peak), residuals "
                + Figures.share(law.residual)
        }
    }

    private var changed: String? {
        answer.heldAtFirstPerSecond.map {
            "\(Figures.rate(perSecond: $0)) held at first and broke time and again later: the target "
                + "changed during the search"
        }
    }

    private func words(_ need: CapacityAnswer.MoreTime) -> String {
        let key =
            switch need.part {
            case .search: "capacity.for"
            case .proof: "capacity.proof"
            }
        return "\(need.reason); \(key): \(Int(need.seconds.rounded(.up)))s would do"
    }

    private var table: [String] {
        guard !answer.steps.isEmpty else { return [] }
        return Table(words: 2, rows: [Self.head] + stepRows).lines()
    }

    package static let head = [
        "step", "result", "rate", "counted", "due", "too late", "failed", "p50", "p99",
    ]

    /// A row for each step.
    package var stepRows: [[String]] {
        answer.steps.map { step in
            [
                step.purpose.words, step.verdict.words + (step.wasStoppedEarly ? ", cut" : ""),
                Figures.rate(perSecond: step.ratePerSecond),
                Figures.length(seconds: step.measuredSeconds), Figures.count(step.scheduled),
                step.exceedingShare.map { Figures.share($0) } ?? Figures.none,
                Figures.share(step.failedShare), time(step.p50Microseconds),
                time(step.p99Microseconds),
            ]
        }
    }

    private func time(_ microseconds: Double?) -> String {
        Figures.duration(microseconds: microseconds.map { UInt64(min(max(0, $0), 1e15)) })
    }
}
