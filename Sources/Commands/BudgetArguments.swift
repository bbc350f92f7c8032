import ArgumentParser
import Budgets
import Documents
import Metrics
import Results
import Scenarios

/// What a command line says about budgets.
struct BudgetArguments: ParsableArguments {
    @Option(
        name: .customLong("budgets"), help: "File with budgets, beside those of the scenario.")
    var file: String?

    @Option(
        help: """
            What relative budgets are relative to: a result folder, or a name given by paybench \
            baseline set.
            """)
    var baseline: String?

    @Flag(help: "Compare with a baseline of another scenario or HTTP version all the same.")
    var allowUnlike = false

    @Flag(help: "End the run as soon as every budget is decided; looks at 60, 120 and 180 s.")
    var stopWhenDecided = false

    var supply: BaselineSupply { baseline == nil ? .none : .given }

    /// The scenario with the budgets of the file.
    func completed(_ scenario: Scenario) throws -> Scenario {
        var scenario = scenario
        let known = scenario.baseline == nil ? supply : .given
        scenario.budgets += try read(names: Names(scenario), supply: known)
        return scenario
    }

    func read(names: Names, supply: BaselineSupply) throws -> [Budget] {
        guard let file else { return [] }
        do throws(DocumentError) {
            return try BudgetFile.read(
                bytes: documentBytes(path: file, name: file), name: file, names: names,
                baseline: supply)
        } catch {
            Terminal.say(error.description)
            throw ExitStatus.usage.exit
        }
    }

    /// Those that a stored run had.
    ///
    /// - Parameter name: of its log, for complaints.
    func budgets(of start: RunStart, in name: String) throws -> [Budget] {
        guard let text = start.options["budgets"] else { return [] }
        do throws(DocumentError) {
            return try BudgetFile.read(
                bytes: Array(text.utf8), name: name, names: Names(start), baseline: .given)
        } catch {
            Terminal.say(error.description)
            throw ExitStatus.usage.exit
        }
    }

    /// What relative budgets of a stored run are relative to; nil where nothing is named.
    ///
    /// - Parameters:
    ///   - sha256: of the run's scenario.
    ///   - httpVersion: that it spoke.
    func baseline(
        sha256: String, httpVersion: String?, for budgets: [Budget]
    ) throws -> BudgetBaseline? {
        guard let baseline else { return nil }
        let other = try BaselineResult.read(baseline)
        try other.check(sha256: sha256, httpVersion: httpVersion, allowUnlike: allowUnlike)
        return try other.baseline(for: budgets)
    }

    /// Ready to gather. A baseline that can't be used ends the command with 64: nothing was sent.
    func budgets(of scenario: Scenario) throws -> RunBudgets {
        let isBeside = if case .beside = scenario.baseline { true } else { false }
        return RunBudgets(
            scenario.budgets, stored: try stored(for: scenario),
            stopsWhenDecided: stopWhenDecided || isBeside && !scenario.budgets.isEmpty)
    }

    private func stored(for scenario: Scenario) throws -> BudgetBaseline? {
        var path = baseline
        if case .stored(let own) = scenario.baseline { path = path ?? own }
        guard let path, scenario.budgets.contains(where: \.isRelative) else { return nil }
        let result = try BaselineResult.read(path)
        try result.check(sha256: scenario.sha256, allowUnlike: allowUnlike)
        return try result.baseline(for: scenario.budgets)
    }
}

/// A stored result that others are compared with.
struct BaselineResult {
    let path: String
    /// Of `interval.log`, or of its copy.
    let log: String
    let summary: Summary

    /// Where `paybench baseline set` keeps them.
    static let folder = "results/baselines"

    /// Reads a result folder, the summary in it, or what a name stands for; says what is wrong and ends
    /// with 64.
    static func read(_ path: String) throws -> BaselineResult {
        do throws(ResultError) {
            let folder = ResultFolder(path: path)
            let named = "\(Self.folder)/\(path).json"
            if path.hasSuffix("/summary.json") {
                return try inFolder(String(path.dropLast("/summary.json".count)))
            } else if path.hasSuffix(".json") {
                return try kept(path)
            } else if !folder.isThere, !path.contains("/"), ResultFolder(path: named).isThere {
                return try kept(named)
            }
            return try inFolder(path)
        } catch {
            Terminal.say("paybench: baseline: \(error.description)")
            throw ExitStatus.usage.exit
        }
    }

    private static func inFolder(_ path: String) throws(ResultError) -> BaselineResult {
        BaselineResult(
            path: path, log: "\(path)/\(IntervalLog.fileName)", summary: try Summary.read(path))
    }

    private static func kept(_ path: String) throws(ResultError) -> BaselineResult {
        BaselineResult(
            path: path, log: String(path.dropLast("json".count)) + "log",
            summary: try Summary.read(path))
    }

    /// What differs would be taken for a change of the target.
    func check(sha256: String, httpVersion: String? = nil, allowUnlike: Bool) throws {
        var differences: [String] = []
        if summary.scenario.sha256 != sha256 {
            differences.append(
                "it is of another scenario (sha256 \(summary.scenario.sha256.prefix(12))…, not "
                    + "\(sha256.prefix(12))…)")
        }
        let theirs = summary.environment?.httpVersion
        if let httpVersion, let theirs, theirs != httpVersion {
            differences.append("it went over HTTP \(theirs), not \(httpVersion)")
        }
        if summary.verdict.validity == .invalid, !summary.verdict.accepted {
            differences.append("its measurement is invalid")
        }
        guard !differences.isEmpty else { return }
        let text = "baseline \(path.printable): \(differences.joined(separator: "; "))"
        if allowUnlike { return Terminal.say("paybench: \(text); compared all the same") }
        Terminal.say("paybench: \(text); --allow-unlike compares all the same")
        throw ExitStatus.usage.exit
    }

    func baseline(for budgets: [Budget]) throws -> BudgetBaseline {
        do {
            return try BudgetBaseline.read(log: log, for: budgets)
        } catch {
            Terminal.say("paybench: baseline: \(error.description)")
            throw ExitStatus.usage.exit
        }
    }
}
