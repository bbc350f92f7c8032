/// The style sheet of drawings; a page with several has it several times, which does no harm.
package enum SVGStyle {
    package typealias Colour = (name: String, colour: String)

    package static let css = """
        .pb-chart{font:12px system-ui,sans-serif}
        .pb-chart text{fill:currentColor}
        .pb-bold{font-weight:600;paint-order:stroke;stroke-width:3px;\
        stroke-linejoin:round}
        .pb-thin,.pb-thick,.pb-dashed{fill:none;stroke:currentColor;stroke-width:1}
        .pb-thick{stroke-width:2;stroke-linejoin:round}
        .pb-dashed{stroke-dasharray:4 4;stroke-width:1.5}
        .pb-area,.pb-solid{fill:currentColor;fill-opacity:.16;stroke:none}
        .pb-solid{fill-opacity:.8}
        .pb-hover{fill:currentColor;fill-opacity:0}
        .pb-hover:hover{fill-opacity:.07}
        .pb-dot,.pb-paper,.pb-cell{fill:currentColor}
        \(rules(light))
        @media screen and (prefers-color-scheme:dark){
        \(rules(dark))
        }
        """

    /// On paper `paper`; for readers who can't tell some colours apart too, since lightness differs.
    package static let light: [Colour] = [
        ("paper", "#ffffff"), ("text", "#1f2328"), ("muted", "#59636e"), ("grid", "#d8dee4"),
        ("worse", "#c11f2b"),
        ("better", "#1a7f37"), ("s0", "#0969da"), ("s1", "#bc4c00"), ("s2", "#8250df"),
        ("s3", "#1b7c83"), ("s4", "#bf3989"), ("s5", "#7d6608"),
    ]

    package static let dark: [Colour] = [
        ("paper", "#0d1117"), ("text", "#e6edf3"), ("muted", "#9198a1"), ("grid", "#30363d"),
        ("worse", "#ff7b72"),
        ("better", "#56d364"), ("s0", "#58a6ff"), ("s1", "#f0883e"), ("s2", "#bc8cff"),
        ("s3", "#39c5cf"), ("s4", "#f778ba"), ("s5", "#d4a72c"),
    ]

    /// Bold words have a seam of paper, so that they can be read where they lie on lines.
    private static func rules(_ colours: [Colour]) -> String {
        let inks = colours.map { ".pb-\($0.name){color:\($0.colour)}" }.joined()
        let seam = colours.first { $0.name == "paper" }.map { ".pb-bold{stroke:\($0.colour)}" }
        return inks + (seam ?? "")
    }
}
