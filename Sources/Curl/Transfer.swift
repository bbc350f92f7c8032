import CurlShims
import Glibc

/// How far a request came before it ended without a conclusive answer.
package enum SendStage: UInt8, Sendable, CaseIterable, Comparable {
    /// Not a byte of it was written to the connection.
    case nothingLeft
    case partlyLeft
    /// All of it was written; whether it arrived is another question.
    case allLeft
    /// A byte of an answer came back.
    case answerBegun

    package static func < (left: SendStage, right: SendStage) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// One reusable request: an easy handle, the buffer of its answer, and what libcurl's callbacks note
/// while it runs. Everything constant is set once; a request patches its body and starts.
package final class Transfer {
    /// At a stable address, for the callbacks.
    struct Notes {
        var answer: UnsafeMutableRawPointer
        var capacity: Int
        var count = 0
        let longest: Int
        /// Where the transfer goes.
        let lane: Int
        var isTooLong = false
        /// The head of the answer came to its blank line.
        var headEnded = false
        /// How often libcurl was about to send the request.
        var requests = 0
        var sending = Sending.atOnce
        /// The connection was gone without an answer that libcurl could count.
        var endedUnanswered = false
        /// libcurl would have sent the request again.
        var wasRetried = false
        /// Why the system gave no socket (errno); 0 where it did.
        var socketFailure: Int32 = 0
        /// What libcurl says of a failure, NUL-terminated.
        let text: UnsafeMutablePointer<CChar>
        let state: UnsafeMutablePointer<ReactorState>
    }

    /// How the connection took the request.
    enum Sending: UInt8 {
        /// Never less than it was given.
        case atOnce
        /// libcurl waits until it takes more.
        case waiting
        /// All of it, with waits.
        case done
    }

    package var easy = EasyHandle()
    /// The multi handle it belongs to.
    var member: Int
    /// Its place among the reactor's destinations.
    let lane: Int
    let notes: UnsafeMutablePointer<Notes>
    private let setup: TransferSetup
    /// Of what the setup says about the host's addresses, what libcurl was told last.
    private var resolutionNumber: UInt64
    /// Lines and cookies of its own, if it has any; libcurl refers to them.
    var headerLines: HeaderLines?
    var jar: CookieJar?
    /// A URL of its own, where the query differs between requests.
    private let ownURL: OpaquePointer?

    /// - Parameters:
    ///   - index: what `Reactor` hands back when the transfer finishes.
    ///   - member: the multi handle it belongs to.
    ///   - lane: where it goes.
    init(
        index: Int, member: Int, lane: Int, setup: TransferSetup,
        state: UnsafeMutablePointer<ReactorState>
    ) {
        self.member = member
        self.lane = lane
        self.setup = setup
        resolutionNumber = setup.resolutionNumber
        notes = .allocate(capacity: 1)
        notes.initialize(
            to: Notes(
                answer: .allocate(byteCount: Notes.usualCapacity, alignment: 16),
                capacity: Notes.usualCapacity, longest: setup.options.longestAnswer, lane: lane,
                text: .allocate(capacity: Int(CURL_ERROR_SIZE)), state: state))
        notes.pointee.text.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        ownURL = setup.options.variesQuery ? curl_url_dup(setup.url) : nil
        easy.set(CURLOPT_PRIVATE, UnsafeMutableRawPointer(bitPattern: index + 1))
        easy.set(CURLOPT_CURLU, UnsafeMutableRawPointer(ownURL ?? setup.url))
        easy.set(CURLOPT_ERRORBUFFER, UnsafeMutableRawPointer(notes.pointee.text))
        setup.apply(to: easy)
        Callbacks.install(on: easy, notes: notes, state: state)
    }

    deinit {
        easy.set(CURLOPT_ERRORBUFFER, nil)
        if jar != nil { easy.set(CURLOPT_SHARE, nil) }
        notes.pointee.answer.deallocate()
        notes.pointee.text.deallocate()
        notes.deinitialize(count: 1)
        notes.deallocate()
        curl_url_cleanup(ownURL)
    }

    /// The bytes to send; they must stay where they are until the transfer has finished.
    package func setBody(_ body: UnsafeRawBufferPointer) {
        easy.set(CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: body.baseAddress))
        easy.set(CURLOPT_POSTFIELDSIZE, body.count)
    }

    /// The text behind `?`, percent-encoded, NUL-terminated; libcurl copies it.
    package func setQuery(_ query: UnsafePointer<CChar>) {
        guard let ownURL else { preconditionFailure("the options said that the query varies") }
        precondition(curl_url_set(ownURL, CURLUPART_QUERY, query, 0) == CURLUE_OK, "memory")
        // libcurl reads the URL again only when it is told that it changed.
        easy.set(CURLOPT_CURLU, UnsafeMutableRawPointer(ownURL))
    }

    func prepare() {
        notes.pointee.restart()
        if resolutionNumber != setup.resolutionNumber {
            resolutionNumber = setup.resolutionNumber
            easy.set(CURLOPT_RESOLVE, UnsafeMutableRawPointer(setup.resolution))
        }
    }

    /// The body of the answer so far; valid until the next start.
    package var answer: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: notes.pointee.answer, count: notes.pointee.count)
    }

    package var answerIsTooLong: Bool { notes.pointee.isTooLong }

    /// 0 where no answer came.
    package var status: Int { shim_easy_long(easy.raw, CURLINFO_RESPONSE_CODE) }

    /// false: the connection ended in the head of the answer, which libcurl does not complain about.
    package var headEnded: Bool { notes.pointee.headEnded }

    /// Whether libcurl got as far as sending: connected, TLS done, request about to leave.
    ///
    /// libcurl sends a request again by itself when a reused connection dies before any answer. A
    /// payment must not be sent twice unasked, so a second attempt is refused; this stays true.
    package var requestBegan: Bool { notes.pointee.requests > 0 }

    /// Bytes of the request that left, as far as libcurl counts them: of a request that left in several
    /// pieces, the first piece.
    package var bytesSent: Int { shim_easy_long(easy.raw, CURLINFO_REQUEST_SIZE) }

    /// Of a request that TLS has to wait with, libcurl counts nothing until its whole first piece (64 KiB
    /// at most) is written, though whole records of it are at the other end by then.
    package var anythingLeft: Bool {
        bytesSent > 0 || shim_easy_offset(easy.raw, CURLINFO_SIZE_UPLOAD_T) > 0
            || notes.pointee.sending != .atOnce
    }

    /// libcurl counts an answer by the lines of its head. Less than a line shows in the time of its first
    /// byte only, which the end of a connection and an upload have too: so it does not show where the
    /// connection was closed behind it, or had been used before, or did not take the request at once.
    private func answerBegan(bodyCount: Int) -> Bool {
        if headBytesReceived > 0 { return true }
        return firstByteMicroseconds > 0 && !notes.pointee.endedUnanswered
            && notes.pointee.sending == .atOnce && bytesSent > bodyCount
    }

    /// How much of the request left and whether an answer began, when it ended or was stopped.
    ///
    /// libcurl writes head and body at once; what a first write does not take it sends as an upload, of
    /// which it counts the body only. So all has left once the upload is as long as the body. The retry
    /// that was refused (see `requestBegan`) has reset that count; then it is whether there was more to send.
    package func stage(bodyCount: Int) -> SendStage {
        if answerBegan(bodyCount: bodyCount) { return .answerBegun }
        guard requestBegan, anythingLeft else { return .nothingLeft }
        if notes.pointee.wasRetried {
            return notes.pointee.sending == .waiting ? .partlyLeft : .allLeft
        }
        let uploaded = shim_easy_offset(easy.raw, CURLINFO_SIZE_UPLOAD_T)
        return uploaded >= bodyCount ? .allLeft : .partlyLeft
    }

    package var headBytesReceived: Int { shim_easy_long(easy.raw, CURLINFO_HEADER_SIZE) }
    package var bytesReceived: Int { headBytesReceived + notes.pointee.count }

    /// The system's own error number where this machine, not the target, prevented the connection:
    /// no descriptor (EMFILE …) or no local port (EADDRNOTAVAIL); else 0.
    package var localFailure: Int32 {
        if notes.pointee.socketFailure != 0 { return notes.pointee.socketFailure }
        let code = Int32(truncatingIfNeeded: shim_easy_long(easy.raw, CURLINFO_OS_ERRNO))
        return code == EADDRNOTAVAIL ? code : 0
    }

    /// Microseconds from start to the first byte of the answer; 0 where none came.
    package var firstByteMicroseconds: Int {
        shim_easy_offset(easy.raw, CURLINFO_STARTTRANSFER_TIME_T)
    }

    /// What the answer's `Retry-After` asks for, in seconds from now (RFC 9110, 10.2.3); nil where it is
    /// not there.
    package var retryAfterSeconds: Int? {
        let seconds = shim_easy_offset(easy.raw, CURLINFO_RETRY_AFTER)
        return seconds > 0 ? seconds : nil
    }

    /// Of the answer: 10, 11, 20 or 30; nil where none came.
    package var httpVersion: Int? {
        switch shim_easy_long(easy.raw, CURLINFO_HTTP_VERSION) {
        case CURL_HTTP_VERSION_1_0: 10
        case CURL_HTTP_VERSION_1_1: 11
        case CURL_HTTP_VERSION_2_0: 20
        case CURL_HTTP_VERSION_3: 30
        default: nil
        }
    }

    package var openedConnection: Bool { shim_easy_long(easy.raw, CURLINFO_NUM_CONNECTS) > 0 }

    /// Microseconds from start until TCP was connected, and until TLS was; 0 where that did not happen.
    package var connectMicroseconds: Int { shim_easy_offset(easy.raw, CURLINFO_CONNECT_TIME_T) }
    package var tlsMicroseconds: Int { shim_easy_offset(easy.raw, CURLINFO_APPCONNECT_TIME_T) }
}

extension Transfer.Notes {
    /// Takes bytes of the answer; false where it becomes too long.
    mutating func append(_ bytes: UnsafeRawPointer, count added: Int) -> Bool {
        guard count + added <= longest else {
            isTooLong = true
            return false
        }
        if count + added > capacity { grow(toHold: count + added) }
        (answer + count).copyMemory(from: bytes, byteCount: added)
        count += added
        return true
    }

    static let usualCapacity = 1024
    /// What a slot may keep for its next answer.
    private static let mostKept = 64 << 10

    mutating func restart() {
        count = 0
        isTooLong = false
        headEnded = false
        requests = 0
        sending = .atOnce
        endedUnanswered = false
        wasRetried = false
        socketFailure = 0
        if capacity > Self.mostKept { resize(to: Self.usualCapacity) }
    }

    private mutating func grow(toHold needed: Int) { resize(to: max(needed, capacity * 2)) }

    private mutating func resize(to size: Int) {
        let moved = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        moved.copyMemory(from: answer, byteCount: count)
        answer.deallocate()
        answer = moved
        capacity = size
    }
}
