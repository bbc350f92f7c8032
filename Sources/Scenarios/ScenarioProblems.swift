import Arrivals
import Documents
import Metrics

/// What can be wrong with a `${…}`; the allowed ones are listed without their braces.
package enum TemplateProblem: Problem, Equatable {
    case unclosed(String)
    case unknown(String, [String])
    /// A template that differs from request to request, where all requests share the value.
    case notHere(String, [String])
    /// A secret in a text that is shown or written.
    case revealed(String, [String])
    case badRange(String)
    case badChoice(String)
    case badData(String)
    case unknownData(String, template: String, known: [String])
    case unknownColumn(String, template: String, known: [String])
    case badName(String)
    case unset(String, template: String)
    /// The variable's value looks like a template itself.
    case templateInside(String)
    case inKey(String)
}

/// What can be wrong with `target` and `simulator`.
package enum TargetProblem: Problem, Equatable {
    case badURL(String, near: String?)
    case headerName(String)
    case headerValue(String)
    case ownedHeader(String)
    case authorizationTwice
    case credential(without: String)
    case missingFile(String, reason: String)
    case unusedSimulator
    /// Sessions of users, in a phase that has none.
    case noUsers(phase: String)
    /// The same where arrivals come from another section.
    case noUsersIn(section: String)
}

/// What can be wrong with `load`, `flows` and `payments`.
package enum LoadProblem: Problem, Equatable {
    case noLoad
    case emptyMapping(allowed: String)
    case twoLoads
    case noModel
    /// Keys that each say when payments are due.
    case severalModels([String])
    case endless
    /// Something that changes over the length of its phase, which has none.
    case needsLength(String)
    case onlyWith(String, String)
    /// A key that means nothing beside another, and those that do.
    case notBeside(String, String, allowed: [String])
    case nothingDue
    case onlyPauses
    case tooManyStairs(Int, most: Int)
    case tooManyPasses(Int, most: Int)
    case spikeTooLate(ends: Duration, length: Duration)
    case fromAboveTo(String, String)
    case arrivals(file: String, ArrivalFileProblem)
    /// A label that says which phase, where that is known.
    case labelInUntil(Selection.Label)
    case duplicateName(String, first: Place)
    /// Of a payment, a phase or a flow.
    case unknownName(String, String, known: [String])
    case weights(sum: Int, most: Int)
}

/// Why a scenario that could be run must not be.
package enum GuardRail: Problem, Equatable {
    case paymentProvider(host: String, domain: String)
    case noEnvironment(host: String)
    case hostNotAllowed(host: String, allowed: [String])
    case noLimits(host: String, missing: [String])
    case tooManyPayments(Int, limit: Int)
    /// The plan itself is within the limit; what poisson arrivals may draw is not.
    case tooManyDrawn(Int, limit: Int)
    /// The payments are within the limit; with every repeat and every retry they are not.
    case tooManySent(Int, limit: Int)
    case tooLong(Duration, limit: Duration)
    case tooLongDrawn(Duration, limit: Duration)
    /// To several targets, with every retry and repeat.
    case tooManyInAll(Int, targets: Int, limit: Int)
    /// A section that is not the load.
    case sectionTooLong(String, Duration, limit: Duration)
    /// Masked.
    case cardNumber(String)
}
