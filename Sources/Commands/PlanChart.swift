import Results

/// Arrivals over time, drawn with block characters; at most 80 columns wide.
struct PlanChart {
    private static let columns = 64
    private static let rows = 8

    private let plan: Plan

    init(_ plan: Plan) { self.plan = plan }

    /// Empty where no time is known.
    var lines: [String] {
        let (seconds, rates) = plan.rates(parts: Self.columns)
        guard seconds > 0, let peak = rates.max(), peak > 0 else { return [] }
        let top = Self.label(peak)
        let margin = max(top.count, 1)
        // Whatever is there shows.
        let heights = rates.map { rate in
            rate > 0 ? max(1, Int((rate / peak * Double(8 * Self.rows)).rounded())) : 0
        }
        var lines = ["arrivals a second, all flows together"]
        for row in stride(from: Self.rows, to: 0, by: -1) {
            let label = row == Self.rows ? top : row == Self.rows / 2 ? Self.label(peak / 2) : ""
            let blocks = heights.map { Self.block($0 - 8 * (row - 1)) }.joined()
            lines.append("  \(Self.padded(label, margin)) │\(blocks)".trimmingBlanks)
        }
        lines.append(
            "  \(Self.padded("0", margin)) └" + String(repeating: "─", count: Self.columns))
        lines += names(margin: margin, seconds: seconds)
        let end = Figures.length(seconds: seconds)
        let gap = String(repeating: " ", count: max(1, Self.columns - 3 - end.count))
        lines.append("  \(Self.padded("", margin))  0 s\(gap)\(end)")
        if plan.hasUsers { lines.append("  users are not drawn: the target sets their pace") }
        return lines
    }

    /// Names of the phases where they begin, as far as there is room: a line for each flow.
    private func names(margin: Int, seconds: Double) -> [String] {
        plan.scenario.flows.map { flow in
            var line = ""
            for pass in plan.passes(of: flow) {
                let column = Int(pass.begin / seconds * Double(Self.columns))
                let end = column + Int(pass.length / seconds * Double(Self.columns))
                let begins = line.isEmpty ? column : max(column, line.count + 1)
                guard begins == column, pass.phase.name.count <= max(1, end - column) else {
                    continue
                }
                line += String(repeating: " ", count: column - line.count) + pass.phase.name
            }
            return "  \(Self.padded("", margin))  \(line)".trimmingBlanks
        }.filter { !$0.isEmpty }
    }

    /// - Parameter eighths: of a row that are filled; below 1 none, from 8 on all.
    private static func block(_ eighths: Int) -> String {
        let blocks = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
        return blocks[min(max(eighths, 0), 8)]
    }

    private static func label(_ rate: Double) -> String {
        rate >= 100 ? Figures.count(Int(rate.rounded())) : rate.fixed(rate < 10 ? 2 : 1)
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        var text = self
        while text.hasSuffix(" ") { text.removeLast() }
        return text
    }
}
