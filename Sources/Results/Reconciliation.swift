import Histograms
import Payments

/// A payment whose booking is to be looked up.
package struct OpenQuestion: Sendable, Equatable {
    package var paymentID: String
    /// Of the mix.
    package var payment: String
    /// The name of its outcome, or `unanswered`.
    package var outcome: String
    /// Seconds since 1970-01-01 UTC at which it was given up, or last seen; nil where that is not known.
    package var asked: Double?

    package init(paymentID: String, payment: String, outcome: String, asked: Double?) {
        self.paymentID = paymentID
        self.payment = payment
        self.outcome = outcome
        self.asked = asked
    }

    package init(_ payment: UncertainPayment) {
        self.init(
            paymentID: payment.paymentID, payment: payment.payment, outcome: payment.outcome.name,
            asked: payment.completed)
    }

    package init(_ payment: UnansweredPayment) {
        self.init(
            paymentID: payment.paymentID, payment: payment.payment, outcome: "unanswered",
            asked: payment.sent)
    }
}

/// Open questions, and what a ledger answers.
package struct Reconciliation: Sendable {
    package enum Booking: String, Sendable, CaseIterable {
        case booked
        case notBooked = "not_booked"
        case bookedTwice = "booked_twice"
        /// The ledger does not tell: it ends before the payment, or was not done with it.
        case open
    }

    package struct Row: Sendable, Equatable {
        package var question: OpenQuestion
        package var booking: Booking
        package var bookings: Int
        package var bookedAt: Double?
    }

    package private(set) var rows: [Row] = []
    /// Booked more than once though nothing about them was uncertain.
    package private(set) var otherDoubles: [String] = []
    /// From giving a payment up, or from sending it where that is not known, until its booking: how long
    /// the ledger has to be waited for. µs, 0 where it was booked before; empty where the ledger has no
    /// instants.
    package private(set) var timeToCertainty = Histogram()

    /// - Parameter questions: the first of several with one id counts.
    package init(_ questions: some Sequence<OpenQuestion>, ledger: BookingLedger) {
        var asked: Set<String> = []
        for question in questions
        where asked.insert(BookingLedger.key(of: question.paymentID)).inserted {
            let entry = ledger[question.paymentID]
            rows.append(
                Row(
                    question: question, booking: Self.booking(question, entry, ledger),
                    bookings: entry?.bookings ?? 0, bookedAt: entry?.bookedAt))
            if let bookedAt = entry?.bookedAt, let instant = question.asked {
                let wait = min(max(0, bookedAt - instant), 1e9)
                timeToCertainty.record(UInt64((wait * 1e6).rounded()))
            }
        }
        otherDoubles = ledger.bookedTwice.filter { !asked.contains(BookingLedger.key(of: $0)) }
    }

    private static func booking(
        _ question: OpenQuestion, _ entry: BookingLedger.Entry?, _ ledger: BookingLedger
    ) -> Booking {
        switch entry?.bookings ?? 0 {
        case 1: return .booked
        case 2...: return .bookedTwice
        default: break
        }
        if ledger.count == 0 || entry?.isPending == true { return .open }
        // What is booked later than the ledger's last entry can't be in it.
        if entry == nil, let latest = ledger.latest, let asked = question.asked, latest < asked {
            return .open
        }
        return .notBooked
    }

    package func count(_ booking: Booking) -> Int {
        rows.reduce(0) { $0 + ($1.booking == booking ? 1 : 0) }
    }

    package var isSettled: Bool { count(.open) == 0 }

    /// `reconciled.csv`: a row for each open question, then those that nobody asked for and were booked
    /// more than once; `outcome` is empty there.
    package var csv: String {
        let header = "payment_id,payment,outcome,booking,bookings,booked_at\n"
        let asked = rows.reduce(into: header) { text, row in
            text += CSV.row([
                .text(row.question.paymentID), .text(row.question.payment),
                .text(row.question.outcome), .text(row.booking.rawValue), .integer(row.bookings),
                .instant(row.bookedAt),
            ])
        }
        return otherDoubles.reduce(into: asked) { text, id in
            text += CSV.row([
                .text(id), .text(""), .text(""), .text(Booking.bookedTwice.rawValue),
                .integer(nil), .text(""),
            ])
        }
    }
}

extension OpenQuestion {
    /// The rows of a `reconcile.csv`, or of its part; one that is cut off at its end is left out.
    ///
    /// - Parameter path: nothing is read where it is not there.
    package static func read(reconcileFile path: String) throws(ResultError) -> [OpenQuestion] {
        var bytes: [UInt8]
        do throws(ResultError) {
            bytes = try readAll(path)
        } catch .system(.read, _, code: 2) {
            return []
        }
        bytes.removeLast(bytes.reversed().prefix { $0 != UInt8(ascii: "\n") }.count)
        var reader = CSVReader(bytes)
        guard let header = reader.next(), let id = header.firstIndex(of: "payment_id") else {
            return []
        }
        let payment = header.firstIndex(of: "payment")
        let outcome = header.firstIndex(of: "outcome")
        let completed = header.firstIndex(of: "completed")
        var questions: [OpenQuestion] = []
        while let row = reader.next() {
            guard row.count == header.count else { continue }
            questions.append(
                OpenQuestion(
                    paymentID: row[id], payment: payment.map { row[$0] } ?? "",
                    outcome: outcome.map { row[$0] } ?? "",
                    asked: completed.flatMap { BookingLedger.instant(row[$0]) }))
        }
        return questions
    }
}
