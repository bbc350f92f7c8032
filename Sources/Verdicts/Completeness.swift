import Payments
import Results

/// `schedule.complete`, `run.complete` and `run.whole`: whether all that was due was sent, all that was
/// sent ended, and all that ended is known.
extension Doubt {
    /// Share of the arrivals that have to be sent.
    static let sentShare = 0.999
    /// Shares of the payments that may be cut at the end: a tenth of what lies above p99.9, and all of it.
    static let cutShares = (ok: 0.0001, most: 0.001)
    /// The codes that the engine gives to a payment that found no slot in time, and to one that was cut.
    static let noSlot = "NO_FREE_SLOT"
    static let abandoned = "ABANDONED"

    static func neverSent(in measured: Measured) -> Part? {
        let planned = measured.sum(\.planned)
        let never = measured.sum(\.skipped) + measured.count(of: .notSent, code: noSlot)
        // In whole numbers: 0.1 % of 1000 is one, not one and a rounding error.
        guard planned > 0, never * 1000 > planned else { return nil }
        return Part(count: never, whole: planned)
    }

    /// The payments of all phases that have no outcome.
    static func killed(_ record: Record) -> Part? {
        guard record.ending == .killed else { return nil }
        return Part(
            count: record.phases.reduce(0) { $0 + $1.unanswered },
            whole: record.phases.reduce(0) { $0 + $1.started })
    }

    static func unfinished(in measured: Measured) -> Part? {
        let started = measured.sum(\.started)
        let cut = measured.count(of: .inDoubt, code: abandoned)
        guard started > 0, cut * 10_000 > started else { return nil }
        return Part(count: cut, whole: started)
    }
}
