import Payments
import Reports
import Results

/// `report.html` of one run: a pure function of its results. Takes about a millisecond a thousand seconds
/// of timeline.
package struct RunPage: Sendable {
    static let mostColumns = 168
    static let mostRows = 48

    let material: RunMaterial
    let axis: TimeAxis
    let columns: TimelineColumns
    /// The same, as the tables behind charts have it.
    let rows: TimelineColumns

    var summary: Summary { material.summary }

    package init(_ material: RunMaterial) {
        self.material = material
        let timeline = material.record?.timeline ?? []
        axis = TimeAxis(material.summary, atLeast: Double(timeline.count))
        columns = TimelineColumns(timeline, atMost: Self.mostColumns)
        rows = TimelineColumns(timeline, atMost: Self.mostRows)
    }

    package var page: Page {
        let state = RunState(summary)
        let facts = [
            summary.target.printable, summary.shownStart,
            Figures.length(seconds: summary.wallSeconds), "run \(summary.runID.printable)",
            "seed \(summary.scenario.seed)", "paybench \(summary.tool.version.printable)",
        ]
        let sections = [
            figures, latency, budgets, course, outcomes, doubts, sendDelay, parts,
            environment, scenario,
        ]
        return Page(
            title: summary.shownName, facts: facts.joined(separator: " · "),
            mood: Page.Mood(state.grade), headline: state.headline.capitalised,
            lead: lead, sections: sections.compactMap(\.self))
    }

    /// Of the same page; ends with a line feed.
    package var html: String { page.html }
}

extension Page.Mood {
    init(_ grade: RunState.Grade) {
        switch grade {
        case .good: self = .good
        case .doubtful: self = .doubtful
        case .bad: self = .bad
        }
    }
}

extension String {
    var capitalised: String { prefix(1).uppercased() + dropFirst() }
}

extension Outcome {
    /// In words, for people.
    var words: String { String(name.map { $0 == "_" ? " " : $0 }) }

    var ink: SVGDrawing.Ink {
        switch self {
        case .accepted: .series(0)
        case .declined: .series(3)
        case .rejected: .series(5)
        case .throttled: .series(4)
        case .providerError: .series(1)
        case .malformed: .muted
        case .notSent: .series(2)
        case .inDoubt: .worse
        }
    }
}
