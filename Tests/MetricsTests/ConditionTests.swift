import Metrics
import Payments
import Testing

@Suite struct ConditionTests {
    @Test func aConditionHasFiveParts() throws {
        let text = "errors.rate > 50% over 5s"
        let condition = try Condition(text)
        #expect(condition.metric == .errors(.rate))
        #expect(condition.selection == Selection())
        #expect(condition.comparison == .greater)
        #expect(condition.value == .ratio(0.5))
        #expect(condition.window == .seconds(5))
        #expect(condition.text == text)
    }

    @Test(
        arguments: [
            ("in_doubt.count>10", Comparison.greater, MetricValue.count(10), nil),
            ("  in_doubt.count   >=   10  ", .greaterOrEqual, .count(10), nil),
            ("errors.rate < 0.1%", .less, .ratio(0.001), nil),
            ("errors.rate <= 0.25", .lessOrEqual, .ratio(0.25), nil),
            ("errors.rate == 0", .equal, .ratio(0), nil),
            ("rate.started < 500/s", .less, .perSecond(500), nil),
            ("rate.completed < 12000/min over 1m", .less, .perSecond(200), .seconds(60)),
            ("rate.completed != 7200/h", .notEqual, .perSecond(2), nil),
            (
                "send_delay.p99 > 1.5ms over 250ms", .greater, .duration(.microseconds(1500)),
                .milliseconds(250)
            ),
            ("response_time.max > 1h", .greater, .duration(.seconds(3600)), nil),
            ("code.HTTP 503.count > 3\tover\t2s", .greater, .count(3), .seconds(2)),
            ("tls.mean > 12us", .greater, .duration(.microseconds(12)), nil),
        ] as [(String, Comparison, MetricValue, Duration?)])
    func valuesBearTheUnitOfTheirMetric(
        text: String, comparison: Comparison, value: MetricValue, window: Duration?
    ) throws {
        let condition = try Condition(text)
        #expect(condition.comparison == comparison)
        #expect(condition.value == value)
        #expect(condition.window == window)
    }

    @Test func labelsSelectAPart() throws {
        let condition = try Condition(
            "response_time.p99{ phase = steady,payment=card, outcome=accepted ,flow=web} > 1s")
        #expect(
            condition.selection
                == Selection(phase: "steady", payment: "card", outcome: .accepted, flow: "web"))
        #expect(
            condition.selection.text
                == "{phase=steady, payment=card, outcome=accepted, flow=web}")
        #expect(Selection().text.isEmpty)
        #expect(
            try Condition("rate.completed{outcome=accepted} < 1/s").selection.outcome == .accepted)
    }

    @Test(arguments: [
        ("", ConditionProblem.malformed("")),
        ("errors.rate", .malformed("errors.rate")),
        ("> 5", .malformed("> 5")),
        ("errors.rate >", .malformed("errors.rate >")),
        ("errors.rate > 5% 5s", .malformed("errors.rate > 5% 5s")),
        ("errors.rate > 5% over", .malformed("errors.rate > 5% over")),
        ("errors.rate > 5% under 5s", .malformed("errors.rate > 5% under 5s")),
        ("errors.rate{payment=a > 5%", .malformed("errors.rate{payment=a > 5%")),
        ("errors.rate{payment=a} 5%", .malformed("errors.rate{payment=a} 5%")),
        ("errors.rate = 5%", .unknownComparison("=")),
        ("errors.rate => 5%", .unknownComparison("=>")),
        ("errors.rate{} > 5%", .malformedLabel("")),
        ("errors.rate{payment} > 5%", .malformedLabel("payment")),
        ("errors.rate{payment=} > 5%", .malformedLabel("payment=")),
        ("errors.rate{paiment=a} > 5%", .unknownLabel("paiment")),
        ("errors.rate{payment=a,payment=b} > 5%", .labelTwice(.payment)),
        ("response_time.p50{outcome=acepted} > 5s", .unknownOutcome("acepted")),
        ("errors.rate{outcome=accepted} > 5%", .labelNotHere(.outcome, .errors(.rate))),
        ("rate.started{outcome=accepted} > 5/s", .labelNotHere(.outcome, .rate(.started))),
        ("tls.p50{payment=card} > 5s", .labelNotHere(.payment, .time(.tls, .percentile(50)))),
        ("skipped.count{payment=card} > 5", .labelNotHere(.payment, .skipped)),
        ("code.X.count{outcome=declined} > 5", .labelNotHere(.outcome, .code("X"))),
        ("eror.rate > 5%", .unknownMetric("eror.rate")),
        ("errors.rate > 5s", .wrongUnit("5s", .ratio)),
        ("errors.rate > 101%", .ratioOutOfRange("101%")),
        ("errors.rate > 50", .ratioOutOfRange("50")),
        ("errors.rate > -1", .wrongUnit("-1", .ratio)),
        ("errors.rate > 5%%", .wrongUnit("5%%", .ratio)),
        ("errors.rate > 1e9999", .wrongUnit("1e9999", .ratio)),
        ("errors.count > 5%", .wrongUnit("5%", .count)),
        ("errors.count > 0.5", .wrongUnit("0.5", .count)),
        ("errors.count > 99999999999999999999", .wrongUnit("99999999999999999999", .count)),
        ("connect.p50 > 5", .wrongUnit("5", .duration)),
        ("connect.p50 > .5s", .wrongUnit(".5s", .duration)),
        ("connect.p50 > 1.2.3s", .wrongUnit("1.2.3s", .duration)),
        ("connect.p50 > 9999999h", .wrongUnit("9999999h", .duration)),
        ("rate.started > 5", .wrongUnit("5", .perSecond)),
        ("errors.rate > 5% over 5", .badWindow("5")),
        ("errors.rate > 5% over 249ms", .badWindow("249ms")),
        ("errors.rate > 5% over 61m", .badWindow("61m")),
    ])
    func everythingElseIsRefused(text: String, problem: ConditionProblem) {
        #expect(throws: problem) { try Condition(text) }
    }

    @Test func comparisonsCompare() {
        let table: [(Comparison, [Bool])] = [
            (.less, [true, false, false]), (.lessOrEqual, [true, true, false]),
            (.greater, [false, false, true]), (.greaterOrEqual, [false, true, true]),
            (.equal, [false, true, false]), (.notEqual, [true, false, true]),
        ]
        for (comparison, expected) in table {
            #expect([1, 2, 3].map { comparison.holds($0, 2) } == expected, "\(comparison)")
        }
    }

    /// What budgets share with conditions ends behind the comparison.
    @Test func aClauseLeavesWhatItIsComparedWith() throws {
        let clause = try Clause("response_time.p95{payment=card} <=  baseline + 10% ")
        #expect(clause.metric == .time(.responseTime, .percentile(95)))
        #expect(clause.selection.payment == "card")
        #expect(clause.comparison == .lessOrEqual)
        #expect(clause.rest == "baseline + 10%")
    }

    @Test func noTextCrashesTheReader() {
        let seed: UInt64 = 20_261_122
        var state = seed
        func draw(below bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let pieces = [
            "errors", ".rate", ".count", "response_time", ".p99", ".p", "9.9", "{", "}", "phase=",
            "payment", "=", ",", "outcome=accepted", " > ", "<", "!=", "5%", "10", "1.5s", "/s",
            " over ", " ", "\t", "é", "\u{301}", "code.", "0",
            "99999999999999999999999999999999999",
        ]
        var read = 0
        for round in 0..<20_000 {
            // A condition with some of its pieces replaced.
            var parts = ["response_time", ".p99", "{", "payment", "=", "a", "}", " > ", "10", "ms"]
            for _ in 0..<draw(below: 3) {
                parts[draw(below: parts.count)] = pieces[draw(below: pieces.count)]
            }
            let text = parts.joined()
            guard let condition = try? Condition(text) else { continue }
            read += 1
            #expect((try? Condition(condition.text)) == condition, "seed \(seed), round \(round)")
        }
        // A third is left as it was.
        #expect(read > 6_000, "seed \(seed)")
    }
}
