import Payments
import Results

/// `schedule.complete`, `run.complete` and `run.whole`: whether all that was due was sent, all that was
/// sent ended, and all that ended is known.
extension Doubt {
    /// Shares of the arrivals that have to be sent.
    private static let sentShares = (ok: 0.999, least: 0.99)
    /// Shares of the payments that may be cut at the end: a tenth of what lies above p99.9, and all of it.
    private static let cut = Bounds(ok: 0.0001, most: 0.001)

    /// For want of a slot: the target did not keep up, or the limit of payments in flight is low.
    static func neverSent(in measured: Measured) -> Doubt? {
        let never =
            measured.sum(\.skipped) + measured.count(of: .notSent, code: EngineCode.noSlot)
        guard let missed = Missed(never, of: measured.sum(\.planned)) else { return nil }
        return Doubt(
            check: .scheduleComplete, validity: .suspect, value: 1 - missed.share,
            threshold: sentShares.ok,
            advice: "\(missed) were never sent, for want of a free slot; the percentiles are lower "
                + "bounds. Lower the rate or raise limits.in_flight.")
    }

    /// With a slot free: the generator itself was too slow.
    static func sentTooLate(in measured: Measured) -> Doubt? {
        let late = measured.count(of: .notSent, code: EngineCode.sentTooLate)
        guard let missed = Missed(late, of: measured.sum(\.planned)) else { return nil }
        // In whole numbers, as above.
        let isInvalid = missed.count * 100 > missed.whole
        return Doubt(
            check: .scheduleComplete, validity: isInvalid ? .invalid : .suspect,
            value: 1 - missed.share, threshold: isInvalid ? sentShares.least : sentShares.ok,
            advice: "\(missed) were never sent: the generator was later than timeouts.total. Lower "
                + "the rate, add workers or use another machine.")
    }

    static func unfinished(in measured: Measured) -> Doubt? {
        let abandoned = measured.count(of: .inDoubt, code: EngineCode.abandoned)
        guard measured.started > 0 else { return nil }
        let share = Double(abandoned) / Double(measured.started)
        return Doubt(
            .completeness, share, within: cut,
            advice: "\(Figures.share(share)) of the payments (\(Figures.count(abandoned)) of "
                + "\(Figures.count(measured.started))) were cut off unfinished; the highest "
                + "percentiles are lower bounds. Let the run end by itself.")
    }

    /// The payments of all phases that have no outcome, since the run was killed.
    static func killed(_ record: Record) -> Doubt? {
        guard record.ending == .killed else { return nil }
        let started = record.phases.reduce(0) { $0 + $1.started }
        let unanswered = record.phases.reduce(0) { $0 + $1.unanswered }
        return Doubt(
            check: .wholeness, validity: started == 0 ? .invalid : .suspect,
            value: Double(unanswered), threshold: 0,
            advice: started == 0
                ? "The run was killed before anything was measured. Run it again."
                : "The run was killed: its last moments are missing, and of "
                    + "\(Figures.count(started)) payments \(Figures.count(unanswered)) have no "
                    + "answer here; the generator's CPU is at most as told, its memory and connections "
                    + "at least. Run it again, and look up the payments that paybench report "
                    + "lists.")
    }

    /// More than 0.1 % of the arrivals.
    private struct Missed: CustomStringConvertible {
        var count: Int
        var whole: Int
        var share: Double { Double(count) / Double(whole) }

        init?(_ count: Int, of whole: Int) {
            // In whole numbers: 0.1 % of 1000 is one, not one and a rounding error.
            guard whole > 0, count * 1000 > whole else { return nil }
            self.count = count
            self.whole = whole
        }

        var description: String {
            "\(Figures.share(share)) of the arrivals (\(Figures.count(count)) of "
                + "\(Figures.count(whole)))"
        }
    }
}
