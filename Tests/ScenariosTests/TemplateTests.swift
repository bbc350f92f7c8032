import Payments
import Scenarios
import Testing

@Suite struct TemplateTests {
    private let environment = [
        "TOKEN": "t0k", "EMPTY": "", "NESTED": "a${uuid}", "HOST": "localhost",
    ]

    private func template(_ text: String) throws -> Template? {
        let scenario = ScenarioText(payments: ScenarioText.method("token: \"\(text)\""))
        let method = try reading(scenario.text, environment: environment).get().payments[0]
            .paymentMethod
        guard case .object(let members) = method, case .string(let token) = members[0].value else {
            return nil
        }
        return token
    }

    @Test(arguments: [
        ("plain", [Template.Piece.literal("plain")]), ("${uuid}", [.uuid]), ("${seq}", [.sequence]),
        ("${int(1,9900)}", [.integer(1...9900)]), ("${int(-5, 5)}", [.integer(-5...5)]),
        ("${int(7,7)}", [.integer(7...7)]),
        ("${choice(a)}", [.choice(["a"])]), ("${now}", [.now]),
        ("${choice(visa, master card ,(x))}", [.choice(["visa", "master card", "(x)"])]),
        ("a-${uuid}-${seq}", [.literal("a-"), .uuid, .literal("-"), .sequence]),
        ("x${env:TOKEN}y", [.literal("xt0ky")]),
        ("${secret:TOKEN}", [.secret(name: "TOKEN", value: "t0k")]),
        ("${env:NONE:-d}", [.literal("d")]), ("${env:EMPTY:-d}", [.literal("d")]),
        ("${env:TOKEN:-d}", [.literal("t0k")]), ("${env:NONE:-a:-b c}", [.literal("a:-b c")]),
        ("${env:NONE:-}x", [.literal("x")]),
        ("$", [.literal("$")]), ("$$ {uuid}", [.literal("$$ {uuid}")]), ("}", [.literal("}")]),
    ])
    func templatesAreRead(text: String, pieces: [Template.Piece]) throws {
        #expect(try template(text)?.pieces == pieces)
    }

    private static let allowed =
        "${uuid}, ${seq}, ${int(1,9900)}, ${choice(a,b)}, ${now}, ${data.NAME.COLUMN}, "
        + "${env:NAME}, ${env:NAME:-default}, ${secret:NAME}"

    @Test(arguments: [
        ("${uuid", "\"${uuid\" has a ${ without its }; close it"),
        ("${}", "unknown template ${}; allowed here: \(allowed)"),
        (
            "${uid}",
            "unknown template ${uid}; allowed here: \(allowed); did you mean \"${uuid}\"?"
        ),
        (
            "${UUID}",
            "unknown template ${UUID}; allowed here: \(allowed); did you mean \"${uuid}\"?"
        ),
        (
            "${noww}",
            "unknown template ${noww}; allowed here: \(allowed); did you mean \"${now}\"?"
        ),
        ("${choice()}", "${choice()}; allowed: ${choice(A,B)} with texts that are not empty"),
        ("${choice(a,)}", "${choice(a,)}; allowed: ${choice(A,B)} with texts that are not empty"),
        (
            "${choice(a, ,b)}",
            "${choice(a, ,b)}; allowed: ${choice(A,B)} with texts that are not empty"
        ),
        ("${choice(a,b}", "${choice(a,b}; allowed: ${choice(A,B)} with texts that are not empty"),
        (
            "${data.cards}",
            "${data.cards}; allowed: ${data.NAME.COLUMN} with the name of a data set and of one "
                + "of its columns"
        ),
        (
            "${data.cards.token}",
            "${data.cards.token}: no data set \"cards\"; allowed: none, as there is no data"
        ),
        (
            "${choice(a,4539148803436467)}",
            "453914******6467 looks like the number of a real card; allowed: tokens, and test "
                + "numbers that are published, such as 4242424242424242"
        ),
        (
            "${int(5,1)}",
            "${int(5,1)}; allowed: ${int(LOW,HIGH)} with whole numbers, LOW at most HIGH"
        ),
        ("${int(1)}", "${int(1)}; allowed: ${int(LOW,HIGH)} with whole numbers, LOW at most HIGH"),
        (
            "${int(1,99999999999999999999)}",
            "${int(1,99999999999999999999)}; allowed: ${int(LOW,HIGH)} with whole numbers, "
                + "LOW at most HIGH"
        ),
        (
            "${env:1A}",
            "${env:1A} names no variable; letters, digits and _ are allowed, no digit first"
        ),
        (
            "${secret:}",
            "${secret:} names no variable; letters, digits and _ are allowed, no digit first"
        ),
        (
            "${env:NONE}",
            "${env:NONE}: the environment variable NONE is not set, or empty; set it before the run"
        ),
        (
            "${env:EMPTY}",
            "${env:EMPTY}: the environment variable EMPTY is not set, or empty; "
                + "set it before the run"
        ),
        (
            "${secret:NONE}",
            "${secret:NONE}: the environment variable NONE is not set, or empty; "
                + "set it before the run"
        ),
        (
            "${secret:EMPTY}",
            "${secret:EMPTY}: the environment variable EMPTY is not set, or empty; "
                + "set it before the run"
        ),
        (
            "${env:NESTED}",
            "the environment variable NESTED holds a ${; a text without templates is allowed"
        ),
    ])
    func otherTemplatesAreRefused(text: String, sentence: String) {
        let scenario = ScenarioText(payments: ScenarioText.method("token: \"\(text)\""))
        #expect(sentences(about: scenario, environment: environment) == [sentence])
    }

    @Test func whatAllRequestsShareDiffersNotFromRequestToRequest() {
        for template in ["uuid", "seq", "int(1,2)", "choice(a,b)", "now"] {
            let key = ScenarioText(
                target: "{ base_url: simulator, auth: { api_key: 'a${\(template)}' } }")
            #expect(
                sentences(about: key) == [
                    "template ${\(template)} where all requests share the value; allowed here: "
                        + "${env:NAME}, ${env:NAME:-default}, ${secret:NAME}"
                ])
        }
    }

    @Test func aSecretIsNoPartOfAPaymentIDWhichResultsList() {
        let scenario = ScenarioText(
            payments: ScenarioText.payment("payment_id: \"${secret:TOKEN}-${uuid}\""))
        #expect(
            sentences(about: scenario, environment: environment) == [
                "template ${secret:TOKEN} in a text that is shown; allowed here: ${uuid}, ${seq}, "
                    + "${int(1,9900)}, ${choice(a,b)}, ${now}, ${data.NAME.COLUMN}, ${env:NAME}, "
                    + "${env:NAME:-default}"
            ])
    }

    @Test func aSecretIsNoPartOfTheTarget() throws {
        let secret = ScenarioText(target: "{ base_url: 'http://${secret:HOST}' }")
        #expect(
            sentences(about: secret, environment: environment) == [
                "template ${secret:HOST} in a text that is shown; allowed here: "
                    + "${env:NAME}, ${env:NAME:-default}"
            ])
        let variable = ScenarioText(target: "{ base_url: 'http://${env:HOST}:81/api/' }")
        let target = try reading(variable.text, environment: environment).get().target
        #expect(target.base.text == "http://localhost:81/api")
    }

    @Test func aTemplateInAKeyIsRefused() {
        let scenario = ScenarioText(payments: ScenarioText.method("'${uuid}': x"))
        #expect(
            sentences(about: scenario) == [
                "\"${uuid}\" is a key with a template; templates are allowed in values"
            ])
    }

    /// A complaint shows the name of a secret, never its value.
    @Test(arguments: [
        ScenarioText(target: "{ base_url: simulator, auth: { bearer: '${secret:BAD}' } }"),
        ScenarioText(
            target:
                "{ base_url: simulator, auth: { basic: { username: '${secret:BAD}', password: "
                + "'${secret:BAD}' } } }"
        ),
        ScenarioText(target: "{ base_url: simulator, headers: { X: '${secret:BAD}' } }"),
        ScenarioText(target: "{ base_url: simulator, tls: { client_key: '${secret:BAD}' } }"),
        ScenarioText(payments: ScenarioText.payment("return_url: '${secret:BAD}'")),
    ])
    func complaintsKeepSecrets(scenario: ScenarioText) {
        let said = sentences(about: scenario, environment: ["BAD": "hush: \u{7} hush"])
        #expect(!said.isEmpty)
        #expect(said.allSatisfy { !$0.contains("hush") })
    }
}
