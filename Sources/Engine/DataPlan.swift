import DataFiles
import Payments

/// One data set of the scenario, and which payments take a row of it.
package struct DataPlan: Sendable {
    package var file: DataFile
    package var order: RowOrder
    /// By phase; nil where no payment of the phase uses the data set.
    package var rankings: [Ranking?]

    package init(file: DataFile, order: RowOrder, rankings: [Ranking?]) {
        self.file = file
        self.order = order
        self.rankings = rankings
    }
}

/// Rows that one flow has taken of each data set when a pass begins. A row is taken by the payment's
/// place in its pass, so that workers need not agree on it.
struct RowBases: Sendable {
    private(set) var draws: [UInt64]

    init(plan: EnginePlan) { draws = plan.data.map { _ in 0 } }

    /// A pass of `phase` is over.
    ///
    /// - Parameter positions: of its mix that were used; nil: not known here.
    mutating func move(past positions: UInt64?, of phase: Int, plan: EnginePlan) {
        for set in plan.data.indices {
            guard let ranking = plan.data[set].rankings[phase] else { continue }
            draws[set] =
                positions.map { draws[set] + ranking.count(before: $0) } ?? farBeyond(draws[set])
        }
    }
}

/// Prepares what one worker's requests are written from: number, instant, rows.
struct Renderer {
    private(set) var context: RenderContext
    /// Of the payment that was prepared last; -1 for a data set that it does not use.
    private(set) var rows: [Int]
    private let plan: EnginePlan
    private let worker: UInt64

    init(plan: EnginePlan, worker: Int) {
        self.plan = plan
        self.worker = UInt64(worker)
        rows = plan.data.map { _ in -1 }
        context = RenderContext(
            identity: RequestIdentity(number: 0, keys: plan.keys), intended: 0,
            cursors: plan.data.map { DataCursor($0.file) })
    }

    /// False: a data set that stops at its end is used up.
    mutating func prepare(_ payment: DuePayment, bases: [UInt64]) -> Bool {
        identify(payment)
        let flows = UInt64(plan.flows.count)
        let flow = flows > 1 ? UInt64(plan.flow(ofPass: payment.pass)) : 0
        let lanes: UInt64 = plan.phases[payment.phase].dealsOutInTurn ? UInt64(plan.workers) : 1
        for set in plan.data.indices {
            guard let ranking = plan.data[set].rankings[payment.phase] else { continue }
            let own = RowDraw(ranking, base: bases[set], lanes: lanes)
                .draw(of: payment.position, lane: lanes > 1 ? worker : 0)
            // Flows take rows in turn.
            guard let row = plan.data[set].order.row(of: own * flows + flow) else { return false }
            rows[set] = row
            context.cursors[set].select(row)
        }
        return true
    }

    /// As it was when this payment, with these rows, was prepared.
    mutating func prepareAgain(_ payment: DuePayment, rows: [Int]) {
        identify(payment)
        for (set, row) in rows.enumerated() where row >= 0 { context.cursors[set].select(row) }
    }

    private mutating func identify(_ payment: DuePayment) {
        context.identity.number = payment.number
        context.intended = plan.extras.wallClock + (payment.intended - plan.origin)
    }
}

extension PhasePlan {
    /// Users of all workers take positions in turn: how many each worker takes is not known before.
    var dealsOutInTurn: Bool {
        switch model {
        case .open: false
        case .closed: payments == nil
        }
    }
}
