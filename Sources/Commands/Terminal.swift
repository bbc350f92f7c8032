import Glibc
import Reports

/// The two streams: stdout is the result, stderr is the talk.
enum Terminal {
    static func say(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

    /// false where it could not be written; a reader that went away is no failure.
    @discardableResult
    static func print(_ text: String) -> Bool { write(text, to: STDOUT_FILENO) }

    /// Colours only for a person: a terminal, and nobody asked to do without.
    static func style(noColor: Bool) -> TextStyle {
        let isPlain =
            noColor || isatty(STDOUT_FILENO) == 0 || !(environment("NO_COLOR") ?? "").isEmpty
        return isPlain ? .plain : .coloured
    }

    static var redrawsTalk: Bool { isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb" }

    /// Shows `line` in place of the last one on a terminal, else below it.
    static func redraw(_ line: String) {
        guard redrawsTalk else { return say(line) }
        let room = max(20, columns - 1)
        write("\r\u{1b}[2K" + line.prefix(room), to: STDERR_FILENO)
    }

    static func endRedrawing() {
        if redrawsTalk { write("\r\u{1b}[2K", to: STDERR_FILENO) }
    }

    private static var columns: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return 100
        }
        return Int(size.ws_col)
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    @discardableResult
    private static func write(_ text: String, to descriptor: Int32) -> Bool {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return errno == EPIPE }
            bytes = bytes.dropFirst(written)
        }
        return true
    }
}
