import Arrivals
import Documents
import Metrics

private enum CompareKey: String, FieldKey {
    case design, block, settle, rate, users, metrics
    case equivalentWithin = "equivalent_within"
    case confidence, `for`, until

    static var choices: [[CompareKey]] { [[.rate, .users]] }

    var field: Field {
        switch self {
        case .design:
            Field(
                "At the same time, in blocks in random order, or one after another.",
                Rule<Scenario.Design>.word, .otherwise("duet; with users: blocks"))
        case .block: Field("Length of a block.", Rule.block, .defaultsTo("2s"))
        case .settle:
            Field("The beginning of a block that is not judged.", Rule.settle, .defaultsTo("200ms"))
        case .rate:
            Field(
                "What each adapter receives while it is measured.", Rule<Rate>.rate,
                .otherwise("rate or users is needed"), example: "100/s")
        case .users:
            Field(
                "Users of each adapter while it is measured; not in a duet.", Rule.comparedUsers,
                .otherwise("rate or users is needed"), example: "20")
        case .metrics:
            Field(
                "What is compared.", Rule.comparedMetrics,
                .defaultsTo("[response_time.p50, response_time.p99, errors.rate]"))
        case .equivalentWithin:
            Field(
                "Differences up to this part of the reference's value make none.",
                Rule.difference, .defaultsTo("5%"))
        case .confidence:
            Field("Of all verdicts together.", Rule.confidence, .defaultsTo("95%"))
        case .for:
            Field(
                "How long it takes, at most.", Rule.phaseLength, .required, example: "5m")
        case .until:
            Field(
                "It ends before that as soon as every verdict stands.", Rule.decided,
                .otherwise("it takes all of its time"))
        }
    }
}

/// What ends a comparison before its time.
enum EarlyEnd: String, CaseIterable { case decided }

extension Rule where Value == EarlyEnd {
    fileprivate static var decided: Rule { word }
}

extension Rule where Value == Duration {
    fileprivate static var block: Rule { .duration(in: .milliseconds(100)...(.seconds(3600))) }
    fileprivate static var settle: Rule { .duration(in: .zero...(.seconds(600))) }
}

extension Rule where Value == Int {
    fileprivate static var comparedUsers: Rule { .integer(in: 1...100_000) }
}

extension Rule where Value == Double {
    fileprivate static var difference: Rule { ratio(in: 0.0001...0.5, allowed: "0.01% to 50%") }
}

extension Rule where Value == Scenario.Compare {
    static var compare: Rule {
        .mapping { (fields: Fields<CompareKey>) in
            let design = fields.read(.design, by: Rule<Scenario.Design>.word)
            let block = fields.read(.block, by: .block)
            let settle = fields.read(.settle, by: .settle)
            let metrics = fields.read(.metrics, by: .comparedMetrics)
            let difference = fields.read(.equivalentWithin, by: .difference)
            let confidence = fields.read(.confidence, by: .confidence)
            let length = fields.read(.for, by: .phaseLength)
            let early = fields.read(.until, by: .decided)
            guard let load = fields.load(design), let length else { return nil }
            var compare = Scenario.Compare(
                design: design ?? load.usualDesign, load: load, length: length,
                endsWhenDecided: early == .decided)
            compare.block = block ?? compare.block
            compare.settle = settle ?? compare.settle
            compare.metrics = metrics ?? compare.metrics
            compare.equivalentWithin = difference ?? compare.equivalentWithin
            compare.confidence = confidence ?? compare.confidence
            fields.checkSettling(of: compare)
            return compare
        }
    }
}

extension Scenario.Compare.Load {
    /// A user can't be at two targets at once.
    fileprivate var usualDesign: Scenario.Design {
        switch self {
        case .rate: .duet
        case .users: .blocks
        }
    }
}

extension Fields<CompareKey> {
    /// `rate` or `users`; nil after a complaint.
    fileprivate func load(_ design: Scenario.Design?) -> Scenario.Compare.Load? {
        let rate = read(.rate, by: Rule<Rate>.rate)
        let users = read(.users, by: .comparedUsers)
        let given = [CompareKey.rate, .users].filter { self[$0] != nil }
        guard given.count == 1 else {
            let problem = KeyProblem.exactlyOne(
                read: given.map(\.rawValue), allowed: ["rate", "users"])
            complaints.add(problem, at: place)
            return nil
        }
        if given == [.users], design == .duet {
            complaints.add(ComparingProblem.duetOfUsers, at: self[.design]?.place)
        }
        return rate.map { .rate($0) } ?? users.map { .users($0) }
    }

    fileprivate func checkSettling(of compare: Scenario.Compare) {
        guard compare.settle >= compare.block else { return }
        let problem = ComparingProblem.nothingLeft(compare.settle, block: compare.block)
        complaints.add(problem, at: (self[.settle] ?? self[.block])?.place)
    }
}

extension Rule where Value == [Metric] {
    /// At least one, none twice.
    fileprivate static var comparedMetrics: Rule {
        let metric = Rule<Metric>.compared
        return Rule(.list(of: metric.shape, least: 1)) { node, complaints in
            guard let metrics = metric.list.read(node, complaints),
                case .sequence(let nodes) = node.content
            else { return nil }
            if metrics.isEmpty {
                let problem = ValueProblem.emptyList(allowed: "at least one metric")
                complaints.add(problem, at: node.place)
                return nil
            }
            for (index, metric) in metrics.enumerated() {
                guard let first = metrics[..<index].firstIndex(of: metric) else { continue }
                let problem = LoadProblem.duplicateName(metric.name, first: nodes[first].place)
                complaints.add(problem, at: nodes[index].place)
            }
            return metrics
        }
    }
}

extension Rule where Value == Metric {
    fileprivate static var compared: Rule {
        let allowed = "a metric such as response_time.p99"
        return Rule<String>.text.described(allowed).shaped(.text(pattern: nil, words: allowed))
            .then { text throws(Violation) in
                do throws(ConditionProblem) {
                    let metric = try Metric(named: text)
                    if metric.isComparable { return metric }
                } catch {
                    if case .unknownMetric = error {
                        throw Violation(ComparingProblem.notCompared(text))
                    }
                    throw Violation(error)
                }
                throw Violation(ComparingProblem.notCompared(text))
            }
    }
}

extension Metric {
    /// What adapters can be compared by: parts and times of what they answered, and how much.
    fileprivate var isComparable: Bool {
        switch self {
        case .errors(.rate), .outcome(_, .rate), .rate(.completed): true
        case .time(.responseTime, .percentile), .time(.serviceTime, .percentile),
            .time(.responseTime, .mean), .time(.serviceTime, .mean):
            true
        case .time, .errors(.count), .outcome(_, .count), .code, .rate(.started), .skipped,
            .generatorCPU:
            false
        }
    }
}
