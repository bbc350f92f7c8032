import Foundation
import Testing

extension EndToEnd {
    /// `run --self-test`
    @Suite struct SelfTestTests {
        private func floor(_ results: Results) throws -> [String: Any]? {
            let json = try #require(
                JSONSerialization.jsonObject(with: Data(results.text("summary.json").utf8))
                    as? [String: Any])
            let environment = try #require(json["environment"] as? [String: Any])
            return environment["noise_floor"] as? [String: Any]
        }

        /// The target is the stand-in of the self-test itself: it can't be three times as slow.
        @Test func aTargetAsFastAsTheFloorIsNamed() throws {
            let target = try Target()
            let folder = try Folder()
            _ = try run(
                scenario(target.address, load: ["phase: open, rate: 200/s, for: 2s"]), in: folder,
                ["--self-test"])
            let results = try Results(folder)
            #expect(try results.summary.verdict.causes.contains { $0.check == "noise.floor" })
            let floor = try #require(try floor(results))
            #expect(floor["rate_per_s"] as? Double == 200)
            #expect((floor["p50_us"] as? Int).map { $0 > 0 } == true)
            // None of its payments went to the target.
            #expect(try target.ledger.payments == results.summary.totals.started)
        }

        /// Half a second is three times as long as any floor.
        @Test func aSlowTargetIsWellAboveTheFloor() throws {
            let target = try Target(["latency: { constant: 500ms }"])
            let folder = try Folder()
            _ = try run(
                scenario(target.address, load: ["phase: open, rate: 100/s, for: 2s"]), in: folder,
                ["--self-test"])
            let results = try Results(folder)
            #expect(try floor(results) != nil)
            #expect(try !results.summary.verdict.causes.contains { $0.check == "noise.floor" })
        }

        @Test func withoutARateThereIsNoSelfTest() throws {
            let target = try Target()
            let folder = try Folder()
            let ended = try run(
                scenario(target.address, load: ["phase: closed, users: 2, for: 2s"]), in: folder,
                ["--self-test"])
            #expect(ended.status == 64)
            #expect(ended.talk.contains("no measured phase has a rate; --self-test needs one"))
            #expect(folder.resultFolders.isEmpty)
            #expect(try target.ledger.requests == 0)
        }
    }
}
