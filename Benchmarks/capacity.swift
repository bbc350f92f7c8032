import Capacity
import Glibc

/// The long form of the tests of `Capacity`, as Markdown: how near searches come to capacities that are
/// known, and how near two usual ways come to the same. `scripts/evidence capacity` compiles it with the
/// synthetic targets of the tests. Its arguments are the seed and the number of searches of each target.
///
/// Ends with 1 where a bound of the test plan is missed.
@main
enum CapacityReport {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let seed = UInt64(arguments[1]), let count = Int(arguments[2])
        else {
            print("usage: capacity SEED SEARCHES")
            exit(64)
        }
        var report = Report(seed: seed, searches: count)
        report.truths()
        report.methods()
        report.endings()
        report.close()
        exit(report.misses.isEmpty ? 0 : 1)
    }
}

/// What many searches of one target, or other ways, came to: errors in percent of the truth.
struct Outcomes {
    var errors: [Double] = []
    var seconds: [Double] = []

    mutating func add(_ rate: Double, after seconds: Double, truth: Double) {
        errors.append(100 * (rate / truth - 1))
        self.seconds.append(seconds)
    }

    var median: Double { quantile(0.5) }
    /// More than 3 % too high.
    var tooHigh: Double { Double(errors.count { $0 > 3 }) / Double(max(1, errors.count)) }

    func quantile(_ share: Double) -> Double {
        let sorted = errors.sorted()
        guard !sorted.isEmpty else { return .nan }
        return sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
    }

    var row: String {
        let mean = errors.reduce(0) { $0 + abs($1) } / Double(max(1, errors.count))
        let time = seconds.reduce(0, +) / Double(max(1, seconds.count))
        return "\(signed(median)) | \(signed(quantile(0.05))) … \(signed(quantile(0.95))) | "
            + "\(fixed(mean)) | \(Int((100 * tooHigh).rounded())) % | \(Int(time.rounded())) s |"
    }
}

struct Report {
    let seed: UInt64
    let searches: Int
    var misses: [String] = []
    private var bounds = 0
    private var ends: [(name: String, answers: [CapacityAnswer], truth: Double)] = []

    init(seed: UInt64, searches: Int) {
        self.seed = seed
        self.searches = searches
    }

    /// A truth holds two percent below it and breaks two percent above, in long runs.
    mutating func truths() {
        print("\n## Targets\n")
        print("| target | limit of p99 | capacity | 2 % below: slow, failed | 2 % above |")
        print("|---|---|---|---|---|")
        for system in KnownSystem.all {
            let below = LongRun(of: system, at: system.truth * 0.98, seed: seed)
            let above = LongRun(of: system, at: system.truth * 1.02, seed: seed)
            print(
                "| \(system.name) | \(fixed(system.limit * 1000, 0)) ms | "
                    + "\(fixed(system.truth))/s | \(below.text) | \(above.text) |")
            bounds += 2
            if !below.keeps { misses.append("\(system.name) breaks below its capacity") }
            if above.keeps { misses.append("\(system.name) holds above its capacity") }
        }
    }

    mutating func methods() {
        for system in KnownSystem.all {
            var (proven, estimated, answers) = (Outcomes(), Outcomes(), [CapacityAnswer]())
            for index in 0..<searches {
                var (search, run) = system.search(seed: seed + UInt64(index))
                guard let answer = run.answer(of: &search) else { continue }
                answers.append(answer)
                if let rate = answer.provenPerSecond {
                    proven.add(rate, after: answer.seconds, truth: system.truth)
                }
                if let estimate = answer.estimate {
                    estimated.add(
                        estimate.ratePerSecond, after: answer.seconds, truth: system.truth)
                }
            }
            show(system, proven, estimated)
            judge(system, proven)
            ends.append((system.name, answers, system.truth))
        }
    }

    private func show(_ system: KnownSystem, _ proven: Outcomes, _ estimated: Outcomes) {
        print("\n## \(system.name): \(fixed(system.truth))/s\n")
        print("| way | median error | 5 … 95 % | mean, absolute | > 3 % too high | time |")
        print("|---|---|---|---|---|---|")
        print("| **proven** | \(proven.row)")
        print("| estimate | \(estimated.row)")
        for way in UsualWay.allCases {
            var outcomes = Outcomes()
            for index in 0..<searches {
                var target = VirtualTarget(system.law, seed: seed + UInt64(index))
                let (rate, seconds) = way.search(system, &target)
                outcomes.add(rate, after: seconds, truth: system.truth)
            }
            print("| \(way.rawValue) | \(outcomes.row)")
        }
    }

    private mutating func judge(_ system: KnownSystem, _ proven: Outcomes) {
        guard [KnownSystem.steady.name, KnownSystem.wandering.name].contains(system.name)
        else { return }
        bounds += 2
        if proven.median < -4 || proven.median > 2 {
            misses.append("\(system.name): median \(signed(proven.median))")
        }
        if proven.tooHigh > 0.15 { misses.append("\(system.name): too high too often") }
    }

    func endings() {
        print("\n## Answers\n")
        print("| target | proven | proofs each | intervals that hold the capacity | gave way |")
        print("|---|---|---|---|---|")
        for (name, answers, truth) in ends {
            let proven = answers.count { $0.ending == .proven }
            let proofs = answers.reduce(0) { $0 + $1.steps.count { $0.purpose == .proof } }
            let intervals = answers.compactMap(\.estimate)
            let holding = intervals.count { $0.lowerPerSecond <= truth && truth <= $0.upperPerSecond }
            let causes = Dictionary(grouping: answers.compactMap(\.gaveWay)) { $0.words }
            let words = causes.sorted { $0.value.count > $1.value.count }
                .map { "\($0.key) \($0.value.count)" }.joined(separator: ", ")
            print(
                "| \(name) | \(proven) of \(answers.count) | "
                    + "\(fixed(Double(proofs) / Double(max(1, answers.count)))) | "
                    + "\(holding) of \(intervals.count) | \(words) |")
        }
        print("\nOne of each:\n")
        for (name, answers, _) in ends { print("* \(name): \(answers.first?.sentence ?? "")") }
    }

    func close() {
        print("\n## Result\n")
        let found = misses.isEmpty ? "all met" : misses.joined(separator: "; ")
        print("\(bounds) bounds: \(found).")
    }
}

/// Four times 5,000 s at one rate.
struct LongRun {
    private var payments = 0
    private var slow = 0
    private var failed = 0

    init(of system: KnownSystem, at rate: Double, seed: UInt64) {
        for part in 0..<4 {
            var target = VirtualTarget(system.law, seed: seed &+ 7919 &* UInt64(part + 1))
            target.run(rate: rate, seconds: 100) { _, _ in }
            target.run(rate: rate, seconds: 5000) { _, answer in
                payments += 1
                failed += answer.kind == .accepted ? 0 : 1
                slow += answer.kind != .accepted || answer.time > system.limit ? 1 : 0
            }
        }
    }

    private var slowShare: Double { Double(slow) / Double(payments) }
    private var failedShare: Double { Double(failed) / Double(payments) }
    var keeps: Bool { slowShare <= 0.01 && failedShare <= 0.001 }
    var text: String { "\(fixed(slowShare * 100, 2)) %, \(fixed(failedShare * 100, 3)) %" }
}

/// What is done elsewhere.
enum UsualWay: String, CaseIterable {
    case ramp = "ramp of 300 s, first 10 s beyond"
    case bisection = "×2, then bisection to 1 %, 10 s each"
    case drained = "the same, drained between"

    func search(_ system: KnownSystem, _ target: inout VirtualTarget) -> (Double, Double) {
        switch self {
        case .ramp: Self.ramp(system, &target)
        case .bisection: Self.bisect(system, &target, drains: false)
        case .drained: Self.bisect(system, &target, drains: true)
        }
    }

    /// The rate of the moment at which the last ten seconds break the promises.
    private static func ramp(
        _ system: KnownSystem, _ target: inout VirtualTarget
    ) -> (Double, Double) {
        let seconds = 300
        let top = 2 * system.saturation * (0.6 + 0.6 * target.uniform())
        var counts = [(all: Int, slow: Int, failed: Int)](repeating: (0, 0, 0), count: seconds)
        target.ramp(to: top, seconds: Double(seconds)) { arrival, answer in
            let second = min(seconds - 1, Int(arrival))
            counts[second].all += 1
            counts[second].failed += answer.kind == .accepted ? 0 : 1
            counts[second].slow += answer.time > system.limit ? 1 : 0
        }
        for end in 10...seconds {
            let window = counts[end - 10..<end].reduce((0, 0, 0)) {
                ($0.0 + $1.all, $0.1 + $1.slow, $0.2 + $1.failed)
            }
            if window.0 > 50, !keeps(window) {
                return (top * Double(end) / Double(seconds), Double(end))
            }
        }
        return (top, Double(seconds))
    }

    private static func keeps(_ counts: (all: Int, slow: Int, failed: Int)) -> Bool {
        Double(counts.slow + counts.failed) <= 0.01 * Double(counts.all)
            && Double(counts.failed) <= 0.001 * Double(counts.all)
    }

    private static func bisect(
        _ system: KnownSystem, _ target: inout VirtualTarget, drains: Bool
    ) -> (Double, Double) {
        func holds(_ rate: Double) -> Bool {
            if drains { target.pause(target.leftover + 0.2) }
            var counts = (all: 0, slow: 0, failed: 0)
            target.run(rate: rate, seconds: 10) { _, answer in
                counts.all += 1
                counts.failed += answer.kind == .accepted ? 0 : 1
                counts.slow += answer.kind == .accepted && answer.time > system.limit ? 1 : 0
            }
            return keeps(counts)
        }
        var good = system.saturation * (0.05 + 0.15 * target.uniform())
        while holds(good * 2) { good *= 2 }
        var bad = good * 2
        var rate = (good + bad) / 2
        while bad / good > 1.01 {
            if holds(rate) { good = rate } else { bad = rate }
            rate = (good + bad) / 2
        }
        return (rate, target.now)
    }
}

/// So many decimals.
func fixed(_ value: Double, _ digits: Int = 1) -> String {
    let scale = pow(10, Double(digits))
    let whole = Int((abs(value) * scale).rounded())
    let (left, right) = (whole / Int(scale), whole % Int(scale))
    let padded = String(repeating: "0", count: max(0, digits - String(right).count)) + String(right)
    return (value < 0 && whole > 0 ? "−" : "") + String(left) + (digits == 0 ? "" : "." + padded)
}

func signed(_ percent: Double) -> String { (percent > 0 ? "+" : "") + fixed(percent) + " %" }
