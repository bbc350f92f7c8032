import CurlShims

/// What the callbacks of one reactor share; at a stable address.
struct ReactorState {
    var readiness: Readiness
    /// No timer of any member is due before this.
    var nearestTimer: Nanoseconds = .max
    /// Of the transfers, by their numbers.
    var notes: [UnsafeMutablePointer<Transfer.Notes>] = []

    /// What libcurl waits for on a transfer's socket: to write, once a request has begun, only where the
    /// connection took less of it than all.
    func note(_ what: Int32, on socket: Int32, of easy: UnsafeMutableRawPointer) {
        let isWaiting = what == CURL_POLL_INOUT || what == CURL_POLL_OUT
        guard isWaiting || (what == CURL_POLL_IN && readiness.waitsToWrite(socket)) else { return }
        let number = Int(bitPattern: shim_easy_pointer(easy, CURLINFO_PRIVATE)) - 1
        guard notes.indices.contains(number), notes[number].pointee.requests > 0 else { return }
        if isWaiting {
            notes[number].pointee.sending = .waiting
        } else if notes[number].pointee.sending == .waiting {
            notes[number].pointee.sending = .done
        }
    }
}

/// One multi handle's part of it; at a stable address.
struct MemberState {
    let state: UnsafeMutablePointer<ReactorState>
    let index: UInt32
    /// When libcurl wants to be called; `max`: not at all; 0: at once.
    var timer: Nanoseconds = .max

    /// libcurl's timers live here, not in the kernel: re-arming one would be a system call a request.
    /// "At once" is acted on by whoever called libcurl, so it does not make the reactor look at every timer.
    mutating func setTimer(milliseconds: Int) {
        switch milliseconds {
        case ..<0: timer = .max
        case 0: timer = 0
        default:
            timer = MonotonicClock.now() + Nanoseconds(milliseconds) * 1_000_000
            state.pointee.nearestTimer = min(state.pointee.nearestTimer, timer)
        }
    }
}

/// Drives the transfers of one worker: several small multi handles that share one epoll descriptor.
///
/// Several, because libcurl walks all connections of a multi handle for every transfer; small,
/// because that walk is then short. Not Sendable: made, used and released on one thread.
package final class Reactor {
    /// One multi handle with its timer.
    private final class Member {
        var multi = MultiHandle()
        let state: UnsafeMutablePointer<MemberState>
        /// On the list of those to look at for finished transfers.
        var isTouched = false

        init(index: Int, state: UnsafeMutablePointer<ReactorState>, share: MemberShare) {
            self.state = .allocate(capacity: 1)
            self.state.initialize(to: MemberState(state: state, index: UInt32(index)))
            Callbacks.install(on: multi, member: self.state)
            // Explicit, or a burst would throw connections away and open them again.
            MultiHandle.check(
                shim_multi_set_long(multi.raw, CURLMOPT_MAXCONNECTS, share.connections))
            guard share.streams > 1 else { return }
            MultiHandle.check(
                shim_multi_set_long(
                    multi.raw, CURLMOPT_MAX_CONCURRENT_STREAMS, share.streams))
            MultiHandle.check(
                shim_multi_set_long(
                    multi.raw, CURLMOPT_MAX_HOST_CONNECTIONS, share.connections))
        }
    }

    /// Where some of the transfers go: with multi handles, and so connections, of their own.
    final class Lane {
        let setup: TransferSetup
        let share: MemberShare
        /// Indices of its members.
        fileprivate(set) var members: [Int] = []
        /// Transfers that were made for it.
        fileprivate var made = 0

        fileprivate init(_ options: TransferOptions) {
            setup = TransferSetup(options)
            share = MemberShare(options)
        }
    }

    /// What one multi handle has at the most.
    struct MemberShare {
        let connections: Int
        /// Requests at one time on each connection.
        let streams: Int
        var transfers: Int { connections * streams }

        /// Of several idle connections libcurl always takes the first, and rather than fill one with
        /// streams it opens the next. So those that are to be used in turn, or to be shared, have a
        /// multi handle each.
        init(_ options: TransferOptions) {
            streams = options.streams
            connections = options.rotates || options.streams > 1 ? 1 : 64
        }
    }

    /// One for each destination.
    let lanes: [Lane]
    let state: UnsafeMutablePointer<ReactorState>
    /// A destination may be elsewhere in the course of the run.
    private let hasDirectories: Bool
    private var members: [Member] = []
    /// Of the transfers, by their numbers.
    var notes: [UnsafeMutablePointer<Transfer.Notes>] {
        get { state.pointee.notes }
        set { state.pointee.notes = newValue }
    }
    private var touched: [Int] = []
    private var made = 0
    private let ready: UnsafeMutablePointer<shim_readiness>
    private var readyCount = 0
    private var nextReady = 0

    package convenience init(options: TransferOptions, allowed: AllowedPeers) {
        self.init([(options, allowed)])
    }

    /// - Parameter destinations: where transfers may go; they are told apart by their place.
    package init(_ destinations: [(options: TransferOptions, allowed: AllowedPeers)]) {
        lanes = destinations.map { Lane($0.options) }
        hasDirectories = destinations.contains { $0.options.directory != nil }
        state = .allocate(capacity: 1)
        state.initialize(
            to: ReactorState(readiness: Readiness(allowed: destinations.map(\.allowed))))
        ready = .allocate(capacity: Int(SHIM_MOST_READY))
    }

    /// Every transfer must have been stopped before. Multi handles close their connections first,
    /// while what their callbacks write to is still there.
    deinit {
        let states = members.map(\.state)
        members = []
        for member in states { member.deallocate() }
        state.pointee.readiness.close()
        state.deinitialize(count: 1)
        state.deallocate()
        ready.deallocate()
    }

    package var connectionsOpened: Int { state.pointee.readiness.opened }

    /// A new transfer, numbered from 0 in the order of the calls.
    ///
    /// - Parameters:
    ///   - destination: where it goes.
    ///   - other: what it sends, if not what the options of its destination say.
    package func makeTransfer(
        to destination: Int = 0, _ other: TransferSetup? = nil
    ) -> Transfer {
        let lane = lanes[destination]
        let member = member(lane.made / lane.share.transfers, of: lane)
        let transfer = Transfer(
            index: made, member: member, lane: destination, setup: other ?? lane.setup,
            state: state)
        made += 1
        lane.made += 1
        state.pointee.notes.append(transfer.notes)
        return transfer
    }

    /// The index of a lane's n-th multi handle, made where it is not there yet.
    func member(_ number: Int, of lane: Lane) -> Int {
        while lane.members.count <= number {
            lane.members.append(members.count)
            members.append(Member(index: members.count, state: state, share: lane.share))
        }
        return lane.members[number]
    }

    /// Hands the request to libcurl, which sends it at once where a connection is idle.
    package func start(_ transfer: Transfer) {
        if hasDirectories { follow(transfer.lane) }
        transfer.prepare()
        let member = members[transfer.member]
        member.multi.attach(&transfer.easy)
        runTimers(of: member, index: transfer.member)
    }

    /// Where the lane's directory says.
    private func follow(_ lane: Int) {
        let setup = lanes[lane].setup
        guard let listing = setup.options.directory?.change(since: setup.resolutionNumber) else {
            return
        }
        setup.follow(listing)
        state.pointee.readiness.allowed[lane] = listing.allowed
    }

    /// Takes a transfer, finished or not, back from libcurl. An unfinished one loses its connection.
    package func stop(_ transfer: Transfer) {
        let member = members[transfer.member]
        member.multi.detach(&transfer.easy)
        noteUrgentTimer(of: member)
    }

    /// Acts on sockets and timers, waiting for the first of them until `deadline` at most, and tells
    /// of every transfer that finished by its number. `finished` may stop transfers; what it wants to
    /// start has to wait until the turn is over.
    ///
    /// Once `deadline` has passed it returns after `least` sockets even where more are ready; the next
    /// turn goes on with them.
    ///
    /// - Returns: how many sockets were ready and acted on.
    @discardableResult
    package func turn(
        until deadline: Nanoseconds, atLeast least: Int, finished: (Int, CurlCode) -> Void
    ) -> Int {
        // What finished while it was being started may change what the caller wants: no wait then.
        let hasNews = reportFinished(finished)
        if nextReady == readyCount { waitForSockets(until: hasNews ? 0 : deadline) }
        let first = nextReady
        while nextReady < readyCount {
            nextReady += 1
            act(on: ready[nextReady - 1])
            reportFinished(finished)
            if nextReady - first >= least, MonotonicClock.now() >= deadline { break }
        }
        if state.pointee.nearestTimer <= MonotonicClock.now() { runDueTimers() }
        reportFinished(finished)
        return nextReady - first
    }

    private func waitForSockets(until deadline: Nanoseconds) {
        let limit = min(deadline, state.pointee.nearestTimer)
        let time = limit <= 0 ? 0 : max(0, limit - MonotonicClock.now())
        nextReady = 0
        readyCount = Int(shim_epoll_wait(state.pointee.readiness.epoll, time, ready))
        precondition(readyCount >= 0, "epoll waits")
    }

    private func act(on event: shim_readiness) {
        let entry = state.pointee.readiness.entries[Int(event.descriptor)]
        guard entry.wanted != 0 else {
            state.pointee.readiness.silence(event.descriptor)
            return
        }
        let index = Int(entry.member)
        let member = members[index]
        member.multi.act(on: event.descriptor, ready: event.ready)
        touch(member, index: index)
        if member.state.pointee.timer == 0 { runTimers(of: member, index: index) }
    }

    private func runDueTimers() {
        let now = MonotonicClock.now()
        state.pointee.nearestTimer = .max
        for (index, member) in members.enumerated() {
            if member.state.pointee.timer <= now { runTimers(of: member, index: index) }
            state.pointee.nearestTimer = min(
                state.pointee.nearestTimer, member.state.pointee.timer)
        }
    }

    private func runTimers(of member: Member, index: Int) {
        // libcurl may ask for "at once" a few times in a row; a fifth time waits for the next turn.
        for _ in 0..<4 {
            member.state.pointee.timer = .max
            member.multi.act(on: CURL_SOCKET_TIMEOUT, ready: 0)
            if member.state.pointee.timer != 0 { break }
        }
        noteUrgentTimer(of: member)
        touch(member, index: index)
    }

    private func noteUrgentTimer(of member: Member) {
        if member.state.pointee.timer == 0 { state.pointee.nearestTimer = 0 }
    }

    private func touch(_ member: Member, index: Int) {
        guard !member.isTouched else { return }
        member.isTouched = true
        touched.append(index)
    }

    /// Tells of what finished in the members touched so far; false where there is nothing new.
    @discardableResult
    private func reportFinished(_ finished: (Int, CurlCode) -> Void) -> Bool {
        var hasNews = false
        for index in touched {
            let member = members[index]
            member.isTouched = false
            var result = CURLE_OK
            while let easy = shim_multi_next_finished(member.multi.raw, &result) {
                let number = Int(bitPattern: shim_easy_pointer(easy, CURLINFO_PRIVATE)) - 1
                finished(number, code(of: easy, number: number, result))
                hasNews = true
            }
        }
        touched.removeAll(keepingCapacity: true)
        return hasNews
    }

    /// The cause of a failure, where it can be told; not of a retry that we refused.
    private func code(
        of easy: UnsafeMutableRawPointer, number: Int, _ result: CURLcode
    ) -> CurlCode {
        let code = CurlCode(result)
        guard !code.isSuccess, number < notes.count else { return code }
        let known = notes[number].pointee
        if code.endsARetry, known.requests > 0 {
            notes[number].pointee.endedUnanswered = true
            notes[number].pointee.wasRetried = code.isRefusedRetry
            return code
        }
        return code.refined(
            by: FailureFacts(easy, text: known.text, options: lanes[known.lane].setup.options))
    }
}
