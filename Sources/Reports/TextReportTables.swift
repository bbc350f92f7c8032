import Payments
import Results
import Statistics

/// The numbers of a text report.
extension TextReport {
    private static let mostPhases = 5
    private static let mostPayments = 4
    private static let mostErrors = 10

    var phases: [String] {
        let header = ["phase", "load", "for", "started", "rate", "completed", ""]
        let rows = summary.phases.prefix(Self.mostPhases).map { phase in
            [
                phase.label.printable.clipped(to: 24), phase.load.words.printable,
                Figures.length(seconds: phase.seconds), Figures.count(phase.totals.started),
                Figures.rate(perSecond: phase.rate.startedPerSecond),
                Figures.rate(perSecond: phase.rate.completedPerSecond),
                phase.measured ? "" : "not measured",
            ]
        }
        return Table(words: 2, rows: [header] + rows).lines()
            + Self.more(than: Self.mostPhases, of: summary.phases.count, "phases")
    }

    /// The two laws of the counts, with the counts.
    var accounting: [String] {
        let totals = summary.totals
        let planned =
            "\(Figures.count(totals.planned)) = \(Figures.count(totals.started)) started "
            + "+ \(Figures.count(totals.skipped)) skipped"
        let outcomes = Outcome.allCases.filter { totals.count(of: $0) != 0 }.map { outcome in
            let count = totals.count(of: outcome)
            let share = Figures.share(count, of: totals.started)
            return "\(Figures.count(count)) \(outcome.name) (\(share))"
        }
        let unanswered = totals.unanswered.map { ["\(Figures.count($0)) unanswered"] } ?? []
        let sum = (outcomes + unanswered).enumerated().map {
            ($0.offset == 0 ? "= " : "+ ") + $0.element
        }
        let retries = totals.retries == 0 ? [] : ["· \(Figures.count(totals.retries)) retries"]
        return ["planned".padded(to: Paragraph.labelWidth) + planned] + repeats
            + Paragraph(
                label: "started",
                parts: [Figures.count(totals.started)] + (sum.isEmpty ? ["= 0"] : sum) + retries
            ).lines(width: Self.width)
    }

    /// What ids that were sent twice showed of the service.
    private var repeats: [String] {
        guard let repeats = summary.totals.repeats else { return [] }
        let findings = [
            (repeats.same, "answered the same"), (repeats.refused, "refused"),
            (repeats.different, "answered differently"), (repeats.settled, "settled a doubt"),
            (repeats.unanswered, "unanswered"),
        ]
        let parts = findings.filter { $0.0 > 0 }.map { "\(Figures.count($0.0)) \($0.1)" }
        let sum = parts.enumerated().map { ($0.offset == 0 ? "= " : "+ ") + $0.element }
        return Paragraph(label: "repeats", parts: [Figures.count(repeats.sent)] + sum)
            .lines(width: Self.width)
    }

    var latency: [String] {
        let latency = summary.latency
        guard latency.responseTime.count > 0 else {
            let reason = summary.totals.started == 0 ? "no payment was started" : "nothing measured"
            return ["No latency: \(reason)."]
        }
        let header = ["", "count", "p50", "p90", "p99", "p99.9", "max"]
        let rows =
            [Self.row("response time", latency.responseTime), intervals].compactMap(\.self)
            + paymentRows + outcomeRows
            + [
                Self.row("service time", latency.serviceTime),
                Self.row("send delay", latency.sendDelay),
            ]
        let isUnresolved = rows.contains { $0.contains(Figures.none) }
        return Table(words: 1, rows: [header] + rows, widest: 32).lines()
            + (isUnresolved ? Self.unresolved(latency.responseTime) : [])
    }

    private static let quantiles = [QuantileName.p50, .p90, .p99, .p99_9]

    /// Of the response time; nil where the run was too short for any.
    private var intervals: [String]? {
        let times = summary.latency.responseTime
        let cells = Self.quantiles.map { name -> String in
            guard times.resolves(name), let value = times.value(of: name),
                let interval = times.intervals?[name],
                interval.lower != nil || interval.upper != nil
            else { return "" }
            return Figures.bounds(interval.lower, interval.upper, around: value)
        }
        guard cells.contains(where: { !$0.isEmpty }) else { return nil }
        return ["  95 % interval", ""] + cells + [""]
    }

    /// What the dash stands for, and how long a run would resolve the first quantile that isn't.
    private static func unresolved(_ times: Distribution) -> [String] {
        let sentence =
            "\(Figures.none) not resolved: fewer than \(Int(QuantileStudy.fewestEvents)) "
            + "independent payments lie beyond"
        guard let first = quantiles.first(where: { !times.resolves($0) }),
            let seconds = times.intervals?[first]?.secondsNeeded
        else { return [sentence] }
        let length = Figures.length(seconds: seconds)
        return ["\(sentence); \(first.words) takes about \(length)".clipped(to: width)]
    }

    var errors: [String] {
        let errors = summary.errors.prefix(Self.mostErrors)
        guard !errors.isEmpty else { return [] }
        let showsFields = errors.contains { $0.field != nil }
        let header = ["code", "outcome", "HTTP"] + (showsFields ? ["field"] : [])
        let rows = errors.map { error in
            [
                error.code.printable, error.outcome.name,
                error.httpStatus.map(String.init) ?? Figures.none,
            ] + (showsFields ? [(error.field?.printable ?? "").clipped(to: 20)] : [])
                + [Figures.count(error.count), Figures.share(error.share)]
        }
        let table = Table(
            words: header.count, rows: [header + ["count", "share"]] + rows, widest: 36)
        return table.lines() + Self.more(than: Self.mostErrors, of: summary.errors.count, "codes")
    }

    /// Response time by payment, where there is more than one with data.
    private var paymentRows: [[String]] {
        let payments = summary.payments.filter { $0.latency.responseTime.count > 0 }
        guard payments.count > 1 else { return [] }
        let rows = payments.prefix(Self.mostPayments).map {
            Self.row("  \($0.name.printable)", $0.latency.responseTime)
        }
        let more = payments.count - Self.mostPayments
        return rows + (more > 0 ? [["  and \(more) more payments"]] : [])
    }

    private var outcomeRows: [[String]] {
        let outcomes = Outcome.allCases.compactMap { outcome in
            summary.latencyByOutcome[outcome].map { (outcome, $0.responseTime) }
        }
        guard outcomes.count > 1 else { return [] }
        return outcomes.map { Self.row("  \($0.0.name)", $0.1) }
    }

    private static func row(_ name: String, _ times: Distribution) -> [String] {
        let values = quantiles.map { times.resolves($0) ? times.value(of: $0) : nil }
        return [name, Figures.count(Int(clamping: times.count))]
            + (values + [times.maximum]).map { Figures.duration(microseconds: $0) }
    }

    private static func more(than most: Int, of count: Int, _ things: String) -> [String] {
        count > most ? ["and \(Figures.count(count - most)) more \(things)"] : []
    }
}

extension PhaseRecord.Model {
    /// `open, 500/s poisson`; `closed, 50 users`.
    package var words: String {
        switch self {
        case .open(let rate, let process, let shape):
            "open, \(shape ?? Figures.rate(perSecond: rate)) \(process)"
        case .closed(let users):
            "closed, \(Figures.count(users)) \(users == 1 ? "user" : "users")"
        }
    }
}
