import Arrivals
import Documents

private enum RateKey: String, FieldKey {
    case from, to, step, every, base, peak, at, lasting

    var field: Field {
        let ends = Presence.otherwise("needed for a ramp and for stairs")
        let stair = Presence.otherwise("needed for stairs")
        let spike = Presence.otherwise("needed for a spike")
        return switch self {
        case .from: Field("The rate at the beginning.", Rule.rateOrZero, ends, example: "500/s")
        case .to: Field("The rate at the end.", Rule.rateOrZero, ends, example: "2000/s")
        case .step:
            Field("Stairs: how much each one adds or takes.", Rule.rate, stair, example: "250/s")
        case .every: Field("Stairs: how long each one is.", Rule.stair, stair, example: "10s")
        case .base:
            Field("A spike: the rate before and after.", Rule.rateOrZero, spike, example: "200/s")
        case .peak: Field("A spike: the rate while it lasts.", Rule.rate, spike, example: "2000/s")
        case .at: Field("A spike: when it begins.", Rule.spikeStart, spike, example: "20s")
        case .lasting: Field("A spike: how long it is.", Rule.phaseLength, spike, example: "5s")
        }
    }

    fileprivate static let ramp: [RateKey] = [.from, .to]
    fileprivate static let stairs: [RateKey] = [.from, .to, .step, .every]
    fileprivate static let spike: [RateKey] = [.base, .peak, .at, .lasting]

    /// Each way to change with all its keys.
    fileprivate static var shape: Shape {
        .oneOf([ramp, stairs, spike].map { Shape.object($0, required: Set($0)) })
    }
}

extension Rule where Value == Duration {
    fileprivate static var stair: Rule { .duration(in: .milliseconds(1)...(.seconds(86_400))) }
    fileprivate static var spikeStart: Rule { .duration(in: .zero...Bounds.lengths.upperBound) }
}

/// Above this a flight of stairs is a ramp, and its profile takes megabytes.
private let mostStairs = 10_000

extension Rule where Value == Scenario.RateShape {
    /// A rate such as `500/s`, or how it changes: `{ from, to }`, `{ from, to, step, every }` or
    /// `{ base, peak, at, lasting }`.
    static var rateShape: Rule {
        Rule<Rate>.rate.then { rate throws(Violation) in .constant(rate) }
            .or(mapping: changing.shaped(RateKey.shape))
    }

    private static var changing: Rule {
        .mapping { (fields: Fields<RateKey>) in
            if RateKey.spike.contains(where: { fields[$0] != nil }) {
                guard fields.have(RateKey.spike, only: true) else { return nil }
                return readSpike(fields)
            }
            let isStairs = fields[.step] != nil || fields[.every] != nil
            guard fields.have(isStairs ? RateKey.stairs : RateKey.ramp) else { return nil }
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
        let from = fields.read(.from, by: .stairRate)
        let to = fields.read(.to, by: .stairRate)
        let step = fields.read(.step, by: .rate)
        let every = fields.read(.every, by: .stair)
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
        let at = fields.read(.at, by: .spikeStart)
        let lasting = fields.read(.lasting, by: .phaseLength)
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
    static var rate: Rule {
        Rule<Double>.perSecond(in: 1.0 / 60...200_000, allowed: "1/min to 200000/s")
            .then { rate throws(Violation) in Rate(perSecond: rate) }
    }

    /// Described as the ends of a ramp are, which may be 0.
    fileprivate static var stairRate: Rule { rate.shaped(Rule<Double>.rateOrZero.shape) }
}

extension Rule where Value == Double {
    /// Arrivals a second.
    fileprivate static var rateOrZero: Rule {
        perSecond(in: 0...200_000, allowed: "0/s to 200000/s")
    }
}
