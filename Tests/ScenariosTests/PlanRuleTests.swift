import Documents
import Testing

@testable import Scenarios

/// Phases that do not fit what other parts of the file ask for.
@Suite struct PlanRuleTests {
    private static let session = "username: me, password: a, per: user"

    private func complaints(about load: String) -> [String] {
        let text = ScenarioText(
            target: "{ base_url: simulator, auth: { credentials: { \(Self.session) } } }",
            load: load)
        guard case .failure(let error) = reading(text.text) else { return [] }
        return error.complaints.map(\.description)
    }

    @Test(arguments: [
        "[{ phase: a, users: 3, for: 1s }, { phase: p, pause: 1s }, { phase: b, users: 1, for: 1s }]",
        "[{ phase: a, users: { from: 0, to: 3 }, for: 1s }]",
    ])
    func usersSignIn(load: String) { #expect(complaints(about: load).isEmpty) }

    @Test(arguments: [
        "[{ phase: steady, rate: 10/s, for: 1s }]",
        "[{ phase: a, users: 3, for: 1s }, { phase: steady, rate: 10/s, for: 1s }]",
    ])
    func withoutUsersNobodySignsIn(load: String) {
        #expect(
            complaints(about: load) == [
                "file:3:87: per: user, but phase \"steady\" has no users, its arrivals come at a "
                    + "rate; allowed: users in every phase, or per: worker"
            ])
    }

    private func dataComplaints(_ load: String, atEnd: String = "stop") throws -> [String] {
        let folder = try DataFolder(["cards.csv": "token\nt-1\n"])
        var text = ScenarioText.data("{ cards: { file: cards.csv, at_end: \(atEnd) } }")
        text.payments =
            "[{ name: card, client_type: 1, payment_method: { token: '${data.cards.token}' } },"
            + " { name: cash, client_type: 1, payment_method: { type: cash } }]"
        text.load = load
        return folder.complaints(text)
    }

    private static let users = "{ phase: shoppers, users: 3, for: 1s }"
    private static let next = "{ phase: next, rate: 10/s, for: 1s }"

    /// How far a phase goes in its mix is known, or nobody needs to know.
    @Test(arguments: [
        "[\(users)]", "[\(next), \(users)]", "[{ phase: a, users: 3, payments: 9 }, \(users)]",
        "[{ phase: a, users: 3, for: 1s, mix: { cash: 1 } }, \(next)]",
        "[\(users), { phase: b, rate: 10/s, for: 1s, mix: { cash: 1 } }]",
        "[{ phase: a, rate: 10/s, for: 1s, until: in_doubt.count > 9 }]",
    ])
    func rowsMayBeUsedUp(load: String) throws { #expect(try dataComplaints(load).isEmpty) }

    @Test(arguments: [
        ("[\(users), \(next)]", "shoppers", "give it payments"),
        ("[{ repeat: 2, load: [\(users)] }]", "shoppers", "give it payments"),
        ("[{ phase: a, users: 3, payments_per_user: 2 }, \(next)]", "a", "give it payments"),
        (
            "[{ phase: a, rate: 10/s, for: 1s, until: in_doubt.count > 9 }, \(next)]", "a",
            "leave out its until"
        ),
    ])
    func whatIsLeftOpenIsRefused(load: String, phase: String, advice: String) throws {
        let complaint = try dataComplaints(load)
        #expect(
            complaint == [
                "file:6:43: at_end: stop, but how many rows of \"cards\" phase \"\(phase)\" takes "
                    + "is not known before, and others take rows after it; \(advice), make it the "
                    + "last one, or write at_end: wrap"
            ])
        #expect(try dataComplaints(load, atEnd: "wrap").isEmpty)
    }
}
