import Reports
import Results

/// Something that is drawn for the room that there is.
package protocol Chart: Sendable {
    func drawing(_ size: ChartSize) -> SVGDrawing
}

extension Chart {
    /// For wide windows and paper.
    package var drawing: SVGDrawing { drawing(.wide) }
}

/// For which room: letters keep their size on a telephone, so less fits beside them.
package enum ChartSize: Sendable {
    case wide, narrow

    var width: Double {
        switch self {
        case .wide: 760
        case .narrow: 360
        }
    }

    /// A telephone has no pointer that a tip could follow.
    var hasTips: Bool { self == .wide }

    /// How many labels stand below an axis at most.
    var labels: Int {
        switch self {
        case .wide: 8
        case .narrow: 4
        }
    }

    /// Between labels at the left and the right edge.
    ///
    /// - Parameter top: room for what stands above.
    func frame(top: Double, height: Double) -> SVGPlot.Frame {
        switch self {
        case .wide: .init(left: 68, top: top, right: 760 - Self.margin, bottom: top + height)
        case .narrow: .init(left: 58, top: top, right: 360 - Self.margin, bottom: top + height)
        }
    }

    /// About what a letter takes.
    static let letter = 7.0
    /// At the right of a frame; half of a label goes there.
    static let margin = 15.0
    /// What stands below a frame.
    static let base = 26.0
}

extension SVGPlot {
    /// Without those that would lie on the one to the right of them, or beyond the drawing.
    func spaced(_ labels: [(at: Double, words: String)]) -> [(at: Double, words: String)] {
        var free = frame.right + ChartSize.margin
        return labels.reversed().filter { label in
            guard let place = x.position(of: label.at) else { return false }
            let half = Double(label.words.count) * ChartSize.letter / 2
            guard place + half <= free else { return false }
            free = place - half - ChartSize.letter
            return true
        }.reversed()
    }
}

/// Round numbers beside an axis, shorter than `Figures`.
enum Ticks {
    /// `50 ms`, `2 s`, `1.5 s`.
    static func duration(_ microseconds: Double) -> String {
        trimmed(Figures.duration(microseconds: UInt64(min(max(0, microseconds), 1e15))))
    }

    /// `500/s`, `20k/s`.
    static func rate(_ perSecond: Double) -> String {
        guard perSecond >= 10_000 else { return Figures.rate(perSecond: max(0, perSecond)) }
        return trimmed(Figures.shortCount(Int(min(perSecond, 1e15)))) + "/s"
    }

    static func count(_ value: Double) -> String {
        trimmed(Figures.shortCount(Int(min(max(0, value), 1e15))))
    }

    /// Without noughts at the end of its decimals, whatever comes behind them.
    private static func trimmed(_ text: String) -> String {
        let number = text.prefix { $0.isNumber || $0 == "." || $0 == "," }
        guard number.contains(".") else { return text }
        let digits = number.reversed().drop { $0 == "0" }.drop { $0 == "." }
        return String(digits.reversed()) + text.dropFirst(number.count)
    }
}
