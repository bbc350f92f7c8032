import Documents
import Metrics

extension LoadProblem {
    package var sentence: String {
        switch self {
        case .noLoad:
            "neither load nor flows; load: [phases] or flows: { NAME: [phases] } is required here"
        case .emptyMapping(let allowed): "an empty mapping; allowed: \(allowed)"
        case .twoLoads: "load and flows; one of the two is allowed"
        case .noModel:
            "neither rate, users nor arrivals from a file; rate: 500/s (open model), users: 50 "
                + "(closed model) or arrivals: { file: arrivals.csv } is allowed"
        case .severalModels(let keys):
            "\(keys.joined(separator: " and ")) in one phase; rate (open model), users (closed "
                + "model) or arrivals from a file is allowed"
        case .endless: "a phase without end; for: 30s, payments: 5000 or both are allowed"
        case .needsLength(let what): "\(what) without for; for: 30s says how long the change takes"
        case .onlyWith(let key, let other):
            "\(key) without \(other); \(key) is allowed in phases with \(other)"
        case .notBeside(let key, let other, let allowed):
            "\(key) beside \(other); allowed beside \(other): \(list(allowed))"
        case .nothingDue: "from 0 to 0; one of the two has to be above 0"
        case .onlyPauses: "nothing but pauses; at least one phase has to make payments"
        case .tooManyStairs(let count, let most):
            "these are \(count) stairs; at most \(most) are allowed, or a ramp, { from, to }"
        case .tooManyPasses(let count, let most):
            "phases run \(count) times in all, counting every repeat; at most \(most) is allowed"
        case .spikeTooLate(let ends, let length):
            "the spike ends after \(ends.written) and the phase after \(length.written); at and "
                + "lasting within the phase are allowed"
        case .fromAboveTo(let from, let to):
            "from \(from) to \(to); allowed: to above from"
        case .arrivals(let file, let problem):
            "file \(quoted(file)): \(problem.sentence)"
        case .labelInUntil(let label):
            "label \(label.rawValue) in until, which is about its own phase; allowed: payment, "
                + "outcome"
        case .duplicateName(let name, let first):
            "name \(quoted(name)) again, first at \(first.line):\(first.column); once is allowed"
        case .unknownName(let kind, let name, let known):
            "there is no \(kind) \(quoted(name)); allowed: "
                + (known.isEmpty ? "none" : list(known.map(shown))) + nearest(name, in: known)
        case .weights(let sum, let most):
            "the weights of the mix add up to \(sum); at most \(most) is allowed"
        }
    }
}
