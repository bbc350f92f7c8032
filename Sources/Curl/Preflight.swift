import CurlShims
import Glibc

/// One connection, DNS to TLS, without a request: whether the target is there at all.
package enum Preflight {
    package struct Failure: Error, Equatable {
        package let code: CurlCode
        /// What is wrong, and what libcurl says about it.
        package let reason: String
    }

    /// What was found at the other end.
    package struct Greeting: Sendable, Equatable {
        /// The address that was connected to: of the proxy, where there is one; nil for a socket file.
        package var peer: String?
        /// `TLSv1.3`; nil without TLS.
        package var tlsVersion: String?
    }

    /// Connects and hangs up; blocks for `timeout` at most.
    @discardableResult
    package static func connect(
        _ options: TransferOptions, allowed: AllowedPeers, timeout: Nanoseconds
    ) throws(Failure) -> Greeting {
        let setup = TransferSetup(options)
        let state = UnsafeMutablePointer<ReactorState>.allocate(capacity: 1)
        state.initialize(to: ReactorState(readiness: Readiness(allowed: [allowed])))
        let notes = UnsafeMutablePointer<Notes>.allocate(capacity: 1)
        notes.initialize(to: Notes())
        defer {
            notes.pointee.text.deallocate()
            notes.deinitialize(count: 1)
            notes.deallocate()
            state.pointee.readiness.close()
            state.deinitialize(count: 1)
            state.deallocate()
        }
        let code = perform(setup, state: state, notes: notes, timeout: timeout)
        if code.isSuccess {
            return Greeting(peer: notes.pointee.peer, tlsVersion: notes.pointee.tlsVersion)
        }
        let said = String(cString: notes.pointee.text)
        let reason =
            said.isEmpty || said == code.explanation
            ? code.explanation : "\(code.explanation): \(said)"
        throw Failure(code: code, reason: reason)
    }

    /// What libcurl says meanwhile; at a stable address.
    private struct Notes {
        let text: UnsafeMutablePointer<CChar>
        /// The server agreed to HTTP/2 (ALPN).
        var agreedToHTTP2 = false
        var peer: String?
        var tlsVersion: String?

        init() {
            text = .allocate(capacity: Int(CURL_ERROR_SIZE))
            text.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        }
    }

    private static func perform(
        _ setup: TransferSetup, state: UnsafeMutablePointer<ReactorState>,
        notes: UnsafeMutablePointer<Notes>, timeout: Nanoseconds
    ) -> CurlCode {
        let easy = EasyHandle()
        setup.apply(to: easy)
        easy.set(CURLOPT_CURLU, UnsafeMutableRawPointer(setup.url))
        easy.set(CURLOPT_CONNECT_ONLY, 1)
        let milliseconds = max(1, Int(timeout / 1_000_000))
        easy.set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds)
        easy.set(CURLOPT_TIMEOUT_MS, milliseconds)
        easy.set(CURLOPT_ERRORBUFFER, UnsafeMutableRawPointer(notes.pointee.text))
        easy.set(CURLOPT_VERBOSE, 1)
        EasyHandle.check(shim_easy_on_debug(easy.raw, listen, notes))
        EasyHandle.check(shim_easy_on_open_socket(easy.raw, Callbacks.openSocket, state))
        EasyHandle.check(shim_easy_on_close_socket(easy.raw, Callbacks.closeSocket, state))
        var code = CurlCode(curl_easy_perform(easy.raw))
        if code.isSuccess, setup.options.unixSocket == nil,
            let peer = shim_easy_pointer(easy.raw, CURLINFO_PRIMARY_IP)
        {
            notes.pointee.peer = String(cString: peer.assumingMemoryBound(to: CChar.self))
        }
        let isSecure = setup.options.url.hasPrefix("https:")
        if isSecure, code.isSuccess { code = CurlCode(objection(to: easy)) }
        guard code.isSuccess else { return refined(code, easy, notes, setup) }
        let lacksHTTP2 = setup.options.version == .two && !notes.pointee.agreedToHTTP2
        return isSecure && lacksHTTP2 ? CurlCode(.http2NotOffered) : code
    }

    private static func refined(
        _ code: CurlCode, _ easy: borrowing EasyHandle, _ notes: UnsafeMutablePointer<Notes>,
        _ setup: TransferSetup
    ) -> CurlCode {
        let raw = easy.raw
        return code.refined(
            by: FailureFacts(raw, text: notes.pointee.text, options: setup.options))
    }

    /// A server of TLS 1.3 objects to the client's certificate, or the lack of one, only when the client
    /// takes the handshake for done. What comes then is an alert, or tickets, which mean consent; a
    /// server that sends neither within 100 ms consents as well.
    private static func objection(to easy: borrowing EasyHandle) -> CURLcode {
        let socket = shim_easy_socket(easy.raw)
        guard socket != CURL_SOCKET_BAD else { return CURLE_OK }
        var wish = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        guard poll(&wish, 1, 100) > 0 else { return CURLE_OK }
        var byte: UInt8 = 0
        var count = 0
        let code = curl_easy_recv(easy.raw, &byte, 1, &count)
        return code == CURLE_AGAIN ? CURLE_OK : code
    }

    private static let listen: shim_debug_function = { _, kind, text, count, context in
        guard kind == CURLINFO_TEXT, let text,
            let notes = context?.assumingMemoryBound(to: Notes.self)
        else { return 0 }
        let line = UnsafeRawBufferPointer(start: text, count: count)
        if line.starts(with: "ALPN: server accepted h2".utf8) { notes.pointee.agreedToHTTP2 = true }
        // "SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384"; of a proxy's own TLS there is none.
        let secured = "SSL connection using ".utf8
        if line.starts(with: secured) {
            let version = line.dropFirst(secured.count).prefix { $0 > UInt8(ascii: " ") }
            notes.pointee.tlsVersion = String(decoding: version, as: UTF8.self)
        }
        return 0
    }
}
