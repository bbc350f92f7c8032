import CurlShims

/// What libcurl calls back. Contexts are raw pointers to state at a stable address that outlives
/// the handle; everything happens on the thread of the reactor that owns it.
enum Callbacks {
    static func install(
        on easy: borrowing EasyHandle, notes: UnsafeMutablePointer<Transfer.Notes>,
        state: UnsafeMutablePointer<ReactorState>
    ) {
        EasyHandle.check(shim_easy_on_write(easy.raw, write, notes))
        EasyHandle.check(shim_easy_on_header(easy.raw, header, notes))
        EasyHandle.check(shim_easy_on_request(easy.raw, request, notes))
        EasyHandle.check(shim_easy_on_open_socket(easy.raw, openTransferSocket, notes))
        // Of the reactor, not of the transfer: a connection outlives the transfer that opened it.
        EasyHandle.check(shim_easy_on_close_socket(easy.raw, closeSocket, state))
    }

    static func install(
        on multi: borrowing MultiHandle, member: UnsafeMutablePointer<MemberState>
    ) {
        MultiHandle.check(shim_multi_on_socket(multi.raw, socket, member))
        MultiHandle.check(shim_multi_on_timer(multi.raw, timer, member))
    }

    private static let write: shim_write_function = { bytes, size, count, context in
        guard let bytes, let notes = context?.assumingMemoryBound(to: Transfer.Notes.self) else {
            return 0
        }
        return notes.pointee.append(bytes, count: size * count) ? size * count : 0
    }

    /// Each line of a head, and of trailers behind a body. A head begins with its status line and ends
    /// with a blank one; an interim answer (100) has a head of its own.
    private static let header: shim_header_function = { line, size, count, context in
        guard let line, let notes = context?.assumingMemoryBound(to: Transfer.Notes.self) else {
            return 0
        }
        switch UInt8(bitPattern: line[0]) {
        case UInt8(ascii: "\r"), UInt8(ascii: "\n"): notes.pointee.headEnded = true
        case UInt8(ascii: "H")
        where size * count > 4 && UInt8(bitPattern: line[4]) == UInt8(ascii: "/"):
            notes.pointee.headEnded = false
        default: break
        }
        return size * count
    }

    /// CURLOPT_PREREQFUNCTION: connected, about to send. A second time is libcurl's own retry: refused.
    private static let request: shim_request_function = { context, _, _, _, _ in
        guard let notes = context?.assumingMemoryBound(to: Transfer.Notes.self) else {
            return CURL_PREREQFUNC_ABORT
        }
        notes.pointee.requests += 1
        return notes.pointee.requests == 1 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
    }

    static let openSocket: shim_open_function = { context, _, address in
        guard let address, let state = context?.assumingMemoryBound(to: ReactorState.self) else {
            return CURL_SOCKET_BAD
        }
        var failure: Int32 = 0
        return state.pointee.readiness.open(address, for: 0, failure: &failure)
    }

    /// For a retry of libcurl's no connection is opened either: the request would be refused on it.
    private static let openTransferSocket: shim_open_function = { context, _, address in
        guard let address, let notes = context?.assumingMemoryBound(to: Transfer.Notes.self),
            notes.pointee.requests == 0
        else { return CURL_SOCKET_BAD }
        return notes.pointee.state.pointee.readiness.open(
            address, for: notes.pointee.lane, failure: &notes.pointee.socketFailure)
    }

    static let closeSocket: shim_close_function = { context, socket in
        guard let state = context?.assumingMemoryBound(to: ReactorState.self) else { return 1 }
        return state.pointee.readiness.closeSocket(socket)
    }

    private static let socket: shim_socket_function = { easy, socket, what, context, _ in
        guard let member = context?.assumingMemoryBound(to: MemberState.self) else { return -1 }
        if let easy { member.pointee.state.pointee.note(what, on: socket, of: easy) }
        member.pointee.state.pointee.readiness.want(
            what, on: socket, member: member.pointee.index)
        return 0
    }

    private static let timer: shim_timer_function = { _, milliseconds, context in
        guard let member = context?.assumingMemoryBound(to: MemberState.self) else { return -1 }
        member.pointee.setTimer(milliseconds: milliseconds)
        return 0
    }
}
