import Foundation
import Pages
import Testing

/// Programs of others that judge HTML; `scripts/setup --interop` installs them.
private enum Validator {
    /// A parser of HTML as browsers read it, that names every error of the standard.
    case html5lib
    /// HTML Tidy.
    case tidy

    private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    private static let python = package.appendingPathComponent(".build/interop/bin/python").path

    private static let errors = """
        import html5lib, sys
        for path in sys.argv[1:]:
            parser = html5lib.HTMLParser()
            with open(path, "rb") as file:
                parser.parse(file)
            for place, code, words in parser.errors:
                print(path, place, code, words)
        """

    private var command: (program: String, arguments: [String]) {
        switch self {
        case .html5lib: (Self.python, ["-c", Self.errors])
        // A swatch is an empty element.
        case .tidy:
            (
                "/usr/bin/tidy",
                ["-errors", "-quiet", "--show-info", "no", "--drop-empty-elements", "no"]
            )
        }
    }

    var isThere: Bool {
        switch self {
        case .html5lib: (try? Self.run(Self.python, ["-c", "import html5lib"])) == ""
        case .tidy: FileManager.default.isExecutableFile(atPath: command.program)
        }
    }

    /// What it has to say of some files; empty where they are fine.
    func complaints(about files: [URL]) throws -> String {
        try Self.run(command.program, command.arguments + files.map(\.path))
    }

    /// What it prints.
    private static func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let printed = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: printed, as: UTF8.self)
    }
}

@Suite struct ValidatorTests {
    private static func pages() throws -> [(name: String, page: Page)] {
        let hostile = "</title><script>&amp;\u{202e}\"'"
        let names = ["north", hostile]
        let comparison = ComparisonPageTests()
        let times = (1...500).map { UInt64($0 * 10) }
        let compared = ComparisonPage(
            try comparison.comparison(
                ["north", "east"], validity: "suspect", points: ComparisonPageTests.points),
            courses: ["north", "east"].map { comparison.course($0, times) }
        ).page
        let capacity = CapacityPageTests()
        let steps = (1...6).map { capacity.step($0, Double($0) * 20, inFlight: "\($0)") }
        let searched = CapacityPage(
            try capacity.answer(steps, more: CapacityPageTests.law), name: hostile,
            target: hostile
        ).page
        return Runs.odd.map { ($0.name, RunPage($0.material).page) }
            + names.map { ("judged", RunPage(Runs.judged(name: $0)).page) }
            + [("comparison", compared), ("capacity", searched)]
    }

    @Test(
        .enabled(
            if: Validator.html5lib.isThere,
            "html5lib is missing; scripts/setup --interop installs it"))
    func html5libHasNothingToSay() throws { try expectNoComplaint(of: .html5lib) }

    @Test(
        .enabled(
            if: Validator.tidy.isThere, "tidy is missing; scripts/setup --interop installs it"))
    func tidyHasNothingToSay() throws { try expectNoComplaint(of: .tidy) }

    private func expectNoComplaint(of validator: Validator) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("paybench-pages-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = try Self.pages().enumerated().map { index, page in
            let file = folder.appendingPathComponent("\(index)-\(page.name).html")
            try Data(page.page.html.utf8).write(to: file)
            return file
        }
        #expect(try validator.complaints(about: files) == "")

        // Neither is blind.
        let broken = folder.appendingPathComponent("broken.html")
        try Data("<!DOCTYPE html><title>x</title><p><b>x</p></section><table><p>".utf8)
            .write(to: broken)
        #expect(try validator.complaints(about: [broken]) != "")
    }
}
