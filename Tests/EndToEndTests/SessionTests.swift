import Foundation
import Synchronization
import Testing

extension Sending {
    /// Payments of somebody who has to sign in.
    @Suite struct SessionTests {
        private static let credentials = "username: buyer, password: right"

        private static func text(
            _ address: String, _ load: String, credentials: String = credentials,
            more: String = ""
        ) -> String {
            scenario(
                address, load: ["phase: steady, \(load)"],
                target: "auth: { credentials: { \(credentials) } }\(more)")
        }

        /// A service with sessions of its own making: cookie `s=N` is the N-th sign-in's.
        private final class Service: Sendable {
            let signIns = Mutex(0)
            /// Which sessions it knows, once `count` of them were opened.
            let knows: @Sendable (Int, _ count: Int) -> Bool

            init(knows: @escaping @Sendable (Int, Int) -> Bool) { self.knows = knows }

            func target() throws -> RawTarget {
                try RawTarget { [self] (request: RawTarget.Request) -> String in
                    if request.line.contains("/auth/credentials") {
                        let number = signIns.withLock { count in
                            count += 1
                            return count
                        }
                        return RawTarget.answer(
                            "200 OK", ["Set-Cookie: s=\(number); Path=/"], body: "{}")
                    }
                    let isKnown = knows(request.session, signIns.withLock { $0 })
                    return isKnown
                        ? RawTarget.answer("200 OK", body: "{}")
                        : RawTarget.answer("401 Unauthorized", body: "{}")
                }
            }
        }

        @Test func eachWorkerSignsInOnce() throws {
            let target = try Target(["auth: { credentials: { \(Self.credentials) } }"])
            let folder = try Folder()
            let ended = try run(
                Self.text(target.address, "users: 6, payments: 200"), in: folder,
                ["--workers", "2"])
            let summary = try Results(folder).summary
            expectTheCountsAddUp(summary)
            expectItEndedByItself(ended, summary)
            #expect(summary.totals["accepted"] == 200)
            #expect(summary.signIns?.count == 2 && summary.signIns?.failed == 0)
            #expect(try target.ledger.payments == 200)
        }

        @Test func eachUserSignsInOnceAndSendsItsCookie() throws {
            let target = try Service { number, _ in number > 0 }.target()
            let folder = try Folder()
            let credentials = Self.credentials + ", per: user"
            let ended = try run(
                Self.text(
                    target.address, "users: 5, payments_per_user: 20", credentials: credentials),
                in: folder, ["--workers", "2"])
            let summary = try Results(folder).summary
            expectItEndedByItself(ended, summary)
            #expect(summary.signIns?.count == 5 && summary.totals["accepted"] == 100)
            let payments = target.requests.filter { !$0.line.contains("/auth/") }
            let bySession = Dictionary(grouping: payments, by: \.session).mapValues(\.count)
            #expect(bySession == [1: 20, 2: 20, 3: 20, 4: 20, 5: 20])
            // All of them before the first payment.
            #expect(target.requests.prefix(5).allSatisfy { $0.line.contains("/auth/") })
        }

        /// The first session is forgotten at once, the second one stays.
        @Test func whoseSessionIsForgottenSignsInAgain() throws {
            let target = try Service { number, _ in number == 2 }.target()
            let folder = try Folder()
            let ended = try run(
                Self.text(target.address, "users: 3, payments: 200"), in: folder,
                ["--workers", "1"])
            let summary = try Results(folder).summary
            expectTheCountsAddUp(summary)
            expectItEndedByItself(ended, summary)
            #expect(summary.signIns?.count == 2 && summary.signIns?.failed == 0)
            #expect(summary.totals["rejected"] > 0 && summary.totals["accepted"] > 150)
            #expect(summary.count("rejected", "HTTP 401") == summary.totals["rejected"])
        }

        /// A service that lets everybody in and knows nobody: 401 for each payment must not become as
        /// many sign-ins. One before, one at once, and then one a second.
        @Test func aServiceThatKnowsNobodyIsNotAskedWithEveryPayment() throws {
            let target = try Service { _, _ in false }.target()
            let folder = try Folder()
            let ended = try run(
                Self.text(target.address, "rate: 200/s, for: 1s"), in: folder, ["--workers", "1"])
            let summary = try Results(folder).summary
            expectItEndedByItself(ended, summary)
            #expect(summary.totals["rejected"] == summary.totals.started)
            #expect((2...4).contains(try #require(summary.signIns).count))
        }

        /// Sessions end, and nobody is let in again: tried once a second, and counted.
        @Test func aSessionThatCannotBeRenewedIsCounted() throws {
            let seen = Seen()
            let target = try RawTarget { (request: RawTarget.Request) -> String in
                let refused = RawTarget.answer("401 Unauthorized", body: "{}")
                guard request.line.contains("/auth/credentials") else {
                    return seen.count("payment") <= 20
                        ? RawTarget.answer("200 OK", body: "{}") : refused
                }
                return seen.isNew("sign-in") ? RawTarget.answer("200 OK", body: "{}") : refused
            }
            let folder = try Folder()
            let ended = try run(
                Self.text(target.address, "rate: 200/s, for: 1s"), in: folder, ["--workers", "1"])
            let summary = try Results(folder).summary
            expectTheCountsAddUp(summary)
            expectItEndedByItself(ended, summary)
            #expect(summary.totals["accepted"] == 20 && summary.totals["rejected"] > 100)
            let signIns = try #require(summary.signIns)
            #expect((1...3).contains(signIns.failed) && signIns.count == signIns.failed + 1)
        }

        @Test func aWrongPasswordIsSaidAndNothingIsPaid() throws {
            let target = try Target(["auth: { credentials: { \(Self.credentials) } }"])
            let folder = try Folder()
            let ended = try run(
                Self.text(
                    target.address, "users: 6, payments: 200",
                    credentials: "username: buyer, password: wrong"), in: folder)
            #expect(ended.status == 69)
            #expect(ended.talk.contains("sign-in failed: HTTP 401 Unauthorized"))
            #expect(!ended.talk.contains("wrong"))
            #expect(folder.resultFolders.isEmpty)
            #expect(try target.ledger.payments == 0)
        }

        @Test func aSignInThatIsNeverAnsweredEndsBeforeTheStart() throws {
            let target = try RawTarget { (_: RawTarget.Request) -> String in "" }
            let folder = try Folder()
            let ended = try run(
                Self.text(
                    target.address, "users: 6, payments: 200",
                    more: ", timeouts: { connect: 300ms, total: 500ms }"), in: folder)
            #expect(ended.status == 69)
            #expect(ended.talk.contains("sign-in failed: no answer in time"))
            #expect(folder.resultFolders.isEmpty)
            #expect(target.requests.allSatisfy { $0.line.contains("/auth/credentials") })
        }
    }
}

extension RawTarget.Request {
    /// N of the cookie `s=N`; 0 where there is none.
    fileprivate var session: Int {
        let cookies = headers["cookie"] ?? ""
        return cookies.hasPrefix("s=") ? Int(cookies.dropFirst(2)) ?? 0 : 0
    }
}
