import Arrivals
import Curl
import DataFiles
import Glibc
import Payments
import Testing

@testable import Engine

/// One plan in several processes: together they are the one run, payment by payment.
@Suite struct ShardTests {
    /// What a payment is to the target, whoever sends it.
    struct Sent: Hashable, Comparable, CustomStringConvertible {
        var pass: Int
        var phase: Int
        var number: UInt64
        var position: UInt64
        var intended: Nanoseconds
        var entry: Int
        var rows: [Int]
        var id: UInt64

        static func < (left: Sent, right: Sent) -> Bool {
            (left.pass, left.number, left.phase, left.id)
                < (right.pass, right.number, right.phase, right.id)
        }

        var description: String { "pass \(pass) #\(number) at \(intended - origin) rows \(rows)" }
    }

    static let shards = [1, 2, 3, 7]

    @Test(arguments: shards, [1, 2, 3])
    func arrivalsOfAllShardsAreThoseOfOneRun(shards: Int, workers: Int) throws {
        let file = try RecordedFile()
        for (name, description) in try Self.openPlans(file) {
            let whole = Self.sent(Simulation(description), description)
            #expect(!whole.isEmpty)
            var sum: [Sent] = []
            for index in 0..<shards {
                // How many workers a shard has is its own affair.
                var own = description
                own.workers = 1 + (workers + index) % 3
                own.shard = ShardPlace(index, of: shards)
                let part = Self.sent(Simulation(own), own)
                #expect(part.allSatisfy { $0.number % UInt64(shards) == UInt64(index) }, "\(name)")
                sum += part
            }
            #expect(sum.sorted() == whole, "\(name), \(shards) shards")
            #expect(description.plannedArrivals == whole.count, "\(name)")
        }
    }

    /// The one run has as many workers as all shards together; answers take a time that follows from the
    /// payment's number.
    @Test(arguments: shards, [1, 2, 3])
    func usersOfAllShardsAreThoseOfOneRun(shards: Int, workers: Int) {
        for (name, description) in Self.closedPlans {
            var one = description
            one.workers = shards * workers
            let whole = Self.sent(Simulation(one, service: Self.service), one)
            #expect(!whole.isEmpty)
            var sum: [Sent] = []
            for index in 0..<shards {
                var own = description
                own.workers = workers
                own.shard = ShardPlace(index, of: shards)
                sum += Self.sent(Simulation(own, service: Self.service), own)
            }
            #expect(sum.sorted() == whole, "\(name), \(shards) shards")
            #expect(description.plannedArrivals == nil)
        }
    }

    @Test(arguments: shards, [2, 3]) func duetsOfAllShardsAreThoseOfOneRun(shards: Int, arms: Int) {
        for design in [
            PassPlan.Design.duet, .blocks(200 * millisecond, settle: 20 * millisecond),
        ] {
            let description = shared(
                open(300, .poisson, for: second), arms: arms, design, workers: 2, seed: 5)
            let whole = Self.sent(Simulation(description), description)
            var sum: [Sent] = []
            for index in 0..<shards {
                var own = description
                own.shard = ShardPlace(index, of: shards)
                sum += Self.sent(Simulation(own), own)
            }
            #expect(sum.sorted() == whole, "\(design), \(shards) shards")
            #expect(description.plannedArrivals == whole.count, "\(design)")
        }
    }

    @Test func partsAddUpToTheWhole() {
        for count in 1...9 {
            for whole in 0...40 {
                let parts = (0..<count).map { ShardPlace($0, of: count).part(of: whole) }
                #expect(parts.reduce(0, +) == whole)
                #expect((parts.max() ?? 0) - (parts.min() ?? 0) <= 1)
            }
        }
    }

    /// Many passes of few payments do not all fall to the first shards.
    @Test func shortPassesAreDealtOutEvenly() {
        var counts: [Int] = []
        for index in 0..<3 {
            var own = plan([open(100, payments: 2)], passes: [Int](repeating: 0, count: 9))
            own.shard = ShardPlace(index, of: 3)
            counts.append(Simulation(own).count(.started))
        }
        #expect(counts == [6, 6, 6])
    }
}

extension ShardTests {
    private static func service(_ payment: DuePayment) -> Nanoseconds {
        Nanoseconds(3 + payment.number % 11) * millisecond
    }

    private static func sent(_ simulation: Simulation, _ plan: EnginePlan) -> [Sent] {
        #expect(simulation.isOver)
        var renderers = (0..<plan.workers).map { Renderer(plan: plan, worker: $0) }
        return simulation.events.map { event in
            let payment = event.payment
            let bases = [UInt64](repeating: UInt64(payment.pass) * 1000, count: plan.data.count)
            let isThere = renderers[event.worker].prepare(payment, bases: bases)
            #expect(isThere)
            let identity = RequestIdentity(
                number: payment.number, keys: plan.arms[plan.arm(of: payment)].keys)
            return Sent(
                pass: payment.pass, phase: payment.phase, number: payment.number,
                position: payment.position, intended: payment.intended,
                entry: plan.entry(of: payment), rows: renderers[event.worker].rows,
                id: identity.uuid.high ^ identity.uuid.low)
        }.sorted()
    }

    private static func openPlans(_ file: RecordedFile) throws -> [(String, EnginePlan)] {
        let constant = open(400, for: second)
        let poisson = open(300, .poisson, for: second)
        let ramp = PhasePlan(
            model: .open(.profile(.ramp(from: 0, to: 500, over: second), .poisson)),
            length: second, payments: nil, mix: PaymentMix(weights: [2, 1]))
        let evenRamp = PhasePlan(
            model: .open(.profile(.ramp(from: 400, to: 10, over: second), .uniform)),
            length: second, payments: nil, mix: PaymentMix(weights: [2, 1]))
        let recorded = PhasePlan(
            model: .open(.recorded(try file.arrivals())), length: nil, payments: nil,
            mix: PaymentMix(weights: [2, 1]))
        let counted = open(250, .poisson, payments: 101)
        return [
            ("constant", plan([constant])), ("poisson", plan([poisson], seed: 9)),
            ("ramp", plan([ramp])), ("even ramp", plan([evenRamp])), ("recorded", plan([recorded])),
            (
                "repeats",
                plan([counted, constant, recorded], seed: 3, passes: [0, 1, 0, 2, 0, 0, 1])
            ),
            ("flows", plan([poisson, counted, ramp], seed: 4, flows: [0..<2, 2..<3])),
        ].map { ($0.0, withData($0.1)) }
    }

    private static var closedPlans: [(String, EnginePlan)] {
        [
            ("timed", plan([closed(10, think: 5 * millisecond, for: second)])),
            ("coming", plan([closed(2, to: 17, think: 20 * millisecond, for: second)])),
            ("few users", plan([closed(2, for: 300 * millisecond)])),
            ("counted", plan([closed(8, payments: 333)])),
            ("each", plan([closed(9, think: millisecond, each: 13)])),
            (
                "then arrivals",
                plan([closed(5, think: millisecond, for: second), open(200, .poisson, for: second)])
            ),
        ].map { ($0.0, withData($0.1)) }
    }

    /// Two of three payments take a row of a data set.
    private static func withData(_ plan: EnginePlan) -> EnginePlan {
        var plan = plan
        let mix = PaymentMix(weights: [2, 1])
        for arm in plan.arms.indices {
            plan.arms[arm].requests += plan.arms[arm].requests
        }
        for phase in plan.phases.indices { plan.phases[phase].mix = mix }
        guard let table else { return plan }
        plan.extras.data = [
            DataPlan(
                file: table,
                order: RowOrder(
                    .shuffle, atEnd: .wrap, rows: table.rows, keys: plan.arms[0].keys, dataSet: 0),
                rankings: plan.phases.map { _ in Ranking(mix, entries: [0]) })
        ]
        return plan
    }

    private static let table: DataFile? = {
        let text = "token\n" + (0..<997).map { "t\($0)\n" }.joined()
        let path = temporaryFile(text)
        defer { unlink(path) }
        return try? DataFileHead(path: path).checked { _, _ in nil }
    }()
}

/// 500 instants at random distances, as long as this is there.
final class RecordedFile {
    private let path: String

    init() throws {
        var random = SeededGenerator(seed: 77)
        var instant = 0
        let lines = (0..<500).map { _ in
            instant += Int.random(in: 0...4_000_000, using: &random)
            let fraction = String(1_000_000_000 + instant % 1_000_000_000).dropFirst()
            return "\(1000 + instant / 1_000_000_000).\(fraction)\n"
        }
        path = temporaryFile("time\n" + lines.joined())
    }

    deinit { unlink(path) }

    func arrivals() throws -> RecordedArrivals {
        try RecordedArrivals.check(path: path, RecordedArrivals.Options())
    }
}

private func temporaryFile(_ text: String) -> String {
    var template = Array("/tmp/paybench-shards-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    let written = write(descriptor, bytes, bytes.count)
    precondition(written == bytes.count, "no room for the files of tests")
    return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
}
