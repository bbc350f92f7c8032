import CurlShims

/// One connection, DNS to TLS, without a request: whether the target is there at all.
package enum Preflight {
    package struct Failure: Error, Equatable {
        package let code: CurlCode
        /// One sentence, in libcurl's words.
        package let reason: String
    }

    /// Connects and hangs up; blocks for `timeout` at most.
    package static func connect(
        _ options: TransferOptions, allowed: AllowedPeers, timeout: Nanoseconds
    ) throws(Failure) {
        let setup = TransferSetup(options)
        let state = UnsafeMutablePointer<ReactorState>.allocate(capacity: 1)
        state.initialize(to: ReactorState(readiness: Readiness(allowed: allowed)))
        defer {
            state.pointee.readiness.close()
            state.deinitialize(count: 1)
            state.deallocate()
        }
        let code = perform(setup, state: state, timeout: timeout)
        if !code.isSuccess { throw Failure(code: code, reason: code.explanation) }
    }

    private static func perform(
        _ setup: TransferSetup, state: UnsafeMutablePointer<ReactorState>, timeout: Nanoseconds
    ) -> CurlCode {
        let easy = EasyHandle()
        setup.apply(to: easy)
        easy.set(CURLOPT_CURLU, UnsafeMutableRawPointer(setup.url))
        easy.set(CURLOPT_CONNECT_ONLY, 1)
        let milliseconds = max(1, Int(timeout / 1_000_000))
        easy.set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds)
        easy.set(CURLOPT_TIMEOUT_MS, milliseconds)
        EasyHandle.check(shim_easy_on_open_socket(easy.raw, Callbacks.openSocket, state))
        EasyHandle.check(shim_easy_on_close_socket(easy.raw, Callbacks.closeSocket, state))
        return CurlCode(curl_easy_perform(easy.raw))
    }
}
