import CurlShims

/// Cookies that several transfers of one thread share: what one is given, all send.
package final class CookieJar {
    fileprivate let share: UnsafeMutableRawPointer

    package init() {
        guard let share = curl_share_init(),
            shim_share_set(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE) == CURLSHE_OK
        else { preconditionFailure("libcurl shares cookies") }
        self.share = share
    }

    /// Every transfer that used it lets go of it first.
    deinit { precondition(curl_share_cleanup(share) == CURLSHE_OK, "no transfer uses the jar") }
}

extension Transfer {
    /// From now on it keeps and sends the cookies of `jar`. Not while it is under way.
    package func use(_ jar: CookieJar) {
        if self.jar === jar { return }
        // Without a file, which is the empty one, libcurl reads no Set-Cookie.
        if self.jar == nil { easy.set(CURLOPT_COOKIEFILE, "") }
        self.jar = jar
        easy.set(CURLOPT_SHARE, jar.share)
    }
}
