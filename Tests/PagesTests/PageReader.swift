import Foundation
import FoundationXML

/// The body of a page, or a drawing, as a reader of XML sees it.
final class PageReader: NSObject, XMLParserDelegate {
    final class Element {
        let name: String
        let attributes: [String: String]
        weak var parent: Element?
        var children: [Element] = []
        /// Of itself, without that of its children.
        var text = ""

        init(_ name: String, _ attributes: [String: String], _ parent: Element?) {
            self.name = name
            self.attributes = attributes
            self.parent = parent
        }

        /// All within it, in their order.
        var inner: [Element] { children.flatMap { [$0] + $0.inner } }

        func inner(_ name: String) -> [Element] { inner.filter { $0.name == name } }

        func numbers(_ names: String...) -> [Double] {
            names.compactMap { attributes[$0] }.map { Double($0) ?? .nan }
        }
    }

    let root = Element("", [:], nil)
    private(set) var isWellFormed = false
    private var open: Element

    /// - Parameter markup: with one element on the outside.
    init(_ markup: some StringProtocol) {
        open = root
        super.init()
        let parser = XMLParser(data: Data(markup.utf8))
        parser.delegate = self
        isWellFormed = parser.parse()
    }

    /// What stands between `<body>` and `</body>`, both of them included; nil where there is none.
    convenience init?(page html: String) {
        guard let start = html.range(of: "<body>"), let end = html.range(of: "</body>") else {
            return nil
        }
        self.init(html[start.lowerBound..<end.upperBound])
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
    ) {
        let element = Element(name, attributes, open)
        open.children.append(element)
        open = element
    }

    func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
        qualifiedName: String?
    ) {
        open = open.parent ?? root
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) { open.text += text }
}
