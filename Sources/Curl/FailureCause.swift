import CurlShims
import Glibc

/// What made a connection fail, where libcurl has one code for several causes.
enum FailureCause: UInt32 {
    case certificateExpired = 1001
    case certificateNotYetValid
    case certificateSelfSigned
    case certificateUnknownCA
    case certificateWrongHost
    case clientCertificateMissing
    case clientCertificateRefused
    case tlsVersion
    case tlsHandshakeRefused
    case notTLS
    case proxyUnreachable
    case unixSocketMissing
    case http2NotOffered

    /// As a code in the error distribution.
    var name: String {
        switch self {
        case .certificateExpired: "CERTIFICATE_EXPIRED"
        case .certificateNotYetValid: "CERTIFICATE_NOT_YET_VALID"
        case .certificateSelfSigned: "CERTIFICATE_SELF_SIGNED"
        case .certificateUnknownCA: "CERTIFICATE_UNKNOWN_CA"
        case .certificateWrongHost: "CERTIFICATE_WRONG_HOST"
        case .clientCertificateMissing: "CLIENT_CERTIFICATE_MISSING"
        case .clientCertificateRefused: "CLIENT_CERTIFICATE_REFUSED"
        case .tlsVersion: "TLS_VERSION"
        case .tlsHandshakeRefused: "TLS_HANDSHAKE_REFUSED"
        case .notTLS: "NOT_TLS"
        case .proxyUnreachable: "PROXY_UNREACHABLE"
        case .unixSocketMissing: "UNIX_SOCKET_MISSING"
        case .http2NotOffered: "HTTP2_NOT_OFFERED"
        }
    }

    var explanation: String {
        switch self {
        case .certificateExpired: "the server's certificate has expired"
        case .certificateNotYetValid: "the server's certificate is not valid yet"
        case .certificateSelfSigned:
            "the server's certificate is self-signed; target.tls.ca_file can name it"
        case .certificateUnknownCA:
            "the server's certificate is of an unknown CA; target.tls.ca_file can name the CA's"
        case .certificateWrongHost: "the server's certificate is for another host name"
        case .clientCertificateMissing:
            "the server wants a client certificate; target.tls.client_cert names one"
        case .clientCertificateRefused: "the server refuses the certificate of tls.client_cert"
        case .tlsVersion: "the server speaks none of the TLS versions of target.tls.versions"
        case .tlsHandshakeRefused:
            "the server refused the TLS handshake; it may want a client certificate "
                + "(target.tls.client_cert)"
        case .notTLS: "the server speaks no TLS on this port"
        case .proxyUnreachable: "nobody answers at target.http.proxy"
        case .unixSocketMissing: "there is no socket at target.http.unix_socket"
        case .http2NotOffered:
            "the server speaks no HTTP/2 over TLS; target.http.version: 1.1 is for it"
        }
    }
}

/// What libcurl knows of a failed transfer besides its code.
struct FailureFacts {
    /// X509_V_ERR_… of the server's certificate; 0 where that was fine.
    var verification: Int
    /// Status of the proxy's answer to CONNECT; 0 where there was none.
    var proxyStatus: Int
    /// errno of the connect that failed.
    var systemError: Int32
    /// NUL-terminated; what libcurl says in its own words.
    var text: UnsafePointer<CChar>
    var options: TransferOptions

    init(
        _ easy: UnsafeMutableRawPointer, text: UnsafePointer<CChar>, options: TransferOptions
    ) {
        verification = shim_easy_long(easy, CURLINFO_SSL_VERIFYRESULT)
        proxyStatus = shim_easy_long(easy, CURLINFO_HTTP_CONNECTCODE)
        systemError = Int32(truncatingIfNeeded: shim_easy_long(easy, CURLINFO_OS_ERRNO))
        self.text = text
        self.options = options
    }

    func says(_ words: StaticString) -> Bool {
        words.utf8Start.withMemoryRebound(to: CChar.self, capacity: words.utf8CodeUnitCount + 1) {
            strstr(text, $0) != nil
        }
    }
}

extension CurlCode {
    /// The same failure under the name of its cause, where that can be told.
    func refined(by facts: @autoclosure () -> FailureFacts) -> CurlCode {
        switch CURLcode(rawValue) {
        case CURLE_PEER_FAILED_VERIFICATION: Self.certificate(facts()) ?? self
        case CURLE_SSL_CONNECT_ERROR: Self.handshake(facts()) ?? self
        case CURLE_RECV_ERROR: Self.proxyAnswer(facts()) ?? Self.handshake(facts()) ?? self
        case CURLE_COULDNT_CONNECT: Self.connection(facts()) ?? self
        default: self
        }
    }

    /// By the numbers of OpenSSL's x509_vfy.h.
    private static func certificate(_ facts: FailureFacts) -> CurlCode? {
        // The name is libcurl's own matter, after OpenSSL's.
        if facts.says("no alternative certificate subject name")
            || facts.says("does not match target host name")
        {
            return CurlCode(.certificateWrongHost)
        }
        switch facts.verification {
        case 9: return CurlCode(.certificateNotYetValid)
        case 10: return CurlCode(.certificateExpired)
        case 18: return CurlCode(.certificateSelfSigned)
        case 2, 19, 20, 21: return CurlCode(.certificateUnknownCA)
        default: return nil
        }
    }

    /// By the alert that the server sent, as OpenSSL words it.
    private static func handshake(_ facts: FailureFacts) -> CurlCode? {
        if facts.says("alert certificate required") { return CurlCode(.clientCertificateMissing) }
        let refused: [StaticString] = [
            "alert bad certificate", "alert unknown ca", "alert certificate unknown",
            "alert certificate expired", "alert unsupported certificate",
        ]
        if refused.contains(where: facts.says) {
            let isGiven = facts.options.tls.clientCertificate != nil
            return CurlCode(isGiven ? .clientCertificateRefused : .clientCertificateMissing)
        }
        if facts.says("alert protocol version") || facts.says("unsupported protocol") {
            return CurlCode(.tlsVersion)
        }
        if facts.says("alert handshake failure") { return CurlCode(.tlsHandshakeRefused) }
        if facts.says("wrong version number") || facts.says("packet length too long") {
            return CurlCode(.notTLS)
        }
        return nil
    }

    private static func proxyAnswer(_ facts: FailureFacts) -> CurlCode? {
        guard facts.options.proxy != nil, facts.proxyStatus >= 300 else { return nil }
        return CurlCode(proxyStatus: UInt32(facts.proxyStatus))
    }

    private static func connection(_ facts: FailureFacts) -> CurlCode? {
        if facts.options.unixSocket != nil {
            return facts.systemError == ENOENT ? CurlCode(.unixSocketMissing) : nil
        }
        return facts.options.proxy != nil ? CurlCode(.proxyUnreachable) : nil
    }
}
