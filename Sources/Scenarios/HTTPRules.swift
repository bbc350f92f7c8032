import Documents
import Payments

enum HTTPKey: String, FieldKey {
    case version
    case allowDefectiveHTTP2 = "allow_defective_http2"
    case maxStreams = "max_streams"
    case connections, reuse, rotate
    case warmUp = "warm_up"
    case lifetime, dns, proxy
    case unixSocket = "unix_socket"

    static var companions: [(key: HTTPKey, with: [HTTPKey])] {
        [(.maxStreams, [.version]), (.allowDefectiveHTTP2, [.version]), (.rotate, [.connections])]
    }

    var field: Field {
        switch self {
        case .version:
            Field(
                "Version of HTTP; 2 needs libcurl 8; auto: 2 over TLS where all are fit for it.",
                Rule.httpVersion, .defaultsTo("1.1"))
        case .allowDefectiveHTTP2:
            Field(
                "version: 2 although this libcurl loses requests with it.", Rule.boolean,
                .defaultsTo("false"))
        case .maxStreams:
            Field(
                "Payments at one time on a connection of HTTP/2.", Rule.streamCount,
                .defaultsTo("100"))
        case .connections:
            Field(
                "At most this many, over all workers; waiting for one is send delay.",
                Rule.connectionCount, .otherwise("limits.in_flight"))
        case .reuse:
            Field("false: a new connection for each payment.", Rule.boolean, .defaultsTo("true"))
        case .rotate:
            Field(
                "The connections take turns, so that each one is used; needs connections.",
                Rule.boolean, .defaultsTo("false"))
        case .warmUp:
            Field(
                "Connections made before the first phase.", Rule.connectionCount, .otherwise("none")
            )
        case .lifetime:
            Field(
                "Age from which a connection is not used again, in whole seconds.",
                Rule.wholeSeconds, .otherwise("no limit"))
        case .dns:
            Field("When the host is looked up again.", Rule.dns, .otherwise("once, at the start"))
        case .proxy:
            Field(
                "An HTTP or SOCKS5 proxy; proxies of the environment are not used.",
                Rule.proxy(.none), example: "http://127.0.0.1:3128")
        case .unixSocket:
            Field(
                "A socket of this machine in place of the host's address.", Rule.socketPath(.none),
                example: "/run/pay.sock")
        }
    }
}

private enum DNSKey: String, FieldKey {
    case refresh

    var field: Field {
        switch self {
        case .refresh: Field("How often.", Rule.refresh, .required, example: "30s")
        }
    }
}

extension Rule where Value == Int {
    fileprivate static var streamCount: Rule { .integer(in: 1...1000) }
    fileprivate static var connectionCount: Rule { .integer(in: 1...100_000) }
}

extension Rule where Value == Scenario.HTTP {
    static func http(_ surroundings: Surroundings) -> Rule {
        .mapping { (fields: Fields<HTTPKey>) in
            var http = Scenario.HTTP()
            http.version = fields.read(.version, by: .httpVersion) ?? .one
            http.allowsDefectiveHTTP2 =
                fields.read(.allowDefectiveHTTP2, by: .boolean) ?? false
            http.streams =
                fields.read(.maxStreams, by: .streamCount)
                ?? (http.version == .two ? Scenario.HTTP.usualStreams : 1)
            http.connections = fields.read(.connections, by: .connectionCount)
            http.reuse = fields.read(.reuse, by: .boolean) ?? true
            http.rotate = fields.read(.rotate, by: .boolean) ?? false
            http.warmUp = fields.read(.warmUp, by: .connectionCount) ?? 0
            http.lifetime = fields.read(.lifetime, by: .wholeSeconds)
            http.refresh = fields.read(.dns, by: .dns)
            http.proxy = fields.read(.proxy, by: .proxy(surroundings))
            http.unixSocket = fields.read(.unixSocket, by: .socketPath(surroundings))
            HTTPChecks(http: http, fields: fields).check(libcurl: surroundings.libcurl)
            return http
        }
    }
}

extension Rule where Value == Scenario.HTTP.Version {
    fileprivate static var httpVersion: Rule { word }
}

extension Rule where Value == Duration {
    /// libcurl counts the age of a connection in seconds.
    fileprivate static var wholeSeconds: Rule {
        wholeSeconds(in: .seconds(1)...(.seconds(86_400)))
    }

    fileprivate static var dns: Rule {
        .mapping { (fields: Fields<DNSKey>) in fields.read(.refresh, by: .refresh) }
    }

    fileprivate static var refresh: Rule { .duration(in: .seconds(1)...(.seconds(86_400))) }
}

extension Rule where Value == String {
    /// Relative to the scenario's folder; whether somebody listens there shows when it is connected to.
    fileprivate static func socketPath(_ surroundings: Surroundings) -> Rule {
        let shape = TemplateScope.visible.shape("the path of a socket")
        return Rule<Template>.template(.visible, surroundings).shaped(shape).then {
            template throws(Violation) in
            let written = template.constant ?? ""
            let path = surroundings.path(written)
            // sun_path has 108 bytes, the last one is 0.
            guard !written.isEmpty, path.utf8.count < 108 else {
                throw Violation(TransportProblem.socketPath(written, bytes: path.utf8.count))
            }
            return path
        }
    }
}

/// Which keys of `target.http` go together.
private struct HTTPChecks {
    let http: Scenario.HTTP
    let fields: Fields<HTTPKey>

    func check(libcurl: String?) {
        checkVersion(libcurl: libcurl)
        checkReuse()
        refuse(.unixSocket, with: [.proxy, .dns])
        refuse(.dns, with: [.proxy])
        if fields[.rotate] != nil, http.rotate, http.connections == nil {
            complain(.needs("rotate", "connections: N"), at: .rotate)
        }
        guard let connections = http.connections, http.warmUp > connections else { return }
        complain(.warmUp(http.warmUp, connections: connections), at: .warmUp)
    }

    private func checkVersion(libcurl: String?) {
        switch http.version {
        case .one, .auto:
            for key in [HTTPKey.maxStreams, .allowDefectiveHTTP2] where fields[key] != nil {
                complain(.needs(key.rawValue, "version: 2"), at: key)
            }
        case .two:
            guard let libcurl, Scenario.HTTP.isDefective(libcurl: libcurl),
                !http.allowsDefectiveHTTP2
            else { return }
            complain(.defectiveHTTP2(libcurl: libcurl), at: .version)
        }
    }

    private func checkReuse() {
        guard !http.reuse else { return }
        for key in [HTTPKey.warmUp, .lifetime, .maxStreams] where fields[key] != nil {
            complain(.without(key.rawValue, "reuse: false"), at: key)
        }
        if http.rotate { complain(.without("rotate", "reuse: false"), at: .rotate) }
        if http.version == .two, fields[.maxStreams] == nil {
            complain(.without("version: 2", "reuse: false"), at: .version)
        }
    }

    private func refuse(_ key: HTTPKey, with others: [HTTPKey]) {
        guard fields[key] != nil else { return }
        for other in others where fields[other] != nil {
            complain(.without(key.rawValue, other.rawValue), at: key)
        }
    }

    private func complain(_ problem: TransportProblem, at key: HTTPKey) {
        fields.complaints.add(problem, at: fields[key]?.place ?? fields.place)
    }
}

extension Scenario.HTTP {
    /// Of HTTP/2, where the file does not say.
    static let usualStreams = 100

    /// HTTP/2 over a connection that is used again fails before libcurl 8.0.
    package static func isDefective(libcurl: String) -> Bool {
        (libcurl.split(separator: ".").first.flatMap { Int($0) } ?? 0) < 8
    }

    /// What `target.http` says that does not suit where the payments go.
    func check(_ node: Node, for base: Scenario.Base, _ complaints: Complaints) {
        let place = { (key: HTTPKey) in node[key.rawValue]?.place ?? node.place }
        switch base {
        case .simulator:
            if unixSocket != nil {
                complaints.add(TransportProblem.simulatorSocket, at: place(.unixSocket))
            }
            if refresh != nil {
                complaints.add(TransportProblem.nothingToLookUp("simulator"), at: place(.dns))
            }
        case .url(let url):
            if refresh != nil, url.isAddress {
                complaints.add(TransportProblem.nothingToLookUp(url.host), at: place(.dns))
            }
        }
    }
}
