import Glibc
import Statistics

/// The long form of the tests of `Statistics`, as Markdown: how often intervals cover truths that are
/// known exactly, and how often the tests of a window's level speak. `scripts/evidence coverage`
/// compiles it with the synthetic services of the tests. Its argument is the seed.
///
/// Ends with 1 where a bound of the test plan is missed or a reference simulation disagrees.
@main
enum CoverageReport {
    static func main() {
        guard CommandLine.arguments.count == 2, let seed = UInt64(CommandLine.arguments[1]) else {
            print("usage: coverage SEED")
            exit(64)
        }
        var report = Report(seed: seed)
        report.quantiles(seconds: 60, windows: 1500)
        report.quantiles(seconds: 300, windows: 300)
        report.lengths()
        report.ratios()
        report.levels()
        report.backlogs()
        report.close()
        exit(report.misses.isEmpty ? 0 : 1)
    }
}

struct Report {
    let seed: UInt64
    var misses: [String] = []
    private var bounds = 0
    private var comparisons = 0

    init(seed: UInt64) { self.seed = seed }

    private static let services: [Service] = [
        .independent, .drifting(spread: 0.1), .queue(utilisation: 0.5), .queue(utilisation: 0.8),
        .queue(utilisation: 0.9), .stalling, .chained(correlation: 0.98), .freezing,
    ]

    /// Coverage in percent at p50, p95, p99, p99.9 as simulated for the design, 400 windows at 500/s.
    private static func reference(_ service: Service, seconds: Int) -> [Double?] {
        switch (service, seconds) {
        case (.independent, 60): [100, 100, 99, 100]
        case (.drifting, 60): [93, 93, 93, 98]
        case (.queue(0.5), 60): [98, 99, 100, 100]
        case (.queue(0.8), 60): [97, 97, 93, 84]
        case (.stalling, 60): [94, 75, 71, 75]
        case (.queue(0.8), 300): [99, 98, 96, 90]
        case (.stalling, 300): [96, 92, 94, 94]
        case (.independent, _), (.drifting, _), (.queue, _), (.stalling, _), (.chained, _),
            (.freezing, _):
            [nil, nil, nil, nil]
        }
    }

    // Quantiles

    mutating func quantiles(seconds: Int, windows: Int) {
        print("\n## Quantiles, \(seconds) s at 500/s, \(windows) windows each\n")
        print("| service | p50 | p95 | p99 | p99.9 |\n|---|---|---|---|---|")
        for service in Self.services {
            let coverage = Coverage(
                service: service, rate: 500, seconds: seconds, windows: windows, seed: seed)
            let cells = coverage.measure()
            let references = Self.reference(service, seconds: seconds)
            var texts: [String] = []
            for (index, cell) in cells.enumerated() {
                let name = "\(service.name), \(seconds) s, p\(coverage.quantiles[index] * 100)"
                judge(cell, service, name: name)
                compare(cell.share, of: windows, with: references[index], name: name)
                texts.append(text(of: cell, reference: references[index]))
            }
            print("| \(service.name) | \(texts.joined(separator: " | ")) |")
        }
    }

    /// The bounds of the test plan: 97 % for independent payments, and 90 % where the quantile rests
    /// on 20 effective tail events, for queues and drifts.
    private mutating func judge(_ cell: Coverage.Cell, _ service: Service, name: String) {
        let least: Double?
        switch service {
        case .independent: least = 0.97
        case .drifting, .queue, .chained, .freezing: least = cell.median(\.events) >= 20 ? 0.9 : nil
        case .stalling: least = nil
        }
        guard let least else { return }
        bounds += 1
        if cell.share < least { misses.append("\(name) covers \(percent(cell.share))") }
    }

    private func text(of cell: Coverage.Cell, reference: Double?) -> String {
        let width = cell.median(\.widths)
        let parts = [
            percent(cell.share) + (reference.map { " (\(Int($0)))" } ?? ""),
            "width " + (width.isFinite ? percent(width) : "∞"),
            "\(rounded(cell.median(\.events))) events",
            "resolved \(percent(Double(cell.resolved) / Double(cell.trials)))"
                + (cell.shareWhenResolved.map { ", of these \(percent($0))" } ?? ""),
        ]
        return parts.joined(separator: "; ")
    }

    /// Within three standard deviations of both simulations and the rounding of the printed reference.
    private mutating func compare(
        _ share: Double, of trials: Int, with reference: Double?, among others: Int = 400,
        name: String
    ) {
        guard let reference = reference.map({ $0 / 100 }) else { return }
        comparisons += 1
        let middle = (share * Double(trials) + reference * Double(others)) / Double(trials + others)
        let variance = middle * (1 - middle) * (1 / Double(trials) + 1 / Double(others))
        if abs(share - reference) > 3 * variance.squareRoot() + 0.005 {
            misses.append("\(name): \(percent(share)), reference \(percent(reference))")
        }
    }

    mutating func lengths() {
        print("\n## Windows that 20 does not divide, p50 and p90 at 500/s, 1000 windows each\n")
        print("| service | 5 s | 7 s | 12 s | 25 s | 33 s |\n|---|---|---|---|---|---|")
        for service in [Service.independent, .chained(correlation: 0.98)] {
            let texts = [5, 7, 12, 25, 33].map { seconds in
                let cells = Coverage(
                    service: service, rate: 500, seconds: seconds, windows: 1000, seed: seed,
                    quantiles: [0.5, 0.9]
                ).measure()
                for (quantile, cell) in zip(["p50", "p90"], cells) {
                    judge(cell, service, name: "\(service.name), \(seconds) s, \(quantile)")
                }
                return cells.map { percent($0.share) }.joined(separator: ", ")
            }
            print("| \(service.name) | \(texts.joined(separator: " | ")) |")
        }
    }

    // Means and shares

    mutating func ratios() {
        print("\n## Means, 60 s at 500/s, 1000 windows each\n\n| service | covered |\n|---|---|")
        for service in Self.services {
            let hits = service.meanCoverage(rate: 500, seconds: 60, windows: 1000, seed: seed)
            if let hits { print("| \(service.name) | \(percent(hits.share)) |") }
        }
        print("\n## Shares of failures at 500/s, 1000 windows each\n")
        print("| failures | 60 s | 300 s |\n|---|---|---|")
        let kinds = [
            ("0.02 %, independent", Failures(base: 0.0002, outage: 0, gap: 20)),
            ("0.5 %, independent", Failures(base: 0.005, outage: 0, gap: 20)),
            ("5 %, independent", Failures(base: 0.05, outage: 0, gap: 20)),
            ("0.2 %, and 30 % for 1 s each 5 s", Failures(base: 0.002, outage: 0.3, gap: 5)),
            ("0.2 %, and 30 % for 1 s each 20 s", Failures(base: 0.002, outage: 0.3, gap: 20)),
        ]
        for (name, failures) in kinds {
            let texts = [60, 300].map { seconds in
                let hits = failures.coverage(rate: 500, seconds: seconds, windows: 1000, seed: seed)
                if failures.outage == 0 {
                    bounds += 1
                    if hits.share < 0.95 {
                        misses.append("\(name), \(seconds) s covers \(percent(hits.share))")
                    }
                }
                return percent(hits.share)
            }
            print("| \(name) | \(texts.joined(separator: " | ")) |")
        }
    }

    // Tests of level

    mutating func levels() {
        let windows = 200
        print("\n## Tests of level: windows with an alarm, of \(windows)\n")
        print("Medians of 20 slices; 500/s for 60 s, 200/s for 300 s.\n")
        print("| service | change | seconds | trend | step | warm-up |\n|---|---|---|---|---|---|")
        for seconds in [60, 300] {
            for service in Self.services {
                for change in changes(of: service, seconds: seconds) {
                    let counts = Alarms(service: service, change: change, seconds: seconds)
                        .count(windows: windows, rate: seconds == 60 ? 500 : 200, seed: seed)
                    let reference = trendReference(service, change, seconds: seconds)
                    let texts = [counts.trends, counts.steps, counts.warmUps]
                        .map { percent(Double($0) / Double(windows)) }
                    print(
                        "| \(service.name) | \(change.name) | \(seconds) | \(texts[0])"
                            + (reference.map { " (\(Int($0)))" } ?? "")
                            + " | \(texts[1]) | \(texts[2]) |")
                    compare(
                        Double(counts.trends) / Double(windows), of: windows, with: reference,
                        among: 300, name: "trend, \(service.name), \(change.name), \(seconds) s")
                }
            }
        }
    }

    /// Every change where the reference has figures of it.
    private func changes(of service: Service, seconds: Int) -> [Change] {
        switch (service, seconds) {
        case (.independent, 60), (.queue(0.5), 60): Change.allCases
        case (.independent, _), (.drifting, _), (.queue, _), (.stalling, _): [.none]
        case (.chained, 60), (.freezing, 60): [.none]
        case (.chained, _), (.freezing, _): []
        }
    }

    /// Alarms in percent of the reference simulation; its 81–86 % for a step are of 60 and 300 s.
    private func trendReference(_ service: Service, _ change: Change, seconds: Int) -> Double? {
        switch (service, change) {
        case (.independent, .none), (.queue(0.8), .none), (.queue(0.9), .none), (.stalling, .none):
            1
        case (.drifting, .none): seconds == 60 ? 17 : 5
        case (.independent, .ramp10), (.independent, .ramp20): 100
        case (.independent, .step15): 83
        case (.independent, _), (.drifting, _), (.queue, _), (.stalling, _), (.chained, _),
            (.freezing, _):
            nil
        }
    }

    mutating func backlogs() {
        let utilisations = [0.8, 0.9, 0.95, 0.98, 1, 1.02, 1.05]
        let queues: [(servers: Int, meanTime: Double, references: [Double?])] = [
            (8, 0.02, [0, 0, 0, 1, nil, 85, 100]),
            (4, 0.1, [0.5, 3.5, 17, nil, nil, nil, 89]),
        ]
        print("\n## Backlog: windows of 60 s with an alarm, of 400, by utilisation\n")
        print("| servers, mean time | 0.8 | 0.9 | 0.95 | 0.98 | 1 | 1.02 | 1.05 |")
        print("|---|---|---|---|---|---|---|---|")
        for (servers, meanTime, references) in queues {
            let texts = zip(utilisations, references).map { utilisation, reference in
                let queue = LoadedQueue(
                    servers: servers, meanTime: meanTime, utilisation: utilisation)
                let share = queue.alarms(seconds: 60, windows: 400, seed: seed)
                compare(share, of: 400, with: reference, name: "backlog at \(utilisation)")
                return percent(share) + (reference.map { " (\($0))" } ?? "")
            }
            let milliseconds = Int((meanTime * 1000).rounded())
            print("| \(servers), \(milliseconds) ms | \(texts.joined(separator: " | ")) |")
        }
    }

    func close() {
        print("\n## Result\n")
        print("\(bounds) bounds and \(comparisons) reference figures: ", terminator: "")
        print(misses.isEmpty ? "all met." : "\(misses.count) missed.")
        for miss in misses { print("* \(miss)") }
    }

    private func percent(_ share: Double) -> String { "\(rounded(share * 100)) %" }

    private func rounded(_ value: Double) -> String {
        value.isFinite ? "\((value * 10).rounded() / 10)" : "∞"
    }
}

extension Coverage.Cell {
    func median(_ values: KeyPath<Self, [Double]>) -> Double {
        let sorted = self[keyPath: values].sorted()
        return sorted[sorted.count / 2]
    }
}
