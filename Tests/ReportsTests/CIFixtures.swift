import Payments
import Reports
import Results

/// Summaries with everything that a pipeline is told of.
enum Summaries {
    /// The formats that CI systems and trackers read.
    static let formats: [SummaryFormat] = SummaryFormat.allCases.filter {
        switch $0 {
        case .text, .json, .csv: false
        case .junit, .markdown, .github, .gitlab, .bencher, .benchmarkAction,
            .benchmarkActionBigger:
            true
        }
    }

    static let names = ["budgeted", "kept", "invalid", "nothing", "hostile"]

    static func named(_ name: String) -> Summary {
        switch name {
        case "budgeted": budgeted
        case "kept": kept
        case "invalid": invalid
        case "nothing": Summary(record: Runs.nothing, verdict: Runs.valid)
        default: hostile
        }
    }

    /// One budget kept, one failed, two that can't be told; a suspect measurement.
    static let budgeted: Summary = {
        var summary = Summary(record: Runs.normal, verdict: Runs.suspect)
        summary.budgets = [p99, relative, inDoubt, slowest]
        return summary
    }()

    static let kept: Summary = {
        var summary = budgeted
        summary.verdict = Runs.valid
        summary.budgets = [p99]
        return summary
    }()

    /// Budgets are there, and not judged.
    static let invalid: Summary = {
        var summary = Summary(record: Runs.late, verdict: Runs.invalid)
        summary.budgets = []
        return summary
    }()

    static let hostile: Summary = {
        var summary = Summary(record: Runs.hostile, verdict: Runs.invalid.acceptedIfInvalid)
        summary.ending = .completed
        summary.budgets = (1...40).map { number in
            var budget = BudgetResult(
                budget: "code.\(text).count == \(number)", metric: "code.\(text)\(number).count",
                verdict: BudgetResult.Verdict.allCases[number % 3], onInconclusive: .fail,
                unit: .count, count: 280, reason: "\(text) came \(number) times")
            budget.value = Double(number)
            return budget
        }
        return summary
    }()

    /// What each of the formats takes for something else.
    private static let text = """
        a"b'c<b>&amp;]]>|`*_~[x](y)\\@all#1 ::error::100%\r\n\u{1b}[31m\u{0}\u{202e}\u{FFFE}支付
        """

    private static var p99: BudgetResult {
        var budget = BudgetResult(
            budget: "response_time.p99 < 1.6s", metric: "response_time.p99", verdict: .pass,
            onInconclusive: .fail, unit: .microseconds, count: 14_983,
            reason: "p99 is 1.47 s (1.46 s … 1.48 s, n = 14,983), 8.13 % inside 1.60 s.")
        budget.value = 1_470_000
        budget.lower = 1_460_000
        budget.upper = 1_480_000
        budget.confidence = 0.99
        budget.limit = 1_600_000
        budget.margin = 0.08125
        return budget
    }

    private static var relative: BudgetResult {
        var budget = BudgetResult(
            budget: "response_time.p95{payment=card} <= baseline + 10%",
            metric: "response_time.p95{payment=card}", verdict: .fail, onInconclusive: .fail,
            unit: .microseconds, count: 10_342,
            reason: "p95 is 59.0 ms, 18.0 % (16.0 % … 20.0 %) above the baseline's 50.0 ms.")
        budget.value = 59_000
        budget.lower = 58_000
        budget.upper = 60_000
        budget.confidence = 0.99
        budget.limit = 55_000
        budget.margin = -0.0727
        budget.comparison = BudgetResult.Comparison(
            baseline: 50_000,
            typical: BudgetResult.Change(change: 0.18, lower: 0.16, upper: 0.2),
            whole: BudgetResult.Change(change: 0.17, lower: -0.01, upper: 0.21))
        return budget
    }

    private static var inDoubt: BudgetResult {
        var budget = BudgetResult(
            budget: "in_doubt.rate < 0.3%", metric: "in_doubt.rate", verdict: .inconclusive,
            onInconclusive: .warn, unit: .ratio, count: 15_233,
            reason:
                "0.27 % of 15,233 payments; 0.2 % … 0.36 % are possible, on both sides of 0.3 %.")
        budget.value = 0.00269
        budget.lower = 0.002
        budget.upper = 0.0036
        budget.confidence = 0.99
        budget.limit = 0.003
        budget.margin = 0.1
        return budget
    }

    /// Without data, over windows.
    private static var slowest: BudgetResult {
        var budget = BudgetResult(
            budget: "rate.completed > 490/s", metric: "rate.completed", verdict: .inconclusive,
            onInconclusive: .fail, unit: .perSecond, count: 0,
            reason: "There are no payments in the window.")
        budget.limit = 490
        budget.failedWindow = PhaseRecord.Span(start: 10, end: 20)
        return budget
    }
}

/// SplitMix64: the same numbers from the same seed everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// Up to 40 scalars: letters, what formats use as signs, controls, and anything of Unicode.
    mutating func text() -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...40, using: &self) {
            text.unicodeScalars.append(scalar())
        }
        return text
    }

    private mutating func scalar() -> Unicode.Scalar {
        let signs = Array("<>&\"'|`*_~[]()\\@#:,%{}= \n\r\t-!$".unicodeScalars)
        switch Int.random(in: 0..<4, using: &self) {
        case 0: return signs[Int.random(in: signs.indices, using: &self)]
        case 1: return Unicode.Scalar(UInt8.random(in: 97...122, using: &self))
        case 2: return Unicode.Scalar(UInt8.random(in: 0...0x9F, using: &self))
        default:
            // A surrogate is no scalar.
            return Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &self)) ?? "\u{FFFF}"
        }
    }
}

extension Summaries {
    /// Random texts wherever a name, a code or a sentence stands.
    static func random(seed: UInt64) -> Summary {
        var generator = SeededGenerator(seed: seed)
        var summary = budgeted
        summary.scenario.name = generator.text()
        summary.runID = generator.text()
        summary.target = generator.text()
        for index in summary.payments.indices { summary.payments[index].name = generator.text() }
        for index in summary.errors.indices {
            summary.errors[index].code = generator.text()
            summary.errors[index].field = generator.text()
        }
        summary.budgets = (summary.budgets ?? []).map { budget in
            var budget = budget
            budget.budget = generator.text()
            budget.metric = generator.text()
            budget.reason = generator.text()
            return budget
        }
        return summary
    }
}
