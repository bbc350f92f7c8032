import Capacity
import Results

/// What is said of a capacity search while it goes on: a line when a step begins, and one when it ends.
package enum CapacityTalk {
    /// `step 7  at 372/s for 2 s + 10 s (bisect); holds 340/s, breaks 476/s; about 6 min left`
    package static func begin(_ probe: Probe, of search: CapacitySearch) -> String {
        let length = [probe.settle, probe.measure].filter { $0 > 0 }
            .map { Figures.length(seconds: $0) }.joined(separator: " + ")
        let least = probe.settle + probe.measure
        let left = Figures.length(seconds: max(least, search.secondsLeft).rounded())
        return
            [
                "step \(probe.number)  \(Figures.rate(perSecond: probe.rate)) for \(length) "
                    + "(\(probe.purpose.words))", known(search), "about \(left) left",
            ]
            .compactMap(\.self).joined(separator: "; ")
    }

    /// `        kept: 0.31 % too late, 0 % failed, p99 181 ms`
    package static func end(_ step: CapacityStep) -> String {
        var parts = [
            step.exceedingShare.map { "\(Figures.share($0)) too late or failed" },
            "\(Figures.share(step.failedShare)) failed",
            "p99 \(Figures.duration(microseconds: step.p99Microseconds.map { UInt64($0) }))",
        ].compactMap(\.self)
        if step.backlogGrowth != nil { parts.append("a growing backlog") }
        if step.wasStoppedEarly { parts.append("stopped early") }
        if let trouble = step.generatorTrouble { parts = ["the generator: \(trouble.printable)"] }
        return "        \(step.verdict.words): \(parts.joined(separator: ", "))"
    }

    /// The bracket, and the estimate where there is one.
    package static func known(_ search: CapacitySearch) -> String? {
        let parts = [
            search.good.map { "holds \(Figures.rate(perSecond: $0))" },
            search.bad.map { "breaks \(Figures.rate(perSecond: $0))" },
            search.estimate.map { "estimate \(Figures.rate(perSecond: $0.ratePerSecond))" },
        ].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
}

extension Probe.Purpose {
    package var words: String {
        switch self {
        case .bracket: "bracket"
        case .bisect: "bisect"
        case .refine: "refine"
        case .recheck: "recheck"
        case .proof: "proof"
        case .soak: "soak"
        case .stepDown: "step down"
        }
    }
}

extension Observation.Verdict {
    package var words: String {
        switch self {
        case .kept: "kept"
        case .broken: "broken"
        case .unproven: "unproven"
        case .notDriven: "not driven"
        }
    }
}
