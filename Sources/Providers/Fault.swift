/// Something that goes wrong: with a share of the payments, for a time, or switched by hand.
package struct Fault: Sendable, Equatable {
    /// When it is on, counted from the arrival of the first payment.
    package struct Window: Sendable, Equatable {
        package var after: Duration
        /// nil: to the end.
        package var length: Duration?

        package init(after: Duration, length: Duration? = nil) {
            self.after = after
            self.length = length
        }
    }

    /// For switching it and in the ledger's counts.
    package var name: String
    package var effect: Effect
    /// Of the payments that come while it is on.
    package var share: Double
    /// Exactly the payments number `every`, twice `every` and so on, counted from 1 in order of arrival,
    /// in place of a share; nil: by share.
    package var every: Int?
    /// nil: on from the start.
    package var window: Window?
    /// False: off until it is switched on.
    package var isArmed: Bool

    package init(
        name: String, _ effect: Effect, share: Double = 1, window: Window? = nil,
        isArmed: Bool = true, every: Int? = nil
    ) {
        self.name = name
        self.effect = effect
        self.share = share
        self.every = every
        self.window = window
        self.isArmed = isArmed
    }
}

extension Fault {
    package enum Effect: Sendable, Equatable {
        /// New connections are refused; the provider has to have a port of its own.
        case refuse
        /// The connection is reset (RST) in place of an answer.
        case reset(Point)
        /// Half of the body, then the end of the connection.
        case cutBody
        /// `Content-Length` is too small by 7: the rest runs into the next answer.
        case wrongLength
        /// The body comes piece by piece over this time.
        case drip(over: Duration)
        /// Nothing falls due.
        case stall
        /// Payments take `factor` times as long, and the share `errors` of them is answered 503.
        case brownOut(factor: Double, errors: Double)
        /// After this time 500 with `TimeoutException`.
        case timeout(after: Duration)
        /// Connections on which nothing happened for this time are closed.
        case closeIdle(after: Duration)
        /// 200 with a body that breaks off inside its JSON, of the length it says.
        case badJSON
    }

    /// When the connection goes; a payment is booked at the end of its time.
    package enum Point: String, CaseIterable, Sendable {
        /// At the end of its time, and it is not booked.
        case beforeBooking = "before_booking"
        /// At half of its time; it is booked all the same.
        case duringBooking = "during_booking"
        /// As soon as it is booked.
        case afterBooking = "after_booking"
    }

    /// The word for an effect in a file, and the name of a fault that has none.
    package enum Kind: String, CaseIterable, Sendable {
        case refuse, reset
        case cutBody = "cut_body"
        case wrongLength = "wrong_length"
        case drip, stall
        case brownOut = "brown_out"
        case timeout
        case closeIdle = "close_idle"
        case badJSON = "bad_json"
    }
}

extension Fault.Effect {
    package var kind: Fault.Kind {
        switch self {
        case .refuse: .refuse
        case .reset: .reset
        case .cutBody: .cutBody
        case .wrongLength: .wrongLength
        case .drip: .drip
        case .stall: .stall
        case .brownOut: .brownOut
        case .timeout: .timeout
        case .closeIdle: .closeIdle
        case .badJSON: .badJSON
        }
    }
}

extension Fault.Kind {
    /// Whether it befalls payments one by one, so that it can have a share of them.
    package var isOfPayments: Bool {
        switch self {
        case .refuse, .stall, .closeIdle: false
        case .reset, .cutBody, .wrongLength, .drip, .brownOut, .timeout, .badJSON: true
        }
    }
}
