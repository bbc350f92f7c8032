import ArgumentParser
import Glibc
import Pages
import Reports
import Results

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Writes a stored result again, also that of a run that was killed.",
        discussion: """
            text is what the run printed, html is report.html, svg its charts (into the folder that --out \
            names), json is summary.json, csv is summary.csv, hlog is latency.hlog, prometheus what a \
            scrape would have got, jtl JMeter's CSV of the requests that --samples wrote; junit, markdown, \
            github (annotations), gitlab (metrics), benchmark-action, \
            benchmark-action-bigger and bencher are what CI systems and trackers read \
            (docs/CI.md). Of a run that was \
            killed it says what is missing, and lists the payments that were started and have no \
            answer in the results: all of them in unanswered.csv in the result folder, or with \
            --format unanswered.
            """)

    @Argument(help: "The result folder.")
    var result: String

    @Option(help: "What to write it as.")
    var format = ReportFormat.summary(.text)

    @Option(help: "File to write to, in place of stdout.")
    var out: String?

    @Option(help: "With --format jtl: the file that --samples of the run wrote.")
    var samples: String?

    @Flag(help: "No colours.")
    var noColor = false

    func validate() throws {
        guard format == .drawings, out == nil else { return }
        throw ValidationError("--format svg makes a file for each chart; --out names their folder")
    }

    func run() throws {
        // A comparison has a page of its own, a capacity search nothing but that.
        if format == .page || format == .drawings,
            let page = try readAsUsage({ () throws(ResultError) in try StoredPage.read(result) })
        {
            if try !deliver(page) { throw ExitStatus.ours.exit }
            return
        }
        let stored = try readResult(result)
        for note in stored.notes { Terminal.say("paybench: \(note)") }
        if !stored.unanswered.isEmpty { writeUnanswered(stored) }
        let isDelivered =
            switch format {
            case .jtl: try deliverSamples(of: stored)
            case .page, .drawings: try deliver(page(of: stored))
            case .summary, .latencyLog, .unanswered, .prometheus: deliver(try text(of: stored))
            }
        guard isDelivered else { throw ExitStatus.ours.exit }
    }

    /// As one file, or its drawings as one each.
    private func deliver(_ page: Page) throws -> Bool {
        guard format == .drawings, let out else { return deliver(page.html) }
        try readAsUsage { () throws(ResultError) in
            let folder = try ResultFolder.made(out)
            for (name, drawing) in page.drawings {
                try folder.write(drawing.svg, to: "\(name).svg")
            }
        }
        return true
    }

    private func text(of stored: StoredResult) throws -> String {
        switch format {
        case .summary(.text):
            let style = out == nil ? Terminal.style(noColor: noColor) : .plain
            return try stored.summary.text(as: .text, folder: stored.folder.path, style: style)
                + UnansweredList(stored.unanswered).text
        case .summary(let format): return try stored.summary.text(as: format)
        case .latencyLog: return try latencyLog(of: stored)
        case .unanswered: return stored.unanswered.csv
        case .prometheus:
            return try readAsUsage { () throws(ResultError) in try exports(of: stored).metrics() }
        case .page, .drawings, .jtl: preconditionFailure("these are no texts of a whole")
        }
    }

    private func exports(of stored: StoredResult) -> RunExports {
        RunExports(folder: stored.folder, summary: stored.summary)
    }

    private func deliverSamples(of stored: StoredResult) throws -> Bool {
        let exports = exports(of: stored)
        let path = samples ?? exports.samples
        guard access(path, R_OK) == 0 else {
            Terminal.say(
                "paybench: \(path.printable): \(String(cString: strerror(errno))); jtl is made of what "
                    + "paybench run --samples FILE wrote: name that file by --samples FILE here too"
            )
            throw ExitStatus.usage.exit
        }
        guard let out else {
            var isPrinted = true
            try readAsUsage { () throws(ResultError) in
                try exports.jtl(samples: path) { isPrinted = Terminal.print($0) && isPrinted }
            }
            return isPrinted
        }
        try readAsUsage { () throws(ResultError) in
            try writeFile(to: out) { (write) throws(ResultError) in
                try exports.jtl(samples: path, write: write)
            }
        }
        return true
    }

    /// What can't be read ends the command with 64, what can't be written with 1.
    private func readAsUsage<Value>(_ work: () throws(ResultError) -> Value) throws -> Value {
        do {
            return try work()
        } catch {
            Terminal.say("paybench: \(error.description)")
            switch error {
            case .system(.create, _, _), .system(.write, _, _): throw ExitStatus.ours.exit
            case .system(.read, _, _), .unknownFormat, .corrupt: throw ExitStatus.usage.exit
            }
        }
    }

    private func page(of stored: StoredResult) -> Page {
        var material = RunMaterial(stored.summary, record: nil, scenario: nil)
        material.unanswered = stored.unanswered
        material.notes = stored.notes
        do throws(ResultError) {
            let run = try LoggedRun.read(folder: stored.folder.path) { payments in
                let room = RunMaterial.mostPayments - material.uncertain.count
                material.uncertain += payments.prefix(room)
            }
            material.record = run.record
            material.scenario = run.start.scenario
            if !run.isWhole, stored.notes.isEmpty {
                material.notes.append("interval.log ends early: charts over time do, too.")
            }
        } catch {
            let note = "\(error.description); the page has no charts over time"
            Terminal.say("paybench: \(note)")
            material.notes.append(note)
        }
        return RunPage(material).page
    }

    private func latencyLog(of stored: StoredResult) throws -> String {
        var bytes: [UInt8] = []
        try readAsUsage { () throws(ResultError) in
            try LatencyLog.remake(from: stored.folder.path) { bytes += $0 }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func writeUnanswered(_ stored: StoredResult) {
        do {
            try stored.folder.write(stored.unanswered.csv, to: "unanswered.csv")
        } catch {
            Terminal.say("paybench: \(error.description)")
        }
    }

    private func deliver(_ text: String) -> Bool {
        guard let out else {
            let isPrinted = Terminal.print(text)
            if !isPrinted { Terminal.say("paybench: the report could not be written to stdout") }
            return isPrinted
        }
        do {
            try writeFile(text, to: out)
            return true
        } catch {
            Terminal.say("paybench: --out \(error.description)")
            return false
        }
    }
}

/// Reads a result; where it can't be used, says why and ends with 64.
func readResult(_ path: String) throws -> StoredResult {
    do {
        return try StoredResult.read(path)
    } catch {
        Terminal.say("paybench: \(error.description)")
        throw ExitStatus.usage.exit
    }
}

/// The payments that were started and have no answer, for people: how many, and the first of them.
private struct UnansweredList {
    private static let most = 10

    private let payments: [UnansweredPayment]

    init(_ payments: [UnansweredPayment]) { self.payments = payments }

    var text: String {
        guard !payments.isEmpty else { return "" }
        let one = payments.count == 1
        let head =
            "\n\(Figures.count(payments.count)) \(one ? "payment was" : "payments were") started and "
            + "\(one ? "has" : "have") no answer in these results; look "
            + "\(one ? "it" : "them") up (unanswered.csv):\n"
        let rows = payments.prefix(Self.most).map {
            "  \($0.paymentID.printable)  \($0.payment.printable)  sent "
                + Timestamp(secondsSince1970: $0.sent).rfc3339 + "\n"
        }
        let rest = payments.count - Self.most
        return head + rows.joined() + (rest > 0 ? "  and \(Figures.count(rest)) more\n" : "")
    }
}
