import Exposition
import Foundation
import Payments
import Results
import Testing

/// Programs of others that read metrics; `scripts/setup --interop` installs them.
private enum Partner {
    static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let promtool = "/usr/bin/promtool"
    static let python = package.appendingPathComponent(".build/interop/bin/python").path

    static let hasPromtool = FileManager.default.isExecutableFile(atPath: promtool)
    static let hasPython =
        (try? run(python, ["-c", "import prometheus_client"], input: ""))?.status == 0

    static func run(
        _ program: String, _ arguments: [String], input: String
    ) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("paybench-metrics-\(UUID().uuidString)")
        try Data(input.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        process.standardInput = try FileHandle(forReadingFrom: file)
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let printed = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: printed, as: UTF8.self))
    }
}

@Suite struct PartnerTests {
    /// With hostile codes beside the usual ones.
    private static func metrics(seed: UInt64, adapters: [String]) -> (RunMetrics, payments: Int) {
        let run = ListedRun(seed: seed, adapters: adapters)
        var metrics = RunMetrics(run.start)
        for interval in run.intervals { metrics.add(interval) }
        var interval = Interval(of: run.start)
        for code in ["\"} 1", "\\", "#", "é\n", "", "{a=\"b\"}"] {
            interval.phases[0].codes[
                Interval.Code(outcome: .declined, code: code, httpStatus: nil, field: nil)] = 1
        }
        metrics.add(interval)
        metrics.verdict = Verdict(
            validity: .invalid,
            causes: [.init(check: "clock", value: 1, threshold: 0, advice: "")])
        return (metrics, run.payments.count)
    }

    @Test(
        .enabled(
            if: Partner.hasPromtool, "promtool is missing; scripts/setup --interop installs it"))
    func promtoolHasNothingToSay() throws {
        for (seed, adapters) in [(UInt64(1), []), (2, ["north", "south"])] {
            let metrics = Self.metrics(seed: seed, adapters: adapters).0
            let ended = try Partner.run(
                Partner.promtool, ["check", "metrics"], input: metrics.text(as: .prometheus))
            #expect(ended.status == 0 && ended.output.isEmpty, "\(ended.output)")
        }
    }

    @Test(
        .enabled(
            if: Partner.hasPython,
            "prometheus_client is missing; scripts/setup --interop installs it"))
    func prometheusClientReadsBothFormats() throws {
        let program = """
            import sys
            from prometheus_client.openmetrics import parser as openmetrics
            from prometheus_client import parser as prometheus
            parser = {"openMetrics": openmetrics, "prometheus": prometheus}[sys.argv[1]]
            families = parser.text_string_to_metric_families(sys.stdin.read())
            samples = [s for f in families for s in f.samples]
            print(int(sum(s.value for s in samples if s.name == "paybench_payments_total")),
                  sum(int(s.value) for s in samples if s.name == "paybench_codes_total"
                      and s.labels["code"] in ['"} 1', "\\\\", "#", "{a=\\"b\\"}"]))
            """
        for format in ExpositionFormat.allCases {
            for (seed, adapters) in [(UInt64(3), []), (4, ["north", "south"])] {
                let (metrics, payments) = Self.metrics(seed: seed, adapters: adapters)
                let ended = try Partner.run(
                    Partner.python, ["-c", program, "\(format)"], input: metrics.text(as: format))
                #expect(ended.output == "\(payments) 4\n", "\(format)")
            }
        }
    }
}

/// `docs/examples/grafana-dashboard.json`.
@Suite struct DashboardTests {
    private struct Dashboard: Decodable {
        struct Panel: Decodable {
            struct Place: Decodable {
                var x: Int
                var y: Int
                var w: Int
                var h: Int
            }
            struct Query: Decodable {
                var expr: String
                var refId: String
            }

            var id: Int
            var title: String
            var type: String
            var gridPos: Place
            var targets: [Query]
        }

        var title: String
        var schemaVersion: Int
        var panels: [Panel]
    }

    private static func dashboard() throws -> Dashboard {
        let file = Partner.package.appendingPathComponent("docs/examples/grafana-dashboard.json")
        return try JSONDecoder().decode(Dashboard.self, from: Data(contentsOf: file))
    }

    @Test func everyQueryAsksForAMetricThatIsServed() throws {
        let run = ListedRun(seed: 9, adapters: ["north", "south"])
        var metrics = RunMetrics(run.start)
        for interval in run.intervals { metrics.add(interval) }
        metrics.verdict = Verdict(
            validity: .suspect,
            causes: [.init(check: "clock", value: 1, threshold: 0, advice: "")])
        let served = Set(Exposed(metrics.text(as: .prometheus)).values.keys.map(\.name))
        let panels = try Self.dashboard().panels
        #expect(!panels.isEmpty)
        for panel in panels {
            #expect(!panel.targets.isEmpty, "\(panel.title)")
            for query in panel.targets {
                let names = query.expr.matches(of: /paybench_[a-z_]+/).map { String($0.output) }
                #expect(!names.isEmpty, "\(query.expr)")
                for name in names { #expect(served.contains(name), "\(panel.title): \(name)") }
            }
        }
    }

    @Test func itsPanelsLieBesideEachOther() throws {
        let panels = try Self.dashboard().panels
        #expect(Set(panels.map(\.id)).count == panels.count)
        let cells = panels.flatMap { panel in
            let place = panel.gridPos
            #expect(place.x >= 0 && place.x + place.w <= 24, "\(panel.title)")
            return (place.y..<place.y + place.h).flatMap { y in
                (place.x..<place.x + place.w).map { "\($0),\(y)" }
            }
        }
        #expect(Set(cells).count == cells.count)
    }

    @Test(
        .enabled(
            if: Partner.hasPromtool, "promtool is missing; scripts/setup --interop installs it"))
    func itsQueriesArePromQL() throws {
        let rules = try Self.dashboard().panels.flatMap(\.targets).enumerated().map {
            index, query in
            let expression = query.expr.replacingOccurrences(of: "$__rate_interval", with: "1m")
                .replacingOccurrences(of: "$job", with: "paybench")
            return "      - { record: \"r\(index)\", expr: '\(expression)' }\n"
        }
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("paybench-rules-\(UUID().uuidString).yml")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(("groups:\n  - name: dashboard\n    rules:\n" + rules.joined()).utf8)
            .write(to: file)
        let ended = try Partner.run(
            Partner.promtool, ["check", "rules", file.path], input: "")
        #expect(ended.status == 0, "\(ended.output)")
    }
}
