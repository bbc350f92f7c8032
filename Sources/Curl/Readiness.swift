import CurlShims
import Glibc

/// Which sockets are ready, by one epoll descriptor; at a stable address, because libcurl's
/// callbacks write to it. Owned by one `Reactor`, used on its thread only.
///
/// A socket stays registered when libcurl lets go of it at the end of a transfer: the next request
/// on the same connection then costs no system call. It leaves when an event finds it unwanted (the
/// peer closed an idle connection) or when libcurl closes it, since its number is used again.
struct Readiness {
    struct Entry {
        /// What epoll reports, as CURL_POLL bits; 0: not registered.
        var registered: UInt8 = 0
        /// What libcurl waits for; 0: the connection is idle.
        var wanted: UInt8 = 0
        /// The multi handle that drives it.
        var member: UInt32 = 0
    }

    let epoll: Int32
    /// By descriptor.
    private(set) var entries: [Entry] = []
    private(set) var opened = 0
    /// Where the load may go now, by destination.
    var allowed: [AllowedPeers]

    init(allowed: [AllowedPeers]) {
        epoll = shim_epoll_create()
        precondition(epoll >= 0, "the kernel has a descriptor for epoll (errno \(errno))")
        self.allowed = allowed
    }

    func close() { Glibc.close(epoll) }

    /// libcurl wants to hear of `what` (CURL_POLL value) on `socket`.
    mutating func want(_ what: Int32, on socket: Int32, member: UInt32) {
        let index = Int(socket)
        while entries.count <= index { entries.append(Entry()) }
        guard what != CURL_POLL_REMOVE else {
            entries[index].wanted = 0
            return
        }
        let bits = UInt8(truncatingIfNeeded: what & CURL_POLL_INOUT)
        entries[index].wanted = bits
        entries[index].member = member
        let before = entries[index].registered
        guard before != bits else { return }
        let operation = before == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
        let result = shim_epoll_set(epoll, operation, socket, Int32(bits))
        precondition(result == 0, "epoll takes libcurl's socket (errno \(errno))")
        entries[index].registered = bits
    }

    /// Whether libcurl waits until the socket takes more.
    func waitsToWrite(_ socket: Int32) -> Bool {
        Int(socket) < entries.count && entries[Int(socket)].wanted & UInt8(CURL_POLL_OUT) != 0
    }

    /// An event on a socket that nobody waits for: no more of them.
    mutating func silence(_ socket: Int32) {
        _ = shim_epoll_set(epoll, EPOLL_CTL_DEL, socket, 0)
        entries[Int(socket)].registered = 0
    }

    /// Closing takes the descriptor out of epoll by itself.
    mutating func closeSocket(_ socket: Int32) -> Int32 {
        if Int(socket) < entries.count { entries[Int(socket)] = Entry() }
        return Glibc.close(socket)
    }

    /// A socket for `address` where the load of this destination may go there, else CURL_SOCKET_BAD;
    /// `failure` is then the system's error number, 0 where we refused.
    mutating func open(
        _ address: UnsafePointer<curl_sockaddr>, for lane: Int, failure: inout Int32
    ) -> Int32 {
        guard allowed[lane].contains(address) else { return CURL_SOCKET_BAD }
        let type = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
        let socket = Glibc.socket(address.pointee.family, type, address.pointee.protocol)
        if socket >= 0 { opened += 1 } else { failure = errno }
        return socket
    }
}
