import Comparisons
import Glibc
import Results

/// The long form of the tests of `Comparisons`, as Markdown: how often equal adapters are told apart, how
/// often intervals hold what was planted, and what is found. `scripts/evidence comparisons` compiles it
/// with the synthetic adapters of the tests. Its arguments are the seed and the number of trials.
///
/// Ends with 1 where a bound is missed.
@main
enum ComparisonsReport {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let seed = UInt64(arguments[1]), let trials = Int(arguments[2])
        else {
            print("usage: comparisons SEED TRIALS")
            exit(64)
        }
        var report = Report(seed: seed, trials: trials)
        do {
            try report.equals()
            try report.planted()
            try report.driftsAndStalls()
        } catch {
            print("\(error)")
            exit(1)
        }
        report.close()
        exit(report.misses.isEmpty ? 0 : 1)
    }
}

struct Report {
    private static let designs: [RunDesign.Kind] = [.duet, .blocks, .alone]

    let seed: UInt64
    let trials: Int
    var misses: [String] = []
    private var bounds = 0
    private var covered: [Double] = []

    init(seed: UInt64, trials: Int) {
        self.seed = seed
        self.trials = trials
    }

    private mutating func expect(_ holds: Bool, _ what: String) {
        bounds += 1
        if !holds { misses.append(what) }
    }

    private func deviation(_ share: Double, of count: Int) -> Double {
        (share * (1 - share) / Double(max(1, count))).squareRoot()
    }

    // Equal adapters

    mutating func equals() throws {
        print("\n## Three equal adapters: told apart, and what intervals of 95 % hold\n")
        print(
            "\(trials) comparisons in each row, four metrics of two adapters in each; nominal 5 %.")
        print("0.5 % of the payments fail. Covered: of the typical slice / of the whole run.\n")
        print("| design | machine | told apart | p50 | p95 | p99 | errors.rate |")
        print("|---|---|---|---|---|---|---|")
        let equal = Conduct(failing: 0.005)
        for kind in Self.designs {
            for weather in Weather.allCases {
                let counts = try PlantedTrials(
                    kind: kind, weather: weather, conducts: [equal, equal, equal]
                ).counts(trials: trials, seed: seed, covers: true)
                show(kind, weather, counts)
                if kind != .alone { judge("\(kind.words), \(weather.rawValue)", counts) }
            }
        }
        let mean = covered.reduce(0, +) / Double(max(1, covered.count))
        expect(mean >= 0.93, "intervals cover \(percent(mean)) on average")
        print("\nDuet and blocks cover \(percent(mean)) on average.")
    }

    private func show(
        _ kind: RunDesign.Kind, _ weather: Weather, _ counts: PlantedTrials.Counts
    ) {
        let cells = zip(counts.typical, counts.whole).map {
            "\(percent($0.share)) / \(percent($1.share))"
        }
        print(
            "| \(kind.words) | \(weather.rawValue) | \(percent(share(counts.toldApart, counts)))"
                + " | \(cells.joined(separator: " | ")) | \(percent(counts.share.share)) |")
    }

    private mutating func judge(_ name: String, _ counts: PlantedTrials.Counts) {
        let apart = share(counts.toldApart, counts)
        expect(
            apart <= 0.05 + 2 * deviation(0.05, of: counts.trials),
            "\(name): \(percent(apart)) of equal adapters are told apart")
        for held in counts.typical + counts.whole + [counts.share] {
            covered.append(held.share)
            // Both adapters of a comparison have the reference in common.
            expect(
                held.share >= 0.93 - 2 * deviation(0.93, of: held.all / 2),
                "\(name): an interval covers \(percent(held.share))")
        }
    }

    private func share(_ count: Int, _ counts: PlantedTrials.Counts) -> Double {
        Double(count) / Double(max(1, counts.trials))
    }

    // Planted shifts

    /// Asked of a duet and of blocks on any machine.
    private static let powers: [(name: String, least: Double)] = [
        ("p95", 0.5), ("p99", 0.5), ("errors", 0.9), ("codes", 0.9),
    ]

    mutating func planted() throws {
        print("\n## Planted: found in so many of \(trials / 2) comparisons\n")
        print(
            "+5 %: all times are 5 % longer. +20 %: the tail is stretched, by 20 % at p99. Errors: 1 %"
        )
        print("in place of 0.5 %. Codes: of 5 % declines two fifths have another code.\n")
        print("| design | machine | p95 +5 % | p99 +20 % | errors.rate | codes | p95 covered |")
        print("|---|---|---|---|---|---|---|")
        let base = Conduct(declined: 0.05, failing: 0.005)
        var (slower, steeper, failing, refusing) = (base, base, base, base)
        slower.median *= 1.05
        // p99 is 2.326 standard deviations above the median.
        steeper.stretch = exp(log(1.2) / 2.3263479)
        failing.failing = 0.01
        refusing.refused = 0.4
        for kind in Self.designs {
            for weather in [Weather.calm, .noisy] {
                let times = try PlantedTrials(
                    kind: kind, weather: weather, conducts: [base, slower, steeper]
                ).counts(trials: trials / 2, seed: seed, covers: true)
                let ends = try PlantedTrials(
                    kind: kind, weather: weather, conducts: [base, failing, refusing]
                ).counts(trials: trials / 2, seed: seed, covers: false)
                let shares = [
                    times.shareWorse("response_time.p95", "arm1"),
                    times.shareWorse("response_time.p99", "arm2"),
                    ends.shareWorse("errors.rate", "arm1"),
                    share(ends.codes["arm2"] ?? 0, ends),
                ]
                let cells = shares.map(percent).joined(separator: " | ")
                let held = times.typical[1].share
                print("| \(kind.words) | \(weather.rawValue) | \(cells) | \(percent(held)) |")
                if kind == .alone { continue }
                for (share, power) in zip(shares, Self.powers) {
                    expect(
                        share >= power.least,
                        "\(kind.words), \(weather.rawValue): \(power.name) found in "
                            + percent(share))
                }
            }
        }
    }

    // Drifts and stalls

    mutating func driftsAndStalls() throws {
        print("\n## A drift of ±30 % and a stall of 0.5 s every 30 s\n")
        print(
            "One adapter stalls, the other is equal. Of \(trials / 2) comparisons; in brackets the")
        print("design's figures, of two arms that have half of the payments each.\n")
        print(
            "| design | equal one told apart | the same, drift | stall at p99 | the same, drift |")
        print("|---|---|---|---|---|")
        for kind in Self.designs {
            let stalling = PlantedTrials(
                kind: kind, conducts: [Conduct(), Conduct(), Conduct(stallEvery: 30)])
            var drifting = stalling
            drifting.weather = .drifting
            let calm = try stalling.counts(trials: trials / 2, seed: seed, covers: false)
            let drift = try drifting.counts(trials: trials / 2, seed: seed, covers: false)
            let equal = share(calm.apart["arm1"] ?? 0, calm)
            let equalInDrift = share(drift.apart["arm1"] ?? 0, drift)
            let found = calm.shareWorse("response_time.p99", "arm2")
            let foundInDrift = drift.shareWorse("response_time.p99", "arm2")
            print(
                "| \(kind.words) | \(percent(equal)) | \(percent(equalInDrift))\(kind.falseInDrift)"
                    + " | \(percent(found))\(kind.stallsFound) | \(percent(foundInDrift)) |")
            if kind == .alone {
                expect(
                    equalInDrift > 0.5, "one after the other: a drift is not taken for a difference"
                )
                continue
            }
            let most = 0.05 + 2 * deviation(0.05, of: calm.trials)
            expect(equal <= most, "\(kind.words): \(percent(equal)) told apart")
            expect(
                equalInDrift <= most, "\(kind.words), drift: \(percent(equalInDrift)) told apart")
            let least = kind == .duet ? 0.5 : 0.1
            expect(found >= least, "\(kind.words): stalls found in \(percent(found))")
            expect(
                foundInDrift >= least, "\(kind.words), drift: stalls in \(percent(foundInDrift))")
        }
    }

    func close() {
        print("\n## Result\n")
        print("\(bounds) bounds: ", terminator: "")
        print(misses.isEmpty ? "all met." : "\(misses.count) missed.")
        for miss in misses { print("* \(miss)") }
    }
}

extension RunDesign.Kind {
    var words: String {
        switch self {
        case .duet: "duet"
        case .blocks: "2-s blocks"
        case .alone: "one after another"
        }
    }

    /// `truth.md`, 5.1.
    var falseInDrift: String {
        switch self {
        case .duet, .blocks: " (2–5 %)"
        case .alone: " (17 % with a trend of 10 %; 80 % by ranks of single payments)"
        }
    }

    /// `truth.md`, 5.2.
    var stallsFound: String {
        switch self {
        case .duet: " (99.5–100 %)"
        case .blocks: " (75–84 %)"
        case .alone: ""
        }
    }
}

private func percent(_ share: Double) -> String {
    let tenths = (share * 1000).rounded() / 10
    return (tenths == tenths.rounded() ? "\(Int(tenths))" : "\(tenths)") + " %"
}
