import Foundation
import Testing

/// What a scrape got: values by series, as the text has them.
private struct Scrape {
    private var values: [String: Double] = [:]

    init(_ text: String) {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let blank = line.lastIndex(of: " ") else { continue }
            values[String(line[..<blank])] = Double(line[line.index(after: blank)...])
        }
    }

    init(port: Int) throws { self.init(try Socket.get("/metrics", port: port)) }

    /// Over all series of a metric whose labels have all of `labels`.
    func sum(_ name: String, _ labels: String...) -> Double {
        values.filter { series, _ in
            series.hasPrefix(name + "{") && labels.allSatisfy(series.contains)
        }.values.reduce(0, +)
    }
}

/// A Prometheus of Debian's that scrapes one port once a second.
private final class Prometheus {
    static let program = "/usr/bin/prometheus"
    static let isThere = FileManager.default.isExecutableFile(atPath: program)

    private let process = Process()
    private let port: Int
    private let folder: Folder

    init(scraping target: Int) throws {
        folder = try Folder()
        port = try Socket.unusedPort()
        let example = Binary.package.appendingPathComponent("docs/examples/prometheus.yml")
        let text = try String(contentsOf: example, encoding: .utf8)
        let file = try folder.write(
            text.replacingOccurrences(of: ":9464", with: ":\(target)"), as: "prometheus.yml")
        process.executableURL = URL(fileURLWithPath: Self.program)
        process.arguments = [
            "--config.file=\(file)", "--storage.tsdb.path=\(folder.url.path)/data",
            "--web.listen-address=127.0.0.1:\(port)", "--log.level=error",
        ]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        try eventually(within: 60, "Prometheus is ready") {
            guard process.isRunning else { throw TookTooLong(what: "Prometheus ended") }
            return (try? Socket.get("/-/ready", port: port))?.contains("Ready") == true
        }
        // It looks for its targets some seconds after it is ready.
        try eventually(within: 60, "Prometheus has asked its target, which is not there yet") {
            let targets = try? Socket.get("/api/v1/targets?state=active", port: self.port)
            return targets?.contains("\"health\":\"down\"") == true
        }
    }

    deinit { kill(process.processIdentifier, SIGKILL) }

    private struct Answer: Decodable {
        struct Content: Decodable { var result: [Series] }
        struct Series: Decodable {
            var metric: [String: String]
            /// An instant, and a number in quotes.
            var value: [Value]
        }
        enum Value: Decodable {
            case instant(Double)
            case number(Double)

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let number = try? container.decode(Double.self) {
                    self = .instant(number)
                } else {
                    self = .number(Double(try container.decode(String.self)) ?? .nan)
                }
            }
        }
        var status: String
        var data: Content
    }

    /// By the value of `label`.
    func query(_ expression: String, by label: String) throws -> [String: Double] {
        let allowed = CharacterSet.alphanumerics
        let query = try #require(expression.addingPercentEncoding(withAllowedCharacters: allowed))
        let text = try Socket.get("/api/v1/query?query=\(query)", port: port)
        let json = text.drop { $0 != "{" }
        let end = try #require(json.lastIndex(of: "}"))
        let answer = try JSONDecoder().decode(Answer.self, from: Data(json[...end].utf8))
        #expect(answer.status == "success")
        return answer.data.result.reduce(into: [:]) { values, series in
            guard case .number(let number)? = series.value.last else { return }
            values[series.metric[label] ?? ""] = number
        }
    }
}

extension Keeping {
    /// `--metrics-port`, and what others make of it.
    @Suite struct LiveMetricsTests {
        /// Two kinds of trouble, and a pause in which the last counts can be seen.
        private static let text = scenario(
            "simulator",
            load: [
                "phase: warm-up, rate: 100/s, for: 500ms, measure: false",
                "phase: steady, rate: 200/s, for: 2s", "phase: last-scrape, pause: 3s",
            ],
            more: [
                "simulator: { answers: [ { share: 10%, status: 402, code: CardDeclined } ], "
                    + "drops: [ { share: 5%, point: after_booking } ] }"
            ])

        private func expect(
            _ scrape: Scrape, toTellOf summary: Summary, _ place: SourceLocation = #_sourceLocation
        ) {
            for (outcome, count) in summary.totals.outcomes {
                #expect(
                    scrape.sum("paybench_payments_total", "outcome=\"\(outcome)\"")
                        == Double(count), "\(outcome)", sourceLocation: place)
            }
            #expect(
                scrape.sum("paybench_started_total") == Double(summary.totals.started),
                sourceLocation: place)
            for code in summary.errors {
                #expect(
                    scrape.sum(
                        "paybench_codes_total", "outcome=\"\(code.outcome)\"",
                        "code=\"\(code.code)\"")
                        == Double(summary.count(code.outcome, code.code)), sourceLocation: place)
            }
            #expect(
                scrape.sum(
                    "paybench_response_time_seconds_bucket", "measured=\"true\"", "le=\"+Inf\"")
                    == Double(summary.latency.responseTime.count), sourceLocation: place)
            #expect(scrape.sum("paybench_in_flight") == 0, sourceLocation: place)
            #expect(scrape.sum("paybench_run_validity") == 1, sourceLocation: place)
        }

        @Test func whatIsServedAtTheEndIsWhatTheSummarySays() throws {
            let folder = try Folder()
            let port = try Socket.unusedPort()
            let command = try start(
                Self.text, in: folder,
                ["--metrics-port", "\(port)", "--write", "prometheus=run.prom"])
            try eventually(within: 60, "the last phase has begun, and nothing is in flight") {
                guard let scrape = try? Scrape(port: port) else { return false }
                return scrape.sum("paybench_phase_active", "last-scrape") == 1
                    && scrape.sum("paybench_in_flight") == 0
                    && scrape.sum("paybench_run_validity") == 1
            }
            let last = try Scrape(port: port)
            let ended = try command.wait()
            let results = try Results(folder)
            let summary = try results.summary
            expectTheCountsAddUp(summary)
            expectItEndedByItself(ended, summary)
            #expect(summary.totals["declined"] > 0 && summary.totals["in_doubt"] > 0)
            expect(last, toTellOf: summary)
            #expect(!Socket.answers(port: port))

            let stored = try paybench(
                ["report", results.folder, "--format", "prometheus"], in: folder)
            #expect(stored.status == 0)
            expect(Scrape(stored.output), toTellOf: summary)
            let written = folder.url.appendingPathComponent("run.prom")
            #expect(try String(contentsOf: written, encoding: .utf8) == stored.output)
        }

        @Test func aPortThatIsTakenIsRefusedAndNothingIsSent() throws {
            let folder = try Folder()
            let target = try Target()
            let (socket, port) = try Socket.listen()
            defer { close(socket) }
            for (given, words) in [
                ("\(port)", "--metrics-port \(port): Address already in use"),
                ("65536", "0…65535 are possible"), ("-1", "0…65535 are possible"),
                ("9464.5", "9464.5"),
            ] {
                let ended = try run(
                    scenario(target.address, load: ["phase: open, rate: 100/s, for: 1s"]),
                    in: folder, ["--metrics-port=\(given)"])
                #expect(ended.status == 64 && ended.talk.contains(words), "\(ended.talk)")
            }
            #expect(folder.resultFolders.isEmpty)
            #expect(try target.ledger.requests == 0)
        }

        @Test func aPortThatTheSystemChoseIsSaid() throws {
            let folder = try Folder()
            let ended = try run(
                scenario("simulator", load: ["phase: open, users: 1, payments: 1"]), in: folder,
                ["--metrics-port", "0", "--quiet"])
            let said = ended.talk.wholeMatch(
                of: /paybench: metrics at http:\/\/127\.0\.0\.1:([0-9]+)\/metrics\n/)
            #expect(said.flatMap { Int($0.output.1) }.map { $0 > 0 } == true, "\(ended.talk)")
        }

        @Test(
            .enabled(
                if: Prometheus.isThere, "prometheus is missing; scripts/setup --interop installs it"
            ))
        func aRealPrometheusCountsWhatTheSummaryCounts() throws {
            let folder = try Folder()
            let port = try Socket.unusedPort()
            let prometheus = try Prometheus(scraping: port)
            let ended = try run(Self.text, in: folder, ["--metrics-port", "\(port)"])
            let summary = try Results(folder).summary
            expectItEndedByItself(ended, summary)
            let seen = try prometheus.query(
                "sum by (outcome) (max_over_time(paybench_payments_total[5m]))", by: "outcome")
            #expect(seen == summary.totals.outcomes.mapValues(Double.init))
            let buckets = try prometheus.query(
                "sum(max_over_time(paybench_response_time_seconds_bucket{le=\"+Inf\","
                    + "measured=\"true\"}[5m]))", by: "")
            #expect(buckets[""] == Double(summary.latency.responseTime.count))
        }
    }
}
