/// The query of a payment request, taken apart once: what decides the format, and what is bound.
struct Query {
    /// `?callback=`, as the client wrote it; empty values count as absent.
    private(set) var callback: [UInt8]?
    private(set) var format: [UInt8]?
    private(set) var pairs = Pairs<QueryMember>()

    /// - Parameter text: what stands behind the `?`.
    init(_ text: Span<UInt8>) {
        URLEncoded.forEachPair(of: text) { name, value in
            if Bytes.matches(name.span, "callback") {
                if !value.isEmpty { callback = value }
            } else if Bytes.matches(name.span, "format") {
                if !value.isEmpty { format = value }
            } else {
                pairs.add(name: name, text: value)
            }
        }
    }
}
