import ArgumentParser
import Curl
import FoundationEssentials
import Results

struct ReconcileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Settles the payments whose booking is uncertain against a ledger.",
        discussion: """
            The ledger is a CSV text with a column of payment ids (payment_id, paymentId or id): a \
            file, or an http(s) address such as the simulator's /ledger/entries. Columns bookings, \
            booked_at and answer are used where they are. Writes reconciled.csv into the result \
            folder. Exit status: 0 where all are settled, 4 where some stay open.
            """)

    /// A ledger of ten million payments.
    private static let longestLedger = 1 << 30
    private static let patience: Nanoseconds = 60_000_000_000

    @Argument(help: "The result folder.")
    var result: String

    @Option(help: "File or http(s) address.")
    var ledger: String

    @Flag(help: "The counts as JSON on stdout.")
    var json = false

    func run() throws {
        let stored = try readResult(result)
        for note in stored.notes { Terminal.say("paybench: \(note)") }
        let found = try reconcile(stored)
        var isWritten = true
        do {
            try stored.folder.write(found.csv, to: "reconciled.csv")
        } catch {
            Terminal.say("paybench: \(error.description)")
            isWritten = false
        }
        let counts = ReconciliationCounts(found)
        isWritten = Terminal.print(json ? try counts.json : counts.text) && isWritten
        guard isWritten else { throw ExitStatus.ours.exit }
        if !found.isSettled { throw ExitStatus.inconclusive.exit }
    }

    private func reconcile(_ stored: StoredResult) throws -> Reconciliation {
        do {
            let entries = try BookingLedger(csv: try ledgerBytes(), name: ledger)
            return Reconciliation(try stored.questions(), ledger: entries)
        } catch let error as ResultError {
            Terminal.say("paybench: \(error.description)")
            throw ExitStatus.usage.exit
        }
    }

    private func ledgerBytes() throws -> [UInt8] {
        guard ledger.hasPrefix("http://") || ledger.hasPrefix("https://") else {
            return try readAll(ledger)
        }
        do {
            return try Download.get(ledger, timeout: Self.patience, limit: Self.longestLedger)
        } catch {
            Terminal.say("paybench: \(ledger.printable) can't be read (\(error.reason))")
            throw ExitStatus.unreachable.exit
        }
    }
}

/// What came of a reconciliation, in numbers.
struct ReconciliationCounts: Encodable {
    var format = "paybench-reconcile/1"
    var payments: Int
    var booked: Int
    var notBooked: Int
    var bookedTwice: Int
    var open: Int
    /// Of all payments in the ledger, those in question included.
    var doubleBookings: Int
    /// nil where the ledger has no instants.
    @NullWhenNone var timeToCertainty: Distribution?

    enum CodingKeys: String, CodingKey {
        case format, payments, booked, open
        case notBooked = "not_booked"
        case bookedTwice = "booked_twice"
        case doubleBookings = "double_bookings"
        case timeToCertainty = "time_to_certainty"
    }

    init(_ found: Reconciliation) {
        payments = found.rows.count
        booked = found.count(.booked)
        notBooked = found.count(.notBooked)
        bookedTwice = found.count(.bookedTwice)
        open = found.count(.open)
        doubleBookings = bookedTwice + found.otherDoubles.count
        timeToCertainty =
            found.timeToCertainty.isEmpty ? nil : Distribution(found.timeToCertainty)
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        }
    }

    var text: String {
        let rows = [
            ("in question", payments), ("booked", booked), ("not booked", notBooked),
            ("booked twice", bookedTwice), ("open", open), ("double bookings", doubleBookings),
        ]
        let width = rows.map { Figures.count($0.1).count }.max() ?? 0
        let table = rows.map { label, count in
            let number = Figures.count(count)
            return label + String(repeating: " ", count: 17 - label.count)
                + String(repeating: " ", count: width - number.count) + number + "\n"
        }.joined()
        guard let time = timeToCertainty else { return table }
        return table + "time to certainty p50 \(Figures.duration(microseconds: time.p50)), max "
            + Figures.duration(microseconds: time.maximum) + "\n"
    }
}
