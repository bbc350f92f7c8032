import Results

/// How a doubt shows in a verdict.
extension Doubt {
    /// The name of the check in files and reports.
    var check: String {
        switch self {
        case .brokenAccounting: "accounting"
        case .lateSends: "schedule.lag"
        case .busyGenerator: "generator.cpu"
        case .neverSent: "schedule.complete"
        case .waitsForSlots: "openloop.cap"
        case .unfinished: "run.complete"
        case .killed: "run.whole"
        }
    }

    var validity: Verdict.Validity {
        switch self {
        case .brokenAccounting: .invalid
        case .lateSends(let late): late.ratio > LateSends.suspect ? .invalid : .suspect
        case .busyGenerator(let busy):
            busy.share > BusyGenerator.suspect && busy.sendsLate ? .invalid : .suspect
        case .neverSent, .waitsForSlots, .unfinished: .suspect
        case .killed(let part): part.whole == 0 ? .invalid : .suspect
        }
    }

    var value: Double {
        switch self {
        case .brokenAccounting(let law): Double(law.left) - Double(law.right)
        case .lateSends(let late): late.ratio
        case .busyGenerator(let busy): busy.share
        case .neverSent(let part): 1 - part.share
        case .waitsForSlots(let waits): waits.share
        case .unfinished(let part): part.share
        case .killed(let part): Double(part.count)
        }
    }

    /// The bound that `value` is on the wrong side of.
    var threshold: Double {
        switch self {
        case .brokenAccounting, .waitsForSlots, .killed: 0
        case .lateSends(let late):
            late.ratio > LateSends.suspect ? LateSends.suspect : LateSends.ok
        case .busyGenerator(let busy):
            busy.share > BusyGenerator.suspect ? BusyGenerator.suspect : BusyGenerator.ok
        case .neverSent: Self.sentShare
        case .unfinished(let part):
            part.share > Self.cutShares.most ? Self.cutShares.most : Self.cutShares.ok
        }
    }

    /// What was seen, and what to do about it.
    var advice: String {
        switch self {
        case .brokenAccounting(let law):
            "The counts do not add up: \(law). This is a fault of paybench; please report it."
        case .lateSends(let late): Self.advice(on: late)
        case .busyGenerator(let busy): Self.advice(on: busy)
        case .neverSent(let part):
            "\(Figures.share(part.share)) of the arrivals (\(Figures.count(part.count)) of "
                + "\(Figures.count(part.whole))) were never sent, for want of a free slot; the "
                + "percentiles are lower bounds. Lower the rate or raise limits.in_flight."
        case .waitsForSlots(let waits):
            "\(Figures.share(waits.share)) of the arrivals waited for a free slot, up to "
                + "\(Figures.duration(microseconds: waits.longest)): the limit of requests in "
                + "flight was reached. Raise limits.in_flight or call the target overloaded."
        case .unfinished(let part):
            "\(Figures.share(part.share)) of the payments (\(Figures.count(part.count)) of "
                + "\(Figures.count(part.whole))) were cut off unfinished; the highest percentiles "
                + "are lower bounds. Let the run end by itself."
        case .killed(let part) where part.whole == 0:
            "The run was killed before anything was measured. Run it again."
        case .killed(let part):
            "The run was killed: its last moments are missing, and of \(Figures.count(part.whole)) "
                + "payments \(Figures.count(part.count)) have no answer here. Run it again, and look "
                + "up the payments that paybench report lists."
        }
    }

    private static func advice(on late: LateSends) -> String {
        let name = late.quantile.name
        return
            "The generator sent late: \(name) lag \(Figures.duration(microseconds: late.lag)) is "
            + "\(Figures.share(late.ratio)) of the \(name) response time in phase "
            + "\(late.phase.printable). Lower the rate, add workers or use another machine."
    }

    private static func advice(on busy: BusyGenerator) -> String {
        let share = Figures.share(busy.share)
        switch busy.place {
        case .process:
            return "The generator used \(share) of its CPU. Lower the rate or use a machine with "
                + "more cores."
        case .worker:
            return "The busiest worker used \(share) of its core. Lower the rate, add workers or "
                + "use another machine."
        }
    }
}
