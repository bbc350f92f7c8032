import Arrivals
import Documents
import Metrics
import Payments

/// Reads one phase.
struct PhaseReader {
    let fields: Fields<StepKey>
    let names: Names
    let surroundings: Surroundings

    private var complaints: Complaints { fields.complaints }

    /// nil after a complaint.
    func phase() -> Scenario.Phase? {
        if fields[.phase] == nil {
            complaints.add(KeyProblem.missing(StepKey.phase.rawValue), at: fields.place)
        }
        let name = fields.read(.phase, by: .label)
        let end = end()
        let model = model(end)
        let measure = fields.read(.measure, by: .boolean)
        let weights = fields.read(.mix, by: .weights(of: names.payments))
        let until = fields.read(.until, by: .conditions(.phase, names))
        checkEnd()
        guard let name, let model else { return nil }
        return Scenario.Phase(
            name: name, model: model, end: end, measure: measure ?? true, weights: weights,
            until: until ?? [])
    }

    private func end() -> Scenario.End {
        Scenario.End(
            length: fields.read(.for, by: .phaseLength),
            payments: fields.read(.payments, by: .phasePayments))
    }

    private func model(_ end: Scenario.End) -> Scenario.Model? {
        // Where several say when payments are due, each is judged all the same.
        let rate = fields.read(.rate, by: .rateShape)
        let users = users()
        let arrivals = fields.read(.arrivals, by: .arrivals(surroundings))
        guard let key = modelKey() else { return nil }
        if key == .users {
            refuse([.arrivals], without: "rate")
            return users.map { .closed($0) }
        }
        refuse([.thinkTime, .every, .paymentsPerUser], without: "users")
        if isRecorded {
            return arrivals?.recording?.check(end, complaints).map { .open(.recorded($0)) }
        }
        if let rate { checkSpike(rate, end) }
        return rate.map { .open(.rate($0, arrivals?.process ?? .poisson)) }
    }

    /// The only key that says when payments are due; nil with a complaint for none or several.
    private func modelKey() -> StepKey? {
        let given: [StepKey] =
            [.rate, .users].filter { fields[$0] != nil } + (isRecorded ? [.arrivals] : [])
        if given.isEmpty { complaints.add(LoadProblem.noModel, at: fields.place) }
        if given.count > 1 {
            let problem = LoadProblem.severalModels(given.map(\.rawValue))
            complaints.add(problem, at: fields[given[1]]?.place)
        }
        return given.count == 1 ? given[0] : nil
    }

    private var isRecorded: Bool {
        if case .mapping = fields[.arrivals]?.content { true } else { false }
    }

    private func users() -> Scenario.Users? {
        let count = fields.read(.users, by: .users)
        let thinkTime = fields.read(.thinkTime, by: .thinkTime)
        let pace = fields.read(.every, by: .pace)
        let each = fields.read(.paymentsPerUser, by: .paymentsPerUser)
        return count.map {
            Scenario.Users(
                from: $0.from, to: $0.to, thinkTime: thinkTime ?? .constant(.zero), pace: pace,
                paymentsEach: each)
        }
    }

    private func refuse(_ keys: [StepKey], without other: String) {
        for key in keys {
            guard let node = fields[key] else { continue }
            complaints.add(LoadProblem.onlyWith(key.rawValue, other), at: node.place)
        }
    }
}

extension PhaseReader {
    /// Something ends the phase, and what changes over its length has one.
    private func checkEnd() {
        guard fields[.for] == nil else { return }
        let changing: [StepKey] = [.rate, .users].filter { isRamp(fields[$0]) }
        if let key = changing.first {
            let problem = LoadProblem.needsLength("\(key.rawValue): { from, to }")
            complaints.add(problem, at: fields.place)
        } else if fields[.payments] == nil, fields[.paymentsPerUser] == nil, !isRecorded,
            fields[.rate]?["step"] == nil
        {
            complaints.add(LoadProblem.endless, at: fields.place)
        }
    }

    private func isRamp(_ node: Node?) -> Bool {
        guard let node else { return false }
        return node["from"] != nil && node["step"] == nil && node["every"] == nil
    }

    /// A spike that the phase does not live to see whole is no spike.
    private func checkSpike(_ rate: Scenario.RateShape, _ end: Scenario.End) {
        guard case .spike(_, _, let at, let lasting) = rate, let length = end.length,
            at + lasting > length
        else { return }
        let problem = LoadProblem.spikeTooLate(ends: at + lasting, length: length)
        complaints.add(problem, at: fields[.rate]?.place)
    }
}

/// What stands under `arrivals`.
enum ArrivalOrder {
    case process(ArrivalProcess)
    case recorded(RecordingOrder)

    fileprivate var process: ArrivalProcess? {
        if case .process(let process) = self { process } else { nil }
    }

    fileprivate var recording: RecordingOrder? {
        if case .recorded(let recording) = self { recording } else { nil }
    }
}

extension Rule where Value == ArrivalOrder {
    static func arrivals(_ surroundings: Surroundings) -> Rule {
        let recorded = Rule<RecordingOrder>.recording(surroundings).then {
            order throws(Violation) in ArrivalOrder.recorded(order)
        }
        return Rule<ArrivalProcess>.word.described("poisson, uniform, or { file: arrivals.csv }")
            .then { process throws(Violation) in .process(process) }
            .or(mapping: recorded)
    }
}

extension Rule where Value == [Int] {
    /// Weights by payment, 0 for those that are not named.
    static func weights(of payments: [String]) -> Rule {
        let weight = Rule<Int>.integer(in: 1...PaymentMix.largestSum)
        return Rule(.map(of: weight.shape, keys: Rule<String>.label.shape, least: 1)) {
            node, complaints in
            let allowed = "a mapping of payments to weights such as { card: 3, wallet: 1 }"
            guard let entries = node.entries(allowed, complaints) else { return nil }
            var weights = [Int](repeating: 0, count: payments.count)
            for entry in entries {
                let read = weight.read(entry.value, complaints)
                if let index = payments.firstIndex(of: entry.key) {
                    weights[index] = read ?? 1
                } else {
                    let problem = LoadProblem.unknownName("payment", entry.key, known: payments)
                    complaints.add(problem, at: entry.keyPlace)
                }
            }
            guard weights.contains(where: { $0 > 0 }) else { return nil }
            let sum = weights.reduce(0, +)
            if sum > PaymentMix.largestSum {
                let problem = LoadProblem.weights(sum: sum, most: PaymentMix.largestSum)
                complaints.add(problem, at: node.place)
            }
            return weights
        }
    }
}
