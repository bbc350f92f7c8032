extension CapacityAnswer {
    /// The answer in one line.
    func words(from start: Double) -> String {
        switch ending {
        case .proven: joined(["proven \(provenWords)", estimateWords, failedWords])
        case .atLeast:
            "at least \(provenWords): no rate up to the end of the search failed"
        case .generatorCeiling: ceilingWords
        case .failsAtStart:
            "nothing proven: \(Wording.rate(start))/s failed already\(causeWords), "
                + "and nothing below it was tried"
        case .notRecovered:
            joined([
                "nothing proven: \(Wording.rate(start))/s held at first, "
                    + "and not again after an overload\(causeWords)", failedWords,
            ])
        case .noProof: joined(["nothing proven: \(claimWords)", estimateWords, failedWords])
        case .lost:
            joined([
                "nothing proven: the target stopped answering at \(lastRate)/s\(keptWords)",
                estimateWords,
            ])
        case .unfinished:
            joined([
                "unfinished after \(Wording.decimal(seconds, 0)) s\(keptWords)", estimateWords,
                failedWords,
            ])
        }
    }

    private func joined(_ parts: [String?]) -> String {
        parts.compactMap(\.self).joined(separator: "; ")
    }

    private var provenWords: String {
        guard let provenPerSecond, let provenSeconds else { return "nothing" }
        return "\(Wording.rate(provenPerSecond))/s (\(Wording.decimal(provenSeconds, 0)) s at "
            + "\(promises.joined(separator: ", ")))"
    }

    private var estimateWords: String? {
        estimate.map {
            "estimate \(Wording.rate($0.ratePerSecond)) "
                + "[\(Wording.rate($0.lowerPerSecond)), \(Wording.rate($0.upperPerSecond))]"
        }
    }

    private var failedWords: String? {
        firstFailedPerSecond.map { "first rate that failed \(Wording.rate($0))" }
    }

    private var ceilingWords: String {
        let ceiling = generatorCeilingPerSecond.map(Wording.rate) ?? "more"
        let reason = "the generator could not drive \(ceiling)/s"
        return provenPerSecond == nil
            ? "nothing proven: \(reason)"
            : "at least \(provenWords): a lower bound, not a capacity, as \(reason)"
    }

    private var claimWords: String {
        let proofs = steps.filter { $0.purpose == .proof }
        let lowest = proofs.map(\.ratePerSecond).min().map(Wording.rate) ?? "any rate"
        return "\(proofs.count) proofs failed, down to \(lowest)/s"
    }

    private var lastRate: String { steps.last.map { Wording.rate($0.ratePerSecond) } ?? "any" }

    private var keptWords: String {
        let kept = steps.filter { $0.verdict == .kept }.map(\.ratePerSecond).max()
        return kept.map { "; \(Wording.rate($0))/s was kept" } ?? ""
    }

    private var causeWords: String { gaveWay.map { " (\($0.words))" } ?? "" }
}

extension CapacityAnswer.Cause {
    package var words: String {
        switch self {
        case .latency: "latency"
        case .errors: "errors"
        case .throttled: "429, a rate limit"
        case .inDoubt: "payments in doubt"
        case .timeout: "time-outs"
        case .backlog: "a growing backlog"
        case .generator: "the generator"
        case .outcomes: "how payments ended"
        }
    }
}
