import Curl
import Payments

/// One payment in flight at a time: a reusable transfer with the buffers that it sends from.
final class Slot {
    /// What the request under way is for.
    enum Role {
        /// A payment's attempt.
        case payment
        /// Its id again, after it ended like this.
        case followingRepeat(of: Conclusion)
        /// Its id again, at the same time.
        case concurrentRepeat
    }

    let transfer: Transfer
    /// Whose payments it sends, all its life.
    let arm: Int
    /// One for each entry of the mix.
    let requests: [RequestTemplate]
    private let varyingHeaders: [ByteTemplate]
    private let body: UnsafeMutableRawBufferPointer
    /// NUL-terminated; empty where parameters travel in the body.
    private let query: UnsafeMutableRawBufferPointer
    private let headers: HeaderLines?
    /// Of the data sets; -1 where the payment uses none.
    var rows: [Int]
    var payment = 0
    var due = DuePayment(phase: 0, pass: 0, number: 0, position: 0, intended: 0)
    /// In the worker's journal.
    var journalPlace = 0
    /// When the first attempt was handed over.
    var sent: Nanoseconds = 0
    var role = Role.payment
    /// Attempts made, the first included.
    var attempts = 0
    /// How the last attempt ended, while the next one is waited for. Its code points into the answer,
    /// which is there until then.
    var waiting: Ending?
    /// How far the last attempt came that may have been booked; nil where none may.
    var doubt: SendStage?
    /// The slot of the concurrent repeat, while that is under way.
    var twin: Int?
    /// How this concurrent repeat ended, and how its payment did: whichever was first waits here.
    var ownConclusion: Conclusion?
    var firstConclusion: Conclusion?
    /// The body that libcurl was told of last, so that it is told again only when it changes.
    private(set) var bodyCount = -1

    init(transfer: Transfer, arm: Int, plan: EnginePlan) {
        self.transfer = transfer
        self.arm = arm
        requests = plan.arms[arm].requests
        varyingHeaders = plan.arms[arm].varyingHeaders
        rows = plan.data.map { _ in -1 }
        headers =
            varyingHeaders.isEmpty
            ? nil
            : HeaderLines(
                constant: plan.arms[arm].transfer.headers,
                room: varyingHeaders.map(\.maximumCount))
        if let headers { transfer.use(headers) }
        let longestBody = requests.map(\.body.maximumCount).max() ?? 0
        let longestQuery = requests.compactMap(\.query?.maximumCount).max() ?? 0
        body = .allocate(byteCount: longestBody, alignment: 16)
        query = .allocate(byteCount: longestQuery + 1, alignment: 16)
    }

    deinit {
        body.deallocate()
        query.deallocate()
    }

    /// Makes the slot that of one request.
    func take(_ due: DuePayment, payment: Int, role: Role) {
        self.due = due
        self.payment = payment
        self.role = role
        attempts = 1
        waiting = nil
        doubt = nil
        twin = nil
        ownConclusion = nil
        firstConclusion = nil
    }

    /// Writes the request of entry `payment` into this slot's buffers and shows them to libcurl.
    func render(_ context: borrowing RenderContext) {
        let count = requests[payment].body.render(context, into: body)
        if count != bodyCount {
            transfer.setBody(UnsafeRawBufferPointer(rebasing: body[..<count]))
            bodyCount = count
        }
        if requests[payment].query != nil {
            _ = requests[payment].query?.renderTerminated(context, into: query)
            if let text = query.baseAddress?.assumingMemoryBound(to: CChar.self) {
                transfer.setQuery(text)
            }
        }
        guard let headers else { return }
        for line in varyingHeaders.indices {
            _ = varyingHeaders[line].renderTerminated(
                context, into: headers.line(line))
        }
    }

    /// How far the payment came with the attempt that came farthest of those that may have been booked.
    ///
    /// - Parameter isOpen: whether the attempt under way is one of them.
    func stage(ofLast isOpen: Bool) -> SendStage {
        let own = isOpen ? transfer.stage(bodyCount: bodyCount) : .nothingLeft
        return max(own, doubt ?? .nothingLeft)
    }

    func end(_ outcome: Outcome, at completed: Nanoseconds) -> PaymentEnd {
        PaymentEnd(
            phase: due.phase, payment: payment, number: due.number, outcome: outcome,
            intended: due.intended, sent: sent, completed: completed)
    }
}
