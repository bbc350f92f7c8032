import DataFiles

/// The lines of a request's header that the scenario sets, `Name: value`.
package struct HeaderTemplates: Sendable, Equatable {
    /// The same for all requests, secrets in the clear.
    package let constant: [String]
    /// Those that differ from request to request (`ByteTemplate.renderTerminated`).
    package let varying: [ByteTemplate]

    /// Draws here are others than those of the payment, which count from 0.
    private static let firstPlace = 1 << 32

    /// - Parameter data: the scenario's data sets, in its order.
    package init(
        credentials: Credentials?, headers: [(name: String, value: Template)],
        data: [DataFile] = []
    ) {
        var writer = TemplateWriter(data: data, firstPlace: Self.firstPlace)
        var constant: [String] = []
        var varying: [ByteTemplate] = []
        let authorization = credentials.map { ("Authorization", $0.header) }
        for (name, value) in (authorization.map { [$0] } ?? []) + headers {
            if let text = value.constant {
                constant.append("\(name): \(text)")
            } else {
                var line = ByteTemplate()
                line.append("\(name): ".utf8)
                writer.append(value, escaping: .none, to: &line)
                varying.append(line)
            }
        }
        self.constant = constant
        self.varying = varying
    }
}
