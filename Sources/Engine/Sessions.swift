import Curl
import Histograms
import Payments

/// How sessions begin.
package struct SignInPlan: Sendable {
    /// The URL, the headers and the connections of a sign-in.
    package var transfer: TransferOptions
    /// JSON.
    package var body: [UInt8]
    package var scope: SignIn.Scope

    package init(transfer: TransferOptions, body: [UInt8], scope: SignIn.Scope) {
        self.transfer = transfer
        self.body = body
        self.scope = scope
    }
}

/// Sign-ins, which are no payments: apart from everything else that is counted.
package struct SignInTally: Sendable {
    package var failed = 0
    /// From sent to completed, in µs; failed ones too.
    package var time = Histogram()

    package init() {}

    package mutating func add(_ other: SignInTally) {
        failed += other.failed
        time.add(other.time)
    }

    mutating func removeCounts() {
        failed = 0
        time.removeAll()
    }
}

/// The sessions of one worker with one arm: one that all its payments share, or one for each of its users. Their
/// cookies are libcurl's business.
final class Sessions {
    /// Sign-ins under way at one time, at the most.
    static let mostTransfers = 16
    /// A session that could not be renewed, or was renewed in vain, is not tried again sooner.
    private static let pause: Nanoseconds = 1_000_000_000

    private struct Session {
        let jar = CookieJar()
        /// When the last sign-in was sent: what a payment that was sent before was told is old news.
        var signedIn: Nanoseconds = .min
        var notBefore: Nanoseconds = .min
        var isWaiting = false
    }

    private struct Desk {
        let transfer: Transfer
        var session: Int?
        var sent: Nanoseconds = 0
    }

    private let patience: Nanoseconds
    private let reactor: Reactor
    private let setup: TransferSetup
    private let body: UnsafeMutableRawBufferPointer
    private var sessions: [Session]
    private var desks: [Desk]
    /// Sessions that wait for a free desk.
    private var queue: [Int] = []
    private(set) var tally = SignInTally()
    /// Why the last sign-in that failed did.
    private(set) var failure: String?

    /// - Precondition: the reactor has made no transfer but those of other arms' sessions.
    init(_ signIn: SignInPlan, plan: EnginePlan, arm: Int, worker: Int, reactor: Reactor) {
        patience = plan.arms[arm].totalTimeout
        self.reactor = reactor
        setup = TransferSetup(signIn.transfer)
        body = .allocate(byteCount: signIn.body.count, alignment: 16)
        body.copyBytes(from: signIn.body)
        let count: Int =
            switch signIn.scope {
            case .worker: 1
            case .user: max(1, plan.mostUsers(ofWorker: worker, arm: arm))
            }
        sessions = (0..<count).map { _ in Session() }
        desks = (0..<min(count, Self.mostTransfers)).map { [setup] _ in
            Desk(transfer: reactor.makeTransfer(to: arm, setup))
        }
        for desk in desks { desk.transfer.setBody(UnsafeRawBufferPointer(body)) }
    }

    deinit { body.deallocate() }

    var transfers: Int { desks.count }
    var isBusy: Bool { desks.contains { $0.session != nil } }
    /// A session waits for a desk.
    var isAsked: Bool { !queue.isEmpty }

    /// Of the session that a payment of `user` belongs to.
    func jar(of user: Int32) -> CookieJar { sessions[session(of: user)].jar }

    private func session(of user: Int32) -> Int { Int(user) % sessions.count }

    /// All sessions; false where one could not be signed in by `deadline`.
    ///
    /// - Parameter finished: is told of every transfer of the reactor that finished.
    func signIn(until deadline: Nanoseconds, finished: (Int, CurlCode) -> Void) -> Bool {
        for session in sessions.indices { enqueue(session) }
        startQueued(MonotonicClock.now())
        while isBusy, MonotonicClock.now() < deadline {
            let wake = min(deadline, MonotonicClock.now() + 20_000_000)
            reactor.turn(until: wake, atLeast: .max, finished: finished)
            startQueued(MonotonicClock.now())
        }
        cutWhatIsTooOld(.max)
        defer { tally.failed = 0 }
        return tally.failed == 0 && queue.isEmpty
    }

    /// The service does not know the session of a payment that was sent at `sent`; `startQueued` signs in.
    func renew(for user: Int32, sent: Nanoseconds, at now: Nanoseconds) {
        let session = session(of: user)
        guard sent > sessions[session].signedIn, now >= sessions[session].notBefore else { return }
        enqueue(session)
    }

    private func enqueue(_ session: Int) {
        guard !sessions[session].isWaiting else { return }
        sessions[session].isWaiting = true
        queue.append(session)
    }

    func startQueued(_ now: Nanoseconds) {
        guard !queue.isEmpty else { return }
        for desk in desks.indices where desks[desk].session == nil {
            guard !queue.isEmpty else { return }
            let session = queue.removeFirst()
            desks[desk].session = session
            desks[desk].sent = now
            desks[desk].transfer.use(sessions[session].jar)
            reactor.start(desks[desk].transfer)
        }
    }

    func finish(_ desk: Int, _ code: CurlCode) {
        end(desk, reason: Self.reason(desks[desk].transfer, code), at: MonotonicClock.now())
    }

    func cutWhatIsTooOld(_ now: Nanoseconds) {
        for desk in desks.indices where desks[desk].session != nil {
            if now == .max || now >= desks[desk].sent + patience {
                end(desk, reason: "no answer in time", at: MonotonicClock.now())
            }
        }
    }

    private func end(_ desk: Int, reason: String?, at now: Nanoseconds) {
        guard let session = desks[desk].session else { return }
        reactor.stop(desks[desk].transfer)
        desks[desk].session = nil
        sessions[session].isWaiting = false
        tally.time.record(UInt64(max(0, now - desks[desk].sent)) / 1_000)
        if let reason {
            failure = reason
            tally.failed += 1
            sessions[session].notBefore = now + Self.pause
        } else {
            let last = sessions[session].signedIn
            // The service forgets a session now and then; one that it never knows is not asked for with
            // every payment.
            if last != .min, now < last + Self.pause {
                sessions[session].notBefore = now + Self.pause
            }
            sessions[session].signedIn = now
        }
    }

    /// nil: signed in.
    private static func reason(_ transfer: Transfer, _ code: CurlCode) -> String? {
        guard code.isSuccess else { return "\(code.name): \(code.explanation)" }
        let answer = Answer.read(transfer.answer, wrapped: false)
        let text = answer.errorCode.map { JSONText.decoded($0) }
        guard (200..<300).contains(transfer.status), text == nil else {
            return "HTTP \(transfer.status)" + (text.map { " \($0)" } ?? "")
        }
        return nil
    }

    func giveTallyAway() -> SignInTally {
        defer { tally.removeCounts() }
        return tally
    }
}

/// The sessions of one worker with all arms; transfers with lower numbers than `transfers` are theirs.
final class ArmSessions {
    /// nil where the arm's payments need none.
    let byArm: [Sessions?]
    let transfers: Int

    /// nil where no arm needs any.
    init?(plan: EnginePlan, worker: Int, reactor: Reactor) {
        byArm = plan.arms.indices.map { arm in
            plan.arms[arm].signIn.map {
                Sessions($0, plan: plan, arm: arm, worker: worker, reactor: reactor)
            }
        }
        transfers = byArm.reduce(0) { $0 + ($1?.transfers ?? 0) }
        if transfers == 0 { return nil }
    }

    subscript(arm: Int) -> Sessions? { byArm[arm] }

    var isBusyOrAsked: Bool { byArm.contains { $0.map { $0.isBusy || $0.isAsked } ?? false } }

    func finish(_ transfer: Int, _ code: CurlCode) {
        var desk = transfer
        for case let sessions? in byArm {
            if desk < sessions.transfers { return sessions.finish(desk, code) }
            desk -= sessions.transfers
        }
    }

    func cutWhatIsTooOld(_ now: Nanoseconds) {
        for sessions in byArm { sessions?.cutWhatIsTooOld(now) }
    }

    func startQueued(_ now: Nanoseconds) {
        for sessions in byArm { sessions?.startQueued(now) }
    }

    func giveTallyAway() -> SignInTally {
        byArm.reduce(into: SignInTally()) { sum, sessions in
            if let sessions { sum.add(sessions.giveTallyAway()) }
        }
    }
}

extension EnginePlan {
    /// Users of the arm's phase that has most of them.
    func mostUsers(ofWorker worker: Int, arm: Int) -> Int {
        phases.filter { $0.arm == arm }.map { phase in
            switch phase.model {
            case .open: 0
            case .closed(let users):
                ClosedPhase.users(
                    of: seat(ofWorker: worker), users: users.most, seats: seats)
            }
        }.max() ?? 0
    }
}
