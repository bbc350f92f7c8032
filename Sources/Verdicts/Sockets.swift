import Payments
import Results

/// `ports.ephemeral`, `descriptors.headroom`, `connection.churn` and `tcp.retrans`.
extension Doubt {
    private static let portShare = Bounds(ok: 0.5, most: 0.8)
    private static let descriptorShare = Bounds(ok: 0.8, most: 0.95)
    /// Of the arrivals that wait for a connection which this machine can't open.
    private static let scarceShare = Bounds(ok: 0, most: 0.01)
    private static let churnShare = Bounds(ok: 0.01, most: .infinity)
    /// Of the payments above a quantile.
    private static let lossShare = Bounds(ok: 0.1, most: .infinity)
    /// Fewer segments sent again are anybody's on this machine.
    private static let fewestRetransmits = 5

    /// Arrivals had to wait because this machine has not the connections that the scenario allows.
    static func scarceConnections(_ measured: Measured, _ host: HostRecord?) -> Doubt? {
        guard let connections = host?.connections, let scarcity = connections.scarcity,
            let waits = SlotWaits(in: measured.openPhases)
        else { return nil }
        let seen =
            "\(Figures.share(waits.share)) of the arrivals waited for a connection: there can be "
            + "\(Figures.count(connections.ceiling)) of the \(Figures.count(connections.wanted)) "
            + "that are allowed, for want of "
        switch scarcity {
        case .descriptors:
            return Doubt(
                .descriptors, waits.share, within: scarceShare, gravest: .invalid,
                advice: seen + "descriptors. Raise ulimit -n.")
        case .ports:
            return Doubt(
                .ports, waits.share, within: scarceShare, gravest: .invalid,
                advice: seen + "local ports. Raise net.ipv4.ip_local_port_range.")
        }
    }

    static func ports(_ measured: Measured, _ record: Record) -> Doubt? {
        let failed = measured.count(of: .notSent, code: EngineCode.noPort)
        guard failed == 0 else {
            return missing(
                .ports, failed, of: measured.started, "no local port",
                "Raise net.ipv4.ip_local_port_range, or reuse connections.")
        }
        guard let host = record.host, let ports = host.ports, ports.count > 0 else { return nil }
        // What the target closes is in quarantine there; with `reuse: false` we close.
        let renewed = max(0, record.generator.connectionsOpened - host.connections.needed)
        let seconds = max(record.wallSeconds, ports.quarantineSeconds)
        let kept =
            host.connections.areRenewed
            ? Double(renewed) * ports.quarantineSeconds / seconds : 0
        let share = (Double(host.connections.needed) + kept) / Double(ports.count)
        return Doubt(
            .ports, share, within: portShare, gravest: .invalid,
            advice: "Up to \(Figures.share(min(1, share))) of the \(Figures.count(ports.count)) "
                + "local ports were in use or not free again. Raise net.ipv4.ip_local_port_range, "
                + "or reuse connections.")
    }

    static func descriptors(_ measured: Measured, _ host: HostRecord?) -> Doubt? {
        let failed = measured.count(of: .notSent, code: EngineCode.noDescriptor)
        guard failed == 0 else {
            return missing(
                .descriptors, failed, of: measured.started, "no free descriptor",
                "Raise ulimit -n.")
        }
        guard let descriptors = host?.descriptors, descriptors.limit > 0 else { return nil }
        let share = Double(descriptors.used) / Double(descriptors.limit)
        return Doubt(
            .descriptors, share, within: descriptorShare, gravest: .invalid,
            advice: "\(Figures.count(descriptors.used)) of the "
                + "\(Figures.count(descriptors.limit)) files that this process may open were open. "
                + "Raise ulimit -n.")
    }

    private static func missing(
        _ check: Check, _ failed: Int, of started: Int, _ what: String, _ remedy: String
    ) -> Doubt {
        let share = Double(failed) / Double(max(1, started))
        return Doubt(
            check: check, validity: .invalid, value: share, threshold: 0,
            advice: "\(Figures.share(share)) of the payments (\(Figures.count(failed)) of "
                + "\(Figures.count(started))) were not sent: this machine had \(what) for them. "
                + remedy)
    }

    static func churn(_ measured: Measured, _ record: Record) -> Doubt? {
        guard let connections = record.host?.connections, !connections.areRenewed,
            measured.started > 0
        else { return nil }
        let inPhases = measured.sum { Int($0.times.connect.count) }
        // A sign-in may open one for itself.
        let first = connections.needed + Int(clamping: record.signIns?.time.count ?? 0)
        let again = record.generator.connectionsOpened - first
        let share = Double(max(0, min(inPhases, again))) / Double(measured.started)
        return Doubt(
            .churn, share, within: churnShare,
            advice: "\(Figures.share(share)) of the payments opened a connection though one had "
                + "been open before: the target closes them. Their set-up is in the response "
                + "times.")
    }

    static func retransmits(_ measured: Measured, _ host: HostRecord?) -> Doubt? {
        let started = UInt64(measured.started)
        guard let again = host?.segments?.retransmitted, again >= fewestRetransmits,
            let quantile = Quantile.allCases.last(where: {
                $0.observations(above: started) >= LateSends.observations
            })
        else { return nil }
        let tail = quantile.observations(above: started)
        let share = Double(again) / Double(tail)
        return Doubt(
            .retransmits, share, within: lossShare,
            advice: "\(Figures.count(again)) TCP segments were sent again on this machine: loss "
                + "may explain up to \(Figures.share(min(1, share))) of the "
                + "\(Figures.count(tail)) payments above \(quantile.name). Look for loss on the way "
                + "to the target.")
    }
}
