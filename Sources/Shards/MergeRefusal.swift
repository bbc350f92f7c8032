import Results

/// Why results of shards can't be added up.
package enum MergeRefusal: Error, Sendable, Equatable {
    /// What all shards of one run have in common.
    package enum Bond: Sendable, Equatable {
        case run, plan, count, start, scenario, seed
    }

    /// A result, and what it says.
    package struct Claim: Sendable, Equatable {
        package var name: String
        package var value: String
    }

    case file(ShardFileError)
    /// Two results that say different things of what all shards of a run have in common.
    case different(Bond, Claim, Claim)
    /// - Parameter wanted: of the command line.
    case unexpectedRun(Claim, wanted: String)
    case unexpectedCount(Claim, wanted: Int)
    /// - Parameter isSame: byte for byte.
    case twice(index: Int, first: String, second: String, isSame: Bool)
    /// Its log is not what its head says, or not whole.
    case brokenLog(name: String, reason: String)
}

extension MergeRefusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .file(let error): error.description
        case .different(let bond, let one, let other): Self.sentence(bond, one, other)
        case .unexpectedRun(let claim, let wanted):
            "\(claim.name.printable) is of run \(claim.value.printable), not of \(wanted.printable): "
                + "what an earlier run left is not added up"
        case .unexpectedCount(let claim, let wanted):
            "\(claim.name.printable) is of a run with \(claim.value) shards; --expect says \(wanted)"
        case .twice(let index, let first, let second, let isSame):
            "shard \(index) is there twice, \(isSame ? "the same" : "and not the same"): "
                + "\(first.printable) and \(second.printable); name each result once"
        case .brokenLog(let name, let reason): "\(name.printable): \(reason.printable)"
        }
    }

    private static func sentence(_ bond: Bond, _ one: Claim, _ other: Claim) -> String {
        let (a, b) = (one.name.printable, other.name.printable)
        let (x, y) = (one.value.printable, other.value.printable)
        switch bond {
        case .run: return "\(b) is of run \(y), \(a) of run \(x): name the results of one run"
        case .plan:
            return "\(b) is of another plan than \(a) (sha256 \(y.prefix(12))…, not "
                + "\(x.prefix(12))…): each shard must be given the same scenario and options"
        case .count:
            return "\(b) is of a run with \(y) shards, \(a) of one with \(x)"
        case .start:
            return "\(b) was to start at \(y), \(a) at \(x): they are of two attempts"
        case .scenario:
            return "\(b) is of another scenario than \(a) (sha256 \(y.prefix(12))…, not "
                + "\(x.prefix(12))…)"
        case .seed: return "\(b) has the seed \(y), \(a) the seed \(x)"
        }
    }
}
