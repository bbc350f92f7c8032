import Payments
import Testing

@testable import Results

@Suite struct ReconciliationTests {
    private func ledger(_ text: String) throws -> BookingLedger {
        try BookingLedger(csv: Array(text.utf8), name: "ledger.csv")
    }

    private func question(_ id: String, asked: Double? = 100) -> OpenQuestion {
        OpenQuestion(paymentID: id, payment: "card", outcome: "in_doubt", asked: asked)
    }

    @Test func aLedgerWithCountsSettlesEveryQuestion() throws {
        let ledger = try ledger(
            """
            payment_id,arrivals,bookings,answer,first_arrival_ns
            0f8fad5bd9cb469fa16570867728950e,1,1,dropped,5
            b,2,2,200,6
            c,1,0,dropped,7
            d,1,0,,8
            e,3,3,200,9
            """)
        let found = Reconciliation(
            [
                question("0F8FAD5B-D9CB-469F-A165-70867728950E"), question("b"), question("c"),
                question("d"), question("f"), question("b"),
            ], ledger: ledger)
        #expect(
            found.rows.map(\.booking) == [.booked, .bookedTwice, .notBooked, .open, .notBooked])
        #expect(found.otherDoubles == ["e"])
        #expect(!found.isSettled)
        #expect(found.csv.hasSuffix("e,,,booked_twice,,\n"))
        #expect(found.timeToCertainty.isEmpty)
    }

    @Test func inALedgerOfBookingsEachRowIsOne() throws {
        let ledger = try ledger("name,PaymentId\nx,a\ny,\"b\"\nz,a\n")
        let found = Reconciliation([question("b"), question("c")], ledger: ledger)
        #expect(found.rows.map(\.booking) == [.booked, .notBooked])
        #expect(found.otherDoubles == ["a"])
        #expect(found.isSettled)
    }

    /// Given up at 100 s: booked at 101.5 s is 1.5 s to certainty, booked before is none.
    @Test func instantsTellHowLongCertaintyTook() throws {
        let ledger = try ledger(
            "id,booked_at\na,1970-01-01T00:01:41.500Z\nb,99\nc,1970-01-01T00:01:30Z\n")
        let found = Reconciliation(
            [question("a"), question("b"), question("c"), question("d", asked: 200)],
            ledger: ledger)
        #expect(found.timeToCertainty.count == 3)
        #expect(found.timeToCertainty.maximum == 1_500_000)
        #expect(found.timeToCertainty.minimum == 0)
        // Nothing later than 101.5 s is in the ledger yet.
        #expect(found.rows.map(\.booking) == [.booked, .booked, .booked, .open])
    }

    @Test func anEmptyLedgerSettlesNothing() throws {
        let found = Reconciliation([question("a")], ledger: try ledger("payment_id\n"))
        #expect(found.rows.map(\.booking) == [.open])
    }

    @Test(arguments: [("", "an empty ledger"), ("when,what\n1,2\n", "no column of payment ids")])
    func whatIsNoLedgerIsSaidToBeNone(text: String, reason: String) {
        let error = #expect(throws: ResultError.self) { try ledger(text) }
        #expect(error?.description.contains(reason) == true)
    }

    @Test func rowsThatWereWrittenAreReadBackAndACutOneIsLeftOut() throws {
        try withTemporaryFolder { path in
            let payments = ["a,b", "=c", "d\"e"].map {
                UncertainPayment(
                    paymentID: $0, payment: "card", phase: "steady", outcome: .inDoubt,
                    code: "X", httpStatus: nil, intended: 5, sent: nil, completed: 6.5,
                    stage: .allLeft)
            }
            let writer = try ResultFolder(path: path).reconcile()
            try writer.append(payments)
            let part = "\(path)/reconcile.csv.part"
            #expect(
                try OpenQuestion.read(reconcileFile: part) == payments.map { OpenQuestion($0) })
            let whole = try readAll(part)
            try writeFile(String(decoding: whole.dropLast(), as: UTF8.self), to: part)
            #expect(try OpenQuestion.read(reconcileFile: part).map(\.paymentID) == ["a,b", "=c"])
            #expect(try OpenQuestion.read(reconcileFile: "\(path)/nothing").isEmpty)
        }
    }
}
