import NIOCore
import Providers

/// Which faults are on: by their windows, counted from the first payment, or by hand.
package struct FaultSwitches: Sendable {
    private let faults: [Fault]
    /// By the place of the fault; nil: not touched by hand.
    private var overrides: [Bool?]
    private var firstPayment: NIODeadline?

    package init(_ faults: [Fault]) {
        self.faults = faults
        overrides = Array(repeating: nil, count: faults.count)
    }

    /// Fixes where the windows begin; only the first call counts.
    package mutating func paymentArrived(at instant: NIODeadline) {
        if firstPayment == nil { firstPayment = instant }
    }

    /// False: there is no fault of this name.
    package mutating func turn(_ name: String, on isOn: Bool) -> Bool {
        guard let place = faults.firstIndex(where: { $0.name == name }) else { return false }
        overrides[place] = isOn
        return true
    }

    package func isOn(_ place: Int, at instant: NIODeadline) -> Bool {
        if let override = overrides[place] { return override }
        guard faults[place].isArmed else { return false }
        guard let window = faults[place].window else { return true }
        guard let span = span(of: window) else { return false }
        return instant >= span.start && instant < span.end
    }

    /// The end of every stall that goes on at `instant`; nil: none does. One that was switched on by
    /// hand ends when it is switched off.
    package func stallEnd(at instant: NIODeadline) -> NIODeadline? {
        var end: NIODeadline?
        for (place, fault) in faults.enumerated()
        where fault.effect == .stall && isOn(place, at: instant) {
            let byHand = overrides[place] == true
            let ends = byHand ? nil : fault.window.flatMap { span(of: $0)?.end }
            end = max(end ?? instant, ends ?? .distantFuture)
        }
        return end
    }

    /// How long a connection may be idle; nil: as long as it likes.
    package func idleLimit(at instant: NIODeadline) -> TimeAmount? {
        for (place, fault) in faults.enumerated() {
            guard case .closeIdle(let time) = fault.effect, isOn(place, at: instant) else {
                continue
            }
            return .nanoseconds(time.nanoseconds)
        }
        return nil
    }

    /// Whether new connections are refused.
    package func refuses(at instant: NIODeadline) -> Bool {
        faults.indices.contains { faults[$0].effect == .refuse && isOn($0, at: instant) }
    }

    private func span(of window: Fault.Window) -> (start: NIODeadline, end: NIODeadline)? {
        guard let firstPayment else { return nil }
        let start = firstPayment + .nanoseconds(window.after.nanoseconds)
        let end = window.length.map { start + .nanoseconds($0.nanoseconds) }
        return (start, end ?? .distantFuture)
    }
}
