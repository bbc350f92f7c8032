import Foundation
import Testing

extension Sending {
    /// What really leaves, byte for byte.
    @Suite struct WireTests {
        private struct Form {
            var target: String
            var path: String
            var accept: String
            var wraps = false
        }

        private static let route = "/mobile/payments/makePayment"

        private static let forms = [
            Form(target: "format: accept", path: route, accept: "application/json"),
            Form(target: "format: suffix", path: "\(route).json", accept: "*/*"),
            Form(target: "format: query", path: "\(route)?format=json", accept: "*/*"),
            Form(
                target: "format: { jsonp: cb }", path: "\(route)?callback=cb",
                accept: "text/javascript", wraps: true),
            Form(target: "path: /other", path: "/other", accept: "application/json"),
        ]

        @Test func aRequestIsWhatTheServiceWants() throws {
            for form in Self.forms {
                let wraps = form.wraps
                let target = try RawTarget { _ in
                    RawTarget.answer(
                        "200 OK", ["Set-Cookie: ss-id=abc; path=/"],
                        body: wraps ? "cb({\"data\":\"x\"})" : "{\"data\":\"x\"}")
                }
                let folder = try Folder()
                let ended = try run(
                    scenario(
                        target.address, load: ["phase: closed, users: 1, payments: 3"],
                        target: "\(form.target), auth: { bearer: tok }, headers: { X-Channel: b }"),
                    in: folder, ["--run", "run-17"])
                #expect(ended.status == 0)
                #expect(try Results(folder).summary.totals["accepted"] == 3)
                let requests = target.requests
                #expect(requests.count == 3)
                for request in requests {
                    #expect(request.line == "POST \(form.path) HTTP/1.1")
                    #expect(request.headers["accept"] == form.accept)
                    expectTheHeadersOfEveryRequest(request)
                    #expect(request.body.hasPrefix(#"{"paymentId":""#))
                    #expect(
                        request.body.hasSuffix(
                            #"","paymentMethod":{"type":"scheme"},"clientType":1}"#))
                }
                #expect(Set(requests.map(\.body)).count == 3)
            }
        }

        private func expectTheHeadersOfEveryRequest(_ request: RawTarget.Request) {
            let headers = request.headers
            let agent = headers["user-agent"] ?? ""
            #expect(agent.hasPrefix("paybench/") && agent.contains("run-17"))
            #expect(headers["content-type"] == "application/json")
            #expect(headers["content-length"] == String(request.body.utf8.count))
            #expect(headers["authorization"] == "Bearer tok")
            #expect(headers["x-channel"] == "b")
            // A cookie was set by every answer.
            let names = [
                "expect", "transfer-encoding", "cookie", "content-encoding", "proxy-connection",
            ]
            for name in names { #expect(headers[name] == nil) }
        }

        @Test func parametersOfTheQueryTravelThere() throws {
            let target = try RawTarget { _ in RawTarget.answer("200 OK", body: "{}") }
            let folder = try Folder()
            let ended = try run(
                scenario(
                    target.address, load: ["phase: closed, users: 1, payments: 2"],
                    target: "parameters: query, format: query"), in: folder)
            #expect(ended.status == 0)
            #expect(target.requests.count == 2)
            for request in target.requests {
                #expect(request.body == #"{"paymentMethod":{"type":"scheme"}}"#)
                let line =
                    /POST \S+makePayment\?format=json&paymentId=[0-9a-f]{32}&clientType=1 HTTP\/1.1/
                #expect(request.line.wholeMatch(of: line) != nil)
            }
            #expect(Set(target.requests.map(\.line)).count == 2)
        }

        @Test func nobodyElseIsEverCalled() throws {
            let other = try RawTarget { _ in RawTarget.answer("200 OK", body: "{}") }
            let elsewhere = other.address
            let target = try RawTarget { _ in
                RawTarget.answer("302 Found", ["Location: \(elsewhere)/login"])
            }
            let folder = try Folder()
            let text = scenario(
                target.address, load: ["phase: closed, users: 2, payments: 10"]
            ).replacing("client_type: IOS", with: "client_type: IOS, return_url: \(elsewhere)/back")
            let ended = try run(
                text, in: folder,
                environment: [
                    "http_proxy": elsewhere, "HTTP_PROXY": elsewhere, "ALL_PROXY": elsewhere,
                    "all_proxy": elsewhere,
                ])
            #expect(ended.status == 0)
            let summary = try Results(folder).summary
            #expect(summary.count("rejected", "HTTP 302") == 10)
            #expect(target.requests.count == 10)
            #expect(other.connections == 0)
        }

        @Test(arguments: [
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{\"data\"", "malformed",
                "UNREADABLE_ANSWER"
            ),
            ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "malformed", "EMPTY_ANSWER"),
            ("nonsense\r\n\r\n", "malformed", "UNSUPPORTED_PROTOCOL"),
            ("HTTP/1.1 204 No Content\r\n\r\n", "accepted", ""),
            ("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "provider_error", "HTTP 503"),
            ("HTTP/1.1 504 Gateway\r\nContent-Length: 0\r\n\r\n", "in_doubt", "HTTP 504"),
        ])
        func everyAnswerHasItsOutcome(answer: String, outcome: String, code: String) throws {
            try expectThreePayments(to: RawTarget { _ in answer }, toEndAs: outcome, code)
        }

        /// The connection ends behind the bytes; a head without its blank line is no answer.
        @Test(arguments: [
            ("HTTP/1.1 204 No Content\r\n", "in_doubt", "PARTIAL_HEAD"),
            ("HTTP/1.1 402 Declined\r\nContent-Ty", "in_doubt", "PARTIAL_HEAD"),
            ("HTTP/1.1 400 Bad\r\nX: y\r\n", "in_doubt", "PARTIAL_HEAD"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"data\"", "in_doubt", "PARTIAL_FILE"),
            ("", "in_doubt", "GOT_NOTHING"),
            ("HTTP/1.0 200 OK\r\n\r\n{}", "accepted", ""),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}", "accepted", ""),
            (
                "HTTP/1.1 200 OK\r\nConnection: close\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX: y\r\n\r\n",
                "accepted", ""
            ),
            (
                "HTTP/1.1 200 OK\r\nX: " + String(repeating: "y", count: 200_000) + "\r\n\r\n{}",
                "malformed", "HEAD_TOO_LONG"
            ),
        ])
        func anAnswerThatIsCutIsInDoubt(answer: String, outcome: String, code: String) throws {
            try expectThreePayments(to: RawTarget { _, _ in .last(answer) }, toEndAs: outcome, code)
        }

        private func expectThreePayments(
            to target: RawTarget, toEndAs outcome: String, _ code: String
        ) throws {
            let folder = try Folder()
            let ended = try run(
                scenario(target.address, load: ["phase: closed, users: 1, payments: 3"]),
                in: folder)
            #expect(ended.status == 0)
            let summary = try Results(folder).summary
            expectTheCountsAddUp(summary)
            #expect(summary.totals[outcome] == 3)
            #expect(code.isEmpty || summary.count(outcome, code) == 3)
            #expect(target.requests.count == 3)
        }

        /// libcurl would connect and send again; it gets neither, so no payment leaves twice.
        @Test func aReusedConnectionThatDiesIsNotReplacedForTheSamePayment() throws {
            let accepted = RawTarget.answer("200 OK", body: "{}")
            let target = try RawTarget { _, count in count == 1 ? .text(accepted) : .last("") }
            let folder = try Folder()
            let ended = try run(
                scenario(target.address, load: ["phase: closed, users: 1, payments: 40"]),
                in: folder)
            #expect(ended.status == 0)
            let summary = try Results(folder).summary
            expectTheCountsAddUp(summary)
            #expect(summary.totals["accepted"] == 20)
            #expect(summary.count("in_doubt", "GOT_NOTHING") == 20)
            #expect(target.requests.count == 40)
            #expect(Set(target.requests.map(\.body)).count == 40)
            // One for each pair of payments, and the first one that only knocks.
            #expect(target.connections == 21)
        }

        /// Half of a body, and then nothing more: after the timeout the payment is in doubt.
        @Test func anAnswerThatStopsHalfWayIsInDoubt() throws {
            let target = try RawTarget { _ in
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"data\":"
            }
            let folder = try Folder()
            let ended = try run(
                scenario(
                    target.address, load: ["phase: closed, users: 2, payments: 2"],
                    target: "timeouts: { connect: 300ms, total: 600ms }"), in: folder)
            #expect(ended.status == 0)
            let results = try Results(folder)
            let summary = try results.summary
            #expect(summary.count("in_doubt", "OPERATION_TIMEDOUT") == 2)
            #expect(try results.rows("reconcile.csv").count == 2)
            // Recorded at its age.
            #expect(try #require(summary.latency.responseTime.p50Us) >= 600_000)
        }
    }

    @Suite struct SecretTests {
        @Test func aSecretIsSentAndNeverShown() throws {
            let secrets = ["PAY_TOKEN": "tok-5f1c9e77", "PAY_CARD": "card-88aa31cd"]
            let target = try RawTarget { _ in RawTarget.answer("200 OK", body: "{}") }
            let folder = try Folder()
            let text = scenario(
                target.address, load: ["phase: closed, users: 1, payments: 5"],
                payment: "token: \"${secret:PAY_CARD}\"",
                target: "auth: { bearer: \"${secret:PAY_TOKEN}\" }, "
                    + "headers: { X-Key: \"k ${secret:PAY_TOKEN}\" }")
            let ended = try run(text, in: folder, environment: secrets)
            #expect(ended.status == 0)
            for request in target.requests {
                #expect(request.headers["authorization"] == "Bearer tok-5f1c9e77")
                #expect(request.headers["x-key"] == "k tok-5f1c9e77")
                #expect(request.body.contains("card-88aa31cd"))
            }
            let file = try folder.write(text, as: "plan.yaml")
            let plan = try paybench(["plan", file], in: folder, environment: secrets)
            let results = try Results(folder)
            var shown = [ended.output, ended.talk, plan.output, plan.talk]
            shown += try results.files.map { try results.text($0) }
            let encoded = secrets.values.map { Data($0.utf8).base64EncodedString() }
            for secret in Array(secrets.values) + encoded {
                #expect(shown.allSatisfy { !$0.contains(secret) })
            }
            #expect(try results.text("scenario.yaml").contains("${secret:PAY_TOKEN}"))
            #expect(plan.output.contains("${secret:PAY_CARD}"))
        }

        @Test func aSecretThatIsNotThereIsNamed() throws {
            let folder = try Folder()
            let ended = try run(
                scenario(
                    "http://127.0.0.1:9", load: ["phase: closed, users: 1, payments: 5"],
                    target: "auth: { bearer: \"${secret:PAYBENCH_NO_SUCH_SECRET}\" }"), in: folder)
            #expect(ended.status == 64)
            #expect(ended.talk.contains("PAYBENCH_NO_SUCH_SECRET"))
        }
    }
}
