/// What kind of client the service is told that it talks to; on the wire the number.
package enum ClientType: Int, CaseIterable, Sendable {
    case iOS = 1
    case android = 2
    case web = 3

    package var name: String {
        switch self {
        case .iOS: "IOS"
        case .android: "Android"
        case .web: "Web"
        }
    }
}

/// One entry of the scenario's weighted mix: the members of a makePayment request.
/// Optional members left out are not sent.
package struct PaymentTemplate: Sendable, Equatable {
    package var name: String
    /// Share in the mix, relative to the other entries; at least 1.
    package var weight: Int
    package var paymentID: Template
    package var paymentMethod: JSONTemplate
    package var clientType: ClientType
    package var storePaymentMethod: Bool?
    package var returnURL: Template?
    package var version: Int?
    /// Outcomes that count as no error.
    package var expect: Set<Outcome>
    /// nil: its id is sent once.
    package var repeats: Repeats?

    package init(
        name: String, weight: Int = 1, paymentID: Template = Template([.uuid]),
        paymentMethod: JSONTemplate, clientType: ClientType, storePaymentMethod: Bool? = nil,
        returnURL: Template? = nil, version: Int? = nil,
        expect: Set<Outcome> = [.accepted, .declined], repeats: Repeats? = nil
    ) {
        self.name = name
        self.weight = weight
        self.paymentID = paymentID
        self.paymentMethod = paymentMethod
        self.clientType = clientType
        self.storePaymentMethod = storePaymentMethod
        self.returnURL = returnURL
        self.version = version
        self.expect = expect
        self.repeats = repeats
    }

    /// The cells that it takes from data sets, headers apart.
    package var dataReferences: [Template.DataReference] {
        paymentID.dataReferences + paymentMethod.dataReferences
            + (returnURL?.dataReferences ?? [])
    }
}

/// Sending an id again on purpose, to see whether the service books it twice.
package struct Repeats: Sendable, Equatable {
    package enum Timing: String, CaseIterable, Sendable {
        /// When the first was answered.
        case afterAnswer = "after_answer"
        /// At once, while the first is under way.
        case concurrently
        /// When the first got no answer in time.
        case afterTimeout = "after_timeout"
    }

    /// Of this entry's payments, 0 to 1.
    package var share: Double
    package var timing: Timing

    package init(share: Double, timing: Timing) {
        self.share = share
        self.timing = timing
    }
}

/// Where `paymentId`, `clientType` and the other plain members travel; `paymentMethod` is always in the body.
package enum ParameterPlace: String, CaseIterable, Sendable { case body, query }

/// How the answer is asked for as JSON.
package enum AnswerFormat: Sendable, Equatable {
    /// `Accept: application/json`
    case accept
    /// `.json` behind the path
    case suffix
    /// `?format=json`
    case query
    /// `?callback=NAME`
    case jsonp(String)
}

/// How a request proves who sends it.
package enum Credentials: Sendable, Equatable {
    case bearer(Template)
    case basic(username: Template, password: Template)
    /// Sent as the user name of HTTP basic with an empty password, as the service's key scheme wants it.
    case apiKey(Template)
}
