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

    package var latency: Latency {
        let sliced = SlicedPhases(self)
        func distribution(_ key: SeriesKey, _ times: (PhaseTimes) -> Histogram) -> Distribution {
            Distribution(merged(map { times($0.times) }), sliced.study { $0 == key })
        }
        let payments = PaymentLatency(self, sliced, payment: nil, outcome: nil)
        return Latency(
            responseTime: payments.responseTime, serviceTime: payments.serviceTime,
            sendDelay: distribution(.sendDelay, \.sendDelay),
            firstByte: distribution(.firstByte, \.firstByte),
            connect: distribution(.connect, \.connect), tls: distribution(.tls, \.tls))
    }

    /// - Parameter payment: of the mix.
    func latency(of payment: Int) -> PaymentLatency {
        PaymentLatency(self, SlicedPhases(self), payment: payment, outcome: nil)
    }

    /// Of the outcomes that came.
    ///
    /// - Parameter payment: of the mix; nil: all of them.
    func latencyByOutcome(of payment: Int? = nil) -> [Outcome: PaymentLatency] {
        let sliced = SlicedPhases(self)
        return Outcome.allCases.reduce(into: [:]) { latencies, outcome in
            let latency = PaymentLatency(self, sliced, payment: payment, outcome: outcome)
            if latency.responseTime.count > 0 { latencies[outcome] = latency }
        }
    }

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

extension PaymentLatency {
    /// - Parameters:
    ///   - payment: of the mix; nil: all of them, likewise for the outcome.
    fileprivate init(
        _ phases: [PhaseRecord], _ sliced: SlicedPhases, payment: Int?, outcome: Outcome?
    ) {
        let outcomes = outcome.map { [Int($0.rawValue)] } ?? Array(Outcome.allCases.indices)
        let records = phases.flatMap { phase in
            payment.map { [phase.payments[$0]] } ?? phase.payments
        }
        func isWanted(_ key: SeriesKey) -> Bool {
            key.part.map {
                outcomes.contains($0.outcome) && (payment == nil || payment == $0.payment)
            } ?? false
        }
        func distribution(
            _ times: (PaymentRecord) -> [Histogram], _ isKind: (SeriesKey) -> Bool
        ) -> Distribution {
            Distribution(
                merged(records.flatMap { record in outcomes.map { times(record)[$0] } }),
                sliced.study { isKind($0) && isWanted($0) })
        }
        self.init(
            responseTime: distribution(\.responseTime) {
                if case .responseTime = $0 { true } else { false }
            },
            serviceTime: distribution(\.serviceTime) {
                if case .serviceTime = $0 { true } else { false }
            })
    }
}

private func merged(_ histograms: some Sequence<Histogram>) -> Histogram {
    histograms.reduce(into: Histogram()) { $0.add($1) }
}
