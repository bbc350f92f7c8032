import Glibc
import Statistics

/// The long form of the tests of comparisons and budgets, as Markdown: what gates and comparisons say on
/// synthetic machines, beside the figures of the design. `scripts/evidence budgets` compiles it with the
/// synthetic machines of the tests. Its argument is the seed.
///
/// Ends with 1 where a bound is missed.
@main
enum BudgetReport {
    static func main() {
        guard CommandLine.arguments.count == 2, let seed = UInt64(CommandLine.arguments[1]) else {
            print("usage: budgets SEED")
            exit(64)
        }
        var report = Report(seed: seed)
        report.gates()
        report.length()
        report.comparisons()
        report.stalls()
        report.equals()
        report.rates()
        report.guards()
        report.histories()
        report.close()
        exit(report.misses.isEmpty ? 0 : 1)
    }
}

struct Report {
    let seed: UInt64
    var misses: [String] = []
    private var bounds = 0

    init(seed: UInt64) { self.seed = seed }

    private mutating func expect(_ holds: Bool, _ what: String) {
        bounds += 1
        if !holds { misses.append(what) }
    }

    // Gates

    private static let factors = [1, 1.03, 1.05, 1.1, 1.2]
    private static let machines: [(machine: Machine, ceiling: Double)] = [
        (.quiet, 1.1), (.cloud, 1.25), (.shared, 1.5),
    ]

    mutating func gates() {
        print("\n## Gates on p95, by what really changed: fail % / inconclusive %\n")
        print("200 payments a second, δ = 5 %. N: the true p95. In brackets the design's figures.")
        for (machine, ceiling) in Self.machines {
            let runs = Runs(on: machine, seed: seed)
            print("\n### \(machine.name): p95 of a minute varies by \(percent(runs.spread))\n")
            print("| gate | +0 % | +3 % | +5 % | +10 % | +20 % | s |")
            print("|---|---|---|---|---|---|---|")
            let tables = Self.factors.map {
                runs.table(factor: $0, ceiling: ceiling, trials: 300)
            }
            for row in Rule.rows(ceiling: ceiling) {
                let cells = tables.map { $0[keyPath: row.tally] }
                printRow(row.name, cells, Rule.reference(row.name, machine.name))
            }
            for design in [Duel.Design.blocks, .duet] {
                let cells = Self.factors.map { factor in
                    RelativeGate(duel: Duel(design: design, machine: machine, factor: factor))
                        .tally(trials: 150, seed: seed)
                }
                judge(cells, name: "\(machine.name), \(design.name)")
                printRow(
                    "**\(design.name)**", cells, Rule.reference(design.name, machine.name))
            }
        }
    }

    private mutating func judge(_ cells: [Tally], name: String) {
        expect(cells[0].fails == 0, "\(name): \(cells[0].fails) fails without a change")
        expect(
            cells[2].failShare <= 0.08,
            "\(name): \(percent(cells[2].failShare)) fail on the limit")
        expect(
            cells[3].failShare >= 0.9, "\(name): +10 % found in \(percent(cells[3].failShare))")
        expect(cells[4].failShare == 1, "\(name): +20 % found in \(percent(cells[4].failShare))")
    }

    private func printRow(_ name: String, _ cells: [Tally], _ reference: [String]) {
        let texts = cells.enumerated().map { index, cell in
            let inconclusive =
                cell.inconclusive > 0 ? "/\(number(100 * cell.inconclusiveShare))" : ""
            let known = index < reference.count ? " (\(reference[index]))" : ""
            return "\(number(100 * cell.failShare))\(inconclusive)\(known)"
        }
        let seconds = number(cells[0].meanSeconds.rounded())
        print("| \(name) | \(texts.joined(separator: " | ")) | \(seconds) |")
    }

    /// What is too short to know, and budgets by the dozen.
    mutating func length() {
        print("\n## Short runs, many budgets: 150 duets on SHARED, fail % / inconclusive %\n")
        print("| looks after | budgets | +0 % | +10 % | +20 % |\n|---|---|---|---|---|")
        let plans: [(looks: [Int], budgets: Int)] = [
            ([20], 1), ([60], 1), (Looks.ofPairs, 1), (Looks.ofPairs, 10),
        ]
        for (seconds, budgets) in plans {
            let cells = [1, 1.1, 1.2].map { factor in
                RelativeGate(
                    duel: Duel(design: .duet, machine: .shared, factor: factor),
                    looks: Looks(at: seconds, budgets: budgets)
                ).tally(trials: 150, seed: seed)
            }
            expect(cells[0].fails == 0, "\(seconds) s: \(cells[0].fails) fails without a change")
            let texts = cells.map {
                "\(number(100 * $0.failShare))/\(number(100 * $0.inconclusiveShare))"
            }
            let looks = seconds.map { "\($0)" }.joined(separator: ", ")
            print("| \(looks) s | \(budgets) | \(texts.joined(separator: " | ")) |")
        }
    }

    // Comparisons

    private static let quantiles = [0.5, 0.95, 0.99]

    mutating func comparisons() {
        print("\n## Comparisons of 264 s: intervals of 95 % and verdicts, 200 trials each\n")
        print("Width and coverage of the typical shift, then of the whole run; verdicts at a")
        print("margin of 5 %, in percent: better / worse / equivalent / cannot tell.\n")
        print("| machine, design | true change | p50 | p95 | p99 |\n|---|---|---|---|---|")
        for (machine, _) in Self.machines {
            for design in [Duel.Design.blocks, .duet] {
                for factor in [1, 1.05, 1.1] {
                    let trials = ComparisonTrials(
                        duel: Duel(design: design, machine: machine, factor: factor))
                    printComparison(trials)
                }
            }
        }
        let own = Duel(design: .duet, machine: .shared, factor: 1.05, ownNoise: 0.05)
        printComparison(ComparisonTrials(duel: own), note: ", 5 % of own noise")
        let drifting = Duel(design: .blocks, machine: .shared, drift: log(1.3))
        printComparison(ComparisonTrials(duel: drifting), note: ", +30 % drift")
        let typical = covered.typical / covered.cells
        let whole = covered.whole / covered.cells
        expect(typical >= 0.93, "typical shifts cover \(percent(typical)) on average")
        expect(whole >= 0.93, "shifts of the whole run cover \(percent(whole)) on average")
        print("\nCovered on average: \(percent(typical)), \(percent(whole)).")
    }

    private var covered: (typical: Double, whole: Double, cells: Double) = (0, 0, 0)

    private mutating func printComparison(_ trials: ComparisonTrials, note: String = "") {
        let duel = trials.duel
        let name = "\(duel.machine.name), \(duel.design.name)\(note)"
        let cells = trials.counts(quantiles: Self.quantiles, trials: 200, seed: seed)
        let texts = zip(Self.quantiles, cells).map { quantile, cell in
            let typical = cell.share(cell.coveredByTypical)
            let whole = cell.share(cell.coveredByWhole)
            covered.typical += typical
            covered.whole += whole
            covered.cells += 1
            // 93 % less two standard deviations of 200 trials.
            expect(
                typical >= 0.894 && whole >= 0.894,
                "\(name), p\(number(100 * quantile)) covers \(percent(typical)), \(percent(whole))")
            let verdicts = [ComparisonVerdict.better, .worse, .equivalent, .cannotTell]
                .map { number(100 * cell.share($0)) }
            return "\(percent(median(cell.widthsOfTypical))), \(percent(typical)); "
                + "\(percent(median(cell.widthsOfWhole))), \(percent(whole)); "
                + verdicts.joined(separator: "/")
        }
        let change = "+\(number(100 * (duel.factor - 1))) %"
        print("| \(name) | \(change) | \(texts.joined(separator: " | ")) |")
    }

    mutating func stalls() {
        print("\n## One arm stalls for 0.5 s each 30 s: who says worse, 200 times 264 s, QUIET\n")
        print("| design | figure | typical slice | whole run | verdict worse | whole ratio |")
        print("|---|---|---|---|---|---|")
        let references: [Duel.Design: String] = [.blocks: "75–84", .duet: "99.5–100"]
        for design in [Duel.Design.blocks, .duet] {
            let duel = Duel(design: design, machine: .quiet, stalls: true)
            let cells = ComparisonTrials(duel: duel)
                .counts(quantiles: [0.95, 0.99, 0.999], trials: 200, seed: seed)
            for (name, cell) in zip(["p95", "p99", "p99.9"], cells) {
                let known = name == "p99" ? references[design].map { " (\($0))" } ?? "" : ""
                let typical = name == "p99" ? " (10–52)" : ""
                print(
                    "| \(design.name) | \(name)"
                        + " | \(percent(cell.share(cell.worseByTypical)))\(typical)"
                        + " | \(percent(cell.share(cell.worseByWhole)))\(known)"
                        + " | \(percent(cell.share(.worse)))"
                        + " | ×\(number(median(cell.wholes))) |")
            }
        }
    }

    /// A/A.
    mutating func equals() {
        let trials = 400
        print("\n## Equal arms: comparisons of which p50, p95 or p99 is called better or worse\n")
        print("Corrected for three figures; \(trials) comparisons of 120 s each; nominal 5 %.\n")
        print("| machine | 2-s blocks | duet | one after the other |\n|---|---|---|---|")
        for (name, machine, drift) in [
            ("QUIET", Machine.quiet, 0), ("CLOUD", .cloud, 0), ("SHARED", .shared, 0),
            ("SHARED, +30 % drift", .shared, log(1.3)),
        ] {
            let texts = [Duel.Design.blocks, .duet, .sequential].map { design in
                let duel = Duel(design: design, machine: machine, drift: drift)
                let findings = ComparisonTrials(duel: duel, seconds: 120)
                    .falseFindings(trials: trials, seed: seed)
                let share = Double(findings) / Double(trials)
                if design != .sequential {
                    // 5 % and two standard deviations of 400 trials.
                    expect(share <= 0.072, "\(name), \(design.name): \(percent(share)) false")
                }
                return percent(share)
            }
            print("| \(name) | \(texts.joined(separator: " | ")) |")
        }
    }

    mutating func rates() {
        print("\n## Failures, 0.5 % in both arms: pairs said to differ, and coverage; 600 pairs\n")
        print("| failures | no difference | +0.5 % of payments | covered |\n|---|---|---|---|")
        for (name, outages) in [
            ("independent", FailingArms.Outages.none), ("outages that both arms share", .shared),
            ("outages of each arm", .own),
        ] {
            let equal = FailingArms(outages: outages).counts(trials: 600, seed: seed)
            let other = FailingArms(outages: outages, added: 0.005)
                .counts(trials: 600, seed: seed)
            let different = Double(equal.different) / 600
            let covered = Double(equal.covered + other.covered) / 1200
            expect(different <= 0.068, "\(name): \(percent(different)) of equal arms differ")
            expect(covered >= 0.93, "\(name): \(percent(covered)) covered")
            let known = outages == .own ? " (2–5; by Newcombe alone 77)" : " (2–5)"
            print(
                "| \(name) | \(percent(different))\(known)"
                    + " | \(percent(Double(other.different) / 600)) | \(percent(covered)) |")
        }
    }

    mutating func guards() {
        print("\n## The guard of a duet: said to interfere, of 200 duets of a minute\n")
        print("| machine | not at all | 3 % | 10 % | 20 % |\n|---|---|---|---|---|")
        for (machine, _) in Self.machines {
            let texts = [1, 1.03, 1.1, 1.2].map { factor in
                let alarms = GuardTrials(machine: machine, factor: factor)
                    .alarms(trials: 200, seed: seed)
                return percent(Double(alarms) / 200)
            }
            print("| \(machine.name) | \(texts.joined(separator: " | ")) |")
        }
    }

    // Histories

    mutating func histories() {
        print("\n## Change points: 80 histories of 160 runs, one change after 80\n")
        print("False alarms a hundred runs without a change; changes found, with the median delay")
        print("in runs. Placed: changes that `find` puts within three runs, and those elsewhere,")
        print(
            "of 80 histories with +10 %. The design's figures are of independent runs; "
                + "where runs")
        print("next to each other correlate, no bound is known.\n")
        print("| history | rule | false alarms | +5 % | +10 % | +20 % | placed |")
        print("|---|---|---|---|---|---|---|")
        for history in History.all {
            for rule in Commits.Rule.allCases {
                printHistory(history, rule)
            }
        }
    }

    private mutating func printHistory(_ history: History, _ rule: Commits.Rule) {
        var commits = history.commits
        let calm = commits.counts(rule, series: 80, seed: seed)
        let reference = history.reference[rule] ?? []
        var texts = [0.05, 0.1, 0.2].map { change in
            commits.change = change
            let delays = commits.counts(rule, series: 80, seed: seed).delays.sorted()
            let delay = delays.isEmpty ? "–" : "\(delays[delays.count / 2])"
            return "\(number((100 * Double(delays.count) / 80).rounded())) % (\(delay))"
        }
        texts.insert(number(calm.falsePerHundred), at: 0)
        for (index, known) in reference.enumerated() { texts[index] += " [\(known)]" }
        if rule == .changePoint {
            if let most = history.mostFalse {
                expect(
                    calm.falsePerHundred <= most,
                    "\(history.name): \(number(calm.falsePerHundred)) false alarms a hundred")
            }
            commits.change = 0.1
            let placed = commits.found(series: 80, seed: seed)
            texts.append("\(placed.found), \(placed.elsewhere)")
        } else {
            texts.append("")
        }
        print("| \(history.name) | \(rule.name) | \(texts.joined(separator: " | ")) |")
    }

    func close() {
        print("\n## Result\n")
        print("\(bounds) bounds: ", terminator: "")
        print(misses.isEmpty ? "all met." : "\(misses.count) missed.")
        for miss in misses { print("* \(miss)") }
    }
}

/// The gates of the design's table.
struct Rule {
    var name: String
    var tally: KeyPath<Runs.Table, Tally>

    static func rows(ceiling: Double) -> [Rule] {
        [
            Rule(name: "p95 > 1.10 N", tally: \.fixed),
            Rule(name: "the same, two retries", tally: \.retried),
            Rule(name: "> 5 % over 1 stored run", tally: \.overOne),
            Rule(name: "> 10 % over 1 stored run", tally: \.overOneTenth),
            Rule(name: "> 5 % over the median of 10", tally: \.overMedian),
            Rule(name: "baseline, then candidate, > 5 %", tally: \.afterBaseline),
            Rule(name: "absolute, \(ceiling) N, by one run", tally: \.absolute),
            Rule(name: "absolute, \(ceiling) N, and what runs differ", tally: \.widened),
            Rule(name: "stored history of 20 runs", tally: \.history),
        ]
    }

    static func reference(_ name: String, _ machine: String) -> [String] {
        let text: String? =
            switch (machine, name) {
            case ("QUIET", "p95 > 1.10 N"): "0 .7 1 48 100"
            case ("QUIET", "the same, two retries"): "0 0 0 10 100"
            case ("QUIET", "> 5 % over 1 stored run"): "3 26 44 96 100"
            case ("QUIET", "baseline, then candidate, > 5 %"): ".7 14 53 99 100"
            case ("QUIET", "absolute, 1.1 N, and what runs differ"):
                "0/0 0/5 0/22 0/100 99.7/.3"
            case ("QUIET", "stored history of 20 runs"): "0/.7 1/54 6/90 97/3 100"
            case ("QUIET", "2-s blocks"): "0/0 0/50 7/93 100/0 100"
            case ("QUIET", "duet"): "0/0 0/55 4/95 100/0 100"
            case ("CLOUD", "p95 > 1.10 N"): "6 10 16 43 98"
            case ("CLOUD", "the same, two retries"): "0 0 .3 15 97"
            case ("CLOUD", "> 5 % over 1 stored run"): "26 37 53 76 98"
            case ("CLOUD", "> 10 % over 1 stored run"): "10 17 23 47 91"
            case ("CLOUD", "> 5 % over the median of 10"): "16 28 50 84 100"
            case ("CLOUD", "baseline, then candidate, > 5 %"): "12 32 46 89 96"
            case ("CLOUD", "absolute, 1.25 N, and what runs differ"):
                "0/3 0/9 0/12 0/39 0/93"
            case ("CLOUD", "stored history of 20 runs"): "2/68 4/89 6/92 24/76 88/12"
            case ("CLOUD", "2-s blocks"): "0/0 .7/57 3/97 99/1 100"
            case ("CLOUD", "duet"): "0/0 0/56 5/91 100/0 100"
            case ("SHARED", "p95 > 1.10 N"): "15 24 26 43 69"
            case ("SHARED", "the same, two retries"): ".3 1 1 7 37"
            case ("SHARED", "> 5 % over 1 stored run"): "35 45 49 66 79"
            case ("SHARED", "> 10 % over 1 stored run"): "26 36 35 54 71"
            case ("SHARED", "> 5 % over the median of 10"): "34 47 50 70 89"
            case ("SHARED", "baseline, then candidate, > 5 %"): "32 42 45 65 87"
            case ("SHARED", "absolute, 1.5 N, and what runs differ"):
                "0/14 0/17 0/20 0/32 0/55"
            case ("SHARED", "stored history of 20 runs"): "4/88 7/91 8/90 17/83 41/59"
            case ("SHARED", "2-s blocks"): "0/13 2/74 5/95 91/9 100"
            case ("SHARED", "duet"): "0/0 .7/54 3/96 99/1 100"
            case (_, _): nil
            }
        return text?.split(separator: " ").map(String.init) ?? []
    }
}

/// The histories of the design's table, and the same with the correlation that it names.
struct History {
    var name: String
    var commits: Commits
    var reference: [Commits.Rule: [String]] = [:]
    /// Twice the false alarms a hundred runs that the design gives; nil where it gives none.
    var mostFalse: Double?

    static let all = [
        History(
            name: "p95, sd 5 %", commits: Commits(spread: 0.05, correlation: 0),
            reference: [
                .overMean: ["9.2", "100, 3", "100, 2", "100, 1"],
                .overDeviations: ["1.6", "89, 26", "90, 10", "91, 1"],
                .changePoint: [".6", "85, 14", "98, 5", "100, 3"],
            ], mostFalse: 1.2),
        History(
            name: "p95, sd 13 %", commits: Commits(spread: 0.13, correlation: 0),
            reference: [.changePoint: [".5", "49, 23", "78, 18", "99, 6"]], mostFalse: 1),
        History(
            name: "ratio to an anchor, sd 1.2 %",
            commits: Commits(spread: 0.012, correlation: 0, bad: 0),
            reference: [.changePoint: ["0", "94, 3", "100, 2", "100, 2"]], mostFalse: 0),
        History(name: "p95, sd 5 %, correlation 0.3", commits: Commits(spread: 0.05)),
        History(
            name: "ratio, sd 1.2 %, correlation 0.3", commits: Commits(spread: 0.012, bad: 0)),
    ]
}

extension Commits.Rule {
    var name: String {
        switch self {
        case .overMean: "5 % over the mean of 10"
        case .overDeviations: "z > 3 on 20"
        case .changePoint: "**change point**"
        }
    }
}

private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

private func percent(_ share: Double) -> String { "\(number(100 * share)) %" }

/// With a decimal where it needs one.
private func number(_ value: Double) -> String {
    let tenths = (value * 10).rounded() / 10
    return tenths == tenths.rounded() ? "\(Int(tenths))" : "\(tenths)"
}
