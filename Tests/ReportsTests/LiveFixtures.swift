import Capacity
import Histograms
import Payments
import Reports
import Results

/// Runs under way, made by hand: what they count is known without the code that shows it.
enum LiveRuns {
    /// The same numbers for the same seed, on every machine.
    struct Draws: RandomNumberGenerator {
        private var state: UInt64

        init(_ seed: UInt64) { state = seed }

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    static func start(adapters: [String] = []) -> RunStart {
        let model = PhaseRecord.Model.open(ratePerSecond: 250, process: "poisson")
        var phases = [RunStart.Phase(name: "warm-up", flow: nil, measured: false, model: model)]
        phases += (adapters.isEmpty ? [nil] : adapters.map(Optional.some)).map {
            RunStart.Phase(name: "steady", flow: nil, adapter: $0, measured: true, model: model)
        }
        var start = RunStart(
            identity: Runs.identity(), scenario: "", phases: phases, passes: [0, 1],
            paymentNames: ["card"], workers: 2, cores: 2, signsIn: false)
        if !adapters.isEmpty {
            start.design = RunDesign(
                adapters: adapters.enumerated().map {
                    RunDesign.Adapter(
                        name: $1, target: "http://127.0.0.1/\($1)", isReference: $0 == 0)
                }, passes: [])
        }
        return start
    }

    /// Half a second with `count` payments of one phase, due, sent and answered in it; every 25th is
    /// declined, but every 100th in doubt.
    static func interval(
        _ number: Int, of start: RunStart, phase: Int, count: Int, draws: inout Draws,
        response: (inout Draws) -> UInt64
    ) -> Interval {
        var interval = Interval(of: start)
        var second = Interval.Second()
        var series = PhaseSeries()
        for payment in 0..<count {
            let outcome: Outcome =
                payment % 100 == 99 ? .inDoubt : payment % 25 == 24 ? .declined : .accepted
            let time = response(&draws)
            series.record(
                slot: Int(outcome.rawValue), of: Outcome.allCases.count, response: time,
                service: time)
            series.times.sendDelay.record(40 + draws.next() % 60)
            series.times.lag.record(40)
            second.outcomes[Int(outcome.rawValue)] += 1
            if outcome == .declined {
                interval.phases[phase].codes[
                    Interval.Code(
                        outcome: .declined, code: "CardDeclined", httpStatus: 402, field: nil),
                    default: 0] += 1
            }
        }
        (second.planned, second.started) = (count, count)
        second.series[phase] = series
        interval.seconds[number / 2] = second
        interval.phases[phase].planned = count
        interval.phases[phase].started = count
        interval.elapsed = Double(number + 1) / 2
        interval.cpuSeconds = 0.2 * interval.elapsed
        return interval
    }

    /// Times around 30 ms with a tail; slower from one to the next.
    static func times(_ number: Int) -> (inout Draws) -> UInt64 {
        { draws in
            let base = 18_000 + UInt64(number) * 200
            let spread = (0..<3).reduce(UInt64(0)) { sum, _ in sum + draws.next() % 12_000 }
            return base + spread + (draws.next() % 50 == 0 ? draws.next() % 400_000 : 0)
        }
    }

    /// 2 s of warm-up and `seconds` of a measured phase at 250/s.
    static func run(seconds: Int = 18) -> LiveState {
        let start = start()
        var book = LiveBook(start)
        var draws = Draws(7)
        for number in 0..<(4 + 2 * seconds) {
            book.add(
                interval(
                    number, of: start, phase: number < 4 ? 0 : 1, count: 125, draws: &draws,
                    response: times(number)))
        }
        var state = book.snapshot(.running)
        state.phase = "steady"
        state.totalSeconds = 35
        return state
    }

    /// 20 s of 35.
    static let usual = run()

    static var budgeted: LiveState {
        var state = usual
        state.budgets = [budget("errors.rate < 2%", .ratio, value: 0.004, limit: 0.02)]
        state.budgets.append(
            budget("response_time.p99 < 250ms", .microseconds, value: 242_000, limit: 250_000))
        return state
    }

    static func budget(
        _ text: String, _ unit: BudgetResult.Unit, value: Double, limit: Double
    ) -> BudgetResult {
        var result = BudgetResult(
            budget: text, metric: "", verdict: .inconclusive, onInconclusive: .fail, unit: unit,
            count: 4500, reason: "")
        (result.value, result.limit) = (value, limit)
        result.margin = (limit - value) / limit
        return result
    }

    static let comparison: LiveState = {
        let start = LiveRuns.start(adapters: ["north", "south", "west"])
        var book = LiveBook(start)
        var draws = Draws(11)
        for number in 0..<40 {
            let phase = number < 4 ? 0 : 1 + number / 4 % 3
            book.add(
                interval(
                    number, of: start, phase: phase, count: 125, draws: &draws,
                    response: times(phase * 20)))
        }
        var state = book.snapshot(.running)
        state.phase = "compare, round 4, south"
        state.totalSeconds = 60
        return state
    }()

    /// In the middle of a search that a target of 100/s goes through.
    static let search: LiveState = {
        var settings = CapacitySettings(
            promises: Promises(
                latencies: [.init(quantile: 0.99, limitSeconds: 0.25)], errors: 0.01),
            from: 40, to: 1000)
        settings.budget = 60
        var search = CapacitySearch(settings)
        var steps = 0
        while true {
            switch search.next() {
            case .drain: search.drained(seconds: 1, isEmpty: true)
            case .probe(let probe) where steps < 6:
                search.took(result(of: probe))
                steps += 1
            case .probe(let probe):
                var state = run(seconds: 4)
                state.search = LiveSearch(probe, of: search)
                state.search?.isUnderWay = true
                state.phase = "bisect"
                return state
            case .done: return usual
            }
        }
    }()

    private static func result(of probe: Probe) -> ProbeResult {
        let due = Int(probe.rate * probe.sliceSeconds)
        var result = ProbeResult(
            slices: (0..<probe.slices).map { _ in
                .init(scheduled: due, exceeding: [probe.rate > 100 ? due / 5 : 0], failed: 0)
            }, seconds: probe.settle + probe.measure, inFlight: [], achievedPerSecond: probe.rate,
            completedPerSecond: probe.rate)
        result.times.p99Microseconds = probe.rate > 100 ? 900_000 : 90_000
        return result
    }
}

/// What a terminal shows of a text: without escape codes.
func withoutCodes(_ text: String) -> String {
    var shown = ""
    var rest = text[...]
    while let escape = rest.firstIndex(of: "\u{1b}") {
        shown += rest[..<escape]
        let end = rest[escape...].firstIndex(of: "m") ?? rest.index(before: rest.endIndex)
        rest = rest[rest.index(after: end)...]
    }
    return shown + rest
}
