import Capacity
import Histograms
import Payments
import Results

/// A promise about a share of payments, as the counts of a run tell of it.
struct CountedShare: Sendable {
    /// Of the mix; nil: about all. No payment has that of a name that is not in it.
    private let payment: Int?
    private let outcome: Int?
    private let miss: Promises.Share.Miss

    init(_ share: Promises.Share, payments: [String]) {
        payment = share.payment.map { payments.firstIndex(of: $0) ?? payments.count }
        outcome = share.outcome.map(Self.index)
        miss = share.miss
    }

    private static func index(of outcome: String) -> Int {
        Outcome(name: outcome).map { Int($0.rawValue) } ?? Outcome.allCases.count
    }

    /// Of payments of one kind that ended alike, with their response times.
    func count(
        _ times: CompactHistogram, payment: Int, outcome: Int, isError: Bool
    ) -> ProbeResult.Count {
        guard self.payment == nil || self.payment == payment,
            self.outcome == nil || self.outcome == outcome
        else { return ProbeResult.Count() }
        let all = Int(clamping: times.count)
        let missing =
            switch miss {
            case .taking(let seconds):
                isError && self.outcome == nil
                    ? all : times.count(above: UInt64((seconds * 1e6).rounded()))
            case .failing: isError ? all : 0
            case .ending(let name): Self.index(of: name) == outcome ? all : 0
            case .endingOtherwise(let name): Self.index(of: name) == outcome ? 0 : all
            }
        return ProbeResult.Count(missing: missing, of: all)
    }

    /// Of payments that were due and could not be sent, of whatever kind: to be on the safe side, of
    /// this one.
    func count(ofUnsent count: Int) -> ProbeResult.Count {
        guard outcome == nil else { return ProbeResult.Count() }
        switch miss {
        case .taking, .failing, .endingOtherwise:
            return ProbeResult.Count(missing: count, of: count)
        case .ending: return ProbeResult.Count(of: count)
        }
    }
}

extension CompactHistogram {
    /// Up to the width of a bucket, which is a thousandth.
    func count(above limit: UInt64) -> Int {
        bins.reduce(0) { $0 + ($1.low > limit ? Int(clamping: $1.count) : 0) }
    }
}
