import Histograms
import Payments

extension PhaseRecord {
    /// Of every started payment, whatever its outcome.
    package var responseTime: Histogram { merged(payments.map(\.responseTime).joined()) }
    package var serviceTime: Histogram { merged(payments.map(\.serviceTime).joined()) }

    package func count(of outcome: Outcome) -> Int {
        payments.reduce(0) { $0 + $1.count(of: outcome) }
    }
}

extension PaymentRecord {
    var outcomes: [Outcome: Int] {
        Dictionary(uniqueKeysWithValues: Outcome.allCases.map { ($0, count(of: $0)) })
    }

    mutating func add(_ other: PaymentRecord) {
        for index in responseTime.indices {
            responseTime[index].add(other.responseTime[index])
            serviceTime[index].add(other.serviceTime[index])
        }
    }

    var latency: PaymentLatency {
        PaymentLatency(
            responseTime: Distribution(merged(responseTime)),
            serviceTime: Distribution(merged(serviceTime)))
    }

    /// Of the outcomes that came.
    var latencyByOutcome: [Outcome: PaymentLatency] {
        Outcome.allCases.reduce(into: [:]) { latencies, outcome in
            let index = Int(outcome.rawValue)
            guard !responseTime[index].isEmpty else { return }
            latencies[outcome] = PaymentLatency(
                responseTime: Distribution(responseTime[index]),
                serviceTime: Distribution(serviceTime[index]))
        }
    }
}

/// Sums over some phases of a run; nothing is averaged.
extension [PhaseRecord] {
    var totals: Totals {
        Totals(
            planned: sum(\.planned), started: sum(\.started), skipped: sum(\.skipped),
            retries: sum(\.retries), outcomes: allPayments.outcomes,
            repeats: repeats.sent == 0 ? nil : repeats, unanswered: unanswered)
    }

    private var unanswered: Int? {
        let count = sum(\.unanswered)
        return count == 0 ? nil : count
    }

    private var repeats: RepeatFindings { reduce(RepeatFindings()) { $0 + $1.repeats } }

    var bytes: Bytes {
        Bytes(
            sent: reduce(0) { $0 + $1.bytesSent }, received: reduce(0) { $0 + $1.bytesReceived })
    }

    var latency: Latency {
        let payments = allPayments.latency
        return Latency(
            responseTime: payments.responseTime, serviceTime: payments.serviceTime,
            sendDelay: Distribution(merged(map(\.times.sendDelay))),
            firstByte: Distribution(merged(map(\.times.firstByte))),
            connect: Distribution(merged(map(\.times.connect))),
            tls: Distribution(merged(map(\.times.tls))))
    }

    var latencyByOutcome: [Outcome: PaymentLatency] { allPayments.latencyByOutcome }

    /// The payments of the mix at `index`, over the phases.
    func payment(at index: Int) -> PaymentRecord {
        reduce(into: PaymentRecord()) { $0.add($1.payments[index]) }
    }

    private var allPayments: PaymentRecord {
        reduce(into: PaymentRecord()) { sum, phase in
            for payment in phase.payments { sum.add(payment) }
        }
    }

    private func sum(_ count: (PhaseRecord) -> Int) -> Int { reduce(0) { $0 + count($1) } }
}

private func merged(_ histograms: some Sequence<Histogram>) -> Histogram {
    histograms.reduce(into: Histogram()) { $0.add($1) }
}
