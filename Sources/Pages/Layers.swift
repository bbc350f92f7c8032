import Reports

/// Numbers that add up, as areas on one another.
package struct Layer: Sendable {
    package var name: String
    package var ink: SVGDrawing.Ink
    /// Indexed alike in all layers.
    package var values: [Double]

    package init(_ name: String, ink: SVGDrawing.Ink, _ values: [Double]) {
        self.name = name
        self.ink = ink
        self.values = values
    }
}

extension TimeChart {
    /// - Parameter seconds: where the values of the layers lie.
    package init(
        _ title: String, _ summary: String, _ axis: TimeAxis, stacked layers: [Layer],
        at seconds: [Double], words: @escaping @Sendable (Double) -> String
    ) {
        var floor = [Double](repeating: 0, count: seconds.count)
        var bands: [Band] = []
        for layer in layers {
            let top = zip(floor, layer.values).map { $0 + ($1.isFinite ? max(0, $1) : 0) }
            bands.append(
                Band(
                    ink: layer.ink, fill: .solid,
                    top.indices.map { (seconds[$0], floor[$0], top[$0]) }))
            floor = top + floor.dropFirst(top.count)
        }
        self.init(title, summary, axis, bands: bands, words: words)
    }
}
