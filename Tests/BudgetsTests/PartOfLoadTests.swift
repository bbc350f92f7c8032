import Budgets
import Metrics
import Results
import Testing

/// What budgets are worth where a part of the load is missing.
@Suite struct PartOfLoadTests {
    private func result(
        _ text: String, _ verdict: BudgetResult.Verdict, value: Double, limit: Double
    ) -> BudgetResult {
        var result = BudgetResult(
            budget: text, metric: text, verdict: verdict, onInconclusive: .fail, unit: .count,
            count: 9, reason: "as it was")
        result.value = value
        result.limit = limit
        return result
    }

    /// 7 errors with fewer payments are 7 or more with all of them.
    @Test(arguments: [
        ("errors.count < 5", 7, 5, BudgetResult.Verdict.fail),
        ("errors.count <= 5", 7, 5, .fail),
        ("errors.count == 5", 7, 5, .fail),
        ("errors.count == 9", 7, 9, .inconclusive),
        ("errors.count != 7", 7, 7, .inconclusive),
        ("errors.count > 9", 7, 9, .inconclusive),
        ("errors.count >= 9", 7, 9, .inconclusive),
    ])
    func aFailStaysOneWhereMoreLoadCouldNotUndoIt(
        text: String, value: Double, limit: Double, verdict: BudgetResult.Verdict
    ) throws {
        let budget = try Budget(text)
        let seen = result(text, .fail, value: value, limit: limit).seen(at: "3/4", of: budget)
        #expect(seen.verdict == verdict)
        let words = verdict == .fail ? "Failed at 3/4 of the load: " : "At 3/4 of the load, which"
        #expect(seen.reason.hasPrefix(words) && seen.reason.hasSuffix("as it was"))
    }

    @Test func aPassOfAPartIsNoPass() throws {
        let budget = try Budget("errors.count < 5")
        let seen = result("", .pass, value: 1, limit: 5).seen(at: "3/4", of: budget)
        #expect(seen.verdict == .inconclusive)
    }

    @Test func windowsNeedClocksThatAgreeAndTotalsDoNot() throws {
        var budget = try Budget("errors.count < 5")
        let passed = result("", .pass, value: 1, limit: 5)
        #expect(passed.unaligned(of: budget) == passed)
        budget.window = .seconds(10)
        #expect(passed.unaligned(of: budget).verdict == .inconclusive)
    }
}
