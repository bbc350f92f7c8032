import Foundation
import Testing

/// The ground truth suite: what the files of a run say, against mathematics and against the server's own
/// log; never against another run of ours, but for the floor.
///
/// `PAYBENCH_GROUND_TRUTH=full` is the long form, `PAYBENCH_CASES=2,7` some of the cases,
/// `PAYBENCH_TOLERANCE=strict` the tolerance for a machine that nobody else uses.
enum GroundTruth {
    private static let environment = ProcessInfo.processInfo.environment

    static let isFull = environment["PAYBENCH_GROUND_TRUTH"] == "full"
    private static let isStrict = environment["PAYBENCH_TOLERANCE"] == "strict"
    private static let cases = environment["PAYBENCH_CASES"].map {
        Set($0.split(separator: ",").map(String.init))
    }

    static func isWanted(_ number: Int) -> Bool { cases?.contains("\(number)") ?? true }

    /// What the form asks for.
    static func form<Value>(full: Value, short: Value) -> Value { isFull ? full : short }

    /// Times are µs.
    struct Tolerance {
        var share: Double
        var least: Double

        /// Of most cases, on a shared machine or on one of its own.
        static var usual: Tolerance { isStrict ? Tolerance(share: 0.01, least: 50) : shared }

        /// Where several pieces have to be in time.
        static var wide: Tolerance { isStrict ? Tolerance(share: 0.01, least: 100) : shared }

        /// A build without optimisation takes that much more of its own.
        private static let shared = Tolerance(
            share: 0.02, least: Binary.isOptimised ? 250 : 500)

        /// A bucket of the histogram is up to 0.1 % wide.
        func around(_ truth: Double) -> Double { max(share * truth, least) + truth / 1000 }
    }
}

/// One line of the table.
struct Finding {
    enum Judgement: String {
        case holds = "yes"
        case fails = "no"
        /// A time fails: in the short form it is measured again.
        case isOff = "no, the time is off"
        /// Written down, and nothing is asked of it in this form.
        case recorded
        /// It fails, and the run says itself that it is not to be believed.
        case disturbed
    }

    var number: Int
    var what: String
    var truth: String
    var measured: String
    var tolerance: String
    var judgement: Judgement

    /// Prints the line, and fails the test where the case fails.
    func report(at place: SourceLocation) {
        let row = "| \(number) | \(what) | \(truth) | \(measured) | \(tolerance) |"
        print("\(row) \(judgement.rawValue) |")
        #expect(judgement != .fails, "\(row)", sourceLocation: place)
        #expect(judgement != .isOff, "\(MeasuredAgain.mark)\(row)", sourceLocation: place)
    }
}

/// One case: everything that is found is a line of the table.
struct GroundTruthCase {
    var number: Int
    var name: String
    /// What a time that is off comes to. Where others use the machine, the short form asks no more of a
    /// run that is invalid than that it says so; the long form wants the machine.
    private var failure: Finding.Judgement = GroundTruth.isFull ? .fails : .isOff

    init(_ number: Int, _ name: String, _ run: TruthRun? = nil) {
        self.number = number
        self.name = name
        if !GroundTruth.isFull, run?.summary.verdict.validity == "invalid" { failure = .disturbed }
    }

    /// A time in µs. The floor is what the null test shows at the same quantile at the same time: what
    /// the host and an instant answer take is a part of every time, so it may be on top.
    func expect(
        _ what: String, _ measured: Int?, is truth: Double, within tolerance: Double,
        floor: Int = 0, isJudged: Bool = true, at place: SourceLocation = #_sourceLocation
    ) throws {
        // No payment is above it: there is nothing to write down.
        guard measured != nil || isJudged else { return }
        let measured = Double(try #require(measured, "\(name), \(what)", sourceLocation: place))
        let excess = measured - truth
        let holds = excess >= -tolerance && excess <= tolerance + Double(floor)
        Finding(
            number: number, what: "\(name): \(what)", truth: Self.written(truth),
            measured: Self.written(measured),
            tolerance: "± \(Self.written(tolerance))"
                + (floor > 0 ? ", floor \(Self.written(Double(floor)))" : ""),
            judgement: isJudged ? (holds ? .holds : failure) : .recorded
        ).report(at: place)
    }

    /// A time in µs that must not be above another one.
    func expect(
        _ what: String, _ measured: Int?, isAtMost most: Double, isJudged: Bool = true,
        at place: SourceLocation = #_sourceLocation
    ) throws {
        let measured = Double(try #require(measured, "\(name), \(what)", sourceLocation: place))
        Finding(
            number: number, what: "\(name): \(what)", truth: "≤ \(Self.written(most))",
            measured: Self.written(measured), tolerance: "–",
            judgement: isJudged ? (measured <= most ? .holds : failure) : .recorded
        ).report(at: place)
    }

    /// Something that is counted.
    func expect<Value: Comparable & CustomStringConvertible>(
        _ what: String, _ measured: Value, in truth: ClosedRange<Value>,
        at place: SourceLocation = #_sourceLocation
    ) {
        let isExact = truth.lowerBound == truth.upperBound
        Finding(
            number: number, what: "\(name): \(what)",
            truth: isExact ? "\(truth.lowerBound)" : "\(truth.lowerBound) to \(truth.upperBound)",
            measured: "\(measured)", tolerance: isExact ? "exact" : "–",
            judgement: truth.contains(measured) ? .holds : .fails
        ).report(at: place)
    }

    func expect<Value: Comparable & CustomStringConvertible>(
        _ what: String, _ measured: Value, is truth: Value,
        at place: SourceLocation = #_sourceLocation
    ) {
        expect(what, measured, in: truth...truth, at: place)
    }

    /// Something that is so or not.
    func expect(
        _ what: String, _ isSo: Bool, found: String, at place: SourceLocation = #_sourceLocation
    ) {
        Finding(
            number: number, what: "\(name): \(what)", truth: "yes", measured: found,
            tolerance: "–", judgement: isSo ? .holds : .fails
        ).report(at: place)
    }

    /// Something whose judgement is known.
    func note(
        _ what: String, found: String, truth: String = "–",
        _ judgement: Finding.Judgement, at place: SourceLocation = #_sourceLocation
    ) {
        Finding(
            number: number, what: "\(name): \(what)", truth: truth, measured: found,
            tolerance: "–", judgement: judgement
        ).report(at: place)
    }

    private static func written(_ microseconds: Double) -> String {
        switch abs(microseconds) {
        case ..<1000: String(format: "%.0f µs", microseconds)
        case ..<1_000_000: String(format: "%.2f ms", microseconds / 1000)
        default: String(format: "%.3f s", microseconds / 1_000_000)
        }
    }
}

/// The quantiles that the cases are about.
enum TruthQuantile: Double, CaseIterable {
    case p50 = 0.5
    case p90 = 0.9
    case p95 = 0.95
    case p99 = 0.99
    case p99_9 = 0.999

    var name: String {
        switch self {
        case .p50: "p50"
        case .p90: "p90"
        case .p95: "p95"
        case .p99: "p99"
        case .p99_9: "p99.9"
        }
    }

    /// Whether enough of so many payments lie above it: a single hiccup of the host hits a handful.
    func isJudged(of count: Int, above least: Double = 20) -> Bool {
        (1 - rawValue) * Double(count) >= least - 0.001
    }

    func of(_ times: Summary.Times) -> Int? {
        switch self {
        case .p50: times.p50Us
        case .p90: times.p90Us
        case .p95: times.p95Us
        case .p99: times.p99Us
        case .p99_9: times.p999Us
        }
    }

    /// The smallest value that this share of all is not above.
    func of(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let rank = max(1, Int((rawValue * Double(sorted.count)).rounded(.up)))
        return sorted[rank - 1]
    }
}
