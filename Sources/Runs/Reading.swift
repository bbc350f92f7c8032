import Engine
import Histograms
import Metrics
import Payments

/// The part of some tallies that one metric is made of.
struct Reading {
    private var part = 0
    private var whole = 0
    private var times = Histogram()

    init() {}

    init(
        _ metric: Metric, _ selection: Selection, of tally: Tally, phases: [Int], layout: Layout
    ) {
        for index in phases {
            let series = Series(
                tally.series(ofPhase: index), selection: selection, layout: layout)
            switch metric {
            case .errors:
                part += series.count { outcome, payment in
                    !layout.expected[payment].contains(outcome)
                }
                whole += series.count { _, _ in true }
            case .outcome(let wanted, _):
                part += series.count { outcome, _ in outcome == wanted }
                whole += series.count { _, _ in true }
            case .code(let code):
                for (entry, count) in zip(tally.codes.entries, tally.codeCounts[index])
                where entry.code == code { part += count }
            case .rate(.started): part += tally.phases[index].started
            case .rate(.completed): part += series.count { _, _ in true }
            case .skipped: part += tally.phases[index].skipped
            case .time(let time, _): times.add(series.histogram(of: time))
            // No condition is about it.
            case .generatorCPU: break
            }
        }
    }

    mutating func add(_ other: Reading) {
        part += other.part
        whole += other.whole
        times.add(other.times)
    }

    /// In the metric's unit, durations in seconds; nil where there is nothing to take it of.
    func value(of metric: Metric, seconds: Double) -> Double? {
        switch metric {
        case .errors(.rate), .outcome(_, .rate):
            return whole > 0 ? Double(part) / Double(whole) : nil
        case .errors(.count), .outcome(_, .count), .code, .skipped: return Double(part)
        case .rate: return seconds > 0 ? Double(part) / seconds : nil
        case .time(_, let statistic): return value(of: statistic).map { $0 / 1e6 }
        case .generatorCPU: return nil
        }
    }

    private func value(of statistic: Metric.Statistic) -> Double? {
        switch statistic {
        case .percentile(let percent): times.value(at: percent / 100).map { Double($0) }
        case .mean: times.mean
        case .max: times.isEmpty ? nil : Double(times.maximum)
        case .min: times.isEmpty ? nil : Double(times.minimum)
        case .standardDeviation: times.standardDeviation
        }
    }
}

/// The payments and outcomes of one phase that a selection leaves.
private struct Series {
    private let phase: PhaseSeries
    private let selection: Selection
    private let layout: Layout

    init(_ phase: PhaseSeries, selection: Selection, layout: Layout) {
        self.phase = phase
        self.selection = selection
        self.layout = layout
    }

    func count(_ isWanted: (Outcome, Int) -> Bool) -> Int {
        selected.reduce(0) { sum, place in
            isWanted(place.outcome, place.payment)
                ? sum + Int(phase.responseTime[place.index].count) : sum
        }
    }

    func histogram(of time: Metric.Time) -> Histogram {
        switch time {
        case .responseTime: merged(phase.responseTime)
        case .serviceTime: merged(phase.serviceTime)
        case .sendDelay: phase.times.sendDelay
        case .firstByte: phase.times.firstByte
        case .connect: phase.times.connect
        case .tls: phase.times.tls
        }
    }

    private func merged(_ histograms: [Histogram]) -> Histogram {
        selected.reduce(into: Histogram()) { $0.add(histograms[$1.index]) }
    }

    private var selected: [(outcome: Outcome, payment: Int, index: Int)] {
        guard !phase.responseTime.isEmpty else { return [] }
        return layout.paymentNames.indices.flatMap { payment in
            Outcome.allCases.compactMap { outcome in
                let isPayment = selection.payment.map { $0 == layout.paymentNames[payment] }
                let isOutcome = selection.outcome.map { $0 == outcome }
                guard isPayment ?? true, isOutcome ?? true else { return nil }
                let index = payment * Outcome.allCases.count + Int(outcome.rawValue)
                return (outcome, payment, index)
            }
        }
    }
}

extension MetricValue {
    /// Durations in seconds.
    var number: Double {
        switch self {
        case .duration(let duration): Double(duration.nanoseconds) / 1e9
        case .ratio(let ratio): ratio
        case .count(let count): Double(count)
        case .perSecond(let rate): rate
        }
    }
}
