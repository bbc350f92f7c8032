import Glibc
import Results
import Statistics

/// One metric over the runs of a scenario, and where its level changed.
package struct HistoryTrend: Sendable {
    /// What is looked at for changes. A ratio to a baseline measured beside the run does not vary with
    /// the machine, and shows a change sooner.
    package enum Basis: String, Sendable {
        case value, ratio
    }

    package enum Search: Sendable, Equatable {
        /// None where it is empty.
        case changes([Change])
        /// So many are there.
        case tooFew(Int)
        /// Some value is 0, which has no logarithm.
        case notAboveZero
    }

    package struct Change: Sendable, Equatable {
        /// Index of the first run of the new level.
        package let run: Int
        /// Of the level, as a share: 0.08 is 8 % more.
        package let change: Double
        /// How likely chance alone makes the two sides differ as much.
        package let chance: Double
        package let isWorse: Bool
    }

    package let metric: String
    package let unit: BudgetResult.Unit
    /// One for each run; nil where it does not have the metric.
    package let figures: [HistoryFigure?]
    package let basis: Basis
    package let search: Search

    /// nil where no run has the metric.
    init?(_ metric: String, of runs: [HistoryRun]) {
        let found = runs.map { $0.figure(of: metric) }
        guard let unit = found.last(where: { $0 != nil })??.unit else { return nil }
        self.metric = metric
        self.unit = unit
        figures = found.map { $0?.unit == unit ? $0 : nil }
        basis = Self.basis(figures.compactMap(\.self))
        search = Self.search(
            figures, basis,
            isMoreBetter: unit == .perSecond || metric.hasPrefix("outcome.accepted."))
    }

    package var changes: [Change] {
        switch search {
        case .changes(let changes): changes
        case .tooFew, .notAboveZero: []
        }
    }

    /// What is drawn: the value, or the change against the baseline (0.1 is 10 % more).
    var shown: [Double?] {
        figures.map { figure in
            switch basis {
            case .value: figure?.value
            case .ratio: figure?.ratio?.change
            }
        }
    }

    /// A number of `shown` as people read it.
    func words(_ number: Double?) -> String {
        switch basis {
        case .value: unit.figure(number)
        case .ratio: number.map { $0 == 0 ? Figures.share(0) : Figures.change($0) } ?? Figures.none
        }
    }

    /// Runs of one level, and where it lies: the mean of the logarithms as in the search, or of the
    /// values where one of them is 0; nil where no run shows anything.
    var levels: [(runs: Range<Int>, mean: Double?)] {
        let ends = [0] + changes.map(\.run) + [figures.count]
        let shown = shown
        let offset: Double =
            switch basis {
            case .value: 0
            case .ratio: 1
            }
        return zip(ends, ends.dropFirst()).map { start, end in
            let known = shown[start..<end].compactMap { $0.map { $0 + offset } }
            guard !known.isEmpty else { return (start..<end, nil) }
            let isPositive = known.allSatisfy { $0 > 0 }
            let mean = known.reduce(0) {
                $0 + (isPositive ? log($1) : $1) / Double(known.count)
            }
            return (start..<end, (isPositive ? exp(mean) : mean) - offset)
        }
    }

    /// The ratio, where most of the runs that count have one and they are enough to search.
    private static func basis(_ figures: [HistoryFigure]) -> Basis {
        let recent = figures.suffix(ChangePoints.window)
        let paired = recent.count { $0.ratio != nil }
        return paired >= ChangePoints.fewestRows && 2 * paired > recent.count ? .ratio : .value
    }

    private static func search(
        _ figures: [HistoryFigure?], _ basis: Basis, isMoreBetter: Bool
    ) -> Search {
        let rows = figures.enumerated().compactMap { index, figure -> (run: Int, value: Double)? in
            switch basis {
            case .value: figure.map { (index, $0.value) }
            case .ratio: figure?.ratio.map { (index, 1 + $0.change) }
            }
        }
        guard rows.count >= ChangePoints.fewestRows else { return .tooFew(rows.count) }
        guard rows.allSatisfy({ $0.value > 0 }) else { return .notAboveZero }
        // From next to nothing to next to everything is no share that a Double can tell.
        let points = ChangePoints.find(in: rows.map(\.value)).filter(\.change.isFinite)
        return .changes(
            points.map { point in
                Change(
                    run: rows[point.row].run, change: point.change, chance: point.chance,
                    isWorse: (point.change > 0) != isMoreBetter)
            })
    }
}

extension [Double] {
    /// nil of none.
    var median: Double? {
        guard !isEmpty else { return nil }
        let ordered = sorted()
        let middle = count / 2
        return count.isMultiple(of: 2)
            ? ordered[middle - 1] / 2 + ordered[middle] / 2 : ordered[middle]
    }
}
