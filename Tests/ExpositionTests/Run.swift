import Histograms
import Payments
import Results

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// A run that never was, with a list of every payment beside its intervals.
struct ListedRun {
    struct Payment {
        var isMeasured: Bool
        var adapter: String?
        var outcome: Outcome
        /// In µs.
        var response: UInt64
        var service: UInt64
        var code: String
    }

    private(set) var payments: [Payment] = []
    private(set) var intervals: [Interval] = []
    let start: RunStart

    /// - Parameter adapters: none: one target.
    init(seed: UInt64, intervals count: Int = 5, adapters: [String] = [], codes: Int = 4) {
        start = Self.start(adapters: adapters)
        var generator = Seeded(seed)
        for number in 0..<count {
            var interval = Interval(of: start)
            for _ in 0..<Int.random(in: 0...60, using: &generator) {
                pay(&interval, second: number, codes: codes, &generator)
            }
            interval.cpuSeconds = Double(number + 1) * 0.25
            interval.elapsed = Double(number + 1)
            interval.peakRSSBytes = 1 << 20
            interval.spans = [
                min(number, 1): PhaseRecord.Span(start: 0, end: Double(number + 1))
            ]
            intervals.append(interval)
        }
    }

    private mutating func pay(
        _ interval: inout Interval, second: Int, codes: Int, _ generator: inout Seeded
    ) {
        let phase = Int.random(in: start.phases.indices, using: &generator)
        let outcome = Outcome.allCases.randomElement(using: &generator) ?? .accepted
        // Below 2048 µs every microsecond has a bucket of its own; above, whole milliseconds may share one.
        let response = UInt64.random(in: 0...12, using: &generator)
        let payment = Payment(
            isMeasured: start.phases[phase].measured, adapter: start.phases[phase].adapter,
            outcome: outcome,
            response: UInt64.random(in: 0...(1 << (2 * response)), using: &generator),
            service: UInt64.random(in: 0...2000, using: &generator),
            code: "Code \(Int.random(in: 0..<codes, using: &generator))")
        payments.append(payment)
        interval.phases[phase].planned += 1
        interval.phases[phase].started += 1
        var counted = PhaseSeries()
        counted.record(
            slot: Int(outcome.rawValue), of: Outcome.allCases.count, response: payment.response,
            service: payment.service)
        counted.times.sendDelay.record(7)
        interval.seconds[second, default: Interval.Second()].series[phase, default: PhaseSeries()]
            .add(counted)
        guard outcome != .accepted else { return }
        let code = Interval.Code(
            outcome: outcome, code: payment.code, httpStatus: nil,
            field: Bool.random(using: &generator) ? "token" : nil)
        interval.phases[phase].codes[code, default: 0] += 1
    }

    private static func start(adapters: [String]) -> RunStart {
        let arms: [String?] = adapters.isEmpty ? [nil] : adapters
        let phases = [("warm-up", false), ("steady", true)].flatMap { name, measured in
            arms.map { adapter in
                RunStart.Phase(
                    name: name, flow: nil, adapter: adapter, measured: measured,
                    model: .open(ratePerSecond: 10, process: "poisson"))
            }
        }
        return RunStart(
            identity: RunIdentity(
                runID: "r1", toolVersion: "0.1.0", libcurlVersion: "7.88.1", swiftVersion: "6.3",
                scenarioName: "listed", scenarioSHA256: "00", seed: 1, startedAt: 1_700_000_000.25,
                target: "http://127.0.0.1:1/mobile/payments/makePayment"),
            scenario: "version: 1\n", phases: phases, passes: [0, phases.count - 1],
            paymentNames: ["card"], workers: 2, cores: 2, signsIn: true)
    }
}

/// Prometheus' text, read as its documentation says and by nothing of ours.
struct Exposed {
    struct Series: Hashable {
        var name: String
        var labels: [String: String]
    }

    private(set) var values: [Series: Double] = [:]
    private(set) var types: [String: String] = [:]
    private(set) var repeated: [Series] = []

    init(_ text: String) {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if line.hasPrefix("# TYPE "), words.count == 4 {
                types[String(words[2])] = String(words[3])
            } else if !line.hasPrefix("#"), let (series, value) = Self.sample(line) {
                if values.updateValue(value, forKey: series) != nil { repeated.append(series) }
            }
        }
    }

    private static func sample(_ line: Substring) -> (Series, Double)? {
        var rest = line
        let name = rest.prefix { $0 != "{" && $0 != " " }
        rest = rest.dropFirst(name.count)
        var labels: [String: String] = [:]
        if rest.first == "{" {
            while let first = rest.first, first != "}" {
                rest = rest.dropFirst()
                let label = rest.prefix { $0 != "=" }
                rest = rest.dropFirst(label.count + 2)
                var value = ""
                while let letter = rest.first, letter != "\"" {
                    rest = rest.dropFirst()
                    guard letter == "\\", let escaped = rest.first else {
                        value.append(letter)
                        continue
                    }
                    value.append(escaped == "n" ? "\n" : escaped)
                    rest = rest.dropFirst()
                }
                labels[String(label)] = value
                rest = rest.dropFirst()
            }
            rest = rest.dropFirst()
        }
        guard let value = Double(rest.drop { $0 == " " }) else { return nil }
        return (Series(name: String(name), labels: labels), value)
    }

    func sum(_ name: String, _ labels: [String: String] = [:]) -> Double {
        values.filter { series, _ in
            series.name == name && labels.allSatisfy { series.labels[$0.key] == $0.value }
        }.values.reduce(0, +)
    }
}
