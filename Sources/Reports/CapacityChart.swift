import Capacity
import Glibc
import Results

/// p99 and failures against the rate, drawn with characters; at most 80 columns wide.
struct CapacityChart {
    private static let columns = 60
    private static let rows = 10

    private struct Point {
        var column: Int
        var microseconds: Double
        var mark: Character
    }

    private let steps: [CapacityStep]

    /// - Parameter steps: those that the generator could not drive tell nothing and are left out.
    init(_ steps: [CapacityStep]) {
        self.steps = steps.filter { $0.verdict != .notDriven && $0.p99Microseconds != nil }
    }

    /// Empty with fewer than two rates.
    var lines: [String] {
        let rates = steps.map(\.ratePerSecond)
        guard let low = rates.min(), let high = rates.max(), high > low else { return [] }
        let points = steps.map { step in
            Point(
                column: column(of: step.ratePerSecond, low, high),
                microseconds: max(1, step.p99Microseconds ?? 1), mark: step.mark)
        }
        let times = points.map(\.microseconds)
        let (least, most) = (times.min() ?? 1, times.max() ?? 1)
        var lines = [
            "p99 against payments a second: ● kept, × broken; times on a logarithmic scale"
        ]
        lines += grid(points, least: least, most: max(most, least * 1.001))
        lines.append("\(Self.margin("0"))└" + String(repeating: "─", count: Self.columns))
        lines.append(failures(low, high))
        let (left, right) = (Figures.rate(perSecond: low), Figures.rate(perSecond: high))
        let gap = String(repeating: " ", count: max(1, Self.columns - left.count - right.count))
        return lines + ["\(Self.margin("")) \(left)\(gap)\(right)"]
    }

    private func grid(_ points: [Point], least: Double, most: Double) -> [String] {
        var cells = [[Character]](
            repeating: [Character](repeating: " ", count: Self.columns), count: Self.rows)
        for point in points {
            let height = log(point.microseconds / least) / log(most / least)
            let row = Self.rows - 1 - Int((height * Double(Self.rows - 1)).rounded())
            // What broke shows before what held at the same place.
            if cells[row][point.column] != "×" { cells[row][point.column] = point.mark }
        }
        return cells.enumerated().map { index, row in
            let label =
                index == 0
                ? Figures.duration(microseconds: UInt64(most))
                : index == Self.rows - 1 ? Figures.duration(microseconds: UInt64(least)) : ""
            return "\(Self.margin(label))│\(String(row))".trimmingTrailingSpaces
        }
    }

    /// The greatest share of failures at each place, as a bar of up to one row.
    private func failures(_ low: Double, _ high: Double) -> String {
        var shares = [Double](repeating: 0, count: Self.columns)
        for step in steps {
            let column = column(of: step.ratePerSecond, low, high)
            shares[column] = max(shares[column], step.failedShare)
        }
        let blocks = ["·", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
        let bar = shares.map { $0 == 0 ? " " : blocks[min(8, Int(($0 * 8).rounded(.up)))] }
        return "\(Self.margin("failed")) \(bar.joined())".trimmingTrailingSpaces
    }

    private func column(of rate: Double, _ low: Double, _ high: Double) -> Int {
        Int(((rate - low) / (high - low) * Double(Self.columns - 1)).rounded())
    }

    private static func margin(_ label: String) -> String { label.paddedLeft(to: 10) + " " }
}

extension CapacityStep {
    fileprivate var mark: Character {
        switch verdict {
        case .kept, .unproven: "●"
        case .broken, .notDriven: "×"
        }
    }
}
