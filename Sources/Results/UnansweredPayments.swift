import Glibc

/// A payment that was started and of which the results do not know how it ended.
package struct UnansweredPayment: Sendable, Equatable {
    package enum State: String, Sendable {
        /// It was under way when the run was killed.
        case underWay = "under_way"
        /// It had ended, but how was lost with the last moments of the run.
        case ended
    }

    package var paymentID: String
    /// Of the mix.
    package var payment: String
    /// Seconds since 1970-01-01 UTC.
    package var intended: Double
    package var sent: Double
    package var state: State
}

/// Reads `inflight.journal`, whatever its bytes are.
package enum JournalReader {
    /// The payments that were under way, or are counted in a tally that the log does not have; in the
    /// order in which they were sent. Empty where there is no journal: of a run that came to its end.
    package static func unanswered(
        folder: String, of run: LoggedRun
    ) throws(ResultError) -> [UnansweredPayment] {
        let path = "\(folder)/\(JournalFile.fileName)"
        guard access(path, F_OK) == 0 else { return [] }
        let bytes = try readAll(path)
        let layout = try layout(of: bytes, path: path)
        var payments: [UnansweredPayment] = []
        for worker in 0..<layout.workers {
            let begin = JournalFile.pageSize + worker * layout.bytesOfWorker
            let counted = run.tallies.indices.contains(worker) ? run.tallies[worker] : nil
            for entry in 0..<layout.entries {
                let place = begin + entry * layout.entrySize
                guard place + layout.entrySize <= bytes.count else { break }
                let entry = bytes[place..<(place + layout.entrySize)]
                if let payment = payment(entry, counted: counted, run.start.paymentNames) {
                    payments.append(payment)
                }
            }
        }
        return payments.sorted { $0.sent < $1.sent }
    }

    private static func layout(
        of bytes: [UInt8], path: String
    ) throws(ResultError) -> JournalFile.Layout {
        let numbers = JournalFile.magic.utf8.count
        let length = JournalFile.head(of: .init(workers: 0, entrySize: 0, entries: 0)).count
        guard bytes.count >= length, bytes.starts(with: JournalFile.magic.utf8) else {
            throw .corrupt(path: path, reason: "not a journal of payments")
        }
        let values = (0..<3).map { index in
            Int(Frame.number(bytes[(numbers + index * 4)..<(numbers + index * 4 + 4)]))
        }
        let layout = JournalFile.Layout(
            workers: values[0], entrySize: values[1], entries: values[2])
        guard bytes.starts(with: JournalFile.head(of: layout)), layout.workers <= 4096,
            layout.entrySize > JournalFile.entryHeadSize
        else { throw .corrupt(path: path, reason: "its head is damaged") }
        return layout
    }

    private static func payment(
        _ entry: ArraySlice<UInt8>, counted: UInt32?, _ names: [String]
    ) -> UnansweredPayment? {
        let at = entry.startIndex
        let state = Frame.number(entry[at..<(at + 4)])
        guard state != JournalFile.unused else { return nil }
        let isUnderWay = state == JournalFile.underWay
        if !isUnderWay, let counted, state &- JournalFile.firstTally <= counted { return nil }
        let length = Int(Frame.number(entry[(at + 4)..<(at + 6)]))
        let payment = Int(Frame.number(entry[(at + 6)..<(at + 8)]))
        let id = entry[(at + JournalFile.entryHeadSize)...].prefix(length)
        return UnansweredPayment(
            paymentID: String(decoding: id, as: UTF8.self),
            payment: names.indices.contains(payment) ? names[payment] : "",
            intended: seconds(entry[(at + 8)..<(at + 16)]),
            sent: seconds(entry[(at + 16)..<(at + 24)]),
            state: isUnderWay ? .underWay : .ended)
    }

    private static func seconds(_ nanoseconds: ArraySlice<UInt8>) -> Double {
        let at = nanoseconds.startIndex
        let low = UInt64(Frame.number(nanoseconds[at..<(at + 4)]))
        let high = UInt64(Frame.number(nanoseconds[(at + 4)..<(at + 8)]))
        return Double(Int64(bitPattern: high << 32 | low)) / 1e9
    }
}

extension [UnansweredPayment] {
    /// `unanswered.csv`
    package var csv: String {
        reduce(into: "payment_id,payment,intended,sent,state\n") { text, payment in
            text += CSV.row([
                .text(payment.paymentID), .text(payment.payment), .instant(payment.intended),
                .instant(payment.sent), .text(payment.state.rawValue),
            ])
        }
    }
}
