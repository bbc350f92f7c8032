import Histograms
import Payments
import Results

/// What an interval tells of troubles; sums of those of the last seconds.
struct LiveFindings: Sendable {
    var lag = Histogram()
    var slotWait = Histogram()
    var longestStall: UInt64 = 0

    init() {}

    init(_ phases: [Interval.Phase]) {
        longestStall = phases.map(\.punctuality.longestStall.microseconds).max() ?? 0
    }

    mutating func add(_ times: PhaseTimes) {
        lag.add(times.lag)
        slotWait.add(times.slotWait)
    }

    func adding(_ other: LiveFindings) -> LiveFindings {
        var sum = self
        sum.lag.add(other.lag)
        sum.slotWait.add(other.slotWait)
        sum.longestStall = max(longestStall, other.longestStall)
        return sum
    }
}

/// What should not be so while a run lasts. A hint: whether the measurement can be believed is judged at
/// its end, from all of it.
package enum LiveWarning: Sendable, Equatable {
    /// p99 of our own lateness, in µs, and its share of the p99 response time.
    case late(p99: UInt64, share: Double)
    /// Longest pause of a worker, in µs.
    case stalled(UInt64)
    /// Of all cores.
    case busy(share: Double)
    case skipped(Int)
    /// Waited for a free slot up to so many µs.
    case waitedForSlots(UInt64)
    /// Payments per second.
    case fallsBehind(started: Double, completed: Double, inFlight: Int)
    case inDoubt(Int)
    /// Of the answers, and the most frequent code.
    case errors(share: Double, code: String?)

    /// As the verdict has them: from here on a lag makes a measurement invalid.
    private static let mostLag = 0.2
    private static let harmlessLag: UInt64 = 100
    private static let mostErrors = 0.01
    private static let longStall: UInt64 = 50_000
    private static let longWait: UInt64 = 1000
    private static let mostBusy = 0.9
    /// Fewer payments a second, or in flight, may be chance.
    private static let fewest = 20.0

    /// The gravest first: what is wrong with the generator, then with the target.
    static func all(in state: LiveState, _ findings: LiveFindings) -> [LiveWarning] {
        [
            late(state, findings), stalled(findings), busy(state), skipped(state),
            slots(findings), behind(state), inDoubt(state), errors(state),
        ].compactMap(\.self)
    }

    private static func late(_ state: LiveState, _ findings: LiveFindings) -> LiveWarning? {
        guard let lag = findings.lag.observedValue(at: 0.99), lag > harmlessLag,
            let time = state.recent.p99, time > 0
        else { return nil }
        let share = Double(lag) / Double(time)
        return share > mostLag ? .late(p99: lag, share: share) : nil
    }

    private static func stalled(_ findings: LiveFindings) -> LiveWarning? {
        findings.longestStall > longStall ? .stalled(findings.longestStall) : nil
    }

    private static func busy(_ state: LiveState) -> LiveWarning? {
        guard let busy = state.busyCores else { return nil }
        let share = busy / Double(max(1, state.cores))
        return share > mostBusy ? .busy(share: share) : nil
    }

    private static func skipped(_ state: LiveState) -> LiveWarning? {
        state.skipped > 0 && state.stage == .running ? .skipped(state.skipped) : nil
    }

    private static func slots(_ findings: LiveFindings) -> LiveWarning? {
        let longest = findings.slotWait.maximum
        return longest > longWait ? .waitedForSlots(longest) : nil
    }

    private static func behind(_ state: LiveState) -> LiveWarning? {
        guard state.stage == .running, let rates = state.rates,
            rates.started - rates.completed > max(fewest, rates.started / 10),
            Double(state.inFlight) > max(fewest, rates.started)
        else { return nil }
        return .fallsBehind(
            started: rates.started, completed: rates.completed, inFlight: state.inFlight)
    }

    private static func inDoubt(_ state: LiveState) -> LiveWarning? {
        let count = state.outcomes[Int(Outcome.inDoubt.rawValue)]
        return count > 0 ? .inDoubt(count) : nil
    }

    private static func errors(_ state: LiveState) -> LiveWarning? {
        guard state.completed > 0 else { return nil }
        let share = Double(state.errors) / Double(state.completed)
        guard share > mostErrors else { return nil }
        let code = state.codes.first { $0.outcome != .declined }?.code
        return .errors(share: share, code: code)
    }
}

extension LiveWarning {
    /// Whether it is about this machine: then the target is not to blame for what is measured.
    var isOurs: Bool {
        switch self {
        case .late, .stalled, .busy: true
        case .skipped, .waitedForSlots, .fallsBehind, .inDoubt, .errors: false
        }
    }

    /// The part to read where there is little room, and the rest.
    var words: (short: String, more: String) {
        switch self {
        case .late(let lag, let share):
            (
                "we send late: p99 lag \(Figures.duration(microseconds: lag))",
                ", \(Figures.share(share)) of the p99 response time"
            )
        case .stalled(let time):
            ("a worker stood still for \(Figures.duration(microseconds: time))", "")
        case .busy(let share): ("generator CPU at \(Figures.share(share))", " of the cores")
        case .skipped(let count):
            ("\(Figures.count(count)) arrivals skipped", ": due, and never sent")
        case .waitedForSlots(let time):
            (
                "arrivals wait for a slot, up to \(Figures.duration(microseconds: time))",
                ": the cap on payments in flight is reached"
            )
        case .fallsBehind(_, let completed, let inFlight):
            (
                "falls behind: \(Figures.shortCount(inFlight)) in flight",
                ", \(Figures.rate(perSecond: completed)) completed and more started"
            )
        case .inDoubt(let count):
            (
                "\(Figures.count(count)) \(count == 1 ? "payment" : "payments") in doubt",
                ": see reconcile.csv"
            )
        case .errors(let share, let code):
            (
                "\(Figures.share(share)) errors",
                code.map { ", most of them \($0.printable)" } ?? ""
            )
        }
    }
}
