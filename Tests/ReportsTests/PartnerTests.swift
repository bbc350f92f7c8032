import Foundation
import Reports
import Results
import Testing

/// Each format read by a program that knows nothing of ours.
@Suite struct PartnerTests {
    private static let summaries: [(name: String, summary: Summary)] =
        Summaries.names.map { ($0, Summaries.named($0)) }
        + (1...20).map { ("seed \($0)", Summaries.random(seed: $0)) }

    private func documents(
        _ format: SummaryFormat, in scratch: Scratch
    ) throws -> [String] {
        try Self.summaries.enumerated().map { index, entry in
            try scratch.write(try entry.summary.text(as: format), as: "\(index)")
        }
    }

    @Test(.enabled(if: Partner.xmllint.isThere, "\(Partner.xmllint.missing)"))
    func junitKeepsToWhatAntAndJenkinsHaveInCommon() throws {
        let schema = Partner.package.appendingPathComponent("Tests/ReportsTests/junit.xsd").path
        try check(by: schema)
    }

    @Test(
        .enabled(
            if: Partner.xmllint.isThere && Partner.hasJenkinsSchema,
            "xmllint or junit-10.xsd is missing; scripts/setup --interop installs them"))
    func junitIsWhatJenkinsAllows() throws { try check(by: Partner.jenkinsSchema) }

    private func check(by schema: String) throws {
        let scratch = try Scratch()
        let files = try documents(.junit, in: scratch)
        let ended = try Partner.xmllint.run(["--noout", "--schema", schema] + files)
        #expect(ended.status == 0, "\(ended.output)")
    }

    @Test(.enabled(if: Partner.python.isThere, "\(Partner.python.missing)"))
    func junitparserFindsEachBudget() throws {
        let scratch = try Scratch()
        let program = """
            import sys, junitparser
            for path in sys.argv[1:]:
                for suite in junitparser.JUnitXml.fromfile(path):
                    found = [type(r).__name__ for case in suite for r in case.result]
                    assert suite.tests == len(list(suite))
                    assert suite.failures == found.count("Failure")
                    assert suite.errors == found.count("Error")
                    assert suite.skipped == found.count("Skipped")
                    print(suite.tests, suite.failures, suite.errors, suite.skipped)
            """
        let ended = try Partner.python.run(["-c", program] + documents(.junit, in: scratch))
        let expected = Self.summaries.map { entry in
            let budgets = entry.summary.budgets ?? []
            let counts = [BudgetResult.Verdict.fail, .inconclusive].map { verdict in
                budgets.count { $0.verdict == verdict }
            }
            let errors = entry.name == "invalid" ? 1 : 0
            return "\(budgets.count + 1) \(counts[0]) \(errors) \(counts[1])\n"
        }
        #expect(ended.output == expected.joined())
    }

    @Test(.enabled(if: Partner.python.isThere, "\(Partner.python.missing)"))
    func prometheusReadsTheMetrics() throws {
        let scratch = try Scratch()
        let program = """
            import sys
            from prometheus_client.openmetrics.parser import text_string_to_metric_families
            for path in sys.argv[1:]:
                text = open(path, encoding="utf-8").read()
                samples = [s for f in text_string_to_metric_families(text) for s in f.samples]
                print(int(sum(s.value for s in samples if s.name == "paybench_payments_total")))
            """
        let ended = try Partner.python.run(["-c", program] + documents(.gitlab, in: scratch))
        let expected = Self.summaries.map { "\($0.summary.totals.started)\n" }
        #expect(ended.output == expected.joined())
    }

    /// The split into name and value that GitLab makes, by the rules of a shell.
    @Test(.enabled(if: Partner.python.isThere, "\(Partner.python.missing)"))
    func aShellSplitsEachMetricIntoNameAndValue() throws {
        let scratch = try Scratch()
        let program = """
            import re, shlex, sys
            for path in sys.argv[1:]:
                names = []
                for line in open(path, encoding="utf-8"):
                    parts = shlex.split(re.sub("#.*$", "", line))
                    if parts:
                        name, value = parts
                        float(value)
                        names.append(name)
                assert len(names) == len(set(names)), path
                print(len(names) > 8)
            """
        let ended = try Partner.python.run(["-c", program] + documents(.gitlab, in: scratch))
        #expect(ended.output == Self.summaries.map { _ in "True\n" }.joined())
    }

    @Test(
        .enabled(if: Partner.jsonSchema.isThere, "\(Partner.jsonSchema.missing)"),
        arguments: [
            ("vendor.github-workflows", "github-actions.yml", []),
            ("vendor.gitlab-ci", "gitlab-ci.yml", ["--data-transform", "gitlab-ci"]),
        ] as [(String, String, [String])])
    func theExamplesKeepToTheirSchemas(schema: String, file: String, options: [String]) throws {
        let path = Partner.package.appendingPathComponent("docs/examples/ci/\(file)").path
        let ended = try Partner.jsonSchema.run(["--builtin-schema", schema] + options + [path])
        #expect(ended.status == 0, "\(ended.output)")
    }
}
