import Payments
import Results

/// A reason to doubt a measurement, with the numbers that raised it.
enum Doubt: Sendable, Equatable {
    case brokenAccounting(BrokenLaw)
    case lateSends(LateSends)
    case busyGenerator(BusyGenerator)
    case neverSent(Part)
    case waitsForSlots(SlotWaits)
    case unfinished(Part)
    /// The run was killed: what it did last is missing.
    case killed(Part)

    /// Some of the payments, or arrivals, of a run.
    struct Part: Sendable, Equatable {
        var count: Int
        var whole: Int
        var share: Double { Double(count) / Double(whole) }
    }

    static func all(of record: Record) -> [Doubt] {
        let measured = Measured(record)
        let late = LateSends(in: measured.openPhases)
        let all: [Doubt?] = [
            record.brokenLaw().map { .brokenAccounting($0) },
            late.map { .lateSends($0) },
            BusyGenerator(in: record, sendsLate: late != nil).map { .busyGenerator($0) },
            neverSent(in: measured).map { .neverSent($0) },
            SlotWaits(in: measured.openPhases).map { .waitsForSlots($0) },
            unfinished(in: measured).map { .unfinished($0) },
            killed(record).map { .killed($0) },
        ]
        return all.compactMap(\.self)
    }
}

/// What a record tells of its measured phases.
struct Measured {
    var phases: [PhaseRecord]
    private var codes: [CodeCount]

    init(_ record: Record) {
        phases = record.phases.filter(\.measured)
        codes = record.codes
    }

    var openPhases: [PhaseRecord] {
        phases.filter { phase in
            switch phase.model {
            case .open: true
            case .closed: false
            }
        }
    }

    func sum(_ count: (PhaseRecord) -> Int) -> Int { phases.reduce(0) { $0 + count($1) } }

    /// At most as many as came in the measured phases: codes are counted over all phases, so that those
    /// of the others are held against the measured ones as far as they had such outcomes.
    func count(of outcome: Outcome, code: String) -> Int {
        let coded = codes.reduce(0) { sum, entry in
            sum + (entry.outcome == outcome && entry.code == code ? entry.count : 0)
        }
        return min(coded, sum { $0.count(of: outcome) })
    }
}
