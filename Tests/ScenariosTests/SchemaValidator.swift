import Documents
import Foundation

/// Python's `jsonschema`: a JSON Schema validator that knows nothing of ours.
enum SchemaValidator {
    static let isThere = (try? run("import jsonschema", input: Data())) != nil
    static let missing = "python3-jsonschema is missing; scripts/setup --interop installs it"

    struct Failure: Error {
        var talk: String
    }

    /// Which of the documents the schema allows, after the schema itself was checked.
    static func verdicts(_ documents: [Tree], by schema: Tree) throws -> [Bool] {
        let input = Tree.mapping([("schema", schema), ("documents", .list(documents))])
        let output = try run(program, input: Data(input.json.utf8))
        return output.split(separator: "\n").map { $0 == "allowed" }
    }

    private static let program = """
        import json, sys
        from jsonschema import Draft202012Validator
        given = json.load(sys.stdin)
        Draft202012Validator.check_schema(given["schema"])
        validator = Draft202012Validator(given["schema"])
        for document in given["documents"]:
            print("allowed" if validator.is_valid(document) else "refused")
        """

    private static func run(_ program: String, input: Data) throws -> String {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = ["in", "out", "err"].map { folder.appendingPathComponent($0) }
        try input.write(to: files[0])
        for file in files[1...] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", program]
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(talk: try String(contentsOf: files[2], encoding: .utf8))
        }
        return try String(contentsOf: files[1], encoding: .utf8)
    }
}
