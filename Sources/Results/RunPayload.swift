import FoundationEssentials
import Payments

/// The first and the last frame of a log.
extension RunStart {
    var payload: [UInt8] {
        var writer = PayloadWriter()
        for text in identity.texts { writer.put(text) }
        writer.put(identity.seed)
        writer.put(identity.startedAt)
        writer.put(scenario)
        writer.put(list: phases) { writer, phase in
            writer.put(phase.name)
            writer.put(optional: phase.flow)
            writer.put(phase.measured)
            writer.put(phase.model)
        }
        writer.put(list: passes) { $0.put($1) }
        writer.put(list: paymentNames) { $0.put($1) }
        writer.put(workers)
        writer.put(cores)
        writer.put(signsIn)
        writer.put(list: options.sorted { $0.key < $1.key }) { writer, fact in
            writer.put(fact.key)
            writer.put(fact.value)
        }
        writer.put(list: expectations) { writer, outcomes in
            writer.put(list: outcomes.map { Int($0.rawValue) }.sorted()) { $0.put($1) }
        }
        writer.put(json: environment)
        writer.put(json: design)
        for phase in phases { writer.put(optional: phase.adapter) }
        return writer.bytes
    }

    init(payload: [UInt8]) throws(PayloadError) {
        var reader = PayloadReader(payload)
        let identity = RunIdentity(
            runID: try reader.text(), toolVersion: try reader.text(),
            libcurlVersion: try reader.text(), swiftVersion: try reader.text(),
            scenarioName: try reader.text(), scenarioSHA256: try reader.text(),
            target: try reader.text(), seed: try reader.number(),
            startedAt: try reader.double())
        let scenario = try reader.text()
        let phases = try reader.list { reader throws(PayloadError) in
            RunStart.Phase(
                name: try reader.text(), flow: try reader.optionalText(),
                measured: try reader.flag(), model: try reader.model())
        }
        let passes = try reader.list { reader throws(PayloadError) in
            try reader.count(upTo: max(0, phases.count - 1))
        }
        self.init(
            identity: identity, scenario: scenario, phases: phases, passes: passes,
            paymentNames: try reader.list { reader throws(PayloadError) in try reader.text() },
            workers: try reader.count(upTo: 4096), cores: try reader.count(),
            signsIn: try reader.flag())
        options = try reader.facts()
        expectations = try reader.list { reader throws(PayloadError) in
            Set(try reader.list { reader throws(PayloadError) in try reader.outcome() })
        }
        environment = try reader.json()
        // Logs of earlier programs end here.
        if reader.remaining > 0 { try readDesign(&reader) }
        guard identity.startedAt.magnitude < 6e12 else {
            throw PayloadError(what: "the run began outside of the calendar")
        }
    }

    /// Of a run over several adapters.
    private mutating func readDesign(_ reader: inout PayloadReader) throws(PayloadError) {
        design = try reader.json()
        for phase in phases.indices { phases[phase].adapter = try reader.optionalText() }
        let isPossible = design?.passes.allSatisfy { $0.isPossible(records: phases.count) } ?? true
        guard isPossible, design?.passes.count ?? passes.count == passes.count else {
            throw PayloadError(what: "the design of the comparison is not what it should be")
        }
    }
}

extension RunEnd {
    var payload: [UInt8] {
        var writer = PayloadWriter()
        switch ending {
        case .completed: writer.put(0)
        case .interrupted(.interrupt): writer.put(1)
        case .interrupted(.terminate): writer.put(2)
        case .guardRail(let limit):
            writer.put(3)
            writer.put(limit)
        case .killed: writer.put(4)
        case .failed(let reason):
            writer.put(5)
            writer.put(reason)
        case .judged(let reason):
            writer.put(6)
            writer.put(reason)
        }
        writer.put(wallSeconds)
        writer.put(generator.workers)
        writer.put(generator.cores)
        writer.put(generator.cpuSeconds)
        writer.put(generator.busiestWorker)
        writer.put(generator.peakRSSBytes)
        writer.put(generator.connectionsOpened)
        writer.put(json: host)
        writer.put(optional: httpVersion)
        return writer.bytes
    }

    init(payload: [UInt8]) throws(PayloadError) {
        var reader = PayloadReader(payload)
        self.init(
            ending: try reader.ending(), wallSeconds: try reader.double(),
            generator: GeneratorRecord(
                workers: try reader.count(), cores: try reader.count(),
                cpuSeconds: try reader.double(), busiestWorker: try reader.double(),
                peakRSSBytes: try reader.count(), connectionsOpened: try reader.count()))
        host = try reader.json()
        httpVersion = try reader.optionalText()
    }
}

extension RunIdentity {
    fileprivate var texts: [String] {
        [runID, toolVersion, libcurlVersion, swiftVersion, scenarioName, scenarioSHA256, target]
    }

    /// In the order of the file.
    fileprivate init(
        runID: String, toolVersion: String, libcurlVersion: String, swiftVersion: String,
        scenarioName: String, scenarioSHA256: String, target: String, seed: UInt64,
        startedAt: Double
    ) {
        self.init(
            runID: runID, toolVersion: toolVersion, libcurlVersion: libcurlVersion,
            swiftVersion: swiftVersion, scenarioName: scenarioName,
            scenarioSHA256: scenarioSHA256, seed: seed, startedAt: startedAt, target: target)
    }
}

/// What has many parts that may be missing, and is written once, is written as in `summary.json`.
extension PayloadWriter {
    fileprivate mutating func put(json value: (some Encodable)?) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // Fails for a number that is not finite: then it is not known.
        let text = value.flatMap { try? encoder.encode($0) }
        put(optional: text.map { String(decoding: $0, as: UTF8.self) })
    }
}

extension PayloadReader {
    fileprivate mutating func json<Value: Decodable>() throws(PayloadError) -> Value? {
        guard let text = try optionalText() else { return nil }
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch {
            throw PayloadError(what: "the machine's description is not what it should be")
        }
    }
}

extension PayloadWriter {
    fileprivate mutating func put(_ model: PhaseRecord.Model) {
        switch model {
        case .open(let ratePerSecond, let process, let shape):
            put(0)
            put(ratePerSecond)
            put(process)
            put(optional: shape)
        case .closed(let users):
            put(1)
            put(users)
        }
    }
}

extension PayloadReader {
    fileprivate mutating func model() throws(PayloadError) -> PhaseRecord.Model {
        switch try count() {
        case 0:
            .open(
                ratePerSecond: try double(), process: try text(), shape: try optionalText())
        case 1: .closed(users: try count())
        case let other: throw PayloadError(what: "load model \(other) is unknown")
        }
    }

    fileprivate mutating func ending() throws(PayloadError) -> Ending {
        switch try count() {
        case 0: .completed
        case 1: .interrupted(.interrupt)
        case 2: .interrupted(.terminate)
        case 3: .guardRail(try text())
        case 4: .killed
        case 5: .failed(try text())
        case 6: .judged(try text())
        case let other: throw PayloadError(what: "ending \(other) is unknown")
        }
    }

    fileprivate mutating func facts() throws(PayloadError) -> [String: String] {
        var facts: [String: String] = [:]
        for _ in 0..<(try count(upTo: remaining)) {
            let name = try text()
            facts[name] = try text()
        }
        return facts
    }
}
