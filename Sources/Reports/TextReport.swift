import Payments
import Results

/// A run for people: what ran, what came of it, whether to believe it. A pure function of the summary;
/// about 30 lines, at most 100 columns.
package struct TextReport: Sendable {
    static let width = 100

    let summary: Summary
    /// Where the results are, if anywhere.
    let folder: String?

    package init(_ summary: Summary, folder: String?) {
        self.summary = summary
        self.folder = folder
    }

    /// Ends with a line feed.
    package func text(style: TextStyle = .plain) -> String {
        let blocks = [
            headline(style), phases, accounting, latency, errors, budgets(style),
            shards, generator + verdict(style) + results,
        ]
        return blocks.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }
            .joined(separator: "\n")
    }

    func headline(_ style: TextStyle) -> [String] {
        let name = summary.scenario.name.printable.clipped(to: 40)
        let target = summary.target.printable.clipped(to: Self.width - name.columns - 4)
        let facts = [
            "run \(summary.runID.printable)", "seed \(summary.scenario.seed)",
            "\(start) UTC", Figures.length(seconds: summary.wallSeconds),
        ]
        let lines = [
            "\(style.ink(.bold, name)) → \(target)",
            facts.joined(separator: " · ").clipped(to: Self.width),
        ]
        return lines + [ending, coverage].compactMap { $0.map { style.ink(.yellow, $0) } }
    }

    /// `2026-08-01 12:01:02`.
    private var start: String {
        let text = summary.startedAt.printable
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))"
    }

    private var ending: String? {
        let sentence: String
        switch summary.ending {
        case .completed: return nil
        case .interrupted(let signal): sentence = "Interrupted by \(signal.name)"
        case .judged(let reason):
            return "Ended early: \(reason.printable).".clipped(to: Self.width)
        case .killed: sentence = "Killed"
        case .guardRail(let limit): sentence = "Stopped by a guard rail: \(limit.printable)"
        case .failed(let reason): sentence = "Stopped: \(reason.printable)"
        }
        return "\(sentence); this is what was measured until then.".clipped(to: Self.width)
    }

    private var generator: [String] {
        let generator = summary.generator
        let cost = generator.cpuMicrosecondsPerRequest.map {
            "\(Figures.significant($0)) µs CPU a request,"
        }
        let workers = generator.workers == 1 ? "1 worker" : "\(generator.workers) workers"
        let opened = Figures.count(generator.connectionsOpened)
        let parts = [
            "\(workers) on \(generator.cores) \(generator.cores == 1 ? "core" : "cores"),", cost,
            "\(Figures.bytes(generator.peakRSSBytes)) peak memory,",
            "\(opened) \(opened == "1" ? "connection" : "connections") opened",
        ]
        return Paragraph(label: "generator", parts: parts.compactMap(\.self))
            .lines(width: Self.width) + signIns
    }

    private var signIns: [String] {
        guard let signIns = summary.signIns else { return [] }
        let failed = signIns.failed > 0 ? ", \(Figures.count(signIns.failed)) failed" : ""
        let sentence =
            "\(Figures.count(signIns.count)), p50 \(Figures.duration(microseconds: signIns.time.p50))"
            + failed + "; apart from all payments"
        return Paragraph(label: "sign-ins", sentence: sentence).lines(width: Self.width)
    }

    func verdict(_ style: TextStyle) -> [String] {
        let validity = summary.verdict.validity
        let ink: TextStyle.Ink =
            switch validity {
            case .valid: .green
            case .suspect: .yellow
            case .invalid: .red
            }
        let headline =
            "verdict".padded(to: Paragraph.labelWidth) + style.ink(ink, validity.rawValue)
            + (summary.verdict.accepted ? ", accepted by --accept-invalid" : "")
        return [headline]
            + summary.verdict.causes.flatMap { cause in
                Paragraph(
                    label: "", sentence: "\(cause.check.printable): \(cause.advice.printable)"
                )
                .lines(width: Self.width)
            }
    }

    private var results: [String] {
        guard let folder else { return [] }
        return ["results".padded(to: Paragraph.labelWidth) + folder.printable]
    }
}
