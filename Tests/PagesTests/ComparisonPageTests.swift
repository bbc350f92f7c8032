import Comparisons
import Histograms
import Pages
import Results
import Testing

@Suite struct ComparisonPageTests {
    private static let hostile = "<script>alert(1)</script>\u{202e}"

    /// - Parameters:
    ///   - names: the first one is the reference.
    ///   - points: of each shift.
    func comparison(
        _ names: [String], verdict: String = "better", validity: String = "valid",
        down: Bool = false, payments: Int = 100, points: String = "", value: String = "20000",
        change: String = "{ \"change\": -0.1, \"lower\": -0.2, \"upper\": -0.05 }"
    ) throws -> Comparison {
        let metric = "response_time.p50"
        let adapters = names.enumerated().map { index, name in
            """
            { "name": "\(name)", "target": "\(name)", "reference": \(index == 0),
              "payments": \(payments), "error_rate": 0, "down": \(down && index > 0),
              "outcomes": { "accepted": \(payments), "in_doubt": 0 },
              "values": [{ "metric": "\(metric)", "unit": "us", "value": \(value) }] }
            """
        }
        let verdicts = names.dropFirst().map { name in
            """
            { "adapter": "\(name)", "metric": "\(metric)", "unit": "us", "reference": 1,
              "value": \(value), "verdict": "\(verdict)", "typical": \(change), "whole": \(change),
              "margin": 0.05, "material": true, "different_shape": false }
            """
        }
        let shifts = names.dropFirst().map { "{ \"adapter\": \"\($0)\", \"points\": [\(points)] }" }
        return try decoded(
            """
            { "format": "paybench-comparison/1",
              "scenario": { "name": "\(Self.hostile)", "sha256": "00", "seed": 1 },
              "run_ids": ["r"], "started_at": "2026-08-01T12:01:02.000000Z", "design": "duet",
              "settings": { "metrics": ["\(metric)"], "equivalent_within": 0.05,
                            "confidence": 0.95, "confidence_each": 0.99, "looks": 1 },
              "slices": { "seconds": 1, "judged": 20, "ended_early": false, "dropped": [] },
              "adapters": [\(adapters.joined(separator: ","))],
              "verdicts": [\(verdicts.joined(separator: ","))],
              "shifts": [\(shifts.joined(separator: ","))], "codes": [],
              "validity": { "validity": "\(validity)", "causes": [] }, "notes": ["\(Self.hostile)"] }
            """)
    }

    func course(_ name: String, _ times: [UInt64], slices: Int = 10) -> ComparedCourse {
        var histogram = Histogram()
        for time in times { histogram.record(time) }
        return ComparedCourse(
            name: name, times: histogram, distribution: Distribution(histogram),
            slices: (0..<slices).map { index in
                index == 3
                    ? nil
                    : .init(
                        second: Double(index), p50: Double(times.first ?? 0),
                        p99: index == 5 ? nil : Double(times.last ?? 0))
            }, passes: [.init(name: Self.hostile, start: 0, end: 4, isMeasured: false)])
    }

    static let points = [0.1, 0.5, 0.9, 0.99, 0.9999].map {
        "{ \"quantile\": \($0), \"change\": { \"change\": \($0 - 0.5), \"lower\": -0.6, \"upper\": 2 } }"
    }.joined(separator: ",")

    @Test func everyAdapterHasItsLineInEveryChart() throws {
        let names = ["north", "east", "south"]
        let page = ComparisonPage(
            try comparison(names, points: Self.points),
            courses: names.enumerated().map { index, name in
                course(name, (1...500).map { UInt64($0 * (index + 1) * 10) })
            }
        ).page
        try expectItIsSafe(page)
        #expect(page.mood == .good && page.headline == "All 2 verdicts are there")
        #expect(page.sections.map(\.id) == ["verdicts", "latency", "course", "outcomes", "basis"])
        #expect(page.drawings.count == 5)
        for (name, drawing) in page.drawings {
            for ink in ["pb-s0", "pb-s1"] where name != "outcomes-by-adapter" {
                #expect(drawing.svg.contains("class=\"\(ink) pb-thick\""), "\(name)")
            }
        }
        for name in names {
            #expect(page.html.contains("<th scope=\"row\" class=\"word\">\(name)"))
        }
    }

    @Test(arguments: [
        (nil, "valid", false, Page.Mood.good), ("cannot_tell", "valid", false, .doubtful),
        (nil, "suspect", false, .doubtful), (nil, "invalid", false, .bad),
        (nil, "valid", true, .bad),
    ])
    func theBoxSaysWhatMattersMost(
        verdict: String?, validity: String, down: Bool, mood: Page.Mood
    ) throws {
        let comparison = try comparison(
            ["north", "east"], verdict: verdict ?? "better", validity: validity, down: down)
        #expect(ComparisonPage(comparison, courses: []).page.mood == mood)
    }

    /// No payment, one, all alike, from 1 µs to 1 h, wild changes, unbounded intervals.
    @Test func oddDataIsDrawnSanely() throws {
        let wild = "{ \"change\": 1e300, \"lower\": null, \"upper\": null }"
        let odd = [
            "{ \"quantile\": 0.5, \"change\": \(wild) }",
            "{ \"quantile\": 1, \"change\": { \"change\": -1, \"lower\": -1, \"upper\": 1e300 } }",
            "{ \"quantile\": 0.9, \"change\": { \"change\": -1, \"lower\": -1, \"upper\": 1e300 } }",
        ].joined(separator: ",")
        let times: [[UInt64]] = [[], [7], [5, 5, 5], [1, 3_600_000_000], [0, 0]]
        for time in times {
            for points in ["", odd] {
                let comparison = try comparison(
                    [Self.hostile, "\(Self.hostile)2"], payments: time.count, points: points,
                    value: "null", change: wild)
                for slices in [0, 1, 10] {
                    let courses = comparison.adapters.map { course($0.name, time, slices: slices) }
                    try expectItIsSafe(ComparisonPage(comparison, courses: courses).page)
                }
                try expectItIsSafe(ComparisonPage(comparison, courses: []).page)
            }
        }
    }
}
