import Payments

extension Summary {
    /// `summary.csv`: response and service time by phase, payment and outcome, and the other times
    /// where they are known. `*` stands for all of a kind; for all phases, the measured ones. A
    /// combination that did not come has no row. `adapter` is empty where the run had one target.
    package var csv: String {
        let header =
            "phase,payment,outcome,time,count,mean_us,p50_us,p75_us,p90_us,p95_us,p99_us,"
            + "p99_9_us,p99_99_us,max_us,"
            + QuantileName.allCases.map {
                "\($0.rawValue)_lower_us,\($0.rawValue)_upper_us,\($0.rawValue)_resolved"
            }.joined(separator: ",") + ",adapter\n"
        let whole = TimeRows(
            phase: "*", latency: latency, byOutcome: latencyByOutcome, payments: payments)
        let parts = phases.map {
            TimeRows(
                phase: $0.name, adapter: $0.adapter, latency: $0.latency,
                byOutcome: $0.latencyByOutcome,
                payments: $0.payments)
        }
        return header + ([whole] + parts).map(\.csv).joined()
    }

    /// `errors.csv`: how often each code of each outcome but `accepted` came.
    package var errorsCSV: String {
        errors.reduce(into: "outcome,code,http_status,field,count,share\n") { text, error in
            text += CSV.row([
                .text(error.outcome.name), .foreign(error.code), .integer(error.httpStatus),
                .foreign(error.field), .integer(error.count), .decimal(error.share),
            ])
        }
    }
}

/// The rows of one phase, or of all.
private struct TimeRows {
    var phase: String
    var adapter: String?
    var latency: Latency
    var byOutcome: [Outcome: PaymentLatency]
    var payments: [Summary.Payment]

    var csv: String {
        let times = [
            ("response_time", latency.responseTime), ("service_time", latency.serviceTime),
            ("send_delay", latency.sendDelay), ("first_byte", latency.firstByte),
            ("connect", latency.connect), ("tls", latency.tls),
        ]
        return times.map { row("*", "*", $0.0, $0.1) }.joined()
            + rows(payment: "*", byOutcome)
            + payments.map {
                rows(payment: $0.name, outcome: "*", $0.latency)
                    + rows(payment: $0.name, $0.latencyByOutcome)
            }.joined()
    }

    private func rows(payment: String, _ latencies: [Outcome: PaymentLatency]) -> String {
        Outcome.allCases.compactMap { outcome in
            latencies[outcome].map { rows(payment: payment, outcome: outcome.name, $0) }
        }.joined()
    }

    private func rows(payment: String, outcome: String, _ latency: PaymentLatency) -> String {
        row(payment, outcome, "response_time", latency.responseTime)
            + row(payment, outcome, "service_time", latency.serviceTime)
    }

    private func row(
        _ payment: String, _ outcome: String, _ time: String, _ distribution: Distribution
    ) -> String {
        let count = Int(clamping: distribution.count)
        return CSV.row(
            [
                .text(phase), .text(payment), .text(outcome), .text(time), .integer(count),
                .decimal(distribution.mean),
            ] + distribution.quantiles.map { .microseconds($0) } + intervals(of: distribution)
                + [.text(adapter ?? "")])
    }

    /// Three columns a quantile, empty where it is not there.
    private func intervals(of distribution: Distribution) -> [CSV.Field] {
        QuantileName.allCases.flatMap { name -> [CSV.Field] in
            let interval = distribution.intervals?[name]
            return [
                .microseconds(interval?.lower), .microseconds(interval?.upper),
                .integer(interval.map { $0.isResolved ? 1 : 0 }),
            ]
        }
    }
}

extension Distribution {
    /// From p50 to the maximum.
    fileprivate var quantiles: [UInt64?] { [p50, p75, p90, p95, p99, p99_9, p99_99, maximum] }
}

extension [TimelineRow] {
    /// `timeline.csv`: one row a second, `t_s` seconds after the start.
    package var csv: String {
        let outcomes = Outcome.allCases.map(\.name).joined(separator: ",")
        let header =
            "t_s,planned,started,completed,\(outcomes),in_flight,p50_us,p99_us,send_delay_p99_us\n"
        return enumerated().reduce(into: header) { text, second in
            let row = second.element
            let counts = [second.offset, row.planned, row.started, row.completed] + row.outcomes
            text += CSV.row(
                (counts + [row.inFlight]).map { .integer($0) }
                    + [row.p50, row.p99, row.sendDelayP99].map { .microseconds($0) })
        }
    }
}
