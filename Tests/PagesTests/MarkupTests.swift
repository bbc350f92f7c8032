import Pages
import Testing

@Suite struct MarkupTests {
    @Test func whateverIsInATextStaysText() {
        let hostile = "</script><script>alert('1')</script>\u{202e}\u{0}\"&"
        let html = Markup.element("p", ["title": hostile], hostile).html
        #expect(!html.contains("<script"))
        #expect(!html.contains("\u{0}") && !html.contains("\u{202e}"))
        #expect(html.contains("&lt;script&gt;alert(&apos;1&apos;)"))
    }

    @Test func aTableNamesItsColumnsAndRows() {
        let html = Table("Codes", head: ["code", "count"], rows: [["HTTP 503", "7"]]).markup.html
        #expect(html.contains("<th scope=\"col\" class=\"word\">code</th>"))
        #expect(html.contains("<th scope=\"row\" class=\"word\">HTTP 503</th>"))
        #expect(html.contains("<td class=\"number\">7</td>"))
    }
}
