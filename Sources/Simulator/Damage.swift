import NIOCore

/// What a fault does to an answer on its way out.
enum Damage: Equatable, Sendable {
    /// Half of the body, then the end of the connection.
    case cut
    /// `Content-Length` too small by `missing`.
    case wrongLength
    /// The body piece by piece.
    case drip(over: TimeAmount)

    /// Bytes that `wrongLength` does not own up to.
    static let missing = 7
    /// Pieces of a body that drips.
    static let pieces = 20
}
