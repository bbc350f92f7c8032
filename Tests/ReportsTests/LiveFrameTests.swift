import Foundation
import Payments
import Reports
import Results
import Testing

/// Frames of the live view. `PAYBENCH_GOLDEN=write` makes the files anew, to be looked at.
@Suite struct LiveFrameTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("LiveFrames")
    private static let isWriting = ProcessInfo.processInfo.environment["PAYBENCH_GOLDEN"] == "write"

    private static let plain = LiveLook(style: .plain, isUnicode: true)
    private static let coloured = LiveLook(
        style: .coloured, isUnicode: true, hasManyColours: true)
    private static let ascii = LiveLook(style: .plain, isUnicode: false)

    private static let sizes = [(80, 24), (120, 40), (40, 15)]
    private static let states = ["run", "compare", "capacity", "interrupted"]
    private static let looks = ["plain", "coloured", "ascii"]

    private static func state(_ name: String) -> LiveState {
        switch name {
        case "compare": return LiveRuns.comparison
        case "capacity": return LiveRuns.search
        case "interrupted":
            var state = LiveRuns.usual
            state.stage = .interrupted(.interrupt)
            return state
        default: return LiveRuns.budgeted
        }
    }

    private static func look(_ name: String) -> LiveLook {
        name == "plain" ? plain : name == "ascii" ? ascii : coloured
    }

    @Test(arguments: states, looks)
    func aFrameIsAsItWas(state: String, look: String) throws {
        for (columns, rows) in Self.sizes {
            let frame = LiveFrame(
                Self.state(state), size: LiveSize(columns: columns, rows: rows),
                look: Self.look(look))
            let text = frame.lines.map { $0 + "\n" }.joined()
            let file = Self.folder.appendingPathComponent(
                "\(state)-\(columns)x\(rows).\(look).txt")
            if Self.isWriting { try text.write(to: file, atomically: true, encoding: .utf8) }
            #expect(try text == String(contentsOf: file, encoding: .utf8), "\(file.path)")
        }
    }

    /// glibc says how wide a line is.
    @Test(arguments: states)
    func noLineIsTooWideAndNoFrameTooHigh(name: String) {
        let locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)
        defer { freelocale(locale) }
        let before = uselocale(locale)
        defer { uselocale(before) }
        let state = Self.state(name)
        for columns in stride(from: 40, through: 170, by: 13) {
            for rows in [10, 15, 24, 60] {
                let size = LiveSize(columns: columns, rows: rows)
                let coloured = LiveFrame(state, size: size, look: Self.coloured)
                let plain = LiveFrame(state, size: size, look: Self.plain)
                let ascii = LiveFrame(state, size: size, look: Self.ascii)
                #expect(plain.lines.count <= rows - 1)
                #expect(coloured.lines.map(withoutCodes) == plain.lines)
                for (line, width) in zip(plain.lines, plain.widths) {
                    #expect(width <= columns - 1, "\(size): \(line)")
                    #expect(Self.width(line) == width, "\(size): \(line)")
                }
                #expect(ascii.widths == plain.widths)
                for line in ascii.lines {
                    #expect(line.utf8.allSatisfy { (0x20..<0x7F).contains($0) }, "\(line)")
                }
            }
        }
    }

    private typealias ScalarWidth = @convention(c) (wchar_t) -> Int32

    /// Not among the functions that Swift imports.
    private static let wcwidth = dlsym(nil, "wcwidth").map {
        unsafeBitCast($0, to: ScalarWidth.self)
    }

    private static func width(_ line: String) -> Int? {
        guard let wcwidth else { return nil }
        return line.unicodeScalars.reduce(0) { $0 + Int(wcwidth(wchar_t($1.value))) }
    }

    @Test func whatIsNeededMostIsThereAtAnySize() {
        for (columns, rows) in [(40, 12), (40, 15), (60, 20), (80, 24), (120, 40)] {
            let frame = LiveFrame(
                LiveRuns.budgeted, size: LiveSize(columns: columns, rows: rows), look: Self.plain)
            let text = frame.lines.joined(separator: "\n")
            for word in ["steady", "57 %", "started", "250/s", "p99", "accepted 9", "in flight"] {
                let isThere = text.contains(word) || word == "accepted 9" && text.contains("█")
                #expect(isThere, "\(columns)x\(rows) has no \(word):\n\(text)")
            }
        }
    }

    @Test func theBudgetInDangerComesFirst() throws {
        let frame = LiveFrame(
            LiveRuns.budgeted, size: LiveSize(columns: 80, rows: 24), look: Self.plain)
        let line = try #require(frame.lines.first { $0.hasPrefix("budget") })
        #expect(line.contains("in danger  response_time.p99 < 250ms  now 242 ms"))
    }

    @Test func whatServersAndFilesSayIsHarmless() {
        var state = LiveRuns.usual
        state.name = "a\u{1b}[2Jb\r\n\u{202E}名前⚡️"
        state.phase = "steady\u{7}\n名前名前名前名前名前名前名前"
        state.target = "http://h/\u{9b}31m"
        state.codes = [LiveState.Code(outcome: .rejected, code: "\u{1b}]0;x\u{7}", count: 3)]
        for (columns, rows) in Self.sizes {
            let size = LiveSize(columns: columns, rows: rows)
            for look in [Self.plain, Self.coloured, Self.ascii] {
                let frame = LiveFrame(state, size: size, look: look)
                for line in frame.lines.map(withoutCodes) {
                    #expect(
                        line.unicodeScalars.allSatisfy {
                            $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value)
                                && $0 != "\u{202E}"
                        })
                }
                #expect(frame.widths.allSatisfy { $0 < columns })
            }
        }
    }

    @Test func nothingYetIsAFrameToo() {
        let state = LiveBook(LiveRuns.start()).snapshot(.running)
        for (columns, rows) in Self.sizes {
            let frame = LiveFrame(
                state, size: LiveSize(columns: columns, rows: rows), look: Self.plain)
            #expect(frame.lines.contains("no answer yet"))
        }
    }
}
