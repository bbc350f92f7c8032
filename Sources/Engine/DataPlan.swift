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

    /// A pass of the record `phase` is over.
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

/// Flows that use the same data set take its rows in turn.
private struct FlowTurns: Sendable {
    /// By flow; of one that does not use the data set, nothing.
    private let turns: [UInt64]
    private let count: UInt64

    init(_ data: DataPlan, plan: EnginePlan) {
        var count: UInt64 = 0
        turns = plan.flows.map { passes in
            let uses = passes.contains { pass in
                plan.passes[pass].phases.contains { data.rankings[$0] != nil }
            }
            defer { if uses { count += 1 } }
            return count
        }
        self.count = count
    }

    /// - Parameter own: how many rows the flow took before this one.
    func draw(_ own: UInt64, of flow: Int) -> UInt64 { own * count + turns[flow] }
}

/// Prepares what one worker's requests are written from: number, instant, rows.
struct Renderer {
    private(set) var context: RenderContext
    /// Of the payment that was prepared last; -1 for a data set that it does not use.
    private(set) var rows: [Int]
    private let plan: EnginePlan
    private let seat: UInt64
    /// By data set.
    private let turns: [FlowTurns]

    init(plan: EnginePlan, worker: Int) {
        self.plan = plan
        turns = plan.data.map { FlowTurns($0, plan: plan) }
        seat = UInt64(plan.seat(ofWorker: worker))
        rows = plan.data.map { _ in -1 }
        context = RenderContext(
            identity: RequestIdentity(number: 0, keys: plan.arms[0].keys), intended: 0,
            cursors: plan.data.map { DataCursor($0.file) })
    }

    /// False: a data set that stops at its end is used up.
    mutating func prepare(_ payment: DuePayment, bases: [UInt64]) -> Bool {
        identify(payment)
        let flow = plan.flows.count > 1 ? plan.flow(ofPass: payment.pass) : 0
        let lanes = plan.phases[payment.phase].lanes(of: plan.seats)
        for set in plan.data.indices {
            rows[set] = -1
            guard let ranking = plan.data[set].rankings[payment.phase] else { continue }
            let own = RowDraw(ranking, base: bases[set], lanes: lanes)
                .draw(of: payment.position, lane: lanes > 1 ? seat : 0)
            let draw = turns[set].draw(own, of: flow)
            guard let row = plan.data[set].order.row(of: draw) else { return false }
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
        context.identity = RequestIdentity(
            number: payment.number, keys: plan.arms[plan.arm(of: payment)].keys)
        context.intended = plan.extras.wallClock + (payment.intended - plan.origin)
    }
}

extension PhasePlan {
    /// Workers, of all shards, that take rows in turn, as how many each of them takes is not known before:
    /// those that have users.
    func lanes(of seats: Int) -> UInt64 {
        switch model {
        case .open: 1
        case .closed(let users): payments == nil ? UInt64(min(seats, users.most)) : 1
        }
    }
}
