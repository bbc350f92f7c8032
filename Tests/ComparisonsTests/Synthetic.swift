import Comparisons
import Glibc
import Histograms
import Metrics
import Payments
import Results

/// SplitMix64 (Steele, Lea, Flood 2014), and normal draws of it (Box, Muller 1958).
struct Draws: RandomNumberGenerator {
    var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func normal() -> Double {
        let (u, v) = (
            Double.random(in: 0.0000001..<1, using: &self), Double.random(in: 0..<1, using: &self)
        )
        return (-2 * log(u)).squareRoot() * cos(2 * .pi * v)
    }
}

/// What an adapter of a run that never was does.
struct Conduct {
    /// In µs.
    var median = 20_000.0
    /// Of the logarithm.
    var spread = 0.45
    /// Of payments above the median: this much longer.
    var stretch = 1.0
    var declined = 0.0
    var failing = 0.0
    var code = "CardDeclined"
    /// Of the declines, those with another code.
    var refused = 0.0
    /// Every so many seconds, from one of them on, half a second with nothing but waiting for its end.
    var stallEvery: Int?
    /// Of no answer at all.
    var isDown = false
}

/// A run of several adapters that never was; the first is the reference.
struct SyntheticDuel {
    let start: RunStart
    private let conducts: [Conduct]
    private let kind: RunDesign.Kind
    private let block = 2
    private let seconds: Int
    private var draws: Draws
    /// Stalls come that many seconds later.
    private let stallOffset: Int
    var perSecond = 100
    /// What the machine does to all of them, by second.
    var weather: (Int) -> Double = { _ in 1 }
    /// Seconds in which the generator sends 100 ms late.
    var late: Set<Int> = []

    init(seed: UInt64, _ kind: RunDesign.Kind, seconds: Int = 120, _ conducts: [Conduct]) {
        draws = Draws(seed)
        var others = Draws(seed ^ 0x57A11)
        stallOffset = Int.random(in: 0..<1000, using: &others)
        self.conducts = conducts
        self.kind = kind
        self.seconds = seconds
        let names = conducts.indices.map { "arm\($0)" }
        let phases = names.flatMap { name in
            (kind == .blocks ? ["steady", "steady (settling)"] : ["steady"]).map {
                RunStart.Phase(
                    name: $0, flow: nil, adapter: name, measured: $0 == "steady",
                    model: .open(ratePerSecond: 100, process: "poisson"))
            }
        }
        let measured = phases.indices.filter { phases[$0].measured }
        var design = RunDesign(
            adapters: names.map {
                RunDesign.Adapter(name: $0, target: "t", isReference: $0 == "arm0")
            },
            passes: [])
        let length = Int64(seconds) * 1_000_000_000
        switch kind {
        case .duet:
            design.passes = [.init(kind: .duet, phases: measured, seed: 1, length: length)]
        case .blocks:
            design.passes = [
                .init(
                    kind: .blocks, phases: measured,
                    settling: phases.indices.filter { !phases[$0].measured }, seed: seed,
                    block: Int64(block) * 1_000_000_000, settle: 200_000_000,
                    length: length / Int64(conducts.count))
            ]
        case .alone:
            design.passes = measured.map {
                .init(
                    kind: .alone, phases: [$0], seed: 1, length: length / Int64(conducts.count))
            }
        }
        var start = RunStart(
            identity: RunIdentity(
                runID: "r", toolVersion: "0", libcurlVersion: "0", swiftVersion: "0",
                scenarioName: "s", scenarioSHA256: "00", seed: 1, startedAt: 0, target: "t"),
            scenario: "", phases: phases, passes: design.passes.map { $0.phases[0] },
            paymentNames: ["card"], workers: 1, cores: 1, signsIn: false)
        start.expectations = [[.accepted, .declined]]
        start.design = design
        self.start = start
    }

    struct NothingToCompare: Error {}

    /// What a book has of it.
    mutating func book(
        _ settings: ComparisonSettings, endsWhenDecided: Bool = false
    ) throws -> ComparisonBook {
        guard
            var book = ComparisonBook(settings, of: start, endsWhenDecided: endsWhenDecided)
        else { throw NothingToCompare() }
        var interval = Interval(of: start)
        let share = Double(seconds) / Double(start.passes.count)
        for pass in start.passes.indices {
            interval.spans[pass] = PhaseRecord.Span(
                start: Double(pass) * share, end: Double(pass + 1) * share)
        }
        book.add(interval)
        for second in 0..<seconds {
            var interval = Interval(of: start)
            interval.elapsed = Double(second + 1)
            var settled = RecordBuilder.SettledSecond(number: second, series: [:])
            for (arm, record) in playing(in: second) {
                let series = payments(of: arm, second, &interval.phases[record].codes)
                interval.seconds[second, default: .init()].series[record] = series
                settled.series[record, default: [:]].add(series)
            }
            book.add(interval)
            book.add([settled])
        }
        return book
    }

    private func playing(in second: Int) -> [(arm: Int, record: Int)] {
        guard let design = start.design else { return [] }
        let middle = Int64(second) * 1_000_000_000 + 500_000_000
        switch kind {
        case .duet: return design.passes[0].phases.enumerated().map { ($0.offset, $0.element) }
        case .blocks:
            let arm = design.passes[0].timetable?.block(at: middle)?.arm
            return arm.map { [($0, design.passes[0].phases[$0])] } ?? []
        case .alone:
            let arm = second * design.passes.count / seconds
            return [(arm, design.passes[arm].phases[0])]
        }
    }

    private mutating func payments(
        of arm: Int, _ second: Int, _ codes: inout [Interval.Code: Int]
    ) -> PhaseSeries {
        var series = PhaseSeries()
        let conduct = conducts[arm]
        for _ in 0..<perSecond {
            let luck = Double.random(in: 0..<1, using: &draws)
            var outcome = Outcome.accepted
            if luck < conduct.declined { outcome = .declined }
            if luck > 1 - conduct.failing { outcome = .providerError }
            if conduct.isDown { outcome = .notSent }
            if outcome != .accepted {
                let isRefused = luck < conduct.declined * conduct.refused
                let declined = isRefused ? "Refused" : conduct.code
                let code = outcome == .declined ? declined : "HTTP 503"
                let key = Interval.Code(outcome: outcome, code: code, httpStatus: 402, field: nil)
                codes[key, default: 0] += 1
            }
            let normal = draws.normal()
            var time = conduct.median * exp(conduct.spread * normal) * weather(second)
            if normal > 0 { time *= pow(conduct.stretch, normal) }
            let instant = Double.random(in: 0..<1, using: &draws)
            if let every = conduct.stallEvery, (second + stallOffset) % every == 0, instant < 0.5 {
                time += (0.5 - instant) * 1e6
            }
            series.record(
                slot: Int(outcome.rawValue), of: Outcome.allCases.count, response: UInt64(time),
                service: UInt64(time))
            series.times.lag.record(late.contains(second) ? 100_000 : 20)
            series.times.sendDelay.record(late.contains(second) ? 100_000 : 20)
        }
        return series
    }
}

extension ComparisonBook {
    /// The verdict on a metric of an adapter.
    func verdict(_ adapter: String, _ metric: String) -> Comparisons.Comparison.Judged? {
        ComparisonJudge(material, settings)?.verdicts
            .first { $0.adapter == adapter && $0.metric == metric }
    }
}
