import CurlShims

/// What became of connections that were to be opened ahead of the payments.
package struct WarmUp: Sendable, Equatable {
    /// Connections that stand, TLS included.
    package var opened = 0
    /// The others.
    package var failed = 0
    /// Of the first that failed.
    package var failure: CurlCode?

    package init() {}
}

extension Reactor {
    /// Connections that are opened at one time.
    private static let lot = 64

    /// Opens connections that transfers made later use, 64 at a time, and waits for each of these
    /// lots for `patience` at most; where none of a lot comes to stand, the rest is not tried. Call it
    /// before the first `makeTransfer`.
    ///
    /// Nothing of HTTP is sent: not a byte behind the TLS handshake. Connections that stand behind a
    /// CURLOPT_CONNECT_ONLY are never used again by libcurl. So each of these transfers is an upload
    /// that goes on where it ended already: libcurl connects, finds nothing to send, ends with
    /// CURLE_PARTIAL_FILE before it writes a head, and keeps the connection.
    ///
    /// - Parameters:
    ///   - connections: they belong to the multi handles of the first `connections` transfers that will
    ///     be made for the destination.
    ///   - destination: where they lead.
    package func warmUp(
        _ connections: Int, to destination: Int = 0, patience: Nanoseconds
    ) -> WarmUp {
        let lane = lanes[destination]
        var result = WarmUp()
        var openers: [Transfer] = []
        precondition(notes.isEmpty, "connections are opened before there are transfers")
        defer { notes = [] }
        for first in stride(from: 0, to: connections, by: Self.lot) {
            let count = min(Self.lot, connections - first)
            while openers.count < count {
                openers.append(makeOpener(openers.count, to: destination))
            }
            notes = openers.map(\.notes)
            for index in 0..<count {
                openers[index].member = member(
                    (first + index) / lane.share.connections, of: lane)
            }
            let before = result.opened
            open(openers[..<count], until: MonotonicClock.now() + patience, &result)
            if result.opened == before { break }
        }
        result.failed = connections - result.opened
        return result
    }

    private func open(
        _ openers: ArraySlice<Transfer>, until deadline: Nanoseconds, _ result: inout WarmUp
    ) {
        var running = Set(openers.indices)
        for opener in openers { start(opener) }
        while !running.isEmpty, MonotonicClock.now() < deadline {
            turn(until: deadline, atLeast: .max) { number, code in
                running.remove(number)
                stop(openers[number])
                result.count(code)
            }
        }
        for number in running {
            stop(openers[number])
            result.count(.timedOut)
        }
    }

    private func makeOpener(_ index: Int, to destination: Int) -> Transfer {
        let opener = Transfer(
            index: index, member: 0, lane: destination, setup: lanes[destination].setup,
            state: state)
        opener.easy.set(CURLOPT_UPLOAD, 1)
        // Should a libcurl ever send it, it is no payment.
        opener.easy.set(CURLOPT_CUSTOMREQUEST, "OPTIONS")
        opener.easy.set(CURLOPT_FRESH_CONNECT, 1)
        opener.easy.set(CURLOPT_PIPEWAIT, 0)
        opener.easy.set(offset: CURLOPT_INFILESIZE_LARGE, 1)
        opener.easy.set(offset: CURLOPT_RESUME_FROM_LARGE, 1)
        EasyHandle.check(
            shim_easy_on_seek(opener.easy.raw) { _, _, _ in CURL_SEEKFUNC_OK })
        return opener
    }
}

extension WarmUp {
    fileprivate mutating func count(_ code: CurlCode) {
        if code.isNothingToSend {
            opened += 1
        } else {
            failure = failure ?? code
        }
    }
}

extension CurlCode {
    fileprivate static var timedOut: CurlCode { CurlCode(CURLE_OPERATION_TIMEDOUT) }

    fileprivate var isNothingToSend: Bool { rawValue == CURLE_PARTIAL_FILE.rawValue }
}
