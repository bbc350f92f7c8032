import NIOCore
import NIOPosix
import Providers

/// The stand-in makePayment service: a payments port, an admin port, and one more for each adapter
/// that has its own.
package final class SimulatorServer: Sendable {
    /// A provider that the service serves besides the plain one.
    package struct Neighbour: Sendable {
        package let name: String
        /// Its own port, if it has one.
        package let port: Int?
        package let ledger: Ledger
    }

    /// The payments port that was bound.
    package let port: Int
    package let adminPort: Int
    /// Of every random choice: the provider's, or the one drawn at the start.
    package let seed: UInt64
    /// What it really did to each payment at the plain path.
    package let ledger: Ledger
    package let adapters: [Neighbour]

    private let providers: [SimulatedProvider]
    private let groups: [MultiThreadedEventLoopGroup]
    private let doors: [Door]
    private let multiplexed: MultiplexedConnections?

    private init(_ building: Building, payments: Door, admin: Door, own: [Door?]) {
        seed = building.seed
        ledger = building.plain.ledger
        port = payments.port
        adminPort = admin.port
        adapters = zip(building.adapters, own).map { adapter, door in
            Neighbour(name: adapter.name, port: door?.port, ledger: adapter.provider.ledger)
        }
        providers = [building.plain] + building.adapters.map(\.provider)
        groups = [building.loops, building.adminLoop]
        doors = [payments, admin] + own.compactMap(\.self)
        multiplexed = building.encryption?.multiplexed
        building.watch(payments, of: building.plain)
        for (adapter, door) in zip(building.adapters, own) {
            if let door { building.watch(door, of: adapter.provider) }
        }
    }

    /// Serves as soon as it returns. Throws `SimulatorError`; nothing is left behind then.
    package static func start(_ settings: SimulatorSettings) async throws -> SimulatorServer {
        let addresses = try Addresses(settings)
        let encryption = try settings.encryption.map(Encryption.init)
        let building = Building(settings, encryption)
        do {
            let payments = try await building.door(at: addresses.payments, for: building.main)
            let admin = try await building.adminDoor(at: addresses.admin)
            var own: [Door?] = []
            for (place, address) in addresses.adapters.enumerated() {
                own.append(try await building.door(at: address, forAdapter: place))
            }
            return SimulatorServer(building, payments: payments, admin: admin, own: own)
        } catch {
            try? await building.loops.shutdownGracefully()
            try? await building.adminLoop.shutdownGracefully()
            throw error
        }
    }

    /// Takes no more connections, tells those of HTTP/2 to ask no more, gives the payments that are with
    /// a provider `grace` to be answered, then closes every connection. Payments that take longer stay pending in the ledger, which can
    /// be read on. Calling it again does nothing.
    package func stop(grace: Duration = .zero) async {
        guard providers.map({ $0.stop() }).contains(true) else { return }
        for door in doors { await door.close() }
        await multiplexed?.announceTheEnd()
        let end = ContinuousClock.now + grace
        while providers.contains(where: \.isBusy) || multiplexed?.isEmpty == false,
            ContinuousClock.now < end
        {
            try? await Task.sleep(for: .milliseconds(5))
        }
        for group in groups { try? await group.shutdownGracefully() }
    }
}

/// Where to listen, checked before anything is opened.
private struct Addresses {
    let payments: SocketAddress
    let admin: SocketAddress
    /// nil: the adapter has no port of its own.
    let adapters: [SocketAddress?]

    init(_ settings: SimulatorSettings) throws {
        func address(_ port: Int) throws -> SocketAddress {
            try ListenAddress.address(
                settings.host, port: port, allowsAny: settings.allowsAnyHost)
        }
        payments = try address(settings.port)
        admin = try ListenAddress.address(
            settings.allowsAnyHost ? "127.0.0.1" : settings.host, port: settings.adminPort,
            allowsAny: false)
        adapters = try settings.provider.adapters.map { try $0.port.map(address) }
    }
}

/// The parts of a simulator while they are put together.
private struct Building {
    let seed: UInt64
    let loops: MultiThreadedEventLoopGroup
    let adminLoop = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let plain: SimulatedProvider
    let adapters: [(name: String, provider: SimulatedProvider)]
    let encryption: Encryption?
    private let limits: ConnectionLimits
    private let guests: Guests

    init(_ settings: SimulatorSettings, _ encryption: Encryption?) {
        self.encryption = encryption
        let seed = settings.provider.seed ?? .random(in: .min ... .max)
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: settings.threads)
        self.seed = seed
        self.loops = loops
        limits = settings.connections
        guests = Guests(most: settings.connections.connections)
        let host = settings.provider
        let sessions = Sessions()
        plain = SimulatedProvider(
            host, sessions: sessions, seed: seed, loops: loops,
            keepsTimes: settings.keepsTimes, say: settings.say)
        adapters = settings.provider.adapters.enumerated().map { place, adapter in
            let own = adapter.provider.seed ?? Draws(seed: seed).bits(UInt64(place), for: .seed)
            // Who has signed in once is in wherever the same is asked for.
            let provider = SimulatedProvider(
                adapter.provider,
                sessions: adapter.provider.asksTheSame(as: host) ? sessions : Sessions(),
                seed: own, loops: nil, keepsTimes: settings.keepsTimes, say: settings.say)
            return (adapter.provider.name, provider)
        }
    }

    /// The plain path, and every adapter below its own.
    var main: House {
        house(plain, adapters)
    }

    func door(at address: SocketAddress?, forAdapter place: Int) async throws -> Door? {
        guard let address else { return nil }
        return try await door(at: address, for: house(adapters[place].provider))
    }

    private func house(
        _ plain: SimulatedProvider, _ adapters: [(name: String, provider: SimulatedProvider)] = []
    ) -> House {
        House(
            plain: plain, adapters: adapters, settings: limits, guests: guests,
            isSecure: encryption != nil, loops: loops)
    }

    func door(at address: SocketAddress, for house: House) async throws -> Door {
        let encryption = encryption
        return try await Door(at: address, on: loops) { pipeline in
            try encryption?.fill(pipeline, house) ?? house.fill(pipeline)
        }
    }

    func adminDoor(at address: SocketAddress) async throws -> Door {
        let desk = AdminDesk(plain: plain, adapters: adapters)
        return try await Door(at: address, on: adminLoop) { pipeline in
            try pipeline.configureHTTPServerPipeline()
            try pipeline.addHandler(AdminHandler(desk))
        }
    }

    /// Shuts and opens the door as the provider's faults say, to 5 ms.
    func watch(_ door: Door, of provider: SimulatedProvider) {
        guard provider.provider.faults.contains(where: { $0.effect == .refuse }) else { return }
        let pause = TimeAmount.milliseconds(5)
        loops.next().scheduleRepeatedTask(initialDelay: pause, delay: pause) { _ in
            if provider.refusesConnections(at: .now()) { door.shut() } else { door.open() }
        }
    }
}

extension Provider {
    /// Whether who is let in by the other is let in here.
    fileprivate func asksTheSame(as other: Provider) -> Bool {
        credentials == other.credentials && tokens == other.tokens && login == other.login
    }
}
