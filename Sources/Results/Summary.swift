import Payments

/// `summary.json`: all that is told of a run but the seconds of its timeline. Reports are made from it
/// alone, so that a stored run reads like a fresh one.
///
/// The keys are a contract: one is added, never renamed, and `format` changes when an old reader
/// would read wrongly. `seed` is a JSON number; above 2^53 many readers lose its last digits, so
/// seeds that are drawn stay below.
package struct Summary: Codable, Sendable, Equatable {
    package static let currentFormat = "paybench-summary/1"

    package var format = currentFormat
    package var runID: String
    package var tool: Tool
    package var scenario: ScenarioIdentity
    /// Where the load went, as shown to people.
    package var target: String
    /// RFC 3339, UTC, with microseconds.
    package var startedAt: String
    package var wallSeconds: Double
    package var ending: Ending
    package var verdict: Verdict
    /// Of all phases.
    package var totals: Totals
    /// Of the measured phases together.
    package var rate: Rates
    /// Of all phases.
    package var bytes: Bytes
    /// Of the measured phases: every started payment, time-outs at their age.
    package var latency: Latency
    /// Of the measured phases; an outcome that did not come is not there.
    package var latencyByOutcome: [Outcome: PaymentLatency]
    package var phases: [Phase]
    package var payments: [Payment]
    /// Of all phases, most frequent first.
    package var errors: [ErrorCode]
    package var generator: Generator
    /// nil where payments need no session.
    package var signIns: SignIns?
    /// nil in files of older versions.
    package var host: HostRecord?
    package var environment: EnvironmentRecord?
    /// In the order of the scenario; nil where it has none, empty where they were not judged because
    /// the measurement is invalid.
    package var budgets: [BudgetResult]?
    /// Of a run that was sent by several machines: nil elsewhere.
    package var shards: [Shard]?
    package var merge: Merge?

    enum CodingKeys: String, CodingKey {
        case format, tool, scenario, target, ending, verdict, totals, rate, bytes, latency, phases
        case payments, errors, generator, host, environment, budgets, shards, merge
        case signIns = "sign_ins"
        case runID = "run_id"
        case startedAt = "started_at"
        case wallSeconds = "wall_s"
        case latencyByOutcome = "latency_by_outcome"
    }
}

extension Summary {
    package struct Tool: Codable, Sendable, Equatable {
        package var version: String
        package var libcurl: String
        package var swift: String
    }

    package struct ScenarioIdentity: Codable, Sendable, Equatable {
        package var name: String
        package var sha256: String
        package var seed: UInt64
    }

    package struct Phase: Codable, Sendable, Equatable {
        package var name: String
        package var flow: String?
        /// nil where the run had one target.
        package var adapter: String?
        package var measured: Bool
        package var load: PhaseRecord.Model
        /// When each of its passes sent; empty in files of older versions.
        package var spans: [PhaseRecord.Span]?
        /// How long it sent.
        package var seconds: Double
        package var totals: Totals
        package var rate: Rates
        package var bytes: Bytes
        package var latency: Latency
        package var latencyByOutcome: [Outcome: PaymentLatency]
        package var payments: [Payment]

        enum CodingKeys: String, CodingKey {
            case name, flow, adapter, measured, load, spans, seconds, totals, rate, bytes, latency
            case payments
            case latencyByOutcome = "latency_by_outcome"
        }

        /// As people and tags tell phases apart: `steady@north`.
        package var label: String { adapter.map { "\(name)@\($0)" } ?? name }
    }

    /// One kind of payment of the mix. At the top of a summary its counts are those of all phases and
    /// its latency that of the measured ones.
    package struct Payment: Codable, Sendable, Equatable {
        package var name: String
        package var started: Int
        package var outcomes: [Outcome: Int]
        package var latency: PaymentLatency
        package var latencyByOutcome: [Outcome: PaymentLatency]

        enum CodingKeys: String, CodingKey {
            case name, started, outcomes, latency
            case latencyByOutcome = "latency_by_outcome"
        }
    }

    package struct ErrorCode: Codable, Sendable, Equatable {
        package var outcome: Outcome
        /// As it came, whatever is in it.
        package var code: String
        @NullWhenNone package var httpStatus: Int?
        @NullWhenNone package var field: String?
        package var count: Int
        /// Of all started payments.
        package var share: Double

        enum CodingKeys: String, CodingKey {
            case outcome, code, field, count, share
            case httpStatus = "http_status"
        }
    }

    package struct Generator: Codable, Sendable, Equatable {
        package var workers: Int
        package var cores: Int
        package var cpuSeconds: Double
        /// nil where nothing was started. Retries, repeats and sign-ins are requests too.
        @NullWhenNone package var cpuMicrosecondsPerRequest: Double?
        package var busiestWorker: Double
        package var peakRSSBytes: Int
        package var connectionsOpened: Int

        enum CodingKeys: String, CodingKey {
            case workers, cores
            case cpuSeconds = "cpu_s"
            case cpuMicrosecondsPerRequest = "cpu_us_per_request"
            case busiestWorker = "busiest_worker"
            case peakRSSBytes = "peak_rss_bytes"
            case connectionsOpened = "connections_opened"
        }
    }
}

/// Sign-ins, the first ones included; failed ones are in the time too.
package struct SignIns: Codable, Sendable, Equatable {
    package var count: Int
    package var failed: Int
    package var time: Distribution
}

package struct Totals: Codable, Sendable, Equatable {
    package var planned: Int
    package var started: Int
    package var skipped: Int
    package var retries: Int
    /// All eight.
    package var outcomes: [Outcome: Int]
    /// nil where no id was sent again on purpose.
    package var repeats: RepeatFindings?
    /// Started, without an outcome; nil but for a run that was killed.
    package var unanswered: Int?

    package func count(of outcome: Outcome) -> Int { outcomes[outcome] ?? 0 }
}

package struct Rates: Codable, Sendable, Equatable {
    /// Per second of sending; nil where nothing was sent for any time.
    @NullWhenNone package var plannedPerSecond: Double?
    @NullWhenNone package var startedPerSecond: Double?
    /// Completions per second while sending, from the whole seconds of the timeline that lie in the
    /// phases; nil where there is none. Below `startedPerSecond` where a backlog grows.
    @NullWhenNone package var completedPerSecond: Double?

    enum CodingKeys: String, CodingKey {
        case plannedPerSecond = "planned_per_s"
        case startedPerSecond = "started_per_s"
        case completedPerSecond = "completed_per_s"
    }
}

package struct Bytes: Codable, Sendable, Equatable {
    package var sent: UInt64
    package var received: UInt64
}
