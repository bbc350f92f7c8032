import Histograms

extension LedgerCounts {
    /// As `GET /ledger` shows it.
    package var json: String {
        let statuses = answers.sorted { $0.key < $1.key }.map { (String($0.key), $0.value) }
        let codes = scriptedAnswers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        let byFault = faults.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        let drops = [
            ("before_booking", droppedBeforeBooking), ("after_booking", droppedAfterBooking),
        ]
        let repeats = [("replayed", replayed), ("conflict", conflicts), ("refused", duplicates)]
        return """
            {"requests":\(requests),"payments":\(payments),"bookings":\(bookings),\
            "distinct_payment_ids":\(distinctPaymentIDs),\
            "booked_twice_or_more":\(bookedTwiceOrMore),\
            "answers":\(object(statuses)),"scripted_answers":\(object(codes)),\
            "drops":\(object(drops)),"resets":\(resets),"broken":\(broken),"unsent":\(unsent),\
            "limited":\(limited),"refused_full":\(refusedFull),"repeats":\(object(repeats)),\
            "faults":\(object(byFault))}

            """
    }
}

extension Timing {
    /// As `GET /timing` shows it, in microseconds.
    package var json: String { "{\"answer_us\":\(answer.json),\"added_us\":\(added.json)}\n" }
}

extension Histogram {
    fileprivate var json: String {
        let quantiles = [
            ("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("p99_9", 0.999),
        ]
        let members = quantiles.map { ($0.0, Int(value(at: $0.1) ?? 0)) }
        return object(
            [("count", Int(count)), ("min", Int(minimum))] + members + [("max", Int(maximum))])
    }
}

private func object(_ members: [(String, Int)]) -> String {
    "{" + members.map { "\(JSONText.quoted($0)):\($1)" }.joined(separator: ",") + "}"
}

extension [AnswerTimes] {
    /// As `GET /timing/payments` shows them: instants in nanoseconds of CLOCK_MONOTONIC.
    package var csv: String {
        reduce(into: "payment_id,arrival_ns,due_ns,answered_ns\n") { text, times in
            text += "\(times.id.digits),\(times.arrival.uptimeNanoseconds),"
            text += "\(times.due.uptimeNanoseconds),\(times.answered.uptimeNanoseconds)\n"
        }
    }
}

extension Ledger {
    package static let csvHeader = "payment_id,arrivals,bookings,answer,first_arrival_ns"

    /// As `GET /ledger/entries` shows it: one row a payment id.
    package var csv: String { Self.csvHeader + "\n" + csvRows() }

    /// - Parameter prefix: what each row begins with.
    package func csvRows(prefix: String = "") -> String {
        var text = ""
        for (id, entry, instant) in entries() {
            text += "\(prefix)\(id.digits),\(entry.arrivals),\(entry.bookings),"
            text += "\(entry.answer.word),\(instant)\n"
        }
        return text
    }
}

extension Ledger.Answer {
    /// A status, a word, or nothing while it is pending.
    package var word: String {
        switch self {
        case .pending: ""
        case .status(let status): String(status)
        case .dropped: "dropped"
        case .unsent: "unsent"
        case .reset: "reset"
        case .broken: "broken"
        }
    }
}
