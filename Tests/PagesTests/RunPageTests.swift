import Foundation
import Pages
import Payments
import Results
import Testing

@Suite struct RunPageTests {
    @Test(arguments: Runs.odd.indices)
    func oddRunsAreDrawnSanely(index: Int) throws {
        let (name, material) = Runs.odd[index]
        let page = RunPage(material).page
        try expectItIsSafe(page)
        #expect(!page.html.contains("nan") && !page.html.contains(">inf"), "\(name)")
        #expect(page.html.contains("<h1>made-up</h1>"))
    }

    @Test func aRunIsToldFromItsVerdictToItsScenario() throws {
        let page = RunPage(Runs.judged(name: "made-up")).page
        try expectItIsSafe(page)
        #expect(
            page.sections.map(\.id) == [
                "figures", "latency", "budgets", "course", "outcomes", "doubt", "send-delay",
                "phases", "environment", "scenario",
            ])
        #expect(
            page.drawings.map(\.name) == [
                "latency-by-percentile", "response-time-over-time",
                "planned-against-achieved-rate", "payments-under-way", "outcomes-over-time",
                "codes", "send-delay-p99",
            ])
        let questions = try #require(PageReader(page: page.html)).root.inner("h2").prefix(3)
        #expect(
            questions.map(\.text) == [
                "Can this be believed?", "Did the budgets hold?", "What to look at first",
            ])
        let overTime = page.drawings.filter { $0.drawing.title.contains("over time") }
        #expect(overTime.allSatisfy { $0.drawing.svg.contains("made-up, from 0 s to 3 s") })
    }

    @Test func whateverANameIsItStaysAName() throws {
        let name = "</title><script>x</script><img src=x onerror=y>\u{202e}\"'"
        for material in [
            Runs.judged(name: name),
            Runs.material(seconds: 3, times: [1000], outcome: .rejected, name: name),
        ] {
            let page = RunPage(material).page
            try expectItIsSafe(page)
            #expect(!page.html.contains("<script") && !page.html.contains("<img"))
            #expect(!page.html.contains("\u{202e}"))
            #expect(page.html.contains("&lt;script&gt;"))
        }
    }

    /// A thousand payments a second would make the counts larger, not the page: what it holds is columns.
    @Test func aDayIsSmallAndKeepsItsPeaks() throws {
        // From 1 µs to 17 minutes, so that every cell of the heat map has something in it.
        let times = (0...60).map { UInt64(pow(10, Double($0) * 0.15)) }
        let peak = Runs.Peak(second: 54_321, errors: 777, microseconds: 3_540_000_000)
        let material = Runs.material(seconds: 86_400, times: times, peak: peak)
        let timeline = try #require(material.record?.timeline)
        let columns = TimelineColumns(timeline, atMost: 168)
        #expect(columns.columns.count <= 168)
        // 86,400 seconds of 61 payments.
        #expect(columns.columns.reduce(0) { $0 + $1.planned.sum } == 5_270_400)
        let errors = columns.columns.map { $0.outcomes[Int(Outcome.providerError.rawValue)].most }
        #expect(errors.max() == 777)
        #expect(errors.count { $0 > 0 } == 1)

        let clock = ContinuousClock()
        var page = RunPage(material).page
        let taken = clock.measure { page = RunPage(material).page }
        // Far more than it takes without optimisation on a busy machine.
        #expect(taken < .seconds(20), "\(taken)")
        try expectItIsSafe(page)

        let tables = try #require(PageReader(page: page.html)).root.inner("table")
        func cells(_ caption: String) throws -> [String] {
            let table = tables.first { table in
                table.inner("caption").contains { $0.text.hasPrefix(caption) }
            }
            return try #require(table).inner("td").map(\.text)
        }
        #expect(try cells("Most in a second").contains("777"))
        #expect(try cells("Response time").contains("59.0 min"))
        let heat = try #require(page.drawings.first { $0.name == "response-time-over-time" })
        #expect(heat.drawing.svg.contains(": 1 payment<"))
        #expect(page.drawings.contains { $0.name == "errors-in-the-worst-second" })
    }
}
