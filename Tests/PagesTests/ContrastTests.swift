import Foundation
import Pages
import Reports
import Testing

/// Relative luminance and contrast as WCAG 2.1 defines them.
@Suite struct ContrastTests {
    @Test func aKnownPairHasItsKnownContrast() {
        #expect(abs(Self.contrast("#ffffff", "#000000") - 21) < 1e-9)
        // WCAG's own example of a grey that just passes on white.
        #expect(abs(Self.contrast("#767676", "#ffffff") - 4.54) < 0.005)
    }

    @Test(arguments: [0, 1])
    func whatIsWrittenCanBeReadInBothSchemes(scheme: Int) throws {
        let colours = scheme == 0 ? SVGStyle.light : SVGStyle.dark
        let paper = try #require(colours.first { $0.name == "paper" }?.colour)
        let page = PageStyle.grounds[scheme].colour
        for colour in colours where !["paper", "grid"].contains(colour.name) {
            for ground in [paper, page] {
                let contrast = Self.contrast(colour.colour, ground)
                #expect(contrast >= 4.5, "\(colour.name) on \(ground): \(contrast)")
            }
        }
    }

    private static func contrast(_ one: String, _ other: String) -> Double {
        let lights = [luminance(one), luminance(other)].sorted()
        return (lights[1] + 0.05) / (lights[0] + 0.05)
    }

    private static func luminance(_ colour: String) -> Double {
        let value = Int(colour.dropFirst(), radix: 16) ?? 0
        let parts = [16, 8, 0].map { Double(value >> $0 & 0xff) / 255 }.map {
            $0 <= 0.03928 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }
}
