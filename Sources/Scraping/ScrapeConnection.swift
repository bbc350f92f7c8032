import Glibc

/// One connection of someone who scrapes: one request, one answer. Owns its socket.
struct ScrapeConnection: ~Copyable {
    /// For the request, and again for the answer.
    private static let patience = Duration.seconds(2)
    /// How long an end of the other side is waited for, so that what it has not read yet is not cut.
    private static let farewell = Duration.milliseconds(300)

    private let socket: Int32
    private let over: Int32

    init(_ socket: Int32, unless over: Int32) {
        self.socket = socket
        self.over = over
    }

    deinit { close(socket) }

    func serve(_ page: (_ accept: String?) -> ScrapePage) {
        let path = ScrapeEndpoint.path
        do throws(ScrapeRequest.Refusal) {
            guard let head = try head() else { return }
            let request = try ScrapeRequest(head, path: path)
            send(page(request.accept).answer(to: request.method))
        } catch {
            send(error.answer(path: path))
        }
    }

    /// nil where none came in time.
    private func head() throws(ScrapeRequest.Refusal) -> [UInt8]? {
        let deadline = ContinuousClock.now + Self.patience
        var head: [UInt8] = []
        while head.count < ScrapeRequest.longestHead {
            guard let bytes = receive(until: deadline), !bytes.isEmpty else { return nil }
            head += bytes
            if let end = Self.end(of: head) { return Array(head[..<end]) }
        }
        throw .headTooLong
    }

    /// Where the empty line is.
    private static func end(of head: [UInt8]) -> Int? {
        let (feed, carriage) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
        var lineStart = 0
        for (index, byte) in head.enumerated() where byte == feed {
            let line = head[lineStart..<index]
            if lineStart > 0, line.isEmpty || line.elementsEqual([carriage]) { return lineStart }
            lineStart = index + 1
        }
        return nil
    }

    /// nil where nothing comes any more, empty where the other side is done.
    private func receive(until deadline: ContinuousClock.Instant) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 2048)
        while Readiness.wait(for: socket, POLLIN, unless: over, within: deadline - .now) {
            let count = recv(socket, &buffer, buffer.count, 0)
            if count >= 0 { return Array(buffer[..<count]) }
            guard errno == EINTR || errno == EAGAIN else { return nil }
        }
        return nil
    }

    private func send(_ answer: [UInt8]) {
        let deadline = ContinuousClock.now + Self.patience
        var rest = answer[...]
        while !rest.isEmpty,
            Readiness.wait(for: socket, POLLOUT, unless: over, within: deadline - .now)
        {
            let sent = rest.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent >= 0 || errno == EINTR || errno == EAGAIN else { return }
            rest = rest.dropFirst(max(0, sent))
        }
        shutdown(socket, Int32(SHUT_WR))
        let end = ContinuousClock.now + Self.farewell
        while let bytes = receive(until: end), !bytes.isEmpty {}
    }
}
