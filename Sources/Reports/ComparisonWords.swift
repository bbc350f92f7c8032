import Comparisons
import Results

extension ComparisonDesign {
    package var words: String {
        switch self {
        case .duet: "at the same time"
        case .blocks: "in blocks"
        case .sequential: "one after another"
        case .apart: "in runs of their own"
        }
    }
}

extension Comparison.Decision {
    package var words: String {
        switch self {
        case .better, .worse, .equivalent: rawValue
        case .cannotTell: "cannot tell"
        }
    }
}

extension Comparison.Change {
    /// The interval leaves out 0.
    package var isProved: Bool { (lower ?? -.infinity) > 0 || (upper ?? .infinity) < 0 }

    /// `+3.1 % [+2.5, +3.8]`
    var compact: String { shown(times: 100, "%") }

    /// Percentage points: `+0.52 pp [+0.31, +0.73]`
    var points: String { shown(times: 100, "pp") }

    private func shown(times scale: Double, _ unit: String) -> String {
        func number(_ value: Double) -> String {
            let scaled = value * scale
            return (scaled < 0 ? "-" : "+") + Figures.significant(abs(scaled))
        }
        return "\(number(change)) \(unit) [\(lower.map(number) ?? "–"), "
            + "\(upper.map(number) ?? "∞")]"
    }
}

extension Comparison.Judged {
    /// `east is better than north in response_time.p50: at least 9.5 %, probably 10.4 %.`
    func sentence(against reference: String) -> String {
        let (name, metric) = (adapter.printable, metric.printable)
        switch verdict {
        case .better, .worse:
            let least = atLeast.map { ": at least \(amount($0))" } ?? ""
            let likely = probably.map { ", probably \(amount($0))" } ?? ""
            let note = isMaterial ? "" : "; perhaps less than the \(amount(margin)) that matter"
            return "\(name) is \(verdict.rawValue) than \(reference) in \(metric)\(least)\(likely)"
                + "\(note)."
        case .equivalent:
            return "\(name) is equivalent to \(reference) in \(metric): within \(amount(margin))."
        case .cannotTell:
            return "\(name) against \(reference) in \(metric): cannot tell\(because)."
        }
    }

    private var because: String {
        if let reason { return "; \(reason.printable)" }
        guard let slicesToSettle, let secondsToSettle else { return "" }
        return "; about \(Figures.count(slicesToSettle)) slices more "
            + "(\(Figures.length(seconds: Double(secondsToSettle)))) would settle it"
    }

    /// Of shares in percentage points.
    private func amount(_ value: Double) -> String {
        difference == nil
            ? Figures.share(value) : "\(Figures.significant(value * 100)) percentage points"
    }
}
