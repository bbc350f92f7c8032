import Comparisons
import Glibc
import Results
import Statistics

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
            try report.designs()
            try report.driftsAndStalls()
            try report.stalls()
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
    private var apart: [RunDesign.Kind: (count: Int, of: Int)] = [:]

    init(seed: UInt64, trials: Int) {
        self.seed = seed
        self.trials = trials
    }

    private mutating func expect(_ holds: Bool, _ what: String) {
        bounds += 1
        if !holds { misses.append(what) }
    }

    /// Two standard deviations of a share that is seen so many times.
    private func room(_ share: Double, of count: Int) -> Double {
        2 * (share * (1 - share) / Double(max(1, count))).squareRoot()
    }

    private func share(_ count: Int?, _ counts: PlantedTrials.Counts) -> Double {
        Double(count ?? 0) / Double(max(1, counts.trials))
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
            for weather in [Weather.calm, .noisy, .drifting] {
                let trials = PlantedTrials(
                    kind: kind, weather: weather, conducts: [equal, equal, equal])
                try showEquals(trials, "\(kind.words) | \(weather.rawValue)")
            }
        }
        for kind in [RunDesign.Kind.duet, .blocks] {
            let trials = PlantedTrials(
                endsWhenDecided: true, kind: kind, weather: .noisy,
                conducts: [equal, equal, equal])
            try showEquals(trials, "\(kind.words), `until: decided` | noisy")
        }
        let mean = covered.reduce(0, +) / Double(max(1, covered.count))
        expect(mean >= 0.93, "intervals cover \(percent(mean)) on average")
        print("\nDuet and blocks cover \(percent(mean)) on average.")
        for (kind, sum) in apart {
            let all = Double(sum.count) / Double(max(1, sum.of))
            expect(all <= 0.05, "\(kind.words): \(percent(all)) of all equals are told apart")
        }
    }

    private mutating func showEquals(_ trials: PlantedTrials, _ name: String) throws {
        let coversToo = !trials.endsWhenDecided
        let counts = try trials.counts(trials: self.trials, seed: seed, covers: coversToo)
        var cells = zip(counts.typical, counts.whole).map {
            "\(percent($0.share)) / \(percent($1.share))"
        }
        cells.append(percent(counts.share.share))
        if !coversToo { cells = cells.map { _ in "" } }
        let told = share(counts.toldApart, counts)
        print("| \(name) | \(percent(told)) | \(cells.joined(separator: " | ")) |")
        guard trials.kind != .alone else { return }
        let sum = apart[trials.kind] ?? (0, 0)
        apart[trials.kind] = (sum.count + counts.toldApart, sum.of + counts.trials)
        expect(
            told <= 0.05 + room(0.05, of: counts.trials),
            "\(name): \(percent(told)) of equal adapters are told apart")
        for held in coversToo ? counts.typical + counts.whole + [counts.share] : [] {
            covered.append(held.share)
            // Both adapters of a comparison have the reference in common.
            expect(
                held.share >= 0.93 - room(0.93, of: held.all / 2),
                "\(name): an interval covers \(percent(held.share))")
        }
    }

    // Planted shifts

    mutating func planted() throws {
        print("\n## Planted: found in so many of \(trials / 2) comparisons\n")
        print(
            "+5 %: all times are 5 % longer. +20 %: the tail is stretched, by 20 % at p99. Errors: 1 %"
        )
        print("in place of 0.5 %. Codes: of 5 % declines two fifths have another code. In brackets")
        print("what was to be expected.\n")
        print("| design | machine | p95 +5 % | p99 +20 % | errors.rate | codes | p95 covered |")
        print("|---|---|---|---|---|---|---|")
        for kind in Self.designs {
            for weather in [Weather.calm, .noisy] { try showPlanted(kind, weather) }
        }
    }

    private mutating func showPlanted(_ kind: RunDesign.Kind, _ weather: Weather) throws {
        let base = Conduct(declined: 0.05, failing: 0.005)
        var (slower, steeper, failing, refusing) = (base, base, base, base)
        slower.median *= 1.05
        steeper.stretch = exp(log(1.2) / PlantedTrials.quantiles[2].normal)
        failing.failing = 0.01
        refusing.refused = 0.4
        let times = PlantedTrials(kind: kind, weather: weather, conducts: [base, slower, steeper])
        let ends = PlantedTrials(kind: kind, weather: weather, conducts: [base, failing, refusing])
        let timed = try times.counts(trials: trials / 2, seed: seed, covers: true)
        let ended = try ends.counts(trials: trials / 2, seed: seed, covers: false)
        let shares = [
            timed.shareWorse("response_time.p95", "arm1"),
            timed.shareWorse("response_time.p99", "arm2"),
            ended.shareWorse("errors.rate", "arm1"), share(ended.codes["arm2"], ended),
        ]
        let powers = Power(times).ofPlanted
        let cells = zip(shares, powers).map { seen, power in
            percent(seen) + (kind == .alone ? "" : " (\(percent(power)))")
        }
        let held = percent(timed.typical[1].share)
        print(
            "| \(kind.words) | \(weather.rawValue) | \(cells.joined(separator: " | ")) | \(held) |")
        guard kind != .alone else { return }
        for (seen, power) in zip(shares, powers) {
            expect(
                seen >= power - 0.05 - room(power, of: timed.trials),
                "\(kind.words), \(weather.rawValue): \(percent(seen)) found, not \(percent(power))")
        }
    }

    // The table of the design

    private struct Known {
        var kind: RunDesign.Kind
        var weather: Weather
        var width: Double
        /// Found at 5 % and at 10 %.
        var powers: [Double]

        init(_ kind: RunDesign.Kind, _ weather: Weather, _ width: Double, _ powers: [Double] = []) {
            self.kind = kind
            self.weather = weather
            self.width = width
            self.powers = powers
        }
    }

    /// `truth.md`, 5.1.
    private static let known = [
        Known(.duet, .calm, 0.034), Known(.blocks, .calm, 0.038),
        Known(.duet, .noisy, 0.035, [1, 1]), Known(.blocks, .noisy, 0.051, [0.95, 1]),
    ]

    mutating func designs() throws {
        print("\n## Two adapters, p95 alone: \(trials / 2) comparisons in each cell\n")
        print("Intervals of 95 % of the typical slice, of two arms with half of the payments each.")
        print("In brackets the design's figures, calm beside its QUIET, noisy beside SHARED.\n")
        print("| design | machine | width | finds +5 % | finds +10 % | covers |")
        print("|---|---|---|---|---|---|")
        for known in Self.known { try showDesign(known) }
    }

    private mutating func showDesign(_ known: Known) throws {
        let counts = try [1.05, 1.1].map { factor in
            try PlantedTrials(
                metrics: [PlantedTrials.times[1]], kind: known.kind, weather: known.weather,
                conducts: [Conduct(), Conduct(median: 20_000 * factor)]
            ).counts(trials: trials / 2, seed: seed, covers: true).typical[1]
        }
        // The seeds are the same, so that both shifts hold or miss together.
        let (held, width) = (counts[0].share, counts[0].width)
        let cells = counts.enumerated().map { index, count in
            let power = known.powers.dropFirst(index).first
            return percent(count.shareAbove) + (power.map { " (\(percent($0)))" } ?? "")
        }
        let name = "\(known.kind.words) | \(known.weather.rawValue)"
        print(
            "| \(name) | \(percent(width)) (\(percent(known.width)))"
                + " | \(cells.joined(separator: " | ")) | \(percent(held)) |")
        expect(width <= 1.2 * known.width, "\(name), two adapters: \(percent(width)) wide")
        expect(
            held >= 0.93 - room(0.93, of: trials / 2),
            "\(name), two adapters: covers \(percent(held))")
        for (count, power) in zip(counts, known.powers) {
            expect(
                count.shareAbove >= power - 0.01 - room(min(power, 0.99), of: count.all),
                "\(name), two adapters: \(percent(count.shareAbove)) found, not \(percent(power))")
        }
    }

    // Drifts and stalls

    mutating func driftsAndStalls() throws {
        print("\n## A drift of ±30 %, and a neighbour that stalls\n")
        print(
            "Of three adapters the last stalls for 0.5 s every 30 s. In how many of \(trials / 2)")
        print("comparisons the other, an equal of the reference, is called better or worse.")
        print(
            "In brackets the design's figures; the last column is how often that stall was found at p99.\n"
        )
        print("| design | calm | slower and slower | quicker and quicker | stall found, calm |")
        print("|---|---|---|---|---|")
        for kind in Self.designs {
            let all = try [Weather.calm, .drifting, .easing].map { weather in
                try PlantedTrials(
                    kind: kind, weather: weather,
                    conducts: [Conduct(), Conduct(), Conduct(stallEvery: 30)]
                ).counts(trials: trials / 2, seed: seed, covers: false)
            }
            let seen = all.map { share($0.apart["arm1"], $0) }
            var cells = zip(seen, ["", kind.falseInDrift, kind.falseInDrift]).map {
                percent($0) + $1
            }
            cells.append(percent(all[0].shareWorse("response_time.p99", "arm2")))
            print("| \(kind.words) | \(cells.joined(separator: " | ")) |")
            for told in seen where kind != .alone {
                expect(
                    told <= 0.05 + room(0.05, of: trials / 2),
                    "\(kind.words), a drift: \(percent(told)) told apart")
            }
            for told in seen.dropFirst() where kind == .alone {
                expect(told > 0.5, "one after another: a drift is not taken for a difference")
            }
        }
    }

    mutating func stalls() throws {
        print("\n## One of two adapters stalls for 0.5 s every 30 s: what is said of its p99\n")
        print("\(trials / 2) comparisons in each row, of p99 alone: whether an interval of 95 %")
        print("lies above 0 after 264 s, and the verdict after 528 s, by both at 97.5 %: of four")
        print("stalls that blocks meet in 264 s, a draw of slices has none in one of 80. In")
        print("brackets the design's figures.\n")
        print("| design | machine | typical slice | whole run | worse | better | cannot tell |")
        print("|---|---|---|---|---|---|---|")
        for kind in Self.designs {
            for weather in [Weather.calm, .drifting, .easing] { try showStalls(kind, weather) }
        }
    }

    private mutating func showStalls(_ kind: RunDesign.Kind, _ weather: Weather) throws {
        var planted = PlantedTrials(
            metrics: [PlantedTrials.times[2]], kind: kind, weather: weather,
            conducts: [Conduct(), Conduct(stallEvery: 30)])
        let short = try planted.counts(trials: trials / 2, seed: seed, covers: true)
        planted.seconds = 528
        let long = try planted.counts(trials: trials / 2, seed: seed, covers: false)
        let (typical, whole) = (short.typical[2].shareAbove, short.whole[2].shareAbove)
        let worse = long.shareWorse("response_time.p99", "arm1")
        let better = long.shareBetter("response_time.p99", "arm1")
        let rest = max(0, 1 - worse - better)
        print(
            "| \(kind.words) | \(weather.rawValue) | \(percent(typical))\(kind.seenInTypicalSlices)"
                + " | \(percent(whole))\(kind.seenInWholeRun) | \(percent(worse))"
                + " | \(percent(better)) | \(percent(rest)) |")
        let name = "\(kind.words), \(weather.rawValue), stalls"
        let least = kind == .duet ? 0.995 : 0.75
        switch kind {
        case .duet, .blocks:
            expect(
                whole >= least - room(least, of: short.trials),
                "\(name): seen in \(percent(whole)) of whole runs")
            expect(worse >= 0.9, "\(name): called worse in \(percent(worse))")
        case .alone:
            guard weather == .easing else { return }
            expect(worse < 0.5, "\(name): found in \(percent(worse)) all the same")
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
        case .alone: " (17 % with a trend of 10 %)"
        }
    }

    /// `truth.md`, 5.2.
    var seenInTypicalSlices: String { self == .alone ? "" : " (10–52 %)" }

    var seenInWholeRun: String {
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
