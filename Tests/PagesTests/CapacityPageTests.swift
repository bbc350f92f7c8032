import Capacity
import Pages
import Testing

@Suite struct CapacityPageTests {
    func step(
        _ number: Int, _ rate: Double, _ verdict: String = "kept", p99: String = "90000",
        failed: Double = 0, inFlight: String = "5"
    ) -> String {
        """
        { "step": \(number), "purpose": "bracket", "verdict": "\(verdict)", "rate_per_s": \(rate),
          "settle_s": 1, "measured_s": 4, "scheduled": \(Int(min(rate, 1e9)) * 4),
          "exceeding_share": \(failed), "failed_share": \(failed), "achieved_per_s": \(rate),
          "completed_per_s": \(rate), "good_per_s": \(rate), "in_flight": \(inFlight),
          "backlog_growth_share": null, "p50_us": \(p99), "p90_us": \(p99), "p99_us": \(p99),
          "p99_9_us": \(p99), "stopped_early": false, "generator_trouble": null }
        """
    }

    func answer(
        _ steps: [String], ending: String = "proven", proven: String = "100", more: String = "",
        promise: String = "p99 < 250 ms"
    ) throws -> CapacityAnswer {
        let known = [
            "proven_s", "estimate", "first_failed_per_s", "gave_way", "generator_ceiling_per_s",
            "knee", "scalability", "headroom", "hysteresis", "soak", "held_at_first_per_s",
        ].filter { !more.contains("\"\($0)\"") }.map { "\"\($0)\": null, " }.joined()
        return try decoded(
            """
            { "format": "paybench-capacity/1", "ending": "\(ending)", "sentence": "A <sentence>.",
              "proven_per_s": \(proven), \(known) \(more) "needs": [], "drains_given_up": 0,
              "wall_s": 12, "promises": ["\(promise)", "errors < 1 %"],
              "steps": [\(steps.joined(separator: ","))] }
            """)
    }

    static let law = """
        "scalability": { "lambda_per_s": 50, "sigma": 0.01, "kappa": 0.001, "residual": 0.01,
        "worst_residual": 0.02, "points": 6, "fits": true, "peak_per_s": null },
        "estimate": { "rate_per_s": 110, "lower_per_s": 105, "upper_per_s": 118, "confidence": 0.95 },
        "first_failed_per_s": 120, "knee": { "rate_per_s": 110, "goodput_per_s": 109 },
        """

    @Test func everyStepIsInEveryChartWithWhatIsProven() throws {
        let steps = (1...6).map { number in
            step(
                number, Double(number) * 20, number == 6 ? "broken" : "kept",
                inFlight: "\(number)")
        }
        let page = CapacityPage(
            try answer(steps, more: Self.law), name: "shop", target: "http://h/p"
        ).page
        try expectItIsSafe(page)
        #expect(page.mood == .good && page.headline == "100/s is proven")
        #expect(page.sections.map(\.id) == ["rate", "law", "steps"])
        let circles = page.drawings.map { $0.drawing.svg.split(separator: "<circle").count - 1 }
        #expect(circles == [12, 12, 6, 6])
        let latency = try #require(page.drawings.first?.drawing.svg)
        #expect(latency.contains("proven 100/s") && latency.contains("failed 120/s"))
        #expect(latency.contains("p99 &lt; 250 ms"))
        #expect(page.html.contains("A &lt;sentence&gt;."))
    }

    @Test(arguments: [
        ("proven", Page.Mood.good), ("at_least", .good), ("generator_ceiling", .doubtful),
        ("fails_at_start", .bad), ("not_recovered", .bad), ("no_proof", .doubtful), ("lost", .bad),
        ("unfinished", .doubtful),
    ])
    func theBoxSaysHowItEnded(ending: String, mood: Page.Mood) throws {
        let answer = try answer([step(1, 10)], ending: ending)
        #expect(CapacityPage(answer, name: "shop", target: nil).page.mood == mood)
    }

    /// No step, one, all alike, all failed, nothing answered, from 1 µs to 1 h, promises of other kinds.
    @Test func oddDataIsDrawnSanely() throws {
        let odd: [[String]] = [
            [], [step(1, 10)], [step(1, 10), step(2, 10)], [step(1, 10, "not_driven")],
            [step(1, 1, p99: "null", failed: 1), step(2, 2, "broken", p99: "null", failed: 1)],
            [step(1, 0.001, p99: "1"), step(2, 1e9, p99: "3600000000")],
            [step(1, 10, p99: "0", inFlight: "0"), step(2, 20, p99: "0", inFlight: "null")],
        ]
        for steps in odd {
            for promise in ["p99 < 250 ms", "p99 < 0 s", "goodput", "p99 < x ms", "p50 < 1 s"] {
                for more in ["", Self.law] {
                    let answer = try answer(steps, proven: "null", more: more, promise: promise)
                    try expectItIsSafe(
                        CapacityPage(
                            answer, name: "<b>", target: "<i>", stopped: "<script>"
                        ).page)
                }
            }
        }
    }
}
