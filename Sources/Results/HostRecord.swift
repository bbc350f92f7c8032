/// What the machine did while a run lasted. nil where the kernel does not say.
package struct HostRecord: Codable, Sendable, Equatable {
    /// Share of all cores' time that anybody used, and that the hypervisor gave to other guests.
    @NullWhenNone package var busyShare: Double?
    @NullWhenNone package var stealShare: Double?
    /// Where the process has a CPU limit.
    @NullWhenNone package var throttling: Throttling?
    /// Share of the run for which the worker that waited most was ready to run and had no core.
    @NullWhenNone package var queuedShare: Double?
    /// TCP segments of everybody on this machine, the loopback included.
    @NullWhenNone package var segments: Segments?
    package var clock: Clock
    package var descriptors: Descriptors
    /// nil where connections need none.
    @NullWhenNone package var ports: Ports?
    package var connections: Connections

    enum CodingKeys: String, CodingKey {
        case throttling, segments, clock, descriptors, ports, connections
        case busyShare = "busy_share"
        case stealShare = "steal_share"
        case queuedShare = "queued_share"
    }

    package init(
        clock: Clock, descriptors: Descriptors, ports: Ports?, connections: Connections
    ) {
        self.clock = clock
        self.descriptors = descriptors
        self.ports = ports
        self.connections = connections
        busyShare = nil
        stealShare = nil
        throttling = nil
        queuedShare = nil
        segments = nil
    }
}

extension HostRecord {
    /// The CPU limit of a container took effect.
    package struct Throttling: Codable, Sendable, Equatable {
        package var count: Int
        /// Of the run.
        package var share: Double

        package init(count: Int, share: Double) {
            self.count = count
            self.share = share
        }
    }

    package struct Segments: Codable, Sendable, Equatable {
        package var sent: Int
        package var retransmitted: Int

        package init(sent: Int, retransmitted: Int) {
            self.sent = sent
            self.retransmitted = retransmitted
        }
    }

    package struct Clock: Codable, Sendable, Equatable {
        /// Of the kernel: `tsc`.
        @NullWhenNone package var source: String?
        /// What reading it costs.
        package var readNanoseconds: Double
        /// How often the wall clock was set, and the largest step, in seconds; forward is positive.
        package var steps: Int
        package var largestStep: Double

        enum CodingKeys: String, CodingKey {
            case source, steps
            case readNanoseconds = "read_ns"
            case largestStep = "largest_step_s"
        }

        package init(
            source: String?, readNanoseconds: Double, steps: Int = 0, largestStep: Double = 0
        ) {
            self.source = source
            self.readNanoseconds = readNanoseconds
            self.steps = steps
            self.largestStep = largestStep
        }
    }

    /// Files and sockets of this process.
    package struct Descriptors: Codable, Sendable, Equatable {
        /// The most that were seen in use; a few more may have been.
        package var used: Int
        package var limit: Int

        package init(used: Int, limit: Int) {
            self.used = used
            self.limit = limit
        }
    }

    /// Local ports for connections to one address.
    package struct Ports: Codable, Sendable, Equatable {
        package var count: Int
        /// For how long the kernel keeps the port of a connection that we closed.
        package var quarantineSeconds: Double

        enum CodingKeys: String, CodingKey {
            case count
            case quarantineSeconds = "quarantine_s"
        }

        package init(count: Int, quarantineSeconds: Double) {
            self.count = count
            self.quarantineSeconds = quarantineSeconds
        }
    }

    package struct Connections: Codable, Sendable, Equatable {
        package enum Scarcity: String, Codable, Sendable { case descriptors, ports }

        /// As many as the scenario allows, and as this machine does.
        package var wanted: Int
        package var ceiling: Int
        /// What makes the ceiling lower than what is wanted; nil: nothing does.
        @NullWhenNone package var scarcity: Scarcity?
        /// Open at one time, at the most.
        package var needed: Int
        /// The scenario asks for new ones: `reuse: false`, or a lifetime.
        package var areRenewed: Bool

        enum CodingKeys: String, CodingKey {
            case wanted, ceiling, scarcity, needed
            case areRenewed = "are_renewed"
        }

        package init(
            wanted: Int, ceiling: Int, scarcity: Scarcity?, needed: Int, areRenewed: Bool
        ) {
            self.wanted = wanted
            self.ceiling = ceiling
            self.scarcity = scarcity
            self.needed = needed
            self.areRenewed = areRenewed
        }
    }
}
