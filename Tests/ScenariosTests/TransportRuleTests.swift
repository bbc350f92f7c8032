import Documents
import Payments
import Scenarios
import Testing

@Suite struct TransportRuleTests {
    private static let host = "http://localhost:8080"

    private func scenario(_ target: String, base: String = Self.host) -> ScenarioText {
        ScenarioText(target: "{ base_url: '\(base)', \(target) }")
    }

    private func target(
        _ target: String, base: String = Self.host, libcurl: String? = nil
    ) throws -> Scenario.Target {
        try reading(scenario(target, base: base).text, libcurl: libcurl).get().target
    }

    @Test func whatIsNotSaidIsHTTP11WithConnectionsThatAreUsedAgain() throws {
        let read = try target("path: /pay")
        #expect(read.http.warmUp == 0 && read.http.lifetime == nil && read.http.proxy == nil)
        #expect(read.http.version == .one && read.http.streams == 1 && read.http.reuse)
        #expect(read.tls.versions == [.one2, .one3])
    }

    @Test func everyKeyIsRead() throws {
        let one = try target(
            "http: { version: auto, connections: 4096, warm_up: 4096, rotate: true, "
                + "lifetime: 30s, dns: { refresh: 1m } }, tls: { versions: [1.3] }"
        )
        #expect(one.http.version == .auto && one.http.connections == 4096)
        #expect(one.http.warmUp == 4096 && one.http.rotate)
        #expect(one.http.lifetime == .seconds(30) && one.http.refresh == .seconds(60))
        #expect(one.tls.versions == [.one3])
        let two = try target("http: { version: 2, max_streams: 8 }", libcurl: "8.5.0")
        #expect(two.http.version == .two && two.http.streams == 8)
        #expect(try target("http: { version: 2 }").http.streams == 100)
        let path = try target("http: { unix_socket: s.sock }").http.unixSocket
        #expect(path?.hasSuffix("scenarios/s.sock") == true)
    }

    @Test func aProxyIsAURLOrAURLWithCredentials() throws {
        let plain = try target("http: { proxy: 'socks5://[::1]:1080' }").http.proxy
        #expect(plain?.text == "socks5://[::1]:1080" && plain?.username == nil)
        let text = scenario(
            "http: { proxy: { url: 'http://127.0.0.1:3128/', username: u, "
                + "password: '${secret:WORD}' } }"
        ).text
        let read = try reading(text, environment: ["WORD": "hush"]).get()
        let proxy = read.target.http.proxy
        #expect(proxy?.text == "http://127.0.0.1:3128")
        #expect(proxy?.password?.constant == "hush")
        #expect(!read.effectiveText.contains("hush"))
        #expect(read.effectiveText.contains("password: \"${secret:WORD}\""))
    }

    @Test func whatWasReadIsWrittenAndReadsBack() throws {
        for http in [
            "version: 2, max_streams: 3, allow_defective_http2: true, connections: 9, warm_up: 5",
            "rotate: true, connections: 9, lifetime: 30s, dns: { refresh: 90s }",
            "proxy: 'http://localhost:1'", "unix_socket: /run/pay.sock, reuse: false",
        ] {
            let first = try reading(
                scenario("http: { \(http) }, tls: { versions: [1.2] }").text
            ).get()
            var again = try reading(first.effectiveText).get()
            again.sha256 = first.sha256
            #expect(again == first)
        }
    }

    @Test func aDefectiveHTTP2NeedsInsistence() {
        let said = sentences(about: scenario("http: { version: 2 }"), libcurl: "7.88.1")
        #expect(
            said == [
                "HTTP/2 fails in libcurl 7.88.1: requests on a connection that is used again get no "
                    + "answer; allowed: 1.1, auto (which means 1.1 here), or version: 2 with "
                    + "allow_defective_http2: true"
            ])
        for (http, libcurl) in [
            ("version: 2", "8.0.0"), ("version: 2", "10.1.0"), ("version: auto", "7.88.1"),
            ("version: 2, allow_defective_http2: true", "7.88.1"),
        ] {
            #expect(
                sentences(about: scenario("http: { \(http) }"), libcurl: libcurl).isEmpty,
                "\(http) \(libcurl)")
        }
    }

    private static let mistakes: [(String, String)] = [
        ("http: { version: 3 }", "\"3\"; allowed: 1.1, 2, auto"),
        (
            "http: { max_streams: 4 }",
            "max_streams without version: 2; max_streams is allowed only with it"
        ),
        (
            "http: { version: auto, allow_defective_http2: true }",
            "allow_defective_http2 without version: 2; allow_defective_http2 is allowed only with it"
        ),
        (
            "http: { rotate: true }",
            "rotate without connections: N; rotate is allowed only with it"
        ),
        (
            "http: { warm_up: 9, connections: 8 }",
            "warm_up: 9 with connections: 8; at most 8 is allowed"
        ),
        (
            "http: { reuse: false, warm_up: 9 }",
            "warm_up and reuse: false in one target; one of the two is allowed"
        ),
        (
            "http: { reuse: false, lifetime: 9s }",
            "lifetime and reuse: false in one target; one of the two is allowed"
        ),
        (
            "http: { reuse: false, version: 2 }",
            "version: 2 and reuse: false in one target; one of the two is allowed"
        ),
        (
            "http: { lifetime: 1500ms }",
            "1500ms is out of range; allowed: whole seconds, 1s to 24h"
        ),
        (
            "http: { lifetime: 30 }",
            "30 has no unit; allowed: a duration such as 500us, 20ms, 1.4s, 5m or 1h; "
                + "did you mean \"30s\"?"
        ),
        (
            "http: { dns: 30s }",
            "the text \"30s\"; allowed: a mapping with the keys refresh"
        ),
        (
            "http: { unix_socket: a, proxy: 'http://127.0.0.1:1' }",
            "unix_socket and proxy in one target; one of the two is allowed"
        ),
        (
            "http: { dns: { refresh: 1s }, unix_socket: a }",
            "unix_socket and dns in one target; one of the two is allowed"
        ),
        (
            "http: { dns: { refresh: 1s }, proxy: 'http://127.0.0.1:1' }",
            "dns and proxy in one target; one of the two is allowed"
        ),
        (
            "http: { unix_socket: '' }",
            "an empty path; the path of a unix socket is allowed"
        ),
        (
            "http: { proxy: 127.0.0.1 }",
            "\"127.0.0.1\" as the proxy's URL; allowed: http://HOST:PORT or socks5://HOST:PORT, "
                + "with credentials as username and password beside url"
        ),
        (
            "http: { proxy: { url: 'http://127.0.0.1:1', username: u } }",
            "username without password; username is allowed only with it"
        ),
        ("tls: { versions: [] }", "an empty list; allowed: 1.2, 1.3 or both"),
        ("tls: { versions: [1.1] }", "\"1.1\"; allowed: 1.2, 1.3; did you mean \"1.2\"?"),
    ]

    @Test(arguments: mistakes)
    func aMistakeIsToldWithWhatIsRight(target: String, sentence: String) {
        #expect(sentences(about: scenario(target)) == [sentence])
    }

    @Test(arguments: [
        "http://127.0.0.1", "https://127.0.0.1:1", "http://127.0.0.1:1/path", "ftp://127.0.0.1:1",
        "http://127.0.0.1:0", "http://:3128", "127.0.0.1:3128", "socks4://127.0.0.1:1",
    ])
    func whatIsNoProxyIsRefused(url: String) {
        let said = sentences(about: scenario("http: { proxy: '\(url)' }"))
        #expect(said.count == 1 && said[0].contains("as the proxy's URL"), "\(said)")
    }

    @Test func aPasswordInAProxysURLIsNotShown() {
        let said = sentences(about: scenario("http: { proxy: 'http://u:hush@127.0.0.1:1' }"))
        #expect(said.count == 1 && !said[0].contains("hush"))
    }

    @Test func whatDoesNotSuitTheHostIsRefused() {
        for (base, http) in [
            ("simulator", "unix_socket: a"), ("simulator", "dns: { refresh: 1s }"),
            ("http://127.0.0.1", "dns: { refresh: 1s }"), ("http://[::1]", "dns: { refresh: 1s }"),
        ] {
            let said = sentences(about: scenario("http: { \(http) }", base: base))
            #expect(said.count == 1, "\(base) \(http): \(said)")
        }
    }

    /// What passes through another machine leaves this one, whatever the target is called.
    @Test func aProxyElsewhereNeedsTheConsentThatAHostElsewhereNeeds() {
        let http = "http: { proxy: 'http://proxy.example.test:3128' }"
        let said = sentences(about: scenario(http))
        #expect(said.count == 3)
        #expect(said.allSatisfy { $0.contains("proxy.example.test") })
        var consented = scenario(
            http + ", environment: sandbox, allow_hosts: [proxy.example.test]")
        consented.limits = "{ payments: 100, duration: 1m }"
        #expect(sentences(about: consented).isEmpty)
        // Neither the target's consent nor the proxy's is the other's.
        consented = scenario(
            http + ", environment: sandbox, allow_hosts: [proxy.example.test]",
            base: "https://pay.example.test")
        consented.limits = "{ payments: 100, duration: 1m }"
        #expect(sentences(about: consented).count == 1)
    }

    @Test func aPaymentProviderIsNoProxyEither() {
        let said = sentences(about: scenario("http: { proxy: 'http://api.stripe.com:3128' }"))
        #expect(said.contains { $0.contains("payment provider") })
    }
}
