import CurlShims

/// How a transfer ended: a libcurl result by its published name, without the prefix `CURLE_`, or where
/// libcurl has one code for several causes, the cause.
package struct CurlCode: Sendable, Equatable {
    /// libcurl's number; from 1000 on a cause of ours, from 2000 on a proxy's status.
    package let rawValue: UInt32

    package init(_ code: CURLcode) { rawValue = code.rawValue }

    init(_ cause: FailureCause) { rawValue = cause.rawValue }

    /// The proxy answered CONNECT with this status.
    init(proxyStatus: UInt32) { rawValue = Self.firstProxyStatus + proxyStatus }

    private static let firstProxyStatus: UInt32 = 2000

    private var proxyStatus: UInt32? {
        rawValue >= Self.firstProxyStatus ? rawValue - Self.firstProxyStatus : nil
    }

    package var isSuccess: Bool { rawValue == CURLE_OK.rawValue }

    package var name: String {
        if let proxyStatus { return "PROXY_HTTP_\(proxyStatus)" }
        return FailureCause(rawValue: rawValue)?.name ?? Self.names[rawValue] ?? "CURL_\(rawValue)"
    }

    /// One sentence; in libcurl's own words where the code is its own.
    package var explanation: String {
        if let proxyStatus { return Self.refusal(ofProxy: proxyStatus) }
        return FailureCause(rawValue: rawValue)?.explanation
            ?? String(cString: curl_easy_strerror(CURLcode(rawValue)))
    }

    private static func refusal(ofProxy status: UInt32) -> String {
        switch status {
        case 407:
            "the proxy wants credentials, or refuses those of target.http.proxy (407)"
        case 403: "the proxy does not let connections to this host and port through (403)"
        default: "the proxy answered CONNECT with \(status)"
        }
    }

    /// The bytes of the answer were wrong, not the connection: it can't be read.
    package var blamesAnswer: Bool {
        switch CURLcode(rawValue) {
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING:
            true
        default: false
        }
    }

    /// What libcurl also calls a head above its limit of 100 KiB a line.
    package var isOutOfMemory: Bool { rawValue == CURLE_OUT_OF_MEMORY.rawValue }

    /// What libcurl ends with when the connection is gone and a second attempt was not to be had.
    package var endsARetry: Bool {
        switch CURLcode(rawValue) {
        case CURLE_ABORTED_BY_CALLBACK, CURLE_COULDNT_CONNECT, CURLE_SEND_ERROR,
            CURLE_GOT_NOTHING:
            true
        default: false
        }
    }

    /// Of a request that had left, or was about to: how our refusal of the second attempt shows.
    var isRefusedRetry: Bool {
        switch CURLcode(rawValue) {
        case CURLE_ABORTED_BY_CALLBACK, CURLE_COULDNT_CONNECT: true
        default: false
        }
    }

    /// Of curl.h: the codes that an HTTP transfer can end with.
    private static let names: [UInt32: String] = [
        CURLE_UNSUPPORTED_PROTOCOL.rawValue: "UNSUPPORTED_PROTOCOL",
        CURLE_FAILED_INIT.rawValue: "FAILED_INIT",
        CURLE_URL_MALFORMAT.rawValue: "URL_MALFORMAT",
        CURLE_NOT_BUILT_IN.rawValue: "NOT_BUILT_IN",
        CURLE_COULDNT_RESOLVE_PROXY.rawValue: "COULDNT_RESOLVE_PROXY",
        CURLE_COULDNT_RESOLVE_HOST.rawValue: "COULDNT_RESOLVE_HOST",
        CURLE_COULDNT_CONNECT.rawValue: "COULDNT_CONNECT",
        CURLE_WEIRD_SERVER_REPLY.rawValue: "WEIRD_SERVER_REPLY",
        CURLE_HTTP2.rawValue: "HTTP2",
        CURLE_PARTIAL_FILE.rawValue: "PARTIAL_FILE",
        CURLE_WRITE_ERROR.rawValue: "WRITE_ERROR",
        CURLE_OUT_OF_MEMORY.rawValue: "OUT_OF_MEMORY",
        CURLE_OPERATION_TIMEDOUT.rawValue: "OPERATION_TIMEDOUT",
        CURLE_SSL_CONNECT_ERROR.rawValue: "SSL_CONNECT_ERROR",
        CURLE_ABORTED_BY_CALLBACK.rawValue: "ABORTED_BY_CALLBACK",
        CURLE_INTERFACE_FAILED.rawValue: "INTERFACE_FAILED",
        CURLE_GOT_NOTHING.rawValue: "GOT_NOTHING",
        CURLE_SEND_ERROR.rawValue: "SEND_ERROR",
        CURLE_RECV_ERROR.rawValue: "RECV_ERROR",
        CURLE_SSL_CERTPROBLEM.rawValue: "SSL_CERTPROBLEM",
        CURLE_SSL_CIPHER.rawValue: "SSL_CIPHER",
        CURLE_PEER_FAILED_VERIFICATION.rawValue: "PEER_FAILED_VERIFICATION",
        CURLE_BAD_CONTENT_ENCODING.rawValue: "BAD_CONTENT_ENCODING",
        CURLE_SEND_FAIL_REWIND.rawValue: "SEND_FAIL_REWIND",
        CURLE_SSL_CACERT_BADFILE.rawValue: "SSL_CACERT_BADFILE",
        CURLE_AGAIN.rawValue: "AGAIN",
        CURLE_CHUNK_FAILED.rawValue: "CHUNK_FAILED",
        CURLE_HTTP2_STREAM.rawValue: "HTTP2_STREAM",
        CURLE_UNRECOVERABLE_POLL.rawValue: "UNRECOVERABLE_POLL",
        CURLE_SSL_CLIENTCERT.rawValue: "SSL_CLIENTCERT",
        CURLE_PROXY.rawValue: "PROXY",
    ]
}

package enum Libcurl {
    /// Prepares libcurl for this process. Call once, on the main thread, before any handle is made.
    package static func initialise() {
        precondition(shim_global_init() == CURLE_OK, "libcurl can be initialised")
    }

    /// `7.88.1`
    package static var version: String { String(cString: shim_version()) }

    /// `OpenSSL/3.0.15`; nil where libcurl was built without TLS.
    package static var tlsVersion: String? {
        curl_version_info(CURLVERSION_FIRST)?.pointee.ssl_version.map { String(cString: $0) }
    }

    /// Before 8.0 a second request on an HTTP/2 connection may get no answer.
    package static var isFitForHTTP2: Bool {
        (version.split(separator: ".").first.flatMap { Int($0) } ?? 0) >= 8
    }
}
