import Capacity
import Glibc
import Results

/// A capacity search: what is being tried, what is known so far.
extension LiveSections {
    var search: [LiveLine] {
        guard let search = state.search else { return [] }
        return [line(of: search), axis(of: search)].compactMap(\.self)
    }

    /// `step 7  bisect at 372/s   holds 340/s, breaks 476/s`
    private func line(of search: LiveSearch) -> LiveLine {
        var line = LiveLine()
        if let probe = search.probe {
            line.add(isNarrow ? "" : "\(probe.purpose.words) ")
            line.add("at \(Figures.rate(perSecond: probe.rate))", .strong)
        } else {
            line.add("letting the target empty", .faint)
        }
        let parts: [(String, LiveInk)] = [
            search.good.map { ("holds \(Figures.rate(perSecond: $0))", .good) },
            search.bad.map { ("breaks \(Figures.rate(perSecond: $0))", .bad) },
            isNarrow
                ? nil
                : search.estimate.map { ("estimate \(Figures.rate(perSecond: $0))", .usual) },
        ].compactMap(\.self)
        for (index, part) in parts.enumerated() {
            line.add(index > 0 ? ", " : isNarrow ? "; " : "   ", .faint)
            line.add(part.0, part.1)
        }
        return line
    }

    /// Rates on a logarithmic axis: kept and broken ones, between them what is not known, and the one
    /// that is tried.
    private func axis(of search: LiveSearch) -> LiveLine? {
        let rates = search.steps.map(\.ratePerSecond) + [search.probe?.rate].compactMap(\.self)
        guard let most = rates.max(), let least = rates.min(), least > 0 else { return nil }
        let range = RateRange(low: least, high: max(most * 1.1, least * 2))
        let (low, high) = (
            Figures.rate(perSecond: range.low), Figures.rate(perSecond: range.high)
        )
        let room = max(2, width - low.columns - high.columns - 2)
        var cells = [(Character, LiveInk)](repeating: (glyphs.left, .faint), count: room)
        if let good = search.good, let bad = search.bad, good < bad {
            for cell in range.cell(good, of: room)...range.cell(bad, of: room) {
                cells[cell] = (glyphs.between, .doubtful)
            }
        }
        for step in search.steps {
            cells[range.cell(step.ratePerSecond, of: room)] =
                step.verdict == .kept ? (glyphs.kept, .good) : (glyphs.broken, .bad)
        }
        if let probe = search.probe {
            cells[range.cell(probe.rate, of: room)] = (glyphs.now, .strong)
        }
        var line = LiveLine("\(low) ", .faint)
        for cell in cells { line.add(cell.0, cell.1) }
        line.add(" \(high)", .faint)
        return line
    }

    /// The last one at the end.
    var steps: [LiveLine] {
        guard let search = state.search else { return [] }
        return search.steps.map { step in
            var line = LiveLine("step \(step.number)", .faint)
            line.pad(to: 9)
            line.add(Figures.rate(perSecond: step.ratePerSecond).paddedLeft(to: 9))
            line.add("  ")
            line.add(
                step.verdict.words.padded(to: 11), step.verdict == .kept ? .good : .bad)
            let p99 = step.p99Microseconds.map { UInt64($0) }
            line.add("p99 \(Figures.duration(microseconds: p99))")
            line.pad(to: 46)
            line.add(isNarrow ? "" : "\(Figures.share(step.failedShare)) failed", .faint)
            line.pad(to: 62)
            line.add(isNarrow ? "" : step.purpose.words, .faint)
            return line
        }
    }
}

/// A logarithmic axis.
private struct RateRange {
    let low: Double
    let high: Double

    /// - Returns: below `cells`.
    func cell(_ rate: Double, of cells: Int) -> Int {
        let place = log(rate / low) / log(high / low)
        return min(cells - 1, max(0, Int((place * Double(cells - 1)).rounded())))
    }
}
