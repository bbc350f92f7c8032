import Histograms
import Payments
import Results

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

    /// Of every payment.
    var responseTime: Distribution { phases.latency.responseTime }

    var started: Int { sum(\.started) }

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

/// The codes that the engine gives to payments for its own reasons, and for its machine's.
enum EngineCode {
    static let noSlot = "NO_FREE_SLOT"
    static let sentTooLate = "SENT_TOO_LATE"
    static let abandoned = "ABANDONED"
    static let noPort = "NO_LOCAL_PORT"
    static let noDescriptor = "NO_FREE_DESCRIPTOR"
}
