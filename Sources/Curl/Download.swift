import CurlShims

/// One document, fetched beside the load: blocks, and keeps it in memory.
package enum Download {
    package struct Failure: Error, Equatable {
        package let reason: String
    }

    private struct Answer {
        var bytes: [UInt8] = []
        let limit: Int
    }

    /// `GET`; an answer of 400 or above is a failure, and so is one longer than `limit` bytes.
    package static func get(
        _ url: String, timeout: Nanoseconds, limit: Int
    ) throws(Failure) -> [UInt8] {
        let answer = UnsafeMutablePointer<Answer>.allocate(capacity: 1)
        answer.initialize(to: Answer(limit: limit))
        defer {
            answer.deinitialize(count: 1)
            answer.deallocate()
        }
        let easy = EasyHandle()
        easy.set(CURLOPT_URL, url)
        easy.set(CURLOPT_PROTOCOLS_STR, "http,https")
        easy.set(CURLOPT_NOSIGNAL, 1)
        easy.set(CURLOPT_NOPROXY, "localhost,127.0.0.1,::1")
        easy.set(CURLOPT_FAILONERROR, 1)
        easy.set(CURLOPT_TIMEOUT_MS, max(1, Int(timeout / 1_000_000)))
        EasyHandle.check(shim_easy_on_write(easy.raw, take, answer))
        let code = CurlCode(curl_easy_perform(easy.raw))
        guard code.isSuccess else {
            let status = shim_easy_long(easy.raw, CURLINFO_RESPONSE_CODE)
            throw Failure(reason: status >= 400 ? "HTTP \(status)" : code.explanation)
        }
        return answer.pointee.bytes
    }

    private static let take: shim_write_function = { bytes, size, count, context in
        guard let bytes, let answer = context?.assumingMemoryBound(to: Answer.self),
            answer.pointee.bytes.count + size * count <= answer.pointee.limit
        else { return 0 }
        answer.pointee.bytes += UnsafeRawBufferPointer(start: bytes, count: size * count)
        return size * count
    }
}
