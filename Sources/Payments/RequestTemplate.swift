import DataFiles

/// One entry of the mix, ready to be rendered as the service wants it: camelCase JSON, GUID in N
/// form, the client type as a number (`service.md`, "What follows for the client").
package struct RequestTemplate: Sendable, Equatable {
    package let body: ByteTemplate
    /// Text behind `?`, percent-encoded; nil where parameters travel in the body.
    package let query: ByteTemplate?
    /// The payment's id alone, as it is listed in `reconcile.csv`.
    package let paymentID: ByteTemplate

    /// - Parameter data: the scenario's data sets, in its order.
    package init(
        _ payment: PaymentTemplate, parameters: ParameterPlace, format: AnswerFormat,
        data: [DataFile] = []
    ) {
        var writer = RequestWriter(data: data)
        switch parameters {
        case .body:
            body = writer.body(of: payment, plainMembers: true)
            query = nil
        case .query:
            // The payment's id first here too: its draws are those of `paymentID` below.
            query = writer.query(of: payment, format: format)
            body = writer.body(of: payment, plainMembers: false)
        }
        paymentID = writer.text(of: payment.paymentID)
    }

    /// Whether anything in the request is taken from this data set.
    package func uses(dataSet: Int) -> Bool {
        body.uses(dataSet: dataSet) || query?.uses(dataSet: dataSet) ?? false
    }
}

extension AnswerFormat {
    /// What it adds behind the path: `.json`.
    package var pathSuffix: String { self == .suffix ? ".json" : "" }

    /// What it adds to the query: `format=json`; nil for the forms that need nothing there.
    package var queryItem: String? {
        switch self {
        case .accept, .suffix: nil
        case .query: "format=json"
        case .jsonp(let name): "callback=\(name)"
        }
    }
}

/// Writes templates into byte templates; `place` numbers the draws of one request.
private struct RequestWriter {
    private var template: TemplateWriter

    init(data: [DataFile]) { template = TemplateWriter(data: data, firstPlace: 0) }

    mutating func body(of payment: PaymentTemplate, plainMembers: Bool) -> ByteTemplate {
        var out = ByteTemplate()
        out.append("{".utf8)
        if plainMembers {
            out.append("\"paymentId\":\"".utf8)
            append(payment.paymentID, escaping: .json, to: &out)
            out.append("\",".utf8)
        }
        out.append("\"paymentMethod\":".utf8)
        append(payment.paymentMethod, to: &out)
        if plainMembers { appendPlainMembers(of: payment, to: &out) }
        out.append("}".utf8)
        return out
    }

    private mutating func appendPlainMembers(
        of payment: PaymentTemplate, to out: inout ByteTemplate
    ) {
        out.append(",\"clientType\":\(payment.clientType.rawValue)".utf8)
        if let store = payment.storePaymentMethod {
            out.append(",\"storePaymentMethod\":\(store)".utf8)
        }
        if let url = payment.returnURL {
            out.append(",\"returnUrl\":\"".utf8)
            append(url, escaping: .json, to: &out)
            out.append("\"".utf8)
        }
        if let version = payment.version { out.append(",\"version\":\(version)".utf8) }
    }

    mutating func query(of payment: PaymentTemplate, format: AnswerFormat) -> ByteTemplate {
        var out = ByteTemplate()
        if let item = format.queryItem { out.append("\(item)&".utf8) }
        out.append("paymentId=".utf8)
        append(payment.paymentID, escaping: .percent, to: &out)
        out.append("&clientType=\(payment.clientType.rawValue)".utf8)
        if let store = payment.storePaymentMethod {
            out.append("&storePaymentMethod=\(store)".utf8)
        }
        if let url = payment.returnURL {
            out.append("&returnUrl=".utf8)
            append(url, escaping: .percent, to: &out)
        }
        if let version = payment.version { out.append("&version=\(version)".utf8) }
        return out
    }

    mutating func text(of text: Template) -> ByteTemplate {
        var out = ByteTemplate()
        template.place = 0
        append(text, escaping: .none, to: &out)
        return out
    }

    private mutating func append(
        _ text: Template, escaping: Escaping, to out: inout ByteTemplate
    ) {
        template.append(text, escaping: escaping, to: &out)
    }

    private mutating func append(_ value: JSONTemplate, to out: inout ByteTemplate) {
        switch value {
        case .null: out.append("null".utf8)
        case .boolean(let flag): out.append("\(flag)".utf8)
        case .number(let text): out.append(text.utf8)
        case .string(let template):
            out.append("\"".utf8)
            append(template, escaping: .json, to: &out)
            out.append("\"".utf8)
        case .array(let elements):
            out.append("[".utf8)
            for (index, element) in elements.enumerated() {
                if index > 0 { out.append(",".utf8) }
                append(element, to: &out)
            }
            out.append("]".utf8)
        case .object(let members): append(members, to: &out)
        }
    }

    private mutating func append(_ members: [JSONTemplate.Member], to out: inout ByteTemplate) {
        out.append("{".utf8)
        for (index, member) in members.enumerated() {
            if index > 0 { out.append(",".utf8) }
            out.append("\"".utf8)
            out.append(Escaping.json.escaped(member.name))
            out.append("\":".utf8)
            append(member.value, to: &out)
        }
        out.append("}".utf8)
    }
}
