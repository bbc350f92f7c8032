import Metrics
import Payments
import Providers

/// One test as its file describes it, complete and valid: every default filled in, every template
/// read, every file of `tls` known to be there. Made by `ScenarioReader` only.
package struct Scenario: Sendable, Equatable {
    package var name: String
    /// nil: drawn when the run starts, and recorded.
    package var seed: UInt64?
    package var target: Target
    /// The stand-in to start; nil unless `simulator` is the base of `target` or of one beside it.
    package var simulator: Provider?
    package var limits: Limits
    /// In the order of the file; no name twice.
    package var data: [DataSet] = []
    /// At least one.
    package var payments: [PaymentTemplate]
    /// nil: no payment is sent twice.
    package var retry: Retry?
    /// At least one, unless `compare` or `capacity` brings the load: then there may be none, and
    /// nothing that a plain run could send.
    package var flows: [Flow]
    /// Of all flows, flow by flow.
    package var phases: [Phase] { flows.flatMap(\.phases) }
    /// Error codes that mean declined, not failed.
    package var declineCodes: [String] { target.declineCodes }
    /// In the order of the file; their names are those of this scenario.
    package var budgets: [Budget] = []
    /// There wherever a budget is relative, unless whoever read the file has one.
    package var baseline: Baseline?
    /// In the order of the file: none, or 2 to 8 with exactly one reference.
    package var adapters: [Adapter] = []
    /// There exactly when there are adapters.
    package var compare: Compare?
    package var capacity: Capacity?
    /// Of the file's bytes, lower-case hexadecimal.
    package var sha256: String

    package struct Target: Sendable, Equatable {
        package var base: Base
        /// Path of makePayment, `/mobile/payments/makePayment` unless the file says otherwise.
        package var path: String
        package var environment: Environment?
        package var allowedHosts: [String]
        package var parameters: ParameterPlace
        package var format: AnswerFormat
        package var credentials: Credentials?
        /// nil: payments need no session.
        package var signIn: SignIn?
        package var declineCodes: [String]
        /// In the order of the file; no name twice.
        package var headers: [Header]
        package var http: HTTP
        package var tls: TLS
        package var timeouts: Timeouts
    }

    package enum Base: Sendable, Equatable {
        case simulator
        case url(BaseURL)
    }

    /// `scheme://host[:port][/prefix]`; no user, query or fragment.
    package struct BaseURL: Sendable, Equatable {
        package enum Scheme: String, Sendable { case http, https }
        package var scheme: Scheme
        /// Lower case, without brackets.
        package var host: String
        package var port: Int
        /// Empty, or begins with `/` and does not end with one.
        package var prefix: String
    }

    package enum Environment: String, CaseIterable, Sendable { case sandbox, staging, production }

    package struct Header: Sendable, Equatable {
        package var name: String
        package var value: Template
    }

    package struct Limits: Sendable, Equatable {
        package var payments: Int?
        package var duration: Duration?
        package var inFlight = 10_000
        package var onFull = FullPolicy.wait
        /// The run ends as soon as one of these holds.
        package var stopIf: [Condition] = []
    }
}
