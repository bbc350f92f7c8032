import Results

/// Samples of one name, as both formats write them.
package struct MetricFamily: Sendable {
    package enum Kind: String, Sendable {
        case counter, gauge, histogram
        /// Facts that stand in labels; its value is 1.
        case info
    }

    package enum Unit: String, Sendable {
        case seconds, bytes
    }

    package let name: String
    package let kind: Kind
    private let unit: Unit?
    private let help: String
    private let samples: [MetricSample]

    /// - Parameters:
    ///   - name: without the suffix of its kind (`_total`, `_info`), with that of its unit.
    ///   - help: one line without a backslash.
    package init(
        _ name: String, _ kind: Kind, in unit: Unit? = nil, _ help: String,
        _ samples: [MetricSample]
    ) {
        precondition(unit.map { name.hasSuffix("_\($0.rawValue)") } ?? true, name)
        self.name = name
        self.kind = kind
        self.unit = unit
        self.help = help
        self.samples = samples
    }

    /// Nothing at all where there is no sample.
    package func text(as format: ExpositionFormat) -> String {
        guard !samples.isEmpty else { return "" }
        return head(as: format) + samples.map { line(of: $0) }.joined()
    }

    private func head(as format: ExpositionFormat) -> String {
        switch format {
        case .prometheus:
            let kind = kind == .info ? Kind.gauge : kind
            let name = name + suffix
            return "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
        case .openMetrics:
            let unit = unit.map { "# UNIT \(name) \($0.rawValue)\n" } ?? ""
            return "# TYPE \(name) \(kind.rawValue)\n\(unit)# HELP \(name) \(help)\n"
        }
    }

    private var suffix: String {
        switch kind {
        case .counter: "_total"
        case .info: "_info"
        case .gauge, .histogram: ""
        }
    }

    private func line(of sample: MetricSample) -> String {
        "\(name)\(suffix)\(sample.suffix)\(sample.labelText) \(sample.number)\n"
    }
}

/// One value of a family.
package struct MetricSample: Sendable {
    /// `_bucket` and the like, of histograms.
    fileprivate var suffix = ""
    fileprivate let labels: [(name: String, value: String)]
    private let value: Double

    package init(_ labels: [(name: String, value: String)], _ value: Double) {
        self.labels = labels
        self.value = value
    }

    /// Those of a classic histogram: a cumulative count for each bound, the sum in seconds, the count.
    package static func histogram(
        _ labels: [(name: String, value: String)], _ counts: DurationCounts
    ) -> [MetricSample] {
        let buckets = counts.cumulative.map { bound, count in
            let limit = bound.map { (Double($0) / 1e6).description } ?? "+Inf"
            return MetricSample(labels + [("le", limit)], Double(count), suffix: "_bucket")
        }
        return buckets + [
            MetricSample(labels, counts.sumMicroseconds / 1e6, suffix: "_sum"),
            MetricSample(labels, Double(counts.count), suffix: "_count"),
        ]
    }

    private init(
        _ labels: [(name: String, value: String)], _ value: Double, suffix: String
    ) {
        self.labels = labels
        self.value = value
        self.suffix = suffix
    }

    fileprivate var labelText: String {
        guard !labels.isEmpty else { return "" }
        let pairs = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }
        return "{\(pairs.joined(separator: ","))}"
    }

    /// Whole numbers without a decimal.
    fileprivate var number: String {
        value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
    }

    private static func escaped(_ text: String) -> String {
        text.printable.unicodeScalars.reduce(into: "") { escaped, scalar in
            if scalar == "\\" || scalar == "\"" { escaped += "\\" }
            escaped.unicodeScalars.append(scalar)
        }
    }
}
