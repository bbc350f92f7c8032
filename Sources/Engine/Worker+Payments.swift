import Curl
import Payments

/// From the start of a payment to its end.
extension Worker {
    /// Prepares the payment; false: a data set that it needs is used up.
    func hasRows(for payment: DuePayment) -> Bool {
        let bases = plan.data.isEmpty ? [] : sequencer.rowBases(for: payment)
        return renderer.prepare(payment, bases: bases)
    }

    /// Hands the payment that was prepared to libcurl; returns when that was.
    func start(_ payment: DuePayment) -> Nanoseconds {
        let number = takeSlot(for: plan.arm(of: payment))
        let slot = slots[number]
        slot.take(payment, payment: plan.entry(of: payment), role: .payment)
        if !plan.data.isEmpty { slot.rows = renderer.rows }
        slot.render(renderer.context)
        if let sessions = sessions?[slot.arm] { slot.transfer.use(sessions.jar(of: payment.user)) }
        slot.sent = MonotonicClock.now()
        tally.countStarted(
            payment, sent: slot.sent,
            slotWait: max(0, pools.exhaustedUntil(slot.arm) - payment.intended))
        countSend(of: payment, at: slot.sent)
        if journal != nil {
            slot.journalPlace =
                journal?.enter(
                    payment: slot.payment, intended: renderer.context.intended,
                    sent: plan.extras.wallClock + (slot.sent - plan.origin),
                    id: slot.requests[slot.payment].paymentID, context: renderer.context) ?? 0
        }
        let sent = send(number)
        if !plan.extras.repeats.isEmpty { startConcurrentRepeat(of: number) }
        return sent
    }

    /// Guard rails don't let it out. An arrival was due all the same; a user just does not begin.
    func refuse(_ payment: DuePayment) {
        switch plan.phases[payment.phase].model {
        case .open: tally.countSkipped(payment)
        case .closed: break
        }
    }

    func giveUp(_ payment: DuePayment, hadSlot: Bool, at now: Nanoseconds) {
        let slotFreeAt = hadSlot ? pools.exhaustedUntil(plan.arm(of: payment)) : now
        tally.countStarted(payment, sent: now, slotWait: max(0, slotFreeAt - payment.intended))
        let end = PaymentEnd(
            phase: payment.phase, payment: plan.entry(of: payment), number: payment.number,
            outcome: .notSent, intended: payment.intended, sent: now, completed: now)
        tally.countEnd(end)
        let ending: Ending = hadSlot ? .sentTooLate : .foundNoSlot
        var code: Int?
        if let source = ending.source { code = tally.countCode(source, status: 0, of: end) }
        if plan.extras.keepsSamples { keepSample(ofUnsent: payment, end, code: code) }
    }

    /// libcurl is done with a transfer.
    func finish(_ transfer: Int, _ code: CurlCode) {
        let number = transfer - (sessions?.transfers ?? 0)
        if number < 0 {
            sessions?.finish(transfer, code)
            return
        }
        let now = MonotonicClock.now()
        let slot = slots[number]
        let ending = Ending.finished(
            slot.transfer, code, wrapped: plan.arms[slot.arm].wrapsAnswers,
            by: plan.arms[slot.arm].classifier)
        settle(number, ending, at: now)
    }

    /// What is under way in the slot ended; what follows from it?
    private func settle(_ number: Int, _ ending: Ending, at now: Nanoseconds) {
        let slot = slots[number]
        reactor.stop(slot.transfer)
        ages[slot.arm].remove(number)
        tally.countBytes(
            sent: slot.transfer.bytesSent, received: slot.transfer.bytesReceived,
            phase: slot.due.phase)
        if let sessions = sessions?[slot.arm], ending.meansSignInAgain, drainEnds == nil {
            sessions.renew(for: slot.due.user, sent: slot.sent, at: now)
        }
        switch slot.role {
        case .payment:
            if let delay = delayOfRetry(slot, ending, at: now) {
                wait(number, for: delay, after: ending, at: now)
            } else {
                conclude(number, ending, at: now)
            }
        case .followingRepeat(let first):
            tally.count(Conclusion(ending).finding(after: first), phase: slot.due.phase)
            release(number, at: now)
        case .concurrentRepeat:
            slot.ownConclusion = Conclusion(ending)
            if slot.firstConclusion != nil { settleTwin(number, at: now) }
        }
    }

    /// The last attempt is the payment's outcome, unless an earlier one may have been booked and this one
    /// does not tell.
    private func conclude(_ number: Int, _ last: Ending, at now: Nanoseconds) {
        let slot = slots[number]
        let ending = slot.doubt == nil ? last : last.afterDoubt
        let end = slot.end(ending.outcome, at: now)
        tally.countEnd(end)
        journal?.end(slot.journalPlace, tally: tally.number)
        let times = TransferTimes(slot.transfer)
        tally.countTimes(times, of: end)
        var code: Int?
        if let source = ending.source {
            let stage = slot.stage(ofLast: ending.outcome == last.outcome)
            code = tally.countCode(source, status: ending.status, of: end, stage: stage) {
                paymentID(of: slot)
            }
        }
        if plan.extras.keepsSamples { keepSample(slot, end, ending, code: code, times) }
        if let twin = slot.twin {
            slot.twin = nil
            slots[twin].firstConclusion = Conclusion(ending)
            if slots[twin].ownConclusion != nil { settleTwin(twin, at: now) }
        }
        if isFollowed(slot, ending, at: now) {
            slot.role = .followingRepeat(of: Conclusion(ending))
            sequencer.answered(slot.due, at: now)
            later.insert(Int32(number), due: now)
        } else {
            release(number, at: now)
        }
    }

    private func keepSample(ofUnsent payment: DuePayment, _ end: PaymentEnd, code: Int?) {
        let sample = Sample(
            end: end, code: code, httpStatus: 0, opensConnection: false, bytesSent: 0,
            bytesReceived: 0, attempts: 0, id: 0..<0)
        let bases = plan.data.isEmpty ? [] : sequencer.rowBases(for: payment)
        let isPrepared = renderer.prepare(payment, bases: bases)
        let id = plan.arms[plan.arm(of: payment)].requests[end.payment].paymentID
        tally.samples.append(sample, idRoom: id.maximumCount) {
            isPrepared ? id.render(renderer.context, into: $0) : 0
        }
    }

    private func keepSample(
        _ slot: Slot, _ end: PaymentEnd, _ ending: Ending, code: Int?, _ times: TransferTimes
    ) {
        let sample = Sample(
            end: end, code: code, httpStatus: ending.status, firstByte: times.firstByte,
            connect: times.connect, tls: times.tls,
            opensConnection: slot.transfer.openedConnection, bytesSent: slot.transfer.bytesSent,
            bytesReceived: slot.transfer.bytesReceived, attempts: slot.attempts, id: 0..<0)
        renderer.prepareAgain(slot.due, rows: slot.rows)
        let id = slot.requests[slot.payment].paymentID
        tally.samples.append(sample, idRoom: id.maximumCount) {
            id.render(renderer.context, into: $0)
        }
    }

    private func paymentID(of slot: Slot) -> [UInt8] {
        renderer.prepareAgain(slot.due, rows: slot.rows)
        return slot.requests[slot.payment].paymentID.rendered(renderer.context)
    }

    private func release(_ number: Int, at now: Nanoseconds) {
        let slot = slots[number]
        freeSlot(number, at: now)
        switch slot.role {
        case .payment: sequencer.answered(slot.due, at: now)
        case .followingRepeat, .concurrentRepeat: break
        }
    }
}

/// Attempts behind the first, and ids that are sent again on purpose.
extension Worker {
    /// Whether anything is sent again: not once the run was stopped.
    private var goesOn: Bool { control.stopReason == nil }

    private func delayOfRetry(
        _ slot: Slot, _ ending: Ending, at now: Nanoseconds
    ) -> Nanoseconds? {
        guard let retry = plan.extras.retry, goesOn else { return nil }
        let delay = retry.delay(
            after: ending.outcome, attempts: slot.attempts,
            retryAfter: slot.transfer.retryAfterSeconds.map {
                Nanoseconds(min($0, 1_000_000)) * 1_000_000_000
            })
        guard let delay, now + delay < drainEnds ?? .max, isAllowed else { return nil }
        return delay
    }

    /// Guard rails count every request.
    private var isAllowed: Bool { plan.mostPayments == nil || control.takeAllowance() }

    private func wait(
        _ number: Int, for delay: Nanoseconds, after ending: Ending, at now: Nanoseconds
    ) {
        slots[number].waiting = ending
        if ending.outcome.leavesBookingUncertain {
            slots[number].doubt = slots[number].stage(ofLast: true)
        }
        later.insert(Int32(number), due: now + delay)
    }

    func startLaterAttempts(_ now: Nanoseconds) {
        while let next = later.first, next.due <= now {
            later.removeFirst()
            let slot = slots[Int(next.index)]
            switch slot.role {
            case .payment:
                slot.waiting = nil
                slot.attempts += 1
                tally.countRetry(phase: slot.due.phase)
            case .followingRepeat, .concurrentRepeat: break
            }
            send(Int(next.index))
        }
    }

    /// Nothing is sent any more: how the last attempt ended is the outcome, and no id is repeated.
    func giveUpLaterAttempts(_ now: Nanoseconds) {
        while let next = later.first {
            later.removeFirst()
            let number = Int(next.index)
            if let ending = slots[number].waiting.take() {
                conclude(number, ending, at: now)
            } else {
                release(number, at: now)
            }
        }
    }

    /// Whether the id is sent again, now that its payment ended.
    private func isFollowed(_ slot: Slot, _ ending: Ending, at now: Nanoseconds) -> Bool {
        guard !plan.extras.repeats.isEmpty, goesOn, now < drainEnds ?? .max,
            let repeats = plan.extras.repeats[slot.payment]
        else { return false }
        let isTime: Bool =
            switch repeats.timing {
            case .afterAnswer: ending.outcome != .inDoubt && ending.outcome != .notSent
            case .afterTimeout: ending.outcome == .inDoubt
            case .concurrently: false
            }
        let identity = RequestIdentity(
            number: slot.due.number, keys: plan.arms[slot.arm].keys)
        return isTime && repeats.includes(identity) && isAllowed
    }

    /// Of the payment that was prepared last.
    private func startConcurrentRepeat(of first: Int) {
        let slot = slots[first]
        guard let repeats = plan.extras.repeats[slot.payment], repeats.timing == .concurrently,
            pools.free.contains(slot.arm), repeats.includes(renderer.context.identity), isAllowed
        else { return }
        let number = takeSlot(for: slot.arm)
        slots[number].take(slot.due, payment: slot.payment, role: .concurrentRepeat)
        slots[number].render(renderer.context)
        if let sessions = sessions?[slot.arm] {
            slots[number].transfer.use(sessions.jar(of: slot.due.user))
        }
        slot.twin = number
        send(number)
    }

    /// Payment and concurrent repeat both ended.
    private func settleTwin(_ number: Int, at now: Nanoseconds) {
        let slot = slots[number]
        guard let first = slot.firstConclusion, let own = slot.ownConclusion else { return }
        tally.count(own.finding(besides: first), phase: slot.due.phase)
        freeSlot(number, at: now)
    }
}

/// What takes too long.
extension Worker {
    func cutWhatIsTooOld(_ now: Nanoseconds) {
        guard now >= nextExpiry() else { return }
        takeInWhatCame()
        for arm in ages.indices { cutWhatIsTooOld(of: arm, now) }
    }

    private func cutWhatIsTooOld(of arm: Int, _ now: Nanoseconds) {
        let total = plan.arms[arm].totalTimeout
        while let (number, sent) = ages[arm].oldestTransfer, now >= sent + total {
            settle(number, .expired(slots[number].transfer), at: now)
        }
        let connect = plan.arms[arm].connectTimeout
        while let (number, sent) = ages[arm].oldestUnchecked, now >= sent + connect {
            ages[arm].markChecked()
            let transfer = slots[number].transfer
            if !transfer.requestBegan { settle(number, .expired(transfer), at: now) }
        }
    }

    func nextExpiry() -> Nanoseconds {
        var next = Nanoseconds.max
        for arm in ages.indices {
            if let (_, sent) = ages[arm].oldestTransfer {
                next = min(next, sent + plan.arms[arm].totalTimeout)
            }
            if let (_, sent) = ages[arm].oldestUnchecked {
                next = min(next, sent + plan.arms[arm].connectTimeout)
            }
        }
        return next
    }

    func abandonAll(_ now: Nanoseconds) {
        giveUpLaterAttempts(now)
        for arm in ages.indices {
            while let (number, _) = ages[arm].oldestTransfer {
                settle(number, .abandoned(slots[number].transfer), at: now)
            }
        }
    }
}
