import Foundation
import Testing

extension Sending {
    /// Connections that break at every stage of a payment, held against what the target read of it.
    @Suite struct DoubtTests {
        /// What is sent, and so what of it a connection takes at once.
        enum Request: CaseIterable {
            /// Always at once.
            case short
            /// Head and body are handed over together, and do not fit.
            case long
            /// The head by itself, and then a body that does not fit.
            case veryLong
            /// Its head does not fit.
            case longHead

            var payment: String {
                switch self {
                case .short: "type: scheme"
                case .long: "type: \"\(String(repeating: "x", count: 62_000))\""
                case .veryLong: "type: \"\(String(repeating: "x", count: 220_000))\""
                case .longHead: "type: \"\(String(repeating: "x", count: 4000))\""
                }
            }

            var headers: String {
                guard self == .longHead else { return "" }
                return ", headers: { X-Pad: \(String(repeating: "p", count: 220_000)) }"
            }

            /// On new connections and on such as have answered before.
            func breaks(isEncrypted: Bool) -> [StageTarget.Break] {
                switch self {
                case .short:
                    [.accept, .unread].flatMap { Self.breaks($0) }
                        + [
                            StageTarget.Point.afterRequest, .midStatusLine, .midHead, .midBody,
                            .badGateway, .gatewayTimeout,
                        ].flatMap { Self.breaks($0) + Self.breaks($0, answered: 1) }
                case .long, .veryLong, .longHead:
                    // A record of TLS, 16 KiB, that is read makes room for the rest of a request that is not
                    // very long; and TLS is closed by both ends, which has to read on.
                    (Self.breaks(.unread)
                        + (isEncrypted && self == .long ? [] : Self.breaks(.midRequest)))
                        .filter { !isEncrypted || $0.manner != .close }
                }
            }

            private static func breaks(
                _ point: StageTarget.Point, answered: Int = 0
            ) -> [StageTarget.Break] {
                StageTarget.Manner.allCases.map {
                    StageTarget.Break(point: point, manner: $0, answered: answered)
                }
            }
        }

        @Test(arguments: [false, true], Request.allCases)
        func aPaymentIsWhereItsTargetHasIt(isEncrypted: Bool, request: Request) throws {
            let certificates = isEncrypted ? try Certificates() : nil
            let breaks = request.breaks(isEncrypted: isEncrypted)
            let target = try StageTarget(
                breaks, certificates: certificates, isNarrow: request != .short)
            let folder = try Folder()
            let tls = certificates.map { ", tls: { ca_file: \"\($0.authority)\" }" } ?? ""
            let payments = breaks.reduce(0) { $0 + 1 + $1.answered } * 2
            let ended = try run(
                scenario(
                    "\(isEncrypted ? "https" : "http")://127.0.0.1:\(target.port)",
                    load: ["phase: closed, users: 16, payments: \(payments)"],
                    payment: request.payment,
                    target: "parameters: query, timeouts: { connect: 1s, total: 1300ms }"
                        + request.headers + tls), in: folder)
            let results = try Results(folder)
            let summary = try results.summary
            expectItEndedByItself(ended, summary)
            expectTheCountsAddUp(summary)
            let entries = target.ledger.entries
            #expect(Set(entries.broken.values).union(entries.anonymous.keys) == Set(breaks))
            try expectAgreement(
                of: results, summary.totals, with: entries, isEncrypted, isShort: request == .short)
        }

        private static let faults = [
            "latency: { constant: 20ms }", "answers:",
            "  - { share: 5%, status: 502, code: BadGateway }",
            "  - { share: 5%, status: 504, code: GatewayTimeout }",
            "  - { share: 5%, status: 402, code: CardDeclined }", "faults:",
            "  - { kind: reset, point: before_booking, share: 6%, name: before }",
            "  - { kind: reset, point: during_booking, share: 6%, name: during }",
            "  - { kind: reset, point: after_booking, share: 6%, name: after }",
            "  - { kind: cut_body, share: 6% }", "  - { kind: bad_json, share: 6% }",
            "  - { kind: drip, time: 4s, share: 6% }",
        ]

        @Test(arguments: [false, true])
        func whatTheLedgerHasBookedIsAcceptedOrListed(isEncrypted: Bool) throws {
            let target = try Target(Self.faults, arguments: isEncrypted ? ["--tls"] : [])
            let tls = target.authority.map { "tls: { ca_file: \"\($0)\" }, " } ?? ""
            let folder = try Folder()
            let ended = try run(
                scenario(
                    target.address, load: ["phase: closed, users: 20, payments: 600"],
                    target: tls + "timeouts: { connect: 1s, total: 1500ms }"), in: folder)
            let results = try Results(folder)
            let totals = try results.summary.totals
            expectItEndedByItself(ended, try results.summary)
            #expect(totals["not_sent"] == 0 && totals["in_doubt"] > 60)
            let rows = try results.rows("reconcile.csv")
            let listed = Set(rows.map { StageLedger.key($0["payment_id"] ?? "") })
            let entries = try target.entries
            #expect(entries.count == totals.started)
            let silent = entries.filter {
                $0.value.bookings > 0 && !listed.contains(StageLedger.key($0.key))
            }
            #expect(
                silent.count == totals["accepted"] && silent.allSatisfy { $0.value.answer == "200" }
            )
            for row in rows where row["outcome"] == "in_doubt" {
                let isDropped = ["GOT_NOTHING", "RECV_ERROR"].contains(row["code"])
                #expect(row["stage"] == (isDropped ? "all_left" : "answer_begun"), "\(row)")
            }
        }

        /// A connection that answered a short payment takes a part of a long one: libcurl would send that
        /// again, and forgets how much of it had left.
        @Test func aLongPaymentOnAConnectionThatWasUsedHasPartlyLeft() throws {
            let breaks = StageTarget.Manner.allCases.map {
                StageTarget.Break(point: .midRequest, manner: $0, answered: 1)
            }
            let target = try StageTarget(breaks, certificates: nil, isNarrow: true)
            let folder = try Folder()
            let long = String(repeating: "x", count: 90_000)
            let ended = try run(
                """
                version: 1
                name: test
                target:
                  base_url: "http://127.0.0.1:\(target.port)"
                  parameters: query
                  timeouts: { connect: 1s, total: 1300ms }
                payments:
                  - { name: short, client_type: IOS, payment_method: { type: scheme } }
                  - { name: long, client_type: IOS, payment_method: { type: "\(long)" } }
                load:
                  - { phase: first, users: 6, payments: 6, mix: { short: 1 } }
                  - { phase: second, users: 6, payments: 6, mix: { long: 1 } }
                """, in: folder, ["--workers", "1"])
            let results = try Results(folder)
            expectItEndedByItself(ended, try results.summary)
            let rows = try results.rows("reconcile.csv")
            #expect(rows.map { $0["stage"] } == Array(repeating: "partly_left", count: 6))
            let used = target.ledger.entries.broken.values
            #expect(Set(used) == Set(breaks) && used.count == 6)
        }

        /// The first attempt was read and not answered; the second one is refused, or can't be made.
        @Test(arguments: ["429 Too Many Requests", "409 Conflict", ""])
        func anAttemptThatTellsNothingLeavesThePaymentInDoubt(second: String) throws {
            let seen = Seen()
            let target = try RawTarget { request, _ -> RawTarget.Answer in
                if seen.isNew(request.paymentID) { return .last("") }
                return .text(RawTarget.answer(second, body: "{}"))
            }
            let folder = try Folder()
            let text = scenario(
                target.address, load: ["phase: steady, users: 1, payments: 3"],
                more: ["retry: { on: [in_doubt], max: 1, after: 500ms }"],
                target: "timeouts: { connect: 1s, total: 2s }")
            let command = try start(text, in: folder)
            if second.isEmpty {
                try eventually(within: 20, "a payment came") { !target.requests.isEmpty }
                target.refuseConnections()
            }
            expectItEndedByItself(try command.wait(), try Results(folder).summary)
            let results = try Results(folder)
            let totals = try results.summary.totals
            #expect(totals.retries == (second.isEmpty ? 1 : 3))
            let booked = Set(target.requests.map { StageLedger.key($0.paymentID) })
            let rows = try results.rows("reconcile.csv")
            #expect(Set(rows.map { StageLedger.key($0["payment_id"] ?? "") }) == booked)
            #expect(rows.allSatisfy { $0["stage"] == "all_left" && $0["outcome"] == "in_doubt" })
            #expect(totals["in_doubt"] == booked.count)
            #expect(totals["not_sent"] == 3 - booked.count)
        }

        private func expectAgreement(
            of results: Results, _ totals: Summary.Totals, with entries: StageLedger.Entries,
            _ isEncrypted: Bool, isShort: Bool
        ) throws {
            let rows = try results.rows("reconcile.csv").map { row in
                (StageLedger.key(row["payment_id"] ?? ""), row["stage"] ?? "", row["outcome"] ?? "")
            }
            let stages = Dictionary(rows.map { ($0.0, $0.1) }) { $0 + " and " + $1 }
            #expect(rows.allSatisfy { $0.2 == "in_doubt" } && rows.count == totals["in_doubt"])
            #expect(totals["accepted"] == entries.accepted.count)
            #expect(
                totals.started == totals["accepted"] + totals["in_doubt"] + totals["not_sent"])
            for (id, fate) in entries.broken {
                #expect(fate.stages.contains(stages[id] ?? "none"), "\(fate)")
            }
            // Of the others the target knows no id: how many there are of each stage has to be possible.
            let others = rows.filter { entries.broken[$0.0] == nil }.map(\.1)
            let unread = entries.anonymous.filter { $0.key.point == .unread || !isEncrypted }
            let refused = entries.anonymous.filter { $0.key.point == .accept }
            #expect(others.allSatisfy { $0 == (isShort ? "all_left" : "partly_left") }, "\(others)")
            #expect(others.count + totals["not_sent"] == entries.anonymous.values.reduce(0, +))
            #expect(others.count <= unread.values.reduce(0, +))
            #expect(totals["not_sent"] <= refused.values.reduce(0, +))
            #expect(entries.booked.subtracting(entries.accepted).isSubset(of: stages.keys))
        }
    }
}

extension StageTarget.Break {
    /// What `reconcile.csv` may say of a payment whose id was read.
    fileprivate var stages: [String] {
        switch point {
        case .accept, .unread: []
        case .midRequest: ["partly_left"]
        case .afterRequest: ["all_left"]
        // Of less than a line libcurl tells while it waits for more, and else of a new connection's reset.
        case .midStatusLine:
            switch manner {
            case .silence: ["answer_begun"]
            case .reset: answered == 0 ? ["answer_begun"] : ["all_left"]
            case .close: ["all_left"]
            }
        case .midHead, .midBody, .badGateway, .gatewayTimeout: ["answer_begun"]
        }
    }
}
