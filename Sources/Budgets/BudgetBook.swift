import Metrics
import Results
import Statistics

/// The budgets of one run: gathers what they are about while it goes on, or from its log, and judges.
package struct BudgetBook: Sendable {
    /// The arm that the others are measured against, where a baseline was measured beside.
    package struct Pair: Sendable, Equatable {
        package var reference: String
        package var candidate: String
        /// Of the slices in which both are compared.
        package var sliceSeconds: Int

        package init(reference: String, candidate: String, sliceSeconds: Int) {
            self.reference = reference
            self.candidate = candidate
            self.sliceSeconds = sliceSeconds
        }
    }

    private struct Entry: Sendable {
        var budget: Budget
        var own: BudgetSeries
        var windows: BudgetWindows?
        /// Of the baseline beside, or of the stored one.
        var baseline: BudgetSeries?
        /// Decided at a look before the last.
        var settled: BudgetResult?
    }

    package let budgets: [Budget]
    private let start: RunStart
    private let pair: Pair?
    private var entries: [Entry]
    private var duetGuard: DuetGuard?

    /// - Parameters:
    ///   - pair: of a run with a baseline beside it.
    ///   - stored: a run that was measured before.
    package init(
        _ budgets: [Budget], of start: RunStart, pair: Pair? = nil, stored: BudgetBaseline? = nil
    ) {
        self.budgets = budgets
        self.start = start
        self.pair = pair
        duetGuard = pair == nil ? nil : DuetGuard(start)
        entries = budgets.enumerated().map { index, budget in
            // A comparison needs every slice; other budgets at most 40.
            let finest = budget.isRelative && pair != nil ? 1 << 14 : 40
            let limit = budget.absoluteLimit
            return Entry(
                budget: budget,
                own: BudgetSeries(
                    budget, of: start, adapter: pair?.candidate(of: budget), finest: finest),
                windows: limit.flatMap { BudgetWindows(budget, limit: $0) },
                baseline: budget.isRelative
                    ? pair.map {
                        BudgetSeries(budget, of: start, adapter: $0.reference, finest: finest)
                    } ?? stored?.series(at: index)
                    : nil)
        }
    }

    /// What the run counted since the last time.
    package mutating func add(_ interval: Interval) {
        for index in entries.indices {
            entries[index].own.add(interval)
            if pair != nil { entries[index].baseline?.add(interval) }
        }
    }

    /// The seconds that were settled with it.
    package mutating func add(_ settled: [RecordBuilder.SettledSecond]) {
        for second in settled { duetGuard?.add(second) }
        for index in entries.indices {
            for second in settled {
                let isJudged = entries[index].own.add(second)
                if isJudged, entries[index].windows != nil {
                    let part = entries[index].own.part(of: second)
                    entries[index].windows?.add(part, second: second.number)
                }
                if pair != nil { entries[index].baseline?.add(second) }
            }
        }
    }
}

extension BudgetBook {
    /// Judges every budget from what is there.
    ///
    /// - Parameters:
    ///   - generator: of a run that is over.
    ///   - looks: where the run is looked at several times: how sure each has to be.
    package func results(
        generator: Summary.Generator?, looks: Looks? = nil
    ) -> [BudgetResult] {
        // One look at the end: each of m budgets may be wrong as often as 1/m of all.
        let absolute = max(1, budgets.count { !$0.isRelative && $0.window == nil })
        let relative = max(1, budgets.count(where: \.isRelative))
        return entries.map { entry in
            if let settled = entry.settled { return settled }
            let budget = entry.budget
            switch budget.limit {
            case .absolute(let value):
                let limit = Statistics.Limit(budget.comparison, value.number)
                let confidence =
                    looks?.confidence ?? 1 - (1 - budget.confidence) / Double(absolute)
                if var windows = entry.windows {
                    windows.finish()
                    return BudgetResult(budget, windows, limit: value.number)
                }
                let figure = figure(entry, limit, confidence, generator)
                return BudgetResult(budget, figure, limit: value.number)
            case .baseline(let allowance):
                let confidence =
                    looks?.confidence ?? 1 - (1 - budget.confidence) / Double(relative)
                return relativeResult(
                    entry, allowance, confidence: confidence, looks: looks)
            }
        }
    }

    /// A budget that has failed and is to end the run.
    package var aborting: String? {
        entries.first { $0.budget.abort && $0.windows?.failed != nil }?.budget.text
    }

    /// Keeps what a look decided: it stands, whatever comes after.
    ///
    /// - Returns: whether every budget is decided.
    package mutating func settle(_ results: [BudgetResult]) -> Bool {
        for (index, result) in results.enumerated() where result.verdict != .inconclusive {
            // What has no interval, such as a count, goes on as long as the run does; so do windows.
            guard result.confidence != nil, entries[index].windows == nil else { continue }
            entries[index].settled = entries[index].settled ?? result
        }
        return results.allSatisfy { $0.verdict != .inconclusive }
    }

    private func figure(
        _ entry: Entry, _ limit: Statistics.Limit, _ confidence: Double,
        _ generator: Summary.Generator?
    ) -> Figure {
        if case .generatorCPU = entry.budget.metric {
            return Figure(
                exactly: generator?.cpuMicrosecondsPerRequest, count: 1, limit: limit)
        }
        let (parts, seconds) = entry.own.judged
        return Figure(
            entry.budget.metric, parts, seconds: seconds, limit: limit, confidence: confidence)
    }

    private func relativeResult(
        _ entry: Entry, _ allowance: Budget.Allowance, confidence: Double, looks: Looks?
    ) -> BudgetResult {
        guard let baseline = entry.baseline else {
            return BudgetResult(withoutBaseline: entry.budget)
        }
        if let found = duetGuard?.finding, found.isPresent {
            let effect = found.difference.change.value
            return BudgetResult(entry.budget).because(
                "the two targets disturb each other: beside the candidate the baseline's median is "
                    + "\(Figures.share(abs(effect))) \(effect < 0 ? "lower" : "higher") than alone; "
                    + "measure them in turn (baseline: { design: blocks })")
        }
        if let pair {
            let arms = PairedSeries(
                own: entry.own, baseline: baseline, seconds: pair.sliceSeconds)
            return arms.result(
                entry.budget, allowance, looks ?? Looks(at: [0], budgets: 1, error: 1 - confidence))
        }
        let apart = ApartSeries(own: entry.own, baseline: baseline)
        return apart.result(entry.budget, allowance, confidence: confidence)
    }
}

extension BudgetBook.Pair {
    /// An absolute budget is about the candidate, unless it names an adapter itself.
    fileprivate func candidate(of budget: Budget) -> String? {
        budget.selection.adapter ?? candidate
    }
}

extension Budget {
    var absoluteLimit: Statistics.Limit? {
        if case .absolute(let value) = limit {
            Statistics.Limit(comparison, value.number)
        } else {
            nil
        }
    }
}

/// A stored run as the baseline of budgets.
package struct BudgetBaseline: Sendable {
    private let all: [BudgetSeries]

    /// - Parameter budgets: those that will be judged against it, in their order.
    package static func read(
        log: String, for budgets: [Budget]
    ) throws(ResultError) -> BudgetBaseline {
        let start = try IntervalLogReader(path: log).start
        var book = BudgetBook(budgets.map(\.asAbsolute), of: start)
        _ = try LoggedRun.read(
            log: log,
            each: {
                book.add($0); book.add($1)
            })
        return BudgetBaseline(all: book.series)
    }

    func series(at index: Int) -> BudgetSeries { all[index] }
}

extension BudgetBook {
    fileprivate var series: [BudgetSeries] { entries.map(\.own) }
}

extension Budget {
    /// Only for what it is about.
    fileprivate var asAbsolute: Budget {
        var budget = self
        budget.window = nil
        return budget
    }
}
