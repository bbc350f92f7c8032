import CurlShims

/// Owns one libcurl easy handle. Releasing it while a multi handle still drives it is a mistake of
/// ours that libcurl would answer with memory corruption; here it traps.
package struct EasyHandle: ~Copyable {
    let raw: UnsafeMutableRawPointer
    package fileprivate(set) var isAttached = false

    package init() {
        guard let raw = curl_easy_init() else { preconditionFailure("libcurl has memory") }
        self.raw = raw
    }

    deinit {
        precondition(!isAttached, "an easy handle outlives its stay in a multi handle")
        curl_easy_cleanup(raw)
    }
}

/// Owns one libcurl multi handle. It must outlive every easy handle's stay in it, else it traps.
package struct MultiHandle: ~Copyable {
    let raw: UnsafeMutableRawPointer
    package private(set) var attached = 0

    package init() {
        guard let raw = curl_multi_init() else { preconditionFailure("libcurl has memory") }
        self.raw = raw
    }

    package mutating func attach(_ easy: inout EasyHandle) {
        precondition(!easy.isAttached, "an easy handle is in one multi handle at a time")
        Self.check(curl_multi_add_handle(raw, easy.raw))
        easy.isAttached = true
        attached += 1
    }

    package mutating func detach(_ easy: inout EasyHandle) {
        precondition(easy.isAttached, "only what was attached is detached")
        Self.check(curl_multi_remove_handle(raw, easy.raw))
        easy.isAttached = false
        attached -= 1
    }

    /// Lets libcurl act on a socket (`ready`: CURL_CSELECT bits), or on its timers with CURL_SOCKET_TIMEOUT.
    package func act(on socket: curl_socket_t, ready: Int32) {
        var running: Int32 = 0
        Self.check(curl_multi_socket_action(raw, socket, ready, &running))
    }

    static func check(_ code: CURLMcode) {
        precondition(
            code == CURLM_OK, "libcurl's multi interface is used by its rules (\(code.rawValue))")
    }

    deinit {
        precondition(attached == 0, "a multi handle is released after its transfers")
        MultiHandle.check(curl_multi_cleanup(raw))
    }
}

extension EasyHandle {
    func set(_ option: CURLoption, _ value: Int) {
        Self.check(shim_easy_set_long(raw, option, value))
    }

    func set(offset option: CURLoption, _ value: Int) {
        Self.check(shim_easy_set_offset(raw, option, value))
    }

    func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer?) {
        Self.check(shim_easy_set_pointer(raw, option, value))
    }

    /// libcurl copies the text.
    func set(_ option: CURLoption, _ value: String) {
        Self.check(shim_easy_set_text(raw, option, value))
    }

    static func check(_ code: CURLcode) {
        precondition(code == CURLE_OK, "libcurl knows the option (\(CurlCode(code).name))")
    }
}
