import Glibc
import Reports
import Synchronization

/// The two streams: stdout is the result, stderr is the talk.
enum Terminal {
    private struct Drawing {
        /// Who draws on the terminal that the talk goes to, if anybody.
        var screen: Screen?
        /// To be written before anything else, so that the terminal is clean again.
        var owed = ""
    }

    private static let drawing = Mutex(Drawing())

    static func say(_ line: String) {
        let screen = drawing.withLock { $0.screen }
        if let screen, screen.say(line + "\r\n") { return }
        clean()
        writeTalk(line + "\n")
    }

    /// false where it could not be written; a reader that went away is no failure.
    @discardableResult
    static func print(_ text: String) -> Bool {
        clean()
        return write(text, to: STDOUT_FILENO)
    }

    private static func clean() {
        let owed = drawing.withLock { drawing in
            defer { drawing.owed = "" }
            return drawing.owed
        }
        if !owed.isEmpty { writeTalk(owed) }
    }

    /// As it is, at once.
    static func writeTalk(_ text: String) { write(text, to: STDERR_FILENO) }

    /// From now on what is said goes to `screen`; nil: straight to stderr again.
    ///
    /// - Parameter owed: what is to be written before that.
    static func hand(to screen: Screen?, owing owed: String = "") {
        drawing.withLock { $0 = Drawing(screen: screen, owed: owed) }
    }

    /// Colours only for a person: a terminal, and nobody asked to do without.
    static func style(noColor: Bool) -> TextStyle {
        isatty(STDOUT_FILENO) == 1 && !isPlain(noColor) ? .coloured : .plain
    }

    private static func isPlain(_ noColor: Bool) -> Bool {
        noColor || !(environment("NO_COLOR") ?? "").isEmpty
    }
}

/// What the terminal can do that the talk goes to.
extension Terminal {
    static var canBeDrawnOn: Bool {
        let kind = environment("TERM") ?? ""
        return isatty(STDERR_FILENO) == 1 && !kind.isEmpty && kind != "dumb" && size != nil
    }

    static func look(noColor: Bool) -> LiveLook {
        let term = environment("TERM") ?? ""
        return LiveLook(
            style: isPlain(noColor) ? .plain : .coloured,
            // The console of Linux has no glyphs for most of what is drawn.
            isUnicode: isUTF8 && term != "linux",
            hasManyColours: term.hasSuffix("-256color") || term.hasSuffix("-direct")
                || environment("COLORTERM") != nil)
    }

    /// nil where it does not say.
    static var size: LiveSize? {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
        else { return nil }
        return LiveSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }

    /// As the locale says: the first of these that is set.
    private static var isUTF8: Bool {
        let names = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(environment)
        let name = names.first { !$0.isEmpty }?.lowercased() ?? ""
        return name.contains("utf-8") || name.contains("utf8")
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
