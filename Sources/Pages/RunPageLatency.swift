import Histograms
import Payments
import Reports
import Results

/// Key figures and how long payments took.
extension RunPage {
    var figures: Page.Section? {
        let times = summary.latency.responseTime
        let quantiles = [QuantileName.p50, .p99, .p99_9].map { quantile(times, $0) }
        let doubts = summary.totals.count(of: .inDoubt)
        let measured = summary.phases.filter(\.measured).map(\.totals)
        let started = measured.reduce(0) { $0 + $1.started }
        let errors = Outcome.allCases.filter { $0 != .accepted && $0 != .declined }
            .reduce(0) { sum, outcome in measured.reduce(sum) { $0 + $1.count(of: outcome) } }
        let tiles =
            quantiles + [
                tile(
                    "Achieved rate", Figures.rate(perSecond: summary.rate.completedPerSecond),
                    "of \(Figures.rate(perSecond: summary.rate.plannedPerSecond)) planned"),
                tile(
                    "Errors", Figures.share(errors, of: started),
                    "\(Figures.count(errors)) of \(Figures.count(started)) payments"),
                tile(
                    "In doubt", Figures.count(doubts),
                    "sent, and no conclusive answer; all phases"),
            ]
        let note =
            "Of the measured phases. Response time is from the instant a payment was due to its "
            + "answer, time-outs at their age; in brackets its 95\u{a0}% interval. Errors are all "
            + "outcomes but accepted and declined."
        return Page.Section(
            "figures", "Key figures",
            [.element("ul", ["class": "tiles"], tiles), .paragraph(note, "quiet note")])
    }

    private func quantile(_ times: Distribution, _ name: QuantileName) -> Markup {
        let title = "Response time \(name.words)"
        guard let value = times.value(of: name), times.resolves(name) else {
            let needed = times.intervals?[name]?.secondsNeeded.map {
                "; takes about \(Figures.length(seconds: $0))"
            }
            return tile(title, Figures.none, "not resolved" + (needed ?? ""))
        }
        let interval = times.intervals?[name].flatMap { interval in
            interval.lower == nil && interval.upper == nil
                ? nil : Figures.bounds(interval.lower, interval.upper, around: value)
        }
        return tile(
            title, Figures.duration(microseconds: value), interval ?? "no interval: too short")
    }

    private func tile(_ name: String, _ value: String, _ note: String) -> Markup {
        .element(
            "li", [:], [.paragraph(name, "name"), .paragraph(value, "value"), .paragraph(note)])
    }

    var latency: Page.Section? {
        Page.Section(
            "latency", "Latency", [quantileFigure.markup] + (heatFigure.map { [$0.markup] } ?? []))
    }

    private var measured: [PhaseRecord] { (material.record?.phases ?? []).filter(\.measured) }

    private var curves: [QuantileChart.Curve] {
        let latency = summary.latency
        var response = QuantileChart.Curve(
            "Response time", ink: .series(0), latency.responseTime)
        var service = QuantileChart.Curve("Service time", ink: .series(1), latency.serviceTime)
        let payments = measured.flatMap(\.payments)
        if !payments.isEmpty {
            response = .init(
                response.name, ink: response.ink, Self.whole(payments.flatMap(\.responseTime)),
                latency.responseTime)
            service = .init(
                service.name, ink: service.ink, Self.whole(payments.flatMap(\.serviceTime)),
                latency.serviceTime)
        }
        // Mostly it lies on the other.
        service.stroke = .dashed
        service.bounds = []
        return [response, service]
    }

    private static func whole(_ histograms: [Histogram]) -> Histogram {
        histograms.reduce(into: Histogram()) { $0.add($1) }
    }

    private var quantileFigure: Figure {
        Figure(
            "Latency by percentile",
            "Each step to the right is ten times rarer. The band is the 95\u{a0}% interval, as far as "
                + "the run resolves it. Where response time lies above service time (dashed), "
                + "payments waited before they were sent.",
            QuantileChart("Latency by percentile", curves),
            legend: curves.map { ($0.name, $0.ink) }, tables: [latencyTable])
    }

    private var latencyTable: Table {
        let latency = summary.latency
        let times = [
            ("Response time", latency.responseTime), ("Service time", latency.serviceTime),
            ("Send delay", latency.sendDelay), ("First byte", latency.firstByte),
            ("Connect", latency.connect), ("TLS", latency.tls),
        ].filter { $0.1.count > 0 }
        return Table(
            "Measured phases; \(Figures.none): not resolved", head: Self.latencyHead("time"),
            rows: times.map { Self.latencyRow($0.0, $0.1) })
    }

    static func latencyHead(_ first: String) -> [String] {
        [first, "count", "min"] + QuantileName.allCases.map(\.words) + ["max"]
    }

    static func latencyRow(_ name: String, _ times: Distribution) -> [String] {
        let quantiles = QuantileName.allCases.map {
            times.resolves($0) ? times.value(of: $0) : nil
        }
        return [name, Figures.count(Int(clamping: times.count))]
            + ([times.minimum] + quantiles + [times.maximum]).map {
                Figures.duration(microseconds: $0)
            }
    }

    private var heatFigure: Figure? {
        guard let record = material.record else { return nil }
        let map = HeatMap("Response time over time", axis, record.phases.map(\.slices))
        return Figure(
            "Response time over time",
            "Each cell holds the payments that were due then and took that long: the stronger its "
                + "colour, the more, up to \(Figures.count(map.peak)). Dashed lines are the "
                + "beginnings of phases.",
            map,
            tables: [
                timeTable("Response time", ["p50", "longest p50", "longest p99"]) { column in
                    [column.shortestP50, column.p50, column.p99].map {
                        Figures.duration(microseconds: $0)
                    }
                }
            ])
    }
}
