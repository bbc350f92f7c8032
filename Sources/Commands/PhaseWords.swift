import Arrivals
import Results
import Scenarios

/// One phase in one line.
struct PhaseWords {
    private let phase: Scenario.Phase

    init(_ phase: Scenario.Phase) { self.phase = phase }

    var text: String {
        let length = phase.end.length.map { "for \($0.short)" }
        let count = phase.end.payments.map { "\(Figures.count($0)) payments" }
        let end = [length, count].compactMap(\.self).joined(separator: " or ")
        let planned = phase.isPause ? nil : phase.plannedPayments
        let payments = planned.map { "≈ \(Figures.count(Int($0.rounded()))) payments" }
        let until =
            phase.until.isEmpty
            ? nil : "until \(phase.until.map(\.text).joined(separator: " or "))"
        let parts = [model, end.isEmpty ? nil : end, until].compactMap(\.self)
        return ([parts.joined(separator: ", ")] + [payments].compactMap(\.self))
            .joined(separator: "  ")
    }

    private var model: String {
        switch phase.model {
        case .open(.pause): "pause"
        case .open(.recorded(let recording)):
            "arrivals of \(recording.arrivals.path)"
                + (recording.arrivals.speed == 1 ? "" : " at \(number(recording.arrivals.speed))x")
        case .open(.rate(let shape, let process)): "\(rate(shape)), \(process.rawValue) arrivals"
        case .closed(let users): words(for: users)
        }
    }

    private func rate(_ shape: Scenario.RateShape) -> String {
        switch shape {
        case .constant(let rate): "\(number(rate.perSecond))/s"
        case .ramp(let from, let to): "\(number(from)) to \(number(to))/s"
        case .stairs(let from, let to, let step, let every):
            "\(number(from.perSecond)) to \(number(to.perSecond))/s, "
                + "\(number(step.perSecond))/s every \(every.short)"
        case .spike(let base, let peak, let at, let lasting):
            "\(number(base))/s, \(number(peak.perSecond))/s at \(at.short) for \(lasting.short)"
        }
    }

    private func words(for users: Scenario.Users) -> String {
        let count = users.from == users.to ? "\(users.from)" : "\(users.from) to \(users.to)"
        return "\(count) users" + thinking(users.thinkTime)
            + (users.pace.map { ", each pays every \($0.short) at most" } ?? "")
            + (users.paymentsEach.map { ", \(Figures.count($0)) payments each" } ?? "")
    }

    private func thinking(_ time: Scenario.ThinkTime) -> String {
        switch time {
        case .constant(.zero): ""
        case .constant(let time): ", think time \(time.short)"
        case .uniform(let low, let high): ", think time \(low.short) to \(high.short)"
        case .exponential(let mean): ", think time \(mean.short) on average"
        }
    }

    private func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }
}

extension Duration {
    var short: String {
        inSeconds < 1
            ? Figures.duration(microseconds: UInt64((inSeconds * 1e6).rounded()))
            : Figures.length(seconds: inSeconds)
    }
}
