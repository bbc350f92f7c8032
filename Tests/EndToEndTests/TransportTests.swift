import Foundation
import Testing

extension Sending {
    /// Which connections payments travel on.
    @Suite struct TransportTests {
        private let answer = RawTarget.answer("200 OK", body: "{}")

        @Test func aConnectionThatIsTooOldIsNotUsedAgain() throws {
            let target = try RawTarget { [answer] _ in answer }
            let folder = try Folder()
            _ = try run(
                scenario(
                    target.address,
                    load: ["phase: closed, users: 1, think_time: 1200ms, payments: 4"],
                    target: "http: { lifetime: 1s }"), in: folder)
            // libcurl counts in whole seconds: after 1.2 s or after 2.4 s at the latest a new one.
            #expect((3...5).contains(target.connections), "\(target.connections)")
            #expect(target.requests.count == 4)
        }

        /// A libcurl before 8.0 loses a few answers; what it loses is in doubt, and counted.
        @Test func paymentsShareConnectionsOfHTTP2() throws {
            let target = try Target(["latency: { constant: 20ms }"], arguments: ["--tls"])
            let tls = "tls: { ca_file: \(try #require(target.authority)) }"
            let http = "http: { version: 2, allow_defective_http2: true, max_streams: 8, "
            let folder = try Folder()
            let ended = try run(
                scenario(
                    target.address, load: ["phase: closed, users: 16, payments: 400"],
                    target: "\(tls), \(http) connections: 2 }"), in: folder, ["--workers", "1"])
            #expect([0, 5].contains(ended.status), "\(ended.talk)")
            let summary = try Results(folder).summary
            expectTheCountsAddUp(summary)
            #expect(summary.totals.started == 400)
            #expect(summary.totals["accepted"] >= 380, "\(summary.errors)")
            #expect(try target.ledger.payments >= summary.totals["accepted"])
            // 16 at a time with 8 on each connection; each that broke is replaced.
            let broken = 400 - summary.totals["accepted"]
            #expect(summary.generator.connectionsOpened <= 2 + broken)
        }

        @Test func aDefectiveHTTP2IsRefusedByTheLibcurlOfTheRun() throws {
            let folder = try Folder()
            let version = try paybench(["--version"], in: folder).output
            let isOld = version.contains("libcurl 7.")
            let ended = try run(
                scenario(
                    "http://127.0.0.1:9", load: ["phase: closed, users: 1, payments: 3"],
                    target: "http: { version: 2 }"), in: folder)
            #expect(ended.status == (isOld ? 64 : 69))
            #expect(ended.talk.contains("allow_defective_http2: true") == isOld)
        }

        /// The proxy is told the name: it is not looked up here, where nobody has it.
        @Test func aSocksProxyIsGivenTheTargetsName() throws {
            let proxy = try SocksTarget()
            let folder = try Folder()
            let ended = try run(
                scenario(
                    "http://pay.invalid", load: ["phase: closed, users: 2, payments: 20"],
                    more: ["limits: { payments: 20, duration: 1m }"],
                    target: "environment: sandbox, allow_hosts: [pay.invalid], "
                        + "http: { proxy: \"socks5://127.0.0.1:\(proxy.port)\" }"), in: folder)
            #expect([0, 5].contains(ended.status), "\(ended.talk)")
            #expect(try Results(folder).summary.totals["accepted"] == 20)
            // The one that knocks, and one for each user.
            #expect(proxy.hosts == Array(repeating: "pay.invalid", count: 3))
        }

        @Test func aProxysCredentialsAreSentAndNeverShown() throws {
            let target = try Target()
            let proxy = try RawTarget { [answer] _ in answer }
            let folder = try Folder()
            let ended = try run(
                scenario(
                    target.address, load: ["phase: closed, users: 1, payments: 3"],
                    target: "auth: { bearer: tok }, http: { proxy: { url: \"\(proxy.address)\", "
                        + "username: u, password: \"${secret:PROXY_WORD}\" } }"),
                in: folder, environment: ["PROXY_WORD": "hush-51d7"])
            let results = try Results(folder)
            let basic = Data("u:hush-51d7".utf8).base64EncodedString()
            #expect(proxy.requests.count == 3)
            for request in proxy.requests {
                #expect(request.line.hasPrefix("POST \(target.address)/mobile/"))
                #expect(request.headers["proxy-authorization"] == "Basic \(basic)")
            }
            for text in try [ended.output, ended.talk] + results.files.map(results.text) {
                #expect(!text.contains("hush-51d7") && !text.contains(basic))
            }
        }
    }
}
