import NIOCore
import Providers

/// A payment that has come in.
struct Payment: Sendable {
    let admitted: AdmittedPayment
    let provider: SimulatedProvider
    let arrival: NIODeadline
    /// Its answer has no body.
    let isHead: Bool
    let closes: Bool

    init(
        _ admitted: AdmittedPayment, with provider: SimulatedProvider, arrival: NIODeadline,
        isHead: Bool, closes: Bool
    ) {
        self.admitted = admitted
        self.provider = provider
        self.arrival = arrival
        self.isHead = isHead
        self.closes = closes
    }

    var id: PaymentID { admitted.id }

    func finished(_ reply: Reply) -> Reply { reply.finished(isHead: isHead, closes: closes) }
}

extension Reply {
    /// As it ends a request: to HEAD without a body.
    func finished(isHead: Bool, closes: Bool) -> Reply {
        var reply = self
        reply.closes = closes
        if isHead { reply.body = .none }
        return reply
    }
}

/// What a request comes to, once it is its turn.
struct Settled {
    enum Way {
        case reply(Reply)
        case drop(ScriptedDrop.Point)
        case reset
        /// The connection has been reset, and the ledger knows.
        case gone
    }

    let provider: SimulatedProvider
    var payment: PaymentID?
    var way: Way
    var damage: Damage?
    /// The place of the answer in the script.
    var scripted: Int?
    /// Whether the answer was damaged, or is none.
    var isBroken = false
    /// Of a payment that took its course.
    var timing: (arrival: NIODeadline, due: NIODeadline)?

    init(_ provider: SimulatedProvider, _ way: Way, payment: PaymentID? = nil) {
        self.provider = provider
        self.way = way
        self.payment = payment
    }
}

/// From a payment to what it comes to.
extension PaymentHandler {
    typealias Ticket = AnswerQueue<Settled>.Ticket

    func admit(_ payment: Payment, _ ticket: Ticket, _ context: ChannelHandlerContext) {
        switch payment.provider.admit(payment.id, at: payment.arrival) {
        case .refused(let refusal):
            var reply = payment.provider.service.reply(to: refusal, as: payment.admitted.envelope)
            if refusal == .limited {
                let seconds = payment.provider.provider.limits.retryAfter.components.seconds
                reply.headers.append(Header(name: .retryAfter, value: String(seconds)))
            }
            let way = Settled.Way.reply(payment.finished(reply))
            settle(ticket, Settled(payment.provider, way, payment: payment.id), context)
        case .kept(let ending):
            let conclusion = Conclusion(ending, nil, answers: payment.provider.provider.answers)
            settle(ticket, settled(payment, conclusion), context)
        case .course(let course): begin(payment, course, ticket, context)
        }
    }

    private func begin(
        _ payment: Payment, _ course: Course, _ ticket: Ticket, _ context: ChannelHandlerContext
    ) {
        let loop = context.eventLoop
        if payment.provider.resetsDuring(course) {
            let half =
                payment.arrival + .nanoseconds((course.due - payment.arrival).nanoseconds / 2)
            Alarm.set(at: half, on: loop) {
                guard self.phase == .open else { return }
                self.reset(context)
            }
        }
        if course.due <= payment.arrival {
            finish(payment, course, ticket, context)
        } else {
            let pending = PendingPayment(payment, course, ticket, self, context)
            _ = try? loop.assumeIsolated().scheduleCallback(at: course.due, handler: pending)
        }
    }

    /// The provider is done: books, and makes the answer.
    fileprivate func finish(
        _ payment: Payment, _ course: Course, _ ticket: Ticket, _ context: ChannelHandlerContext
    ) {
        if let later = payment.provider.heldUntil(.now()) {
            context.eventLoop.assumeIsolated().scheduleTask(deadline: later) {
                var course = course
                course.due = later
                self.finish(payment, course, ticket, context)
            }
            return
        }
        var settled = settled(payment, payment.provider.conclude(payment.id, course))
        settled.timing = (payment.arrival, course.due)
        settle(ticket, settled, context)
    }

    private func settled(_ payment: Payment, _ conclusion: Conclusion) -> Settled {
        let provider = payment.provider
        let envelope = payment.admitted.envelope
        var settled = Settled(provider, .gone, payment: payment.id)
        switch conclusion.way {
        case .accept: settled.way = .reply(Reply(accepted: payment.id, as: envelope))
        case .answer(let place):
            settled.way = .reply(provider.service.answer(place, to: payment.admitted))
            settled.scripted = place
        case .failure(let status, let code):
            let reply = provider.service.reply(status: status, code: code, as: envelope)
            settled.way = .reply(reply)
        case .badJSON:
            settled.way = .reply(Reply(brokenJSON: payment.id, as: envelope))
            settled.isBroken = true
        case .drop(let point): settled.way = .drop(point)
        case .reset: settled.way = .reset
        case .gone: break
        }
        if case .reply(let reply) = settled.way {
            settled.way = .reply(payment.finished(reply))
            settled.damage = conclusion.damage
        }
        return settled
    }

    func settle(_ ticket: Ticket, _ settled: Settled, _ context: ChannelHandlerContext) {
        if isLettingOut, answers.pass(ticket) {
            letOut(settled, context)
        } else {
            answers.fulfil(ticket, with: settled)
        }
        drain(context)
        if !isInReadBatch { flush(context) }
    }
}

/// A payment that is with its provider until its course is over. Thousands are at once, so it is no
/// scheduled task, which brings a promise, a future and a closure with it.
private final class PendingPayment: NIOScheduledCallbackHandler {
    private let payment: Payment
    private let course: Course
    private let ticket: PaymentHandler.Ticket
    private let handler: PaymentHandler
    private let context: ChannelHandlerContext

    init(
        _ payment: Payment, _ course: Course, _ ticket: PaymentHandler.Ticket,
        _ handler: PaymentHandler, _ context: ChannelHandlerContext
    ) {
        self.payment = payment
        self.course = course
        self.ticket = ticket
        self.handler = handler
        self.context = context
    }

    func handleScheduledCallback(eventLoop: some EventLoop) {
        handler.finish(payment, course, ticket, context)
    }
}

extension SimulatedProvider {
    func resetsDuring(_ course: Course) -> Bool {
        course.fault.map { provider.faults[$0].effect == .reset(.duringBooking) } ?? false
    }
}
