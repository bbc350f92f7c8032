import Foundation
import Testing

extension Sending {
    /// Every scenario that is shipped runs; here for a second, by shortening the times of its phases in
    /// its text.
    @Suite struct GalleryTests {
        private static let gallery = Binary.package.appendingPathComponent("scenarios")

        static let files =
            ((try? FileManager.default.contentsOfDirectory(atPath: gallery.path)) ?? [])
            .filter { $0.hasSuffix(".yaml") }.sorted()

        @Test func theGalleryIsThere() {
            let names = [
                "black-friday", "capacity", "closed", "compare-adapters", "duplicates", "flows",
                "own-service", "quickstart",
                "recorded", "smoke", "soak", "spike", "stairs",
            ]
            #expect(Self.files == names.map { "\($0).yaml" })
        }

        /// Its times are not those of phases.
        @Test func theShippedComparisonRuns() throws {
            let folder = try Folder()
            let text = try String(
                contentsOf: Self.gallery.appendingPathComponent("compare-adapters.yaml"),
                encoding: .utf8)
            let short = text.replacing("for: 3m", with: "for: 9s").replacing(
                "rate: 100/s", with: "rate: 50/s")
            #expect(short != text)
            let path = try folder.write(short, as: "compare-adapters.yaml")
            let ended = try paybench(
                ["compare", path, "--results", folder.results, "--quiet"], in: folder)
            // Too short for a verdict.
            #expect([4, 5].contains(ended.status), "\(ended.talk)")
            #expect(ended.output.contains("strict against north in outcome.declined.rate"))
            #expect(try Results(folder).summary.totals["accepted"] > 0)
        }

        @Test(arguments: files.filter { $0 != "compare-adapters.yaml" })
        func aShippedScenarioRuns(file: String) throws {
            let folder = try Folder()
            for name in try FileManager.default.contentsOfDirectory(atPath: Self.gallery.path)
            where name.hasSuffix(".csv") {
                try FileManager.default.copyItem(
                    at: Self.gallery.appendingPathComponent(name),
                    to: folder.url.appendingPathComponent(name))
            }
            let original = try String(
                contentsOf: Self.gallery.appendingPathComponent(file), encoding: .utf8)
            let service = try Target(["auth: { bearer: test-token }"])
            let text = original.replacing("https://pay.example.test", with: service.address)
            let environment = ["PAY_TOKEN": "test-token"]
            let path = try folder.write(text, as: file)
            let whole = try plan(path, folder, environment)
            let scale = 1 / max(1, whole.totals.length_s ?? 20)
            _ = try folder.write(Self.shortened(text, by: scale), as: file)
            let short = try plan(path, folder, environment)
            #expect(short.totals.length_s ?? 0 < 1.5)
            #expect(short.payments.map(\.name) == whole.payments.map(\.name))
            let ended = try paybench(
                ["run", path, "--results", folder.results, "--quiet"], in: folder,
                environment: environment)
            // A busy machine may make a measurement invalid, and nothing worse.
            #expect([0, 5].contains(ended.status), "\(ended.talk)")
            let totals = try Results(folder).summary.totals
            #expect(totals.started > 0)
            #expect(totals["accepted"] > 0)
        }

        private struct Plan: Decodable {
            struct Totals: Decodable { var length_s: Double? }
            struct Kind: Decodable { var name: String }
            var totals: Totals
            var payments: [Kind]
        }

        private func plan(
            _ path: String, _ folder: Folder, _ environment: [String: String]
        ) throws -> Plan {
            let ended = try paybench(
                ["plan", "--json", path], in: folder, environment: environment)
            #expect(ended.status == 0, "\(ended.talk)")
            return try JSONDecoder().decode(Plan.self, from: Data(ended.output.utf8))
        }

        /// The lengths below `load` or `flows`, conditions apart.
        private static func shortened(_ text: String, by scale: Double) -> String {
            var isLoad = false
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            let short = lines.map { line -> String in
                if let first = line.first, first.isLetter {
                    isLoad = line.hasPrefix("load:") || line.hasPrefix("flows:")
                }
                guard isLoad, !line.contains("until:") else { return String(line) }
                return String(line).replacing(#/([ \[{])(\d+)(ms|s|m|h)\b/#) { match in
                    let units = ["ms": 1e3, "s": 1e6, "m": 6e7, "h": 3.6e9]
                    let microseconds =
                        (Double(match.output.2) ?? 0) * (units[String(match.output.3)] ?? 0)
                    return "\(match.output.1)\(max(1000, Int(microseconds * scale)))us"
                }
            }
            return short.joined(separator: "\n")
        }
    }
}
