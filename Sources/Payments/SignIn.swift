/// How a session begins: a `POST` of user name and password, answered with the session's cookies.
package struct SignIn: Sendable, Equatable {
    package enum Scope: String, CaseIterable, Sendable {
        /// All connections of a worker share a session.
        case worker
        /// Every user of the closed model has its own.
        case user
    }

    package var username: Template
    package var password: Template
    package var path: String
    package var scope: Scope

    package init(username: Template, password: Template, path: String, scope: Scope) {
        self.username = username
        self.password = password
        self.path = path
        self.scope = scope
    }

    /// What is posted: `{"userName":"…","password":"…"}`.
    ///
    /// - Precondition: the templates are constant.
    package var body: [UInt8] {
        var writer = TemplateWriter(data: [], firstPlace: 0)
        var out = ByteTemplate()
        out.append("{\"userName\":\"".utf8)
        writer.append(username, escaping: .json, to: &out)
        out.append("\",\"password\":\"".utf8)
        writer.append(password, escaping: .json, to: &out)
        out.append("\"}".utf8)
        precondition(!out.hasHoles, "a sign-in is the same for all")
        let nobody = RequestIdentity(number: 0, keys: RunKeys(seed: 0, runID: ""))
        return out.rendered(RenderContext(identity: nobody, intended: 0))
    }
}
