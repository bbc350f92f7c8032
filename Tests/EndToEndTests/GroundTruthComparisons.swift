import Foundation
import Testing

/// An adapter that differs from the reference as is known.
enum PlantedAdapter: String, CaseIterable {
    case equal, slight, slow, stalling

    /// By which its delays are multiplied.
    private var factor: Double {
        switch self {
        case .equal, .stalling: 1
        case .slight: 1.03
        case .slow: 1.1
        }
    }

    var what: String {
        switch self {
        case .equal: "×1.00"
        case .slight: "×1.03"
        case .slow: "×1.10"
        case .stalling: "0.5 s of stall in 30 s"
        }
    }

    /// A stall is in the tail. 0.5 s in 30 s puts 1 % of the payments behind p99.9 of the law, and
    /// the median where it was.
    var metric: String { self == .stalling ? "response_time.p99.9" : "response_time.p50" }

    var truth: String {
        switch self {
        case .equal: "equivalent"
        case .slight: "not worse by more than 5 %"
        case .slow, .stalling: "worse"
        }
    }

    /// What follows from how it was made; `cannot_tell` only where its difference is near the
    /// margin.
    func agrees(with judged: TruthComparison.Judged) -> Bool {
        switch self {
        case .equal: judged.verdict == "equivalent"
        case .slight:
            judged.verdict == "equivalent" || judged.verdict == "cannot_tell"
                || judged.verdict == "worse" && !judged.material
        case .slow, .stalling: judged.verdict == "worse"
        }
    }

    /// A verdict says the opposite, whatever it is about. What is equal may be neither.
    func isContradicted(by judged: TruthComparison.Judged) -> Bool {
        judged.verdict == "better" || self == .equal && judged.verdict == "worse"
    }

    /// A provider of the simulator, in flow style; `law` has its p50 and p99 in µs.
    func provider(_ law: ClosedRange<Double>, stalls: Range<Int>) -> String {
        let times = [law.lowerBound, law.upperBound].map { "\(Int($0 * factor))us" }
        let latency = "latency: { lognormal: { p50: \(times[0]), p99: \(times[1]) } }"
        guard self == .stalling else { return latency }
        let faults = stalls.map {
            "{ kind: stall, name: stall-\($0), after: \(7 + 30 * $0)s, for: 500ms }"
        }
        return "\(latency), faults: [\(faults.joined(separator: ", "))]"
    }
}

/// A comparison of adapters that are known with a reference, by the program, on its simulator.
struct TruthComparison: Decodable {
    struct Judged: Decodable {
        var adapter: String
        var metric: String
        var verdict: String
        /// By more than `equivalent_within`.
        var material: Bool
    }

    struct Slices: Decodable {
        var judged: Int
        var dropped: [Dropped]
    }

    struct Dropped: Decodable {}

    struct Validity: Decodable {
        struct Cause: Decodable {
            var check: String
        }
        var validity: String
        var causes: [Cause]
    }

    var design: String
    var verdicts: [Judged]
    var slices: Slices
    var validity: Validity

    var isInvalid: Bool { validity.validity == "invalid" }

    func verdict(_ adapter: PlantedAdapter) -> Judged? {
        verdicts.first { $0.adapter == adapter.rawValue && $0.metric == adapter.metric }
    }
}

/// One that is under way.
struct TruthComparisonRun {
    struct Plan {
        var adapters: [PlantedAdapter]
        /// Lines of `compare` but for the metrics and the margin.
        var compare: String
        /// p50 and p99 of the reference, µs.
        var law: ClosedRange<Double>
        /// So many stalls, if an adapter stalls.
        var stalls = 0
        /// Of all that is drawn.
        var seed: Int
    }

    let plan: Plan
    private let folder: Folder
    private let command: Command

    init(_ plan: Plan) throws {
        self.plan = plan
        folder = try Folder()
        let file = try folder.write(Self.text(plan), as: "compare.yaml")
        command = try Command(
            ["compare", file, "--results", folder.results, "--workers", "1", "--quiet"],
            in: folder, .first)
    }

    private static func text(_ plan: Plan) -> String {
        func provider(_ adapter: PlantedAdapter) -> String {
            adapter.provider(plan.law, stalls: 0..<plan.stalls)
        }
        let metrics = Set(plan.adapters.map(\.metric)).sorted().joined(separator: ", ")
        return """
            version: 1
            name: truth
            seed: \(plan.seed)
            target: { base_url: simulator, http: { warm_up: 20 }, timeouts: { total: 5s } }
            simulator:
              seed: \(plan.seed)
              latency: { lognormal: { p50: \(Int(plan.law.lowerBound))us, \
            p99: \(Int(plan.law.upperBound))us } }
              adapters:
            \(plan.adapters.map { "    \($0.rawValue): { \(provider($0)) }" }.lines)
            payments:
              - { name: card, client_type: IOS, payment_method: { type: scheme } }
            adapters:
              reference: { reference: true }
            \(plan.adapters.map {
                "  \($0.rawValue): { path: /adapters/\($0.rawValue)/mobile/payments/makePayment }"
            }.lines)
            compare: { \(plan.compare), metrics: [\(metrics)], equivalent_within: 5% }

            """
    }

    /// Once it sends, what judges at its end has to wait for the others that still send: threads keep the
    /// precedence that they began with, but for the first one.
    func leavePrecedenceToSending() throws {
        try eventually(within: 60, "it sends") {
            guard let path = folder.resultFolders.last else { return false }
            let log = try? FileManager.default.attributesOfItem(atPath: "\(path)/interval.log")
            return (log?[.size] as? Int ?? 0) > 20_000
        }
        var usual = sched_param()
        _ = sched_setscheduler(command.id, SCHED_OTHER, &usual)
    }

    /// What it comes to. The folder of a duet that was left for blocks is the first of two.
    func end(within seconds: Double) throws -> TruthComparison {
        let ended = try command.wait(seconds: seconds)
        let path = try #require(
            folder.resultFolders.last, "\(ended.status ?? -1): \(ended.output) \(ended.talk)")
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(path)/comparison.json"))
        return try JSONDecoder().decode(TruthComparison.self, from: data)
    }
}

extension [String] {
    fileprivate var lines: String { joined(separator: "\n") }
}
