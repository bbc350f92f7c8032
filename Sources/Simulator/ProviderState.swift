import NIOCore
import Providers

/// What a payment comes to before anything happens to it: a value, so that it can be tested without
/// a server and without time.
package struct Course: Sendable, Equatable {
    /// When the provider has the payment done; absolute.
    package var due: NIODeadline
    package var ending: ProviderScript.Ending
    /// The place in `Provider.faults` of the fault that befalls it.
    package var fault: Int?
}

/// A provider between its payments: limits, queue, faults that are on. Instants are handed in.
package struct ProviderState: Sendable {
    package var switches: FaultSwitches
    private let provider: Provider
    private let script: ProviderScript
    private var bucket: TokenBucket?
    private var queue: VirtualQueue?
    /// Payments admitted so far, and those that are with the provider now.
    private var admitted: UInt64 = 0
    private(set) var inFlight = 0
    private var lastArrival: NIODeadline?
    private var stall: StallWindow?

    package init(_ provider: Provider, seed: UInt64) {
        self.provider = provider
        script = ProviderScript(provider, seed: seed)
        switches = FaultSwitches(provider.faults)
        bucket = provider.limits.rate.map(TokenBucket.init)
        queue = provider.latency.servers.map(VirtualQueue.init)
    }

    /// Asks the limits; a payment that passes counts as in flight until `finished()`.
    package mutating func passes(at instant: NIODeadline) -> Bool {
        switches.paymentArrived(at: instant)
        if stall == nil { stall = provider.stall.map { StallWindow($0, firstPayment: instant) } }
        if let most = provider.limits.concurrent, inFlight >= most { return false }
        if bucket?.take(at: instant) == false { return false }
        inFlight += 1
        return true
    }

    /// A payment that had passed is done with.
    package mutating func finished() { inFlight -= 1 }

    /// Forgets everything but the payments that are with the provider now.
    package mutating func restart(as fresh: ProviderState) {
        let inFlight = inFlight
        self = fresh
        self.inFlight = inFlight
    }

    /// The course of the next payment that passed and is no repeat.
    package mutating func course(at arrival: NIODeadline) -> Course {
        admitted += 1
        let plan = script.plan(payment: admitted)
        let fault = fault(at: arrival)
        var service = plan.delayNanoseconds + warmUp(at: arrival)
        if case .brownOut(let factor, _)? = effect(of: brownOut(at: arrival)) {
            service = Int64(min(Double(service) * factor, 1e15))
        }
        let work = TimeAmount.nanoseconds(service)
        var due = queue?.depart(arrival: arrival, service: work) ?? (arrival + work)
        if case .timeout(let time)? = effect(of: fault) {
            due = arrival + .nanoseconds(time.nanoseconds)
        }
        if let stall { due = stall.release(due) }
        return Course(due: due, ending: plan.ending, fault: fault)
    }

    /// The first fault that is on and hits the payment. A brown-out counts only where it fails it.
    private func fault(at instant: NIODeadline) -> Int? {
        provider.faults.indices.first { place in
            let fault = provider.faults[place]
            guard fault.effect.kind.isOfPayments, switches.isOn(place, at: instant),
                script.isHit(payment: admitted, byFault: place, fault)
            else { return false }
            guard case .brownOut(_, let errors) = fault.effect else { return true }
            return script.isFailed(payment: admitted, byFault: place, errors: errors)
        }
    }

    /// The first brown-out that slows the payment down.
    private func brownOut(at instant: NIODeadline) -> Int? {
        provider.faults.indices.first { place in
            let fault = provider.faults[place]
            return fault.effect.kind == .brownOut && switches.isOn(place, at: instant)
                && script.isHit(payment: admitted, byFault: place, fault)
        }
    }

    private func effect(of place: Int?) -> Fault.Effect? {
        place.map { provider.faults[$0].effect }
    }

    /// What a first call takes more, in nanoseconds.
    private mutating func warmUp(at arrival: NIODeadline) -> Int64 {
        guard let first = provider.latency.firstCall else { return 0 }
        let idle = lastArrival.map { arrival - $0 >= .nanoseconds(first.idle.nanoseconds) } ?? true
        lastArrival = arrival
        return idle ? first.extra.nanoseconds : 0
    }
}
