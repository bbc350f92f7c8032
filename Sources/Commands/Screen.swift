import Dispatch
import Glibc
import Reports
import Synchronization

/// A stretch of the terminal at which stderr goes, redrawn in place, below whatever is said meanwhile.
///
/// It draws on a queue of its own and never holds anybody else up: while a frame can't be written, later
/// ones are left out. Whatever goes wrong with the terminal is nobody's failure.
final class Screen: Sendable {
    /// What is to be seen.
    typealias Picture = @Sendable (LiveSize, LiveLook) -> [String]

    /// All but `isOver` and `isAsked` belong to the queue.
    private struct State {
        var picture: Picture = { _, _ in [] }
        /// What was said and is not written yet.
        var talk = ""
        var size: LiveSize?
        /// Of the frame that the cursor is at the last line of.
        var height = 0
        var last = DispatchTime(uptimeNanoseconds: 0)
        var isAsked = false
        var hasBegun = false
        var isOver = false
    }

    /// Ten frames a second at the most.
    private static let pause = DispatchTimeInterval.milliseconds(100)
    /// How long the end waits for a terminal that takes nothing.
    private static let patience = DispatchTimeInterval.milliseconds(500)

    private let look: LiveLook
    private let queue = DispatchQueue(label: "paybench.screen")
    private let state = Mutex(State())
    private let mode = TerminalMode()
    private let sources = Mutex<[any DispatchSourceSignal]>([])

    /// nil where stderr is no terminal, or one that can't be drawn on.
    init?(noColor: Bool) {
        guard Terminal.canBeDrawnOn else { return nil }
        look = Terminal.look(noColor: noColor)
    }

    func show(_ picture: @escaping Picture) {
        state.withLock { $0.picture = picture }
    }

    /// From now on lines that are said go above the picture.
    func begin() {
        let isFirst = state.withLock { state in
            defer { state.hasBegun = true }
            return !state.hasBegun
        }
        guard isFirst else { return }
        mode.take()
        Terminal.hand(to: self)
        sources.withLock { sources in
            for number in [SIGWINCH, SIGCONT, SIGTSTP] {
                let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
                source.setEventHandler { [weak self] in self?.hear(number) }
                source.resume()
                sources.append(source)
            }
        }
    }

    /// Soon, unless that was asked for already.
    func draw() {
        let last: DispatchTime? = state.withLock { state in
            guard state.hasBegun, !state.isOver, !state.isAsked else { return nil }
            state.isAsked = true
            return state.last
        }
        guard let last else { return }
        queue.asyncAfter(deadline: max(.now(), last + Self.pause)) { [self] in
            state.withLock { $0.isAsked = false }
            drawNow()
        }
    }

    /// A line above the picture.
    ///
    /// - Returns: false where the screen is over.
    func say(_ text: String) -> Bool {
        let isTaken = state.withLock { state in
            guard !state.isOver else { return false }
            state.talk += text
            return true
        }
        draw()
        return isTaken
    }

    /// Takes the picture away; what was said and not shown yet is then to be read. Where the terminal is
    /// stopped, that is left for whoever writes next and does not mind waiting.
    func end() {
        guard state.withLock({ $0.hasBegun && !$0.isOver }) else { return }
        let erased = DispatchSemaphore(value: 0)
        queue.async { [self] in
            if isWritable, let parting { write(parting) }
            erased.signal()
        }
        _ = erased.wait(timeout: .now() + Self.patience)
        Terminal.hand(to: nil, owing: parting ?? "")
        sources.withLock { sources in
            for source in sources { source.cancel() }
            sources = []
        }
        mode.giveBack()
    }

    /// What clears the terminal, once; nil the next time.
    private var parting: String? {
        state.withLock { state in
            guard !state.isOver else { return nil }
            state.isOver = true
            guard state.height > 0 else { return state.talk }
            return Self.home(height: state.height) + Self.clearBelow + state.talk + Self.showCursor
        }
    }
}

/// On the queue.
extension Screen {
    private static let showCursor = "\u{1b}[?25h"
    private static let hideCursor = "\u{1b}[?25l"
    private static let noWrapping = "\u{1b}[?7l"
    private static let wrapping = "\u{1b}[?7h"
    private static let clearBelow = "\u{1b}[J"
    private static let clearRest = "\u{1b}[K"
    private static let clearAll = "\u{1b}[2J\u{1b}[H"

    /// From the last line of a frame to its first one.
    private static func home(height: Int) -> String {
        "\r" + (height > 1 ? "\u{1b}[\(height - 1)A" : "")
    }

    private func drawNow() {
        guard isWritable, let size = Terminal.size else { return }
        guard TerminalMode.isOurs else { return writeTalk() }
        let (isOver, before, picture) = state.withLock { state in
            defer { state.size = size }
            return (state.isOver, state.size, state.picture)
        }
        guard !isOver else { return }
        mode.take()
        let lines = picture(size, look)
        let (talk, height) = state.withLock { state in
            defer {
                state.talk = ""
                state.height = lines.count
                state.last = .now()
            }
            return (state.talk, state.height)
        }
        var text = Self.hideCursor + Self.noWrapping
        // A terminal that changed its size has moved or broken lines as it likes.
        if before != nil, before != size {
            text += Self.clearAll
        } else {
            text += Self.home(height: height)
        }
        if !talk.isEmpty { text += Self.clearBelow + talk }
        text += lines.map { $0 + Self.clearRest }.joined(separator: "\r\n")
        write(text + Self.clearBelow + "\r" + Self.wrapping)
    }

    /// In the background there is no picture.
    private func writeTalk() {
        let talk = state.withLock { state in
            defer { state.talk = "" }
            return state.talk
        }
        if !talk.isEmpty { write(talk) }
    }

    private func hear(_ signal: Int32) {
        switch signal {
        case SIGTSTP: halt()
        case SIGCONT:
            state.withLock { $0.height = 0 }
            drawNow()
        default: draw()
        }
    }

    /// Stops the process, as the user wished, with a terminal that the shell can use.
    private func halt() {
        if isWritable { write("\r\n" + Self.showCursor) }
        mode.giveBack()
        kill(getpid(), SIGSTOP)
    }

    /// false where the terminal is stopped, or nobody reads what it shows.
    private var isWritable: Bool {
        var wish = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        return poll(&wish, 1, 0) == 1 && wish.revents & Int16(POLLOUT) != 0
    }

    private func write(_ text: String) {
        Terminal.writeTalk(text)
    }
}

/// Whether the terminal shows what is typed: it must not while something is drawn there, or a line feed
/// moves the picture.
private final class TerminalMode: Sendable {
    private let before = Mutex<termios?>(nil)

    /// Whether the terminal belongs to us now: a program in the background leaves it alone.
    static var isOurs: Bool {
        let owner = tcgetpgrp(STDERR_FILENO)
        return owner < 0 || owner == getpgrp()
    }

    func take() {
        var mode = termios()
        guard before.withLock({ $0 == nil }), Self.isOurs, tcgetattr(STDERR_FILENO, &mode) == 0
        else { return }
        before.withLock { [mode] in $0 = mode }
        mode.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDERR_FILENO, TCSANOW, &mode)
    }

    func giveBack() {
        guard var mode = before.withLock({ $0.take() }), Self.isOurs else { return }
        tcsetattr(STDERR_FILENO, TCSANOW, &mode)
    }
}
