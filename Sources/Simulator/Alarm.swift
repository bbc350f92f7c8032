import NIOCore

/// Something to do on an event loop at an instant. Thousands may be set at once, so it is no scheduled
/// task, which brings a promise and a future with it.
final class Alarm: NIOScheduledCallbackHandler {
    private let act: () -> Void

    private init(_ act: @escaping () -> Void) { self.act = act }

    /// - Parameter loop: the one that this runs on.
    @discardableResult
    static func set(
        at instant: NIODeadline, on loop: any EventLoop, _ act: @escaping () -> Void
    ) -> NIOScheduledCallback? {
        try? loop.assumeIsolated().scheduleCallback(at: instant, handler: Alarm(act))
    }

    func handleScheduledCallback(eventLoop: some EventLoop) { act() }
}
