import Payments

/// A figure of a run that a condition or a budget is about.
package enum Metric: Sendable, Hashable {
    /// Payments that ended in an outcome that their `expect` does not name.
    case errors(Measure)
    /// Payments that ended in this outcome; `in_doubt` has a name of its own.
    case outcome(Outcome, Measure)
    /// Payments that ended with this code.
    case code(String)
    case rate(Throughput)
    /// Arrivals that were never started.
    case skipped
    case time(Time, Statistic)
    /// Processor time of the generator for each request; budgets only.
    case generatorCPU

    package enum Measure: String, CaseIterable, Sendable {
        /// A part of the payments that ended, 0 to 1.
        case rate
        case count
    }

    /// Payments a second.
    package enum Throughput: String, CaseIterable, Sendable { case started, completed }

    package enum Time: String, CaseIterable, Sendable {
        case responseTime = "response_time"
        case serviceTime = "service_time"
        case sendDelay = "send_delay"
        case firstByte = "first_byte"
        case connect, tls
    }

    package enum Statistic: Sendable, Hashable {
        /// 0 to 100: `p99.9` is 99.9.
        case percentile(Double)
        case mean, max, min
        case standardDeviation
    }

    /// What its values are written in.
    package enum Unit: Sendable, Hashable { case duration, ratio, count, perSecond }

    package var unit: Unit {
        switch self {
        case .errors(.rate), .outcome(_, .rate): .ratio
        case .errors(.count), .outcome(_, .count), .code, .skipped: .count
        case .rate: .perSecond
        case .time, .generatorCPU: .duration
        }
    }
}

extension Metric {
    /// As it is written; reads back to the same metric.
    package var name: String {
        switch self {
        case .errors(let measure): "errors.\(measure.rawValue)"
        case .outcome(.inDoubt, let measure): "in_doubt.\(measure.rawValue)"
        case .outcome(let outcome, let measure): "outcome.\(outcome.name).\(measure.rawValue)"
        case .code(let code): "code.\(code).count"
        case .rate(let throughput): "rate.\(throughput.rawValue)"
        case .skipped: "skipped.count"
        case .time(let time, let statistic): "\(time.rawValue).\(statistic.name)"
        case .generatorCPU: "generator.cpu_us_per_request"
        }
    }

    /// The shapes that a name may have.
    package static func forms(in use: ClauseUse) -> [String] {
        switch use {
        case .condition: commonForms
        case .budget: commonForms + [Metric.generatorCPU.name]
        }
    }

    private static let commonForms = [
        "errors.rate", "errors.count", "in_doubt.rate", "in_doubt.count", "outcome.NAME.rate",
        "outcome.NAME.count", "code.NAME.count", "rate.started", "rate.completed", "skipped.count",
        "response_time.p99", "service_time.p99", "send_delay.p99", "first_byte.p99", "connect.p99",
        "tls.p99",
    ]

    package init(named name: String) throws(ConditionProblem) {
        let fixed: [Metric] =
            Measure.allCases.flatMap { [.errors($0), .outcome(.inDoubt, $0)] }
            + Throughput.allCases.map { .rate($0) } + [.skipped, .generatorCPU]
        if let metric = fixed.first(where: { $0.name == name }) {
            self = metric
        } else if let parts = Self.parts(of: name, behind: "outcome"),
            let measure = Measure(rawValue: parts.last)
        {
            guard let outcome = Outcome(name: parts.middle) else {
                throw .unknownOutcome(parts.middle)
            }
            self = .outcome(outcome, measure)
        } else if let parts = Self.parts(of: name, behind: "code"), parts.last == "count" {
            self = .code(parts.middle)
        } else if let dot = name.firstIndex(of: "."), let time = Time(rawValue: .init(name[..<dot]))
        {
            let statistic = String(name[name.index(after: dot)...])
            guard let known = Statistic(named: statistic) else {
                throw .unknownStatistic(statistic, of: time)
            }
            self = .time(time, known)
        } else {
            throw .unknownMetric(name)
        }
    }

    /// `first.MIDDLE.last`, the middle not empty.
    private static func parts(
        of name: String, behind first: String
    ) -> (middle: String, last: String)? {
        guard name.hasPrefix(first + "."), let dot = name.lastIndex(of: ".") else { return nil }
        let middle = name[..<dot].dropFirst(first.count + 1)
        return middle.isEmpty ? nil : (String(middle), String(name[name.index(after: dot)...]))
    }
}

extension Metric.Statistic {
    package var name: String {
        switch self {
        case .percentile(let value):
            value == value.rounded() ? "p\(Int(value))" : "p\(value)"
        case .mean: "mean"
        case .max: "max"
        case .min: "min"
        case .standardDeviation: "stddev"
        }
    }

    /// Percentiles as `p99.9`, or `p99_9` as the columns of the results have it.
    init?(named name: String) {
        switch name {
        case "mean": self = .mean
        case "max": self = .max
        case "min": self = .min
        case "stddev": self = .standardDeviation
        default:
            let digits = name.dropFirst().split(
                omittingEmptySubsequences: false, whereSeparator: { $0 == "." || $0 == "_" })
            let areDigits = digits.allSatisfy {
                !$0.isEmpty && $0.count <= 9 && $0.allSatisfy { "0123456789".contains($0) }
            }
            guard name.first == "p", digits.count <= 2, areDigits,
                let value = Double(digits.joined(separator: ".")), value <= 100
            else { return nil }
            self = .percentile(value)
        }
    }
}
