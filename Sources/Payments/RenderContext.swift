import DataFiles

/// All that the text of one request depends on.
///
/// Made once a worker and changed from request to request, so that it costs no allocation.
package struct RenderContext {
    package var identity: RequestIdentity
    /// When the payment was intended to be sent: nanoseconds since 1970, UTC.
    package var intended: Int64
    /// One for each data set of the scenario, in its order, at the row that the request takes.
    package let cursors: [DataCursor]

    package init(identity: RequestIdentity, intended: Int64, cursors: [DataCursor] = []) {
        self.identity = identity
        self.intended = intended
        self.cursors = cursors
    }
}
