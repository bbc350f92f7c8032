import Foundation
import Pages
import Testing

/// Relative luminance and contrast as WCAG 2.1 defines them, of the colours that are in the style sheet.
@Suite struct ContrastTests {
    private typealias Light = (red: Double, green: Double, blue: Double)

    /// Of a page as it is written.
    private static let css =
        RunPage(Runs.odd[0].material).html
        .components(separatedBy: "<style>").last?.components(separatedBy: "</style>").first ?? ""

    enum Scheme: CaseIterable {
        case light, dark

        /// The part of the style sheet in which its colours are; dark ones come last in each part.
        var rules: [Substring] {
            let dark = "@media screen and (prefers-color-scheme:dark){"
            let parts = ContrastTests.css.split(separator: dark)
            return switch self {
            case .light: Array(parts.prefix(2))
            case .dark: parts.dropFirst().map { $0.split(separator: "\n}", maxSplits: 1)[0] }
            }
        }
    }

    @Test func aKnownPairHasItsKnownContrast() {
        #expect(abs(Self.contrast(Self.light("#ffffff"), Self.light("#000000")) - 21) < 1e-9)
        // WCAG's own example of a grey that just passes on white.
        let grey = Self.contrast(Self.light("#767676"), Self.light("#ffffff"))
        #expect(abs(grey - 4.54) < 0.005)
    }

    @Test(arguments: Scheme.allCases)
    func wordsOfThePageCanBeRead(scheme: Scheme) throws {
        let colours = Self.variables(scheme)
        let rules = Self.css.matches(of: /[{;]color:var\(--([a-z0-9]+)\)/)
        let used = Set(rules.map { String($0.output.1) })
        #expect(used.isSuperset(of: ["text", "muted", "s0", "better", "worse"]))
        for name in used {
            for ground in ["page", "paper"] {
                try Self.expect(colours[name], on: colours[ground], "\(name) on \(ground)")
            }
        }
    }

    /// Lines and dots as well as words: all of them are told apart from their ground alike.
    @Test(arguments: Scheme.allCases)
    func whatIsDrawnCanBeSeen(scheme: Scheme) throws {
        let inks = Self.inks(scheme)
        let paper = try #require(inks["paper"].map(Self.light))
        #expect(inks.count == 12)
        for (name, ink) in inks where !["paper", "grid"].contains(name) {
            try Self.expect(ink, on: inks["paper"], "\(name) on paper")
        }
        // Names of phases lie on the shade of what was not measured.
        let muted = try #require(inks["muted"].map(Self.light))
        let shade = (
            red: 0.9 * paper.red + 0.1 * muted.red, green: 0.9 * paper.green + 0.1 * muted.green,
            blue: 0.9 * paper.blue + 0.1 * muted.blue
        )
        #expect(Self.contrast(muted, shade) >= 4.5)
    }

    private static func expect(_ ink: String?, on ground: String?, _ words: String) throws {
        let contrast = contrast(light(try #require(ink)), light(try #require(ground)))
        #expect(contrast >= 4.5, "\(words): \(contrast)")
    }

    private static func variables(_ scheme: Scheme) -> [String: String] {
        let part = scheme.rules.last { $0.contains(":root{") } ?? ""
        return pairs(part.matches(of: /--([a-z0-9]+):(#[0-9a-f]{6})/).map { ($0.1, $0.2) })
    }

    private static func inks(_ scheme: Scheme) -> [String: String] {
        let part = scheme.rules.first { $0.contains(".pb-paper{color:") } ?? ""
        let rules = part.matches(of: /\.pb-([a-z0-9]+)\{color:(#[0-9a-f]{6})/)
        return pairs(rules.map { ($0.1, $0.2) })
    }

    private static func pairs(_ found: [(Substring, Substring)]) -> [String: String] {
        Dictionary(found.map { (String($0.0), String($0.1)) }) { first, _ in first }
    }

    private static func contrast(_ one: Light, _ other: Light) -> Double {
        let lights = [luminance(one), luminance(other)].sorted()
        return (lights[1] + 0.05) / (lights[0] + 0.05)
    }

    /// Of `#rrggbb`; 0…1.
    private static func light(_ colour: String) -> Light {
        let value = Int(colour.dropFirst(), radix: 16) ?? 0
        let parts = [16, 8, 0].map { Double(value >> $0 & 0xff) / 255 }
        return (parts[0], parts[1], parts[2])
    }

    private static func luminance(_ light: Light) -> Double {
        let parts = [light.red, light.green, light.blue].map {
            $0 <= 0.03928 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }
}
