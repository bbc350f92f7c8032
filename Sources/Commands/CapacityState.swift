import Capacity
import FoundationEssentials
import Results

/// What a capacity search knows, as it stands in the result folder after every step.
struct CapacityState: Codable {
    static let fileName = "capacity-state.json"
    private static let currentFormat = "paybench-capacity-state/2"

    private var format = currentFormat
    /// Of the scenario's file: a search goes on with the same one only.
    var scenarioSHA256: String
    var runID: String
    var seed: UInt64
    /// Runs that were begun: no two have the same payment ids, one that was killed included.
    var parts = 0
    /// Payments that were started, by runs that ended.
    var started = 0
    /// Of the search, pauses between its sittings apart.
    var seconds = 0.0
    var sittings = 1
    var search: CapacitySearch

    enum CodingKeys: String, CodingKey {
        case format
        case scenarioSHA256 = "scenario_sha256"
        case runID = "run_id"
        case seed, parts, started, seconds, sittings, search
    }

    init(scenarioSHA256: String, runID: String, seed: UInt64, search: CapacitySearch) {
        self.scenarioSHA256 = scenarioSHA256
        self.runID = runID
        self.seed = seed
        self.search = search
    }

    /// - Parameter folder: of results.
    static func read(_ folder: String) throws(ResultError) -> CapacityState {
        let path = "\(folder)/\(fileName)"
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw .corrupt(path: path, reason: "can't be read")
        }
        guard let state = try? JSONDecoder().decode(CapacityState.self, from: data),
            state.format == currentFormat
        else { throw .corrupt(path: path, reason: "not the state of a search of this version") }
        return state
    }

    func write(to folder: ResultFolder) throws(ResultError) {
        try folder.write(try json(of: self, Self.fileName), to: Self.fileName)
    }
}

/// Keys sorted, ended by a line feed.
func json(of value: some Encodable, _ name: String) throws(ResultError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    } catch {
        throw .corrupt(path: name, reason: "a number in it is not finite")
    }
}
