/// How text goes out: bare, or with the escape codes of a terminal.
package enum TextStyle: Sendable {
    case plain, coloured

    enum Ink: String {
        case bold = "1"
        case red = "1;31"
        case green = "32"
        case yellow = "33"
    }

    func ink(_ ink: Ink, _ text: String) -> String {
        switch self {
        case .plain: text
        case .coloured: "\u{1b}[\(ink.rawValue)m\(text)\u{1b}[0m"
        }
    }
}
