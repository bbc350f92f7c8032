import Results

/// A run as `junit.xml`: the measurement is a test case, and so is each budget.
///
/// A run that is invalid or did not come to its end is an error, a budget that failed a failure, one
/// that is inconclusive is skipped. The document keeps to what the schemas of Ant's JUnit task and of
/// Jenkins both allow: one result a test case, times with three decimals, instants without a zone (UTC).
package struct JUnitReport: Sendable {
    private let summary: Summary
    private let cases: [TestCase]

    package init(_ summary: Summary) {
        self.summary = summary
        cases = [TestCase(measurement: summary)] + (summary.budgets ?? []).map(TestCase.init)
    }

    /// The whole document.
    package var text: String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites>
          <testsuite\(suiteAttributes)>
            <properties>
        \(properties.joined(separator: "\n"))
            </properties>
        \(cases.map { $0.xml(className: className) }.joined(separator: "\n"))
            <system-out>\(XML.lines(summary.verdict.causesInWords))</system-out>
            <system-err></system-err>
          </testsuite>
        </testsuites>

        """
    }

    private var suiteAttributes: String {
        let counts = (
            failures: cases.count { $0.isFailure }, errors: cases.count { $0.isError },
            skipped: cases.count { $0.isSkipped }
        )
        return XML.attributes([
            "name": "paybench \(summary.shownName)", "package": "paybench", "id": "0",
            "timestamp": String(summary.startedAt.prefix(19)), "hostname": hostName,
            "tests": "\(cases.count)", "failures": "\(counts.failures)",
            "errors": "\(counts.errors)", "skipped": "\(counts.skipped)",
            "time": summary.wallSeconds.fixed(3),
        ])
    }

    /// Names of machines are not written; their hash is.
    private var hostName: String {
        let hash = summary.environment?.hostHash ?? ""
        return hash.isEmpty ? "localhost" : hash
    }

    /// Readers take what stands before the last dot for a package.
    private var className: String {
        "paybench." + summary.shownName.split(separator: ".").joined(separator: "_")
    }

    private var properties: [String] {
        let properties: KeyValuePairs = [
            "run_id": summary.runID, "scenario": summary.scenario.name,
            "scenario.sha256": summary.scenario.sha256, "seed": "\(summary.scenario.seed)",
            "target": summary.target, "started_at": summary.startedAt,
            "validity": summary.verdict.validity.rawValue, "paybench": summary.tool.version,
            "libcurl": summary.tool.libcurl,
        ]
        return properties.map {
            "      <property\(XML.attributes(["name": $0.key, "value": $0.value]))/>"
        }
    }
}

private struct TestCase {
    enum Result {
        case pass
        case skipped(reason: String)
        case failure(reason: String, facts: [String])
        case error(reason: String, facts: [String])
    }

    let name: String
    let seconds: Double
    let result: Result

    init(measurement summary: Summary) {
        name = "measurement"
        seconds = summary.wallSeconds
        let causes = summary.verdict.causesInWords
        if let complaint = summary.ending.complaint {
            result = .error(reason: complaint, facts: causes)
        } else if summary.verdict.isUsable {
            result = .pass
        } else {
            let checks = summary.verdict.causes.map(\.check).joined(separator: ", ")
            result = .error(
                reason: "the measurement is invalid: \(checks)"
                    + (summary.budgets == nil ? "" : "; budgets are not judged"),
                facts: causes)
        }
    }

    init(budget: BudgetResult) {
        name = budget.budget.isEmpty ? budget.metric : budget.budget
        // All budgets are judged from one run; its time is that of the measurement.
        seconds = 0
        switch budget.verdict {
        case .pass: result = .pass
        case .inconclusive: result = .skipped(reason: "inconclusive: \(budget.reason)")
        case .fail: result = .failure(reason: budget.reason, facts: budget.facts)
        }
    }

    var isFailure: Bool { if case .failure = result { true } else { false } }
    var isError: Bool { if case .error = result { true } else { false } }
    var isSkipped: Bool { if case .skipped = result { true } else { false } }

    func xml(className: String) -> String {
        let attributes = XML.attributes([
            "classname": className, "name": name, "time": seconds.fixed(3),
        ])
        guard let child else { return "    <testcase\(attributes)/>" }
        return "    <testcase\(attributes)>\n      \(child)\n    </testcase>"
    }

    private var child: String? {
        switch result {
        case .pass: nil
        case .skipped(let reason): "<skipped\(XML.attributes(["message": reason]))/>"
        case .failure(let reason, let facts): Self.element("failure", "budget", reason, facts)
        case .error(let reason, let facts): Self.element("error", "measurement", reason, facts)
        }
    }

    private static func element(
        _ tag: String, _ type: String, _ reason: String, _ facts: [String]
    ) -> String {
        let attributes = XML.attributes(["message": reason, "type": type])
        return "<\(tag)\(attributes)>\(XML.lines(facts))</\(tag)>"
    }
}
