import Documents

// The sentences for the problems of this module: what was read; what is allowed; the nearest right
// word.

extension TemplateProblem {
    package var sentence: String {
        switch self {
        case .unclosed(let text): "\(quoted(text)) has a ${ without its }; close it"
        case .unknown(let name, let allowed):
            "unknown template \(braced(name)); allowed here: \(list(allowed.map(braced)))"
                + nearest(braced(name), in: allowed.map(braced))
        case .notHere(let name, let allowed):
            "template \(braced(name)) where all requests share the value; "
                + "allowed here: \(list(allowed.map(braced)))"
        case .revealed(let name, let allowed):
            "template \(braced(name)) in a text that is shown; "
                + "allowed here: \(list(allowed.map(braced)))"
        case .badRange(let name):
            "\(braced(name)); allowed: ${int(LOW,HIGH)} with whole numbers, LOW at most HIGH"
        case .badChoice(let name):
            "\(braced(name)); allowed: ${choice(A,B)} with texts that are not empty"
        case .badData(let name):
            "\(braced(name)); allowed: ${data.NAME.COLUMN} with the name of a data set and of one "
                + "of its columns"
        case .unknownData(let name, let template, let known):
            "\(braced(template)): no data set \(quoted(name)); allowed: "
                + (known.isEmpty ? "none, as there is no data" : list(known))
                + nearest(name, in: known)
        case .unknownColumn(let name, let template, let known):
            "\(braced(template)): no column \(quoted(name)); "
                + "allowed: \(list(known.map(shown)))" + nearest(name, in: known)
        case .badName(let name):
            "\(braced(name)) names no variable; letters, digits and _ are allowed, no digit first"
        case .unset(let name, let template):
            "\(braced(template)): the environment variable \(shown(name)) is not set, or empty; "
                + "set it before the run"
        case .templateInside(let name):
            "the environment variable \(shown(name)) holds a ${; "
                + "a text without templates is allowed"
        case .inKey(let key):
            "\(quoted(key)) is a key with a template; templates are allowed in values"
        }
    }
}

extension TargetProblem {
    package var sentence: String {
        switch self {
        case .badURL(let reason, let near):
            "\(reason); allowed: simulator, or http(s)://host[:port][/prefix]"
                + (near.map { nearest($0, in: ["simulator"]) } ?? "")
        case .headerName(let name):
            "\(quoted(name)) is no header name; letters, digits and !#$%&'*+-.^_`|~ are allowed"
        case .headerValue(let name):
            "the value of header \(quoted(name)) is empty or has characters that a header must not "
                + "have; visible ASCII is allowed, with blanks inside"
        case .ownedHeader(let name):
            "header \(quoted(name)) is set by paybench itself; any other header is allowed"
        case .authorizationTwice:
            "header \"Authorization\" is set by target.auth; one of the two is allowed"
        case .credential(let forbidden):
            "the credential is empty or has characters that it must not have; allowed: "
                + "a text without control characters"
                + (forbidden.isEmpty ? "" : " and without \(quoted(forbidden))")
        case .missingFile(let path, let reason):
            "file \(quoted(path)) cannot be read: \(reason); a readable file is allowed, "
                + "relative to the scenario's folder"
        case .unusedSimulator:
            "simulator without target.base_url: simulator; one of the two has to change"
        case .noUsers(let phase):
            "per: user, but phase \(quoted(phase)) has no users, its arrivals come at a rate; "
                + "allowed: users in every phase, or per: worker"
        case .noUsersIn(let section):
            "per: user, but \(section) has no users, its arrivals come at a rate; allowed: "
                + "per: worker"
        }
    }
}

extension GuardRail {
    package var sentence: String {
        switch self {
        case .paymentProvider(let host, let domain):
            "host \(quoted(host)) belongs to a payment provider (\(domain)), which is never put "
                + "under load; allowed: the simulator, or a service of your own"
        case .noEnvironment(let host):
            "host \(quoted(host)) is not this machine and target.environment is missing; "
                + "allowed: sandbox, staging, production"
        case .hostNotAllowed(let host, let allowed):
            "host \(quoted(host)) is not this machine and not in target.allow_hosts; allowed: "
                + (allowed.isEmpty ? "none" : list(allowed.map(quoted)))
                + nearest(host, in: allowed)
        case .noLimits(let host, let missing):
            "host \(quoted(host)) is not this machine and limits has no \(list(missing)); "
                + "allowed: limits: { payments: 100000, duration: 10m }"
        case .tooManyPayments(let payments, let limit):
            "the phases plan \(payments) payments; limits.payments allows \(limit)"
        case .tooManyDrawn(let payments, let limit):
            "poisson arrivals may draw up to \(payments) payments and limits.payments allows "
                + "\(limit); raise limits.payments or use arrivals: uniform"
        case .tooManySent(let requests, let limit):
            "with every retry and repeat the phases may send \(requests) payments; "
                + "limits.payments allows \(limit)"
        case .tooLong(let duration, let limit):
            "the phases plan \(duration.written); limits.duration allows \(limit.written)"
        case .tooLongDrawn(let duration, let limit):
            "poisson arrivals may take up to \(duration.written) and limits.duration allows "
                + "\(limit.written); raise limits.duration or use arrivals: uniform"
        case .tooManyInAll(let payments, let targets, let limit):
            "\(targets) targets may be sent \(payments) payments together, with every retry and "
                + "repeat; limits.payments allows \(limit)"
        case .sectionTooLong(let section, let duration, let limit):
            "\(section) may take \(duration.written); limits.duration allows \(limit.written)"
        case .cardNumber(let masked):
            "\(masked) looks like the number of a real card; allowed: tokens, and test numbers "
                + "that are published, such as 4242424242424242"
        }
    }
}

private func braced(_ name: String) -> String { "${\(shown(name))}" }
