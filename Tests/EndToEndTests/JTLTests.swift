import Foundation
import Testing

extension Keeping {
    /// `--format jtl`, held against the samples that it is made of.
    @Suite struct JTLTests {
        private static let columns = [
            "timeStamp", "elapsed", "label", "responseCode", "responseMessage", "threadName",
            "dataType", "success", "failureMessage", "bytes", "sentBytes", "grpThreads",
            "allThreads", "URL", "Latency", "IdleTime", "Connect",
        ]

        /// No cell of these tests has a comma.
        private func rows(_ text: String) throws -> [[String: String]] {
            let lines = text.split(separator: "\n").map {
                $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            }
            let names = try #require(lines.first)
            return try lines.dropFirst().map { line in
                try #require(line.count == names.count)
                return Dictionary(uniqueKeysWithValues: zip(names, line))
            }
        }

        @Test func everySampleIsALineThatJMeterWouldHaveWritten() throws {
            let folder = try Folder()
            let ended = try run(
                scenario(
                    "simulator", load: ["phase: steady, rate: 200/s, for: 1s"],
                    more: [
                        "simulator: { answers: [ { share: 10%, status: 402, code: CardDeclined } ], "
                            + "drops: [ { share: 10%, point: after_booking } ] }"
                    ]), in: folder, ["--samples", "samples.csv", "--write", "jtl=run.jtl"])
            let results = try Results(folder)
            let summary = try results.summary
            expectItEndedByItself(ended, summary)
            func text(_ name: String) throws -> String {
                try String(contentsOf: folder.url.appendingPathComponent(name), encoding: .utf8)
            }
            let jtl = try text("run.jtl")
            let again = try paybench(
                ["report", results.folder, "--format", "jtl", "--samples", "samples.csv"],
                in: folder)
            #expect(again.output == jtl)
            _ = try paybench(
                [
                    "report", results.folder, "--format", "jtl", "--samples", "samples.csv",
                    "--out", "again.jtl",
                ], in: folder)
            #expect(try text("again.jtl") == jtl)
            #expect(jtl.hasPrefix(Self.columns.joined(separator: ",") + "\n"))

            let (lines, samples) = (try rows(jtl), try rows(text("samples.csv")))
            #expect(lines.count == summary.totals.started && lines.count == samples.count)
            let instants = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            for (line, sample) in zip(lines, samples) {
                func number(_ column: String) throws -> Int {
                    try #require(Int(line[column] ?? ""), "\(column)")
                }
                func time(_ column: String) -> Double { Double(sample[column] ?? "") ?? 0 }
                for column in ["bytes", "sentBytes", "IdleTime"] { _ = try number(column) }
                let due = try Date(sample["intended"] ?? "", strategy: instants)
                #expect(
                    abs(Double(try number("timeStamp")) - due.timeIntervalSince1970 * 1000) < 2)
                #expect(
                    abs(Double(try number("elapsed")) - time("response_time_us") / 1000) <= 0.5)
                #expect(try number("Latency") <= number("elapsed"))
                #expect(try number("Connect") <= number("elapsed"))
                #expect(line["label"] == "card" && line["threadName"] == "steady")
                #expect(line["URL"] == summary.target)
                let isGood = ["accepted", "declined"].contains(sample["outcome"])
                #expect(line["success"] == "\(isGood)")
                #expect((line["failureMessage"] == "") == isGood)
                let status = sample["http_status"] ?? ""
                #expect(
                    line["responseCode"]
                        == (status.isEmpty
                            ? "Non HTTP response code: \(sample["code"] ?? "")" : status))
            }
        }

        @Test func withoutSamplesItIsRefused() throws {
            let folder = try Folder()
            let text = scenario("simulator", load: ["phase: open, users: 1, payments: 1"])
            let early = try run(text, in: folder, ["--write", "jtl=run.jtl"])
            #expect(early.status == 64 && early.talk.contains("--samples"))
            #expect(folder.resultFolders.isEmpty)
            #expect(try run(text, in: folder).status != 64)
            let late = try paybench(
                ["report", try Results(folder).folder, "--format", "jtl"], in: folder)
            #expect(late.status == 64 && late.talk.contains("samples.csv: No such file"))
            #expect(late.talk.contains("--samples FILE"))
            let other = try paybench(
                [
                    "report", try Results(folder).folder, "--format", "jtl", "--samples",
                    "\(try Results(folder).folder)/summary.csv",
                ], in: folder)
            #expect(other.status == 64 && other.talk.contains("no column payment_id"))
        }
    }
}
