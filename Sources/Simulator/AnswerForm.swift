import NIOCore

/// In what form a request gets its answer.
enum AnswerForm: Equatable, Sendable {
    case json
    /// JSON as the argument of a call; the name is already safe.
    case jsonp(String)
    case html

    var contentType: String {
        switch self {
        case .json: "application/json; charset=utf-8"
        case .jsonp: "text/javascript"
        case .html: "text/html"
        }
    }

    /// What stands before and after the JSON.
    var frame: (before: String, after: String) {
        switch self {
        case .json: ("", "")
        case .jsonp(let name): (name + "(", ")")
        case .html:
            (
                "<!doctype html><title>makePayment</title><h1>paybench simulator</h1><pre>",
                "</pre>"
            )
        }
    }

    /// The document with this JSON in it.
    func document(_ json: String) -> String {
        switch self {
        case .json: return json
        case .jsonp: return frame.before + json + frame.after
        case .html:
            var escaped = ""
            for character in json.unicodeScalars {
                switch character {
                case "&": escaped += "&amp;"
                case "<": escaped += "&lt;"
                default: escaped.unicodeScalars.append(character)
                }
            }
            return frame.before + escaped + frame.after
        }
    }
}

/// What stands around the JSON of an answer.
struct Envelope: Sendable {
    var form: AnswerForm
    /// Headers of every answer to this request: cookies, and who may read it.
    var headers: [Header] = []
}

/// What the negotiation of the form comes to.
enum Negotiated: Equatable {
    case form(AnswerForm)
    /// XML or JSV, which this service has switched off.
    case switchedOff

    /// A callback beats the suffix, the suffix beats `?format`, that beats the format of a predefined
    /// route, and that beats `Accept`.
    init(
        suffix: KnownFormat?, query: Query?, route: KnownFormat? = nil, accept: String?,
        bodyIsJSON: Bool
    ) {
        let named = suffix ?? query?.format.flatMap { KnownFormat($0.span) } ?? route
        if let callback = query?.callback {
            self = .form(.jsonp(Self.sanitised(callback)))
        } else if let named {
            self = Self(named)
        } else if let accept {
            self = Self(KnownFormat(accept: accept, bodyIsJSON: bodyIsJSON))
        } else {
            self = .form(.html)
        }
    }

    /// With only JSON and HTML switched on, CSV falls back to JSON; the others are forbidden.
    private init(_ format: KnownFormat) {
        switch format {
        case .json, .csv: self = .form(.json)
        case .html: self = .form(.html)
        case .xml, .jsv: self = .switchedOff
        }
    }

    /// Every character that is no letter, digit or underscore becomes an underscore.
    private static func sanitised(_ name: [UInt8]) -> String {
        String(
            String.UnicodeScalarView(
                String(decoding: name, as: UTF8.self).unicodeScalars.map {
                    $0.properties.isAlphabetic || $0.properties.numericType == .decimal ? $0 : "_"
                }))
    }
}

/// The formats that the service knows by name.
enum KnownFormat: Equatable {
    case json, html, xml, csv, jsv

    /// As a suffix of the path or in `?format=`, in any case.
    init?(_ name: Span<UInt8>) {
        if Bytes.matches(name, "json") {
            self = .json
        } else if Bytes.matches(name, "html") {
            self = .html
        } else if Bytes.matches(name, "xml") {
            self = .xml
        } else if Bytes.matches(name, "csv") {
            self = .csv
        } else if Bytes.matches(name, "jsv") {
            self = .jsv
        } else {
            return nil
        }
    }

    /// By an `Accept` header: q is ignored, of all types named the service takes the one it ranks
    /// highest, and if it knows none of them, HTML.
    init(accept: String, bodyIsJSON: Bool) {
        let header = accept.utf8Span.span
        var best = (rank: Int.max, format: KnownFormat.html)
        var start = 0
        while start < header.count {
            let end = Bytes.position(of: UInt8(ascii: ","), in: header, from: start) ?? header.count
            let part = header.extracting(start..<end)
            let type = part.extracting(Bytes.trimmed(part))
            if let known = Self.ranked(type, bodyIsJSON: bodyIsJSON), known.rank < best.rank {
                best = known
            }
            start = end + 1
        }
        self = best.format
    }

    /// A media type and its place in the service's order; the format of the body comes first, and is
    /// what `*/*` means.
    private static func ranked(
        _ type: Span<UInt8>, bodyIsJSON: Bool
    ) -> (rank: Int, format: KnownFormat)? {
        if Bytes.begins(type, with: "application/json") { return (bodyIsJSON ? 0 : 2, .json) }
        if Bytes.begins(type, with: "text/html") { return (1, .html) }
        if Bytes.begins(type, with: "application/xml") { return (3, .xml) }
        if Bytes.begins(type, with: "application/jsv") { return (4, .jsv) }
        if Bytes.begins(type, with: "*/*") { return (5, bodyIsJSON ? .json : .html) }
        if Bytes.begins(type, with: "text/csv") { return (6, .csv) }
        return nil
    }
}
