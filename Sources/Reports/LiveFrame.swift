import Results

/// The lines that show a moment of a run on a terminal: a pure function of the moment and of the
/// terminal's size. No line is longer than the terminal is wide, less one column; there is one line
/// fewer than it has rows.
package struct LiveFrame: Sendable {
    /// Below it there is room for a single line only.
    package static let least = LiveSize(columns: 40, rows: 10)
    private static let widest = 140

    package let lines: [String]
    /// Of each line, in columns.
    package let widths: [Int]

    /// - Precondition: `size` is not below `least`.
    package init(_ state: LiveState, size: LiveSize, look: LiveLook) {
        let width = min(size.columns - 1, Self.widest)
        let sections = LiveSections(state, width: width, look: look)
        let laid = LiveLayout(sections, height: size.rows - 1).lines
            .map { $0.clipped(to: width) }
        lines = laid.map { $0.text(look) }
        widths = laid.map(\.columns)
    }
}

/// Which sections a frame has, and in which of their forms, so that all have room. Each wish is granted
/// if what was granted before leaves room for it: the more important come first.
private struct LiveLayout {
    private enum Place: Int, CaseIterable {
        case title, progress, search, gapBelowProgress, cards, adapters, gapAboveTimes, times
        case gapAbovePicture, picture, gapAboveOutcomes, outcomes, codes, steps, gapAboveAlerts
        case budgets, warnings, footer
    }

    private static let fewestBands = 5
    private static let mostBands = 16

    private let height: Int
    private var granted: [Place: [LiveLine]] = [:]

    init(_ sections: LiveSections, height: Int) {
        self.height = height
        grantTheNeedful(sections)
        grantTheUseful(sections)
        grantTheRest(sections)
    }

    var lines: [LiveLine] { Place.allCases.flatMap { granted[$0] ?? [] } }

    private var used: Int { granted.values.reduce(0) { $0 + $1.count } }

    /// In place of what was granted there before.
    private mutating func wish(_ lines: [LiveLine], at place: Place) {
        let before = granted[place]?.count ?? 0
        if used - before + lines.count <= height { granted[place] = lines }
    }

    private mutating func grantTheNeedful(_ sections: LiveSections) {
        wish(sections.progress, at: .progress)
        wish(sections.note, at: .footer)
        wish(sections.outcomeWords, at: .outcomes)
        wish(sections.search, at: .search)
        wish(sections.cards, at: .cards)
        wish(sections.adapters, at: .adapters)
        wish(sections.times, at: .times)
        wish(Array(sections.warnings.prefix(1)), at: .warnings)
        wish(Array(sections.budgets.prefix(1)), at: .budgets)
    }

    private mutating func grantTheUseful(_ sections: LiveSections) {
        wish(sections.trend, at: .picture)
        wish(sections.title, at: .title)
        wish([LiveLine()], at: .gapBelowProgress)
        if height - used + (granted[.picture]?.count ?? 0) > Self.fewestBands {
            wish(sections.heatMap(rows: Self.fewestBands), at: .picture)
        }
        wish(sections.outcomeBars, at: .outcomes)
        wish(Array(sections.steps.suffix(3)), at: .steps)
        for place in [Place.gapAboveTimes, .gapAboveOutcomes, .gapAbovePicture] {
            wish([LiveLine()], at: place)
        }
        wish(Array(sections.warnings.prefix(3)), at: .warnings)
    }

    private mutating func grantTheRest(_ sections: LiveSections) {
        let hasAlerts = !(granted[.budgets] ?? []).isEmpty || !(granted[.warnings] ?? []).isEmpty
        if hasAlerts { wish([LiveLine()], at: .gapAboveAlerts) }
        wish(Array(sections.steps.suffix(8)), at: .steps)
        wish(Array(sections.codes.prefix(3)), at: .codes)
        wish(Array(sections.budgets.prefix(6)), at: .budgets)
        if granted[.footer]?.isEmpty ?? true { wish(sections.hint, at: .footer) }
        let rows = (granted[.picture]?.count ?? 0) - 1 + height - used
        if rows > Self.fewestBands {
            wish(sections.heatMap(rows: min(rows, Self.mostBands)), at: .picture)
        }
    }
}
