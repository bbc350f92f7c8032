import NIOCore
import Providers

/// A payment that has come in.
struct Payment: Sendable {
    let provider: SimulatedProvider
    let id: PaymentID
    let form: AnswerForm
    let arrival: NIODeadline
    let closes: Bool
    /// Known where the answer is built on it.
    var returnURL: String?
    var course: Course?
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

    func admit(
        _ payment: Payment, _ ticket: Ticket, returnURL: () -> String?,
        _ context: ChannelHandlerContext
    ) {
        var payment = payment
        switch payment.provider.admit(payment.id, at: payment.arrival) {
        case .refused(let refusal):
            var reply = payment.provider.service.reply(to: refusal, as: payment.form)
            if refusal == .limited {
                reply.retryAfter = payment.provider.provider.limits.retryAfter.components.seconds
            }
            reply.closes = payment.closes
            settle(ticket, Settled(payment.provider, .reply(reply), payment: payment.id), context)
        case .kept(let ending):
            payment.returnURL = returnURL()
            let conclusion = Conclusion(ending, nil, answers: payment.provider.provider.answers)
            settle(ticket, settled(payment, conclusion), context)
        case .course(let course):
            payment.course = course
            if payment.provider.isChallenge(course.ending) { payment.returnURL = returnURL() }
            begin(payment, course, ticket, context)
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
            Alarm.set(at: course.due, on: loop) {
                self.finish(payment, course, ticket, context)
            }
        }
    }

    /// The provider is done: books, and makes the answer.
    private func finish(
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
        var settled = Settled(provider, .gone, payment: payment.id)
        switch conclusion.way {
        case .accept: settled.way = .reply(Reply(accepted: payment.id, as: payment.form))
        case .answer(let place):
            let reply = provider.service.answer(
                place, to: payment.id, returnURL: payment.returnURL, as: payment.form)
            settled.way = .reply(reply)
            settled.scripted = place
        case .failure(let status, let code):
            let reply = provider.service.reply(status: status, code: code, as: payment.form)
            settled.way = .reply(reply)
        case .badJSON:
            settled.way = .reply(Reply(brokenJSON: payment.id))
            settled.isBroken = true
        case .drop(let point): settled.way = .drop(point)
        case .reset: settled.way = .reset
        case .gone: break
        }
        if case .reply(var reply) = settled.way {
            reply.closes = payment.closes
            settled.way = .reply(reply)
            settled.damage = conclusion.damage
        }
        return settled
    }

    func settle(_ ticket: Ticket, _ settled: Settled, _ context: ChannelHandlerContext) {
        answers.fulfil(ticket, with: settled)
        drain(context)
        if !isInReadBatch { flush(context) }
    }
}

extension SimulatedProvider {
    /// Whether the answer needs the payment's return address.
    func isChallenge(_ ending: ProviderScript.Ending) -> Bool {
        guard case .answer(let place) = ending else { return false }
        return provider.answers[place].outcome == .challenge
    }

    func resetsDuring(_ course: Course) -> Bool {
        course.fault.map { provider.faults[$0].effect == .reset(.duringBooking) } ?? false
    }
}
