import Documents
import Scenarios

/// A scenario as text, each key in its line; the defaults make a valid one.
struct ScenarioText {
    var target = "{ base_url: simulator }"
    var payments = "[{ name: card, client_type: 1, payment_method: { type: scheme } }]"
    var load: String? = "[{ phase: steady, rate: 10/s, for: 1s }]"
    var limits: String?
    var simulator: String?
    var more = ""

    var text: String {
        let optional = [
            load.map { "load: \($0)" }, limits.map { "limits: \($0)" },
            simulator.map { "simulator: \($0)" },
        ]
        return
            ([
                "version: 1", "name: test", "target: \(target)", "payments: \(payments)",
            ]
            + optional.compactMap(\.self) + [more]).joined(separator: "\n")
    }

    /// One payment with these members besides the required ones.
    static func payment(_ members: String) -> String {
        "[{ name: card, client_type: 1, payment_method: { type: scheme }, \(members) }]"
    }

    /// One payment with this payment method.
    static func method(_ members: String) -> String {
        "[{ name: card, client_type: 1, payment_method: { \(members) } }]"
    }
}

func reading(
    _ text: String, environment: [String: String] = [:], libcurl: String? = nil
) -> Result<Scenario, DocumentError> {
    reading(Array(text.utf8), environment: environment, libcurl: libcurl)
}

func reading(
    _ bytes: [UInt8], environment: [String: String] = [:], libcurl: String? = nil
) -> Result<Scenario, DocumentError> {
    do throws(DocumentError) {
        let scenario = try ScenarioReader.read(
            bytes: bytes, name: "file", directory: "scenarios", environment: environment,
            libcurl: libcurl)
        return .success(scenario)
    } catch { return .failure(error) }
}

/// The sentences about a scenario, without their places.
func sentences(
    about scenario: ScenarioText, environment: [String: String] = [:], libcurl: String? = nil
) -> [String] {
    let read = reading(scenario.text, environment: environment, libcurl: libcurl)
    guard case .failure(let error) = read else { return [] }
    return error.complaints.map(\.problem.sentence)
}

/// SplitMix64: the same numbers for the same seed on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
