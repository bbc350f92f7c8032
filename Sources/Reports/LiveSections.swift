import Payments
import Results

/// What a frame may consist of, for one width.
struct LiveSections {
    let state: LiveState
    let width: Int
    let glyphs: LiveGlyphs
    let picture: LivePicture
    /// Less than a usual terminal.
    let isNarrow: Bool
    /// Where a section's text begins, behind its label.
    let labelWidth: Int

    init(_ state: LiveState, width: Int, look: LiveLook) {
        self.state = state
        self.width = width
        isNarrow = width < 64
        labelWidth = isNarrow ? 9 : 15
        glyphs = LiveGlyphs(isUnicode: look.isUnicode)
        picture = LivePicture(state, labelWidth: labelWidth, width: width, glyphs: glyphs)
    }

    var title: [LiveLine] {
        var line = LiveLine(state.name.printable.clipped(to: width / 2), .strong)
        line.add(" → \(state.target.printable)", .faint)
        return [line]
    }

    /// What there is to know of stopping it, where nothing else needs the room.
    var hint: [LiveLine] {
        [LiveLine("Ctrl-C ends it and keeps the results; twice: at once", .faint)]
    }

    /// What came of a wish to stop.
    var note: [LiveLine] {
        let open = Figures.count(state.inFlight)
        switch state.stage {
        case .running, .draining: return []
        case .interrupted(let signal):
            let words =
                isNarrow
                ? "\(signal.name): draining; again: at once"
                : "\(signal.name): waiting for \(open) answers, at most 5 s; again: at once"
            return [LiveLine(words, .doubtful)]
        case .stopping: return [LiveLine("stopping at once", .doubtful)]
        }
    }
}

/// How far it is.
extension LiveSections {
    /// Two lines where there is not room for all of it on one. Without a bar where the end is not known,
    /// and once nothing is sent any more.
    var progress: [LiveLine] {
        let times = clock
        let room = isNarrow ? width - times.columns - 2 : width / 3
        var line = LiveLine(phaseWords.clipped(to: max(8, room)), .strong)
        guard let share, !isNarrow else {
            line.pad(to: width - times.columns)
            line.add(times)
            return [line] + (share.map { [bar($0, width: width)] } ?? [])
        }
        line.add("  ")
        line.add(bar(share, width: max(10, width - line.columns - times.columns - 2)))
        line.add("  ")
        line.add(times)
        return [line]
    }

    private var phaseWords: String {
        switch state.stage {
        case .running where state.search != nil:
            "step \(state.search?.probe?.number ?? state.search?.steps.count ?? 0)"
        case .running: state.phase.printable
        case .draining, .interrupted: "draining"
        case .stopping: "stopping"
        }
    }

    private var isSending: Bool { state.stage == .running }

    private var share: Double? {
        guard isSending, let total, total > 0 else { return nil }
        return min(1, max(0, elapsed / total))
    }

    private var elapsed: Double {
        guard let search = state.search else { return state.elapsedSeconds }
        return search.elapsedSeconds + (search.isUnderWay ? state.elapsedSeconds : 0)
    }

    private var total: Double? {
        guard let search = state.search else { return state.totalSeconds }
        return max(search.elapsedSeconds + search.secondsLeft, elapsed)
    }

    /// `62 %  0:21 of 0:35, 0:14 left`.
    private var clock: LiveLine {
        guard let share, let total else {
            return LiveLine(
                isSending
                    ? Self.clock(elapsed)
                    : "\(Self.clock(elapsed)), \(Figures.count(state.inFlight)) in flight")
        }
        let left = max(0, total.rounded(.up) - elapsed.rounded(.down))
        var line = LiveLine("\(Int((share * 100).rounded(.down))) %", .strong)
        let about = state.search == nil ? "" : "about "
        line.add(
            isNarrow
                ? " \(Self.clock(left)) left"
                : "  \(Self.clock(elapsed)) of \(about)\(Self.clock(total.rounded(.up))), "
                    + "\(Self.clock(left)) left")
        return line
    }

    /// `0:09`, `12:30`, `3:05:00`.
    static func clock(_ seconds: Double) -> String {
        let whole = Int(min(max(0, seconds), 1e9).rounded(.down))
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let minutes = whole / 60
        return minutes < 60
            ? "\(minutes):\(two(whole % 60))"
            : "\(minutes / 60):\(two(minutes % 60)):\(two(whole % 60))"
    }

    private func bar(_ share: Double, width: Int) -> LiveLine {
        let done = Int((share * Double(width)).rounded(.down))
        var line = LiveLine()
        line.add(glyphs.done, .accent, times: done)
        line.add(glyphs.left, .faint, times: width - done)
        return line
    }
}

/// The figures of the moment.
extension LiveSections {
    private struct Card {
        var title: String
        var figure: String
        var ink = LiveInk.strong
    }

    /// Titles above figures; six of them, in one or two rows.
    var cards: [LiveLine] {
        let all = [
            Card(title: "planned", figure: Figures.rate(perSecond: state.rates?.planned)),
            Card(title: "started", figure: Figures.rate(perSecond: state.rates?.started)),
            Card(title: "completed", figure: Figures.rate(perSecond: state.rates?.completed)),
            Card(title: "in flight", figure: Figures.count(state.inFlight)),
            Card(
                title: isNarrow ? "delay p99" : "send delay p99",
                figure: Figures.duration(microseconds: state.sendDelayP99),
                ink: state.warnings.contains(where: \.isOurs) ? .doubtful : .strong),
            Card(title: "CPU", figure: cpu),
        ]
        guard isNarrow else { return row(all) }
        return row(Array(all.prefix(3))) + row(Array(all.suffix(3)))
    }

    private var cpu: String {
        guard let busy = state.busyCores else { return Figures.none }
        let cores = state.cores == 1 ? "1 core" : "\(state.cores) cores"
        return isNarrow
            ? "\(Figures.significant(busy))/\(state.cores)"
            : "\(Figures.significant(busy)) of \(cores)"
    }

    private func row(_ cards: [Card]) -> [LiveLine] {
        let needed = cards.map { max(9, $0.title.columns, $0.figure.columns) }
        let spare = width - needed.reduce(0, +)
        let gap = min(7, max(1, spare / max(1, cards.count - 1)))
        var lines = [LiveLine(), LiveLine()]
        var column = 0
        for (card, own) in zip(cards, needed) {
            lines[0].pad(to: column)
            lines[0].add(card.title, .faint)
            lines[1].pad(to: column)
            lines[1].add(card.figure, card.ink)
            column += own + gap
        }
        return lines
    }

    /// The last seconds, and all that is measured.
    var times: [LiveLine] {
        guard state.adapters.isEmpty else { return [] }
        var table = LiveTable(labelWidth: labelWidth, width: width)
        table.head(isNarrow ? "" : "response time", timeTitles + [isNarrow ? "n" : "answers"])
        table.row("last \(Int(LiveBook.recentSeconds)) s", cells(state.recent))
        table.row(state.isAllMeasured ? "whole run" : "measured", cells(state.whole))
        return table.lines
    }

    var timeTitles: [String] { isNarrow ? ["p50", "p99"] : ["p50", "p90", "p99", "p99.9", "max"] }

    private func cells(_ times: LiveState.Times) -> [LiveLine] {
        let figures =
            isNarrow
            ? [times.p50, times.p99]
            : [times.p50, times.p90, times.p99, times.p99_9, times.maximum]
        return figures.map { LiveLine(Figures.duration(microseconds: $0)) }
            + [LiveLine(Figures.shortCount(times.count), .faint)]
    }

    /// The arms of a comparison beside each other.
    var adapters: [LiveLine] {
        guard !state.adapters.isEmpty else { return [] }
        let names = state.adapters.map(\.name.printable.columns).max() ?? 0
        var table = LiveTable(
            labelWidth: min(max(names, 8) + 2, isNarrow ? 12 : 24), width: width)
        let last = "\(Int(LiveBook.recentSeconds)) s"
        let titles =
            isNarrow
            ? ["p50", "p99", "errors"]
            : ["\(last) p50", "\(last) p99", "p50", "p99", "vs base", "errors", "answers"]
        table.head("adapter", titles)
        let reference = state.adapters.first(where: \.isReference)?.whole.p50
        for adapter in state.adapters {
            table.row(
                adapter.name.printable, isNarrow ? few(adapter) : many(adapter, reference))
        }
        return table.lines
    }

    private func few(_ adapter: LiveState.Adapter) -> [LiveLine] {
        [
            LiveLine(Figures.duration(microseconds: adapter.whole.p50)),
            LiveLine(Figures.duration(microseconds: adapter.whole.p99)), errors(adapter),
        ]
    }

    private func many(_ adapter: LiveState.Adapter, _ reference: UInt64?) -> [LiveLine] {
        [
            LiveLine(Figures.duration(microseconds: adapter.recent.p50)),
            LiveLine(Figures.duration(microseconds: adapter.recent.p99)),
            LiveLine(Figures.duration(microseconds: adapter.whole.p50), .strong),
            LiveLine(Figures.duration(microseconds: adapter.whole.p99), .strong),
            change(adapter, reference), errors(adapter),
            LiveLine(Figures.shortCount(adapter.answered), .faint),
        ]
    }

    private func errors(_ adapter: LiveState.Adapter) -> LiveLine {
        LiveLine(
            Figures.share(adapter.errors, of: adapter.answered),
            adapter.errors > 0 ? .bad : .usual)
    }

    /// Of the medians, without a judgement: that one comes at the end.
    private func change(_ adapter: LiveState.Adapter, _ reference: UInt64?) -> LiveLine {
        if adapter.isReference { return LiveLine("base", .faint) }
        guard let own = adapter.whole.p50, let reference, reference > 0 else {
            return LiveLine(Figures.none)
        }
        let change = (Double(own) - Double(reference)) / Double(reference)
        return LiveLine("\(change < 0 ? "-" : "+")\(Figures.share(change.magnitude))")
    }
}

/// Figures under their titles, each column as wide as the widest of them may get.
struct LiveTable {
    let labelWidth: Int
    let width: Int
    private(set) var lines: [LiveLine] = []
    private var step = 0

    init(labelWidth: Int, width: Int) {
        self.labelWidth = labelWidth
        self.width = width
    }

    mutating func head(_ label: String, _ titles: [String]) {
        step = min(13, (width - labelWidth) / max(1, titles.count))
        row(LiveLine(label, .faint), titles.map { LiveLine($0, .faint) })
    }

    mutating func row(_ label: String, _ cells: [LiveLine]) {
        row(LiveLine(label), cells)
    }

    private mutating func row(_ label: LiveLine, _ cells: [LiveLine]) {
        var line = label.clipped(to: labelWidth - 1)
        for (index, cell) in cells.enumerated() {
            let cell = cell.clipped(to: max(1, step - 1))
            line.pad(to: labelWidth + (index + 1) * step - cell.columns)
            line.add(cell)
        }
        lines.append(line)
    }
}
