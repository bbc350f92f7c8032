import Arrivals
import Documents

private enum RateKey: String, FieldKey { case from, to, step, every, base, peak, at, lasting }

/// Above this a flight of stairs is a ramp, and its profile takes megabytes.
private let mostStairs = 10_000

extension Rule where Value == Scenario.RateShape {
    /// A rate such as `500/s`, or how it changes: `{ from, to }`, `{ from, to, step, every }` or
    /// `{ base, peak, at, lasting }`.
    static var rateShape: Rule {
        Rule { node, complaints in
            guard case .mapping = node.content else {
                return Rule<Rate>.rate.read(node, complaints).map { .constant($0) }
            }
            guard let fields = Fields<RateKey>(node, complaints: complaints) else { return nil }
            let spike: [RateKey] = [.base, .peak, .at, .lasting]
            let stairs: [RateKey] = [.from, .to, .step, .every]
            if spike.contains(where: { fields[$0] != nil }) {
                guard fields.have(spike, only: true) else { return nil }
                return readSpike(fields)
            }
            let isStairs = fields[.step] != nil || fields[.every] != nil
            guard fields.have(isStairs ? stairs : [.from, .to]) else { return nil }
            return isStairs ? readStairs(fields) : readRamp(fields)
        }
    }

    private static func readRamp(_ fields: Fields<RateKey>) -> Scenario.RateShape? {
        let from = fields.read(.from, by: .rateOrZero)
        let to = fields.read(.to, by: .rateOrZero)
        guard let from, let to else { return nil }
        if from == 0, to == 0 {
            fields.complaints.add(LoadProblem.nothingDue, at: fields.place)
            return nil
        }
        return .ramp(from: from, to: to)
    }

    private static func readStairs(_ fields: Fields<RateKey>) -> Scenario.RateShape? {
        let from = fields.read(.from, by: .rate)
        let to = fields.read(.to, by: .rate)
        let step = fields.read(.step, by: .rate)
        let longest: Duration = .seconds(86_400)
        let every = fields.read(.every, by: .duration(in: .milliseconds(1)...longest))
        guard let from, let to, let step, let every else { return nil }
        let count = RateProfile.stairCount(from: from, to: to, step: step)
        if count > mostStairs {
            let place = fields[.step]?.place ?? fields.place
            fields.complaints.add(LoadProblem.tooManyStairs(count, most: mostStairs), at: place)
            return nil
        }
        return .stairs(from: from, to: to, step: step, every: every)
    }

    private static func readSpike(_ fields: Fields<RateKey>) -> Scenario.RateShape? {
        let base = fields.read(.base, by: .rateOrZero)
        let peak = fields.read(.peak, by: .rate)
        let at = fields.read(.at, by: .duration(in: .zero...Bounds.lengths.upperBound))
        let lasting = fields.read(.lasting, by: .duration(in: Bounds.lengths))
        guard let base, let peak, let at, let lasting else { return nil }
        return .spike(base: base, peak: peak, at: at, lasting: lasting)
    }
}

extension Fields<RateKey> {
    /// Complains about each of these keys that is missing, and with `only` about every other.
    fileprivate func have(_ keys: [RateKey], only: Bool = false) -> Bool {
        var isComplete = true
        for key in RateKey.allCases {
            let isWanted = keys.contains(key)
            if isWanted, self[key] == nil {
                complaints.add(KeyProblem.missing(key.rawValue), at: place)
                isComplete = false
            } else if only, !isWanted, let node = self[key] {
                let problem = LoadProblem.notBeside(
                    key.rawValue, "base, peak", allowed: keys.map(\.rawValue))
                complaints.add(problem, at: node.place)
                isComplete = false
            }
        }
        return isComplete
    }
}

extension Rule where Value == Rate {
    fileprivate static var rate: Rule {
        Rule<Double>.perSecond(in: 1.0 / 60...200_000, allowed: "1/min to 200000/s")
            .then { rate throws(Violation) in Rate(perSecond: rate) }
    }
}

extension Rule where Value == Double {
    /// Arrivals a second.
    fileprivate static var rateOrZero: Rule {
        perSecond(in: 0...200_000, allowed: "0/s to 200000/s")
    }
}
