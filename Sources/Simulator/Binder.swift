import NIOCore
import Providers

/// From the bytes of a request to what is bound.
struct Binder: Sendable {
    private let binding: ServiceSettings.Binding
    private let bodyLimit: Int

    init(_ settings: ServiceSettings) {
        binding = settings.binding
        bodyLimit = settings.bodyLimit
    }

    /// Body first, query over it, form over that.
    /// - Parameter body: as `readable` has it; texts of the payment are ranges of it.
    func bind(
        _ request: IncomingRequest, _ query: Query?, _ body: ByteBuffer?
    ) throws(BindingFault) -> BoundPayment {
        var payment = BoundPayment()
        if let body, request.body == .json {
            try BodyReader.read(body.readableBytesUInt8Span, binding, into: &payment)
        }
        var pairs = query?.pairs
        if let body, let form = Self.form(request, body, of: QueryMember.self) {
            pairs = pairs ?? Pairs()
            pairs?.write(form)
        }
        try pairs?.bind(to: &payment)
        return payment
    }

    /// The body, decompressed; nil if it is not read: without a declared length only one with a
    /// `Content-Encoding` is.
    func readable(
        _ body: ByteBuffer?, of request: IncomingRequest
    ) throws(BindingFault) -> ByteBuffer? {
        guard let body, request.declaredLength != nil || request.hasContentEncoding else {
            return nil
        }
        guard let compression = request.compression else { return body }
        let bytes = try Inflate.inflated(
            body.readableBytesUInt8Span, compression, limit: bodyLimit)
        return ByteBuffer(bytes: bytes)
    }

    /// The fields of a form; nil if the body is none.
    static func form<Member: MemberName>(
        _ request: IncomingRequest, _ body: ByteBuffer, of member: Member.Type
    ) -> Pairs<Member>? {
        switch request.body {
        case .form: return Pairs(urlEncoded: body.readableBytesUInt8Span)
        case .multipart(let boundary):
            var pairs = Pairs<Member>()
            Multipart.forEachField(of: body.readableBytesUInt8Span, boundary: boundary) {
                pairs.add(name: $0, text: $1)
            }
            return pairs
        case .json, .other: return nil
        }
    }
}
