/// The two ways in which metrics are written down.
package enum ExpositionFormat: Sendable, CaseIterable {
    /// Prometheus' text format 0.0.4.
    case prometheus
    /// OpenMetrics 1.0.0.
    case openMetrics

    package var contentType: String {
        switch self {
        case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }

    /// What a reader would rather have: OpenMetrics where it is named and not worth less to it than plain
    /// text (RFC 9110, 12.5.1), else Prometheus' text.
    ///
    /// - Parameter accept: the value of its `Accept`; nil where it sent none.
    package init(accepting accept: String?) {
        let ranges = (accept ?? "").split(separator: ",").compactMap(MediaRange.init)
        let metrics = ranges.filter(\.isOpenMetrics).map(\.quality).max() ?? 0
        let text = ranges.filter(\.isPlainText).map(\.quality).max() ?? 0
        self = metrics > 0 && metrics >= text ? .openMetrics : .prometheus
    }
}

/// One entry of `Accept`: `application/openmetrics-text; version=1.0.0; q=0.8`.
private struct MediaRange {
    let type: String
    /// Of 0…1; 0 where it is not to be had.
    let quality: Double
    /// nil where it does not matter.
    private let version: String?

    init?(_ text: Substring) {
        let parts = text.split(separator: ";").map(Self.trimmed)
        guard let type = parts.first else { return nil }
        self.type = type
        func value(of name: String) -> String? {
            parts.dropFirst().first { $0.hasPrefix(name + "=") }
                .map { String($0.dropFirst(name.count + 1)) }
        }
        version = value(of: "version")
        quality = value(of: "q").map { Double($0) ?? 0 } ?? 1
    }

    var isOpenMetrics: Bool {
        type == "application/openmetrics-text" && (version ?? "1.0.0") == "1.0.0"
    }

    var isPlainText: Bool { type == "text/plain" }

    private static func trimmed(_ text: Substring) -> String {
        let blanks: Set<Character> = [" ", "\t"]
        let rest = text.drop(while: blanks.contains).reversed().drop(while: blanks.contains)
        return String(rest.reversed()).lowercased()
    }
}
