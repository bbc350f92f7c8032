extension LedgerCounts {
    /// As `GET /ledger` shows it.
    package var json: String {
        func object(_ members: [(String, Int)]) -> String {
            "{" + members.map { "\(JSONText.quoted($0)):\($1)" }.joined(separator: ",") + "}"
        }
        let statuses = answers.sorted { $0.key < $1.key }.map { (String($0.key), $0.value) }
        let codes = scriptedAnswers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        let drops = [
            ("before_booking", droppedBeforeBooking), ("after_booking", droppedAfterBooking),
        ]
        return """
            {"requests":\(requests),"payments":\(payments),"bookings":\(bookings),\
            "distinct_payment_ids":\(distinctPaymentIDs),\
            "booked_twice_or_more":\(bookedTwiceOrMore),\
            "answers":\(object(statuses)),"scripted_answers":\(object(codes)),\
            "drops":\(object(drops)),"unsent":\(unsent)}

            """
    }
}

extension Ledger {
    /// As `GET /ledger/entries` shows it: one row a payment id.
    package var csv: String {
        var text = "payment_id,arrivals,bookings,answer\n"
        for (id, entry) in entries() {
            text += "\(id.digits),\(entry.arrivals),\(entry.bookings),\(entry.answer.word)\n"
        }
        return text
    }
}

extension Ledger.Answer {
    /// A status, `dropped`, `unsent`, or nothing while it is pending.
    package var word: String {
        switch self {
        case .pending: ""
        case .status(let status): String(status)
        case .dropped: "dropped"
        case .unsent: "unsent"
        }
    }
}
