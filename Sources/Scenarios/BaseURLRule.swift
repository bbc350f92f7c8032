import Documents
import Payments

extension Rule where Value == Scenario.Base {
    static func base(_ surroundings: Surroundings) -> Rule {
        let shape = TemplateScope.visible.shape("simulator, or http(s)://host[:port][/prefix]")
        return Rule<Template>.template(.visible, surroundings).shaped(shape).then {
            template throws(Violation) in
            let text = template.constant ?? ""
            if text == "simulator" { return .simulator }
            do throws(BadURL) { return .url(try Scenario.BaseURL(parsing: text)) } catch {
                throw Violation(TargetProblem.badURL(error.reason, near: error.near))
            }
        }
    }
}

package struct BadURL: Error {
    var reason: String
    /// What was written, where it can be shown and may be a misspelling.
    var near: String?
}

extension Scenario.BaseURL {
    /// Reads `http(s)://host[:port][/prefix]`.
    package init(parsing text: String) throws(BadURL) {
        guard let mark = text.firstRange(of: "://"),
            let scheme = Scheme(rawValue: text[..<mark.lowerBound].lowercased())
        else { throw BadURL(reason: "\(quoted(text)) is no http or https URL", near: text) }
        let rest = text[mark.upperBound...]
        if rest.contains(where: { $0 == "?" || $0 == "#" }) {
            throw BadURL(reason: "a query or a fragment")
        }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        // Not shown: it may hold a password.
        if authority.contains("@") { throw BadURL(reason: "a user or a password in the URL") }
        let (host, port) = try Self.split(authority)
        guard let host = Host(host) else {
            throw BadURL(reason: "\(quoted(String(authority))) is no host name or address")
        }
        var prefix = rest[slash...]
        while prefix.hasSuffix("/") { prefix.removeLast() }
        guard isURLPath(prefix) else {
            throw BadURL(reason: "\(quoted(String(prefix))) is no path of a URL")
        }
        self.init(
            scheme: scheme, host: host.name, port: port ?? scheme.port, prefix: String(prefix))
    }

    private static func split(_ authority: Substring) throws(BadURL) -> (Substring, Int?) {
        let afterHost = authority.lastIndex(of: "]").map { authority.index(after: $0) }
        guard let colon = authority[(afterHost ?? authority.startIndex)...].firstIndex(of: ":")
        else { return (authority, nil) }
        let digits = authority[authority.index(after: colon)...]
        guard let port = UInt16(digits), port > 0, digits.utf8.allSatisfy({ $0 != 0x2B }) else {
            throw BadURL(reason: "port \(quoted(String(digits))) is not 1 to 65535")
        }
        return (authority[..<colon], Int(port))
    }

    /// As it is written in a scenario.
    package var text: String {
        let shownHost = host.contains(":") ? "[\(host)]" : host
        let shownPort = port == scheme.port ? "" : ":\(port)"
        return "\(scheme.rawValue)://\(shownHost)\(shownPort)\(prefix)"
    }

    /// An IP address, not a name.
    package var isAddress: Bool {
        host.contains(":") || host.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
    }

    package var isLoopback: Bool {
        Host(host.contains(":") ? "[\(host)]" : host)?.isLoopback ?? false
    }
}

extension Scenario.BaseURL.Scheme {
    var port: Int {
        switch self {
        case .http: 80
        case .https: 443
        }
    }
}

/// Whether every character may stand in the path of a URL (RFC 3986, 3.3).
func isURLPath(_ text: some StringProtocol) -> Bool {
    let others = Set("-._~!$&'()*+,;=:@/%".utf8)
    return text.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
            || others.contains($0)
    }
}
