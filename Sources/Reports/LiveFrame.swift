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
        case title, progress, search, steps, gapBelowProgress, cards, gapAboveTimes, adapters, times
        case gapAbovePicture, picture, gapAboveOutcomes, outcomes, codes, gapAboveAlerts
        case budgets, warnings, footer
    }

    /// Of a heat map, its axis among them.
    private static let fewestLines = 6
    private static let usualLines = 8
    private static let mostLines = 17

    private let height: Int
    private var granted: [Place: [LiveLine]] = [:]
    /// Lines of the heat map; drawn once it is known how many.
    private var mapLines = 0

    init(_ sections: LiveSections, height: Int) {
        self.height = height
        grantTheNeedful(sections)
        grantTheUseful(sections)
        grantTheRest(sections)
        if mapLines > 0 { granted[.picture] = sections.picture.heatMap(lines: mapLines) }
    }

    var lines: [LiveLine] { Place.allCases.flatMap { granted[$0] ?? [] } }

    private var used: Int { granted.values.reduce(mapLines) { $0 + $1.count } }

    /// In place of what was granted there before.
    private mutating func wish(_ lines: [LiveLine], at place: Place) {
        let before = granted[place]?.count ?? 0
        if used - before + lines.count <= height { granted[place] = lines }
    }

    /// In place of the line that shows the same, or of a smaller one.
    private mutating func wishMap(_ picture: LivePicture, lines: Int) {
        let room = height - used + mapLines + (granted[.picture]?.count ?? 0)
        guard !picture.isEmpty, min(room, lines) >= Self.fewestLines else { return }
        granted[.picture] = nil
        mapLines = picture.height(atMost: min(room, lines))
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
        wish(sections.picture.trend(sections.isNarrow ? "p99" : "p99 over time"), at: .picture)
    }

    private mutating func grantTheUseful(_ sections: LiveSections) {
        wish(sections.title, at: .title)
        wish([LiveLine()], at: .gapBelowProgress)
        wish(Array(sections.steps.suffix(3)), at: .steps)
        wishMap(sections.picture, lines: Self.fewestLines)
        wish(sections.fewBars, at: .outcomes)
        for place in [Place.gapAboveTimes, .gapAboveOutcomes, .gapAbovePicture] {
            wish([LiveLine()], at: place)
        }
        wishMap(sections.picture, lines: Self.usualLines)
    }

    private mutating func grantTheRest(_ sections: LiveSections) {
        wish(Array(sections.warnings.prefix(3)), at: .warnings)
        wish(sections.outcomeBars, at: .outcomes)
        wish(sections.codes, at: .codes)
        let hasAlerts = !(granted[.budgets] ?? []).isEmpty || !(granted[.warnings] ?? []).isEmpty
        if hasAlerts { wish([LiveLine()], at: .gapAboveAlerts) }
        wish(Array(sections.steps.suffix(8)), at: .steps)
        wish(Array(sections.budgets.prefix(6)), at: .budgets)
        if granted[.footer]?.isEmpty ?? true { wish(sections.hint, at: .footer) }
        wishMap(sections.picture, lines: Self.mostLines)
    }
}
