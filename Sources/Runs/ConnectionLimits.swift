import Curl
import Results
import Scenarios

/// How many connections this machine lets the run have, checked before the start.
struct ConnectionLimits {
    /// Over all workers; at least one.
    let connections: Int
    /// What the run will meet, and what to raise.
    let warnings: [String]
    /// As many as the scenario asks for.
    let wanted: Int
    /// What makes `connections` less than that; nil: nothing does.
    let scarcity: HostRecord.Connections.Scarcity?
    /// Files that this process may open.
    let descriptors: Int
    /// nil where connections need none.
    let ports: LocalPorts?
    private let streams: Int
    private let inFlight: Int

    /// - Parameter arms: that the machine is shared by; all that is limited is for all of them.
    init(of scenario: Scenario, http: Scenario.HTTP, route: Route, arms: Int) {
        self.init(
            of: scenario, http: http, descriptors: Descriptors.raiseLimit(),
            ports: route.peers.isEmpty ? nil : LocalPorts(toLoopback: route.isLoopback),
            arms: arms)
    }

    /// - Parameter ports: nil where connections need none.
    init(
        of scenario: Scenario, http: Scenario.HTTP, descriptors: Int, ports: LocalPorts?,
        arms: Int = 1
    ) {
        streams = http.streams
        inFlight = max(1, scenario.limits.inFlight / arms)
        self.descriptors = descriptors
        self.ports = ports
        wanted = min((inFlight + streams - 1) / streams, http.connections ?? inFlight)
        // Beside its connections each multi handle has a pair of descriptors of its own: of 64
        // connections, or of one where they are used in turn or shared.
        let free = (descriptors - 128) / arms
        let spare = descriptors / 32 / arms
        let byDescriptors = max(1, http.rotate || streams > 1 ? free / 3 : free - spare)
        // Arms with the same address share its ports.
        let byPorts = ports.map { max(1, $0.count / arms) } ?? wanted
        connections = max(1, min(wanted, byDescriptors, byPorts))
        scarcity =
            min(byDescriptors, byPorts) >= wanted
            ? nil : byPorts < byDescriptors ? .ports : .descriptors
        var warnings: [String] = []
        if byDescriptors < wanted {
            let most = min(byDescriptors * streams, inFlight)
            warnings.append(
                "at most \(most) payments can be in flight: this process may open "
                    + "\(descriptors) files (raise it with ulimit -n)")
        }
        if let ports {
            let rate = http.reuse ? 0 : scenario.peakRate ?? 0
            warnings += [
                ports.warning(connections: wanted), ports.warning(connectionsPerSecond: rate),
            ].compactMap(\.self)
        }
        self.warnings = warnings
    }

    /// - Parameter slots: that were made, over all workers.
    func record(slots: Int, of http: Scenario.HTTP) -> HostRecord.Connections {
        HostRecord.Connections(
            wanted: wanted, ceiling: connections, scarcity: scarcity,
            needed: max((slots + streams - 1) / streams, min(http.warmUp, connections)),
            areRenewed: !http.reuse || http.lifetime != nil)
    }

    /// Payments in flight at the most: each worker has the same number of whole connections.
    func slots(workers: Int) -> Int {
        streams == 1
            ? min(connections, inFlight)
            : max(workers, min(connections / workers * workers * streams, inFlight))
    }
}

extension Scenario {
    /// Of the open phases; nil where there are none.
    fileprivate var peakRate: Double? {
        phases.compactMap(\.peakRate).max()
    }
}
