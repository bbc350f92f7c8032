import Documents

func reading(_ bytes: [UInt8]) -> Result<Node, DocumentError> {
    do throws(DocumentError) {
        return .success(try Document.read(bytes: bytes, name: "file").root)
    } catch { return .failure(error) }
}

func complaints(about text: String) -> [String] { complaints(about: Array(text.utf8)) }

func complaints(about bytes: [UInt8]) -> [String] {
    guard case .failure(let error) = reading(bytes) else { return [] }
    return error.lines
}

/// What a rule makes of a document with one value.
func reading<Value>(_ text: String, by rule: Rule<Value>) -> (value: Value?, complaints: [String]) {
    let complaints = Complaints(file: "file")
    let document = Document.read(bytes: Array(text.utf8), complaints: complaints)
    let value = document.flatMap { rule.read($0.root, complaints) }
    do throws(DocumentError) { try complaints.check() } catch { return (value, error.lines) }
    return (value, [])
}

extension DocumentError {
    /// `line:column: sentence`, or the sentence alone where the file as a whole is meant.
    var lines: [String] {
        let lines = complaints.map { complaint in
            let place = complaint.place.map { "\($0.line):\($0.column): " } ?? ""
            return place + complaint.problem.sentence
        }
        return omitted == 0 ? lines : lines + ["and \(omitted) more"]
    }
}

extension Node {
    /// In short: `{a: [1, "b"]}`, with texts in quotes.
    var brief: String {
        switch content {
        case .scalar(let scalar):
            scalar.meaning == .text ? "\"\(scalar.text)\"" : scalar.text
        case .sequence(let nodes): "[\(nodes.map(\.brief).joined(separator: ", "))]"
        case .mapping(let entries):
            "{\(entries.map { "\($0.key): \($0.value.brief)" }.joined(separator: ", "))}"
        }
    }
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
