import Results

/// What a summary can be written as.
package enum SummaryFormat: String, CaseIterable, Sendable {
    case text, json, csv, junit, markdown, github, gitlab, bencher
    /// Figures of which less is better.
    case benchmarkAction = "benchmark-action"
    /// Figures of which more is better.
    case benchmarkActionBigger = "benchmark-action-bigger"
}

extension Summary {
    /// - Parameter folder: Where the results are, if anywhere.
    ///
    /// Fails as `corrupt` where a number is not finite.
    package func text(
        as format: SummaryFormat, folder: String? = nil, style: TextStyle = .plain
    ) throws(ResultError) -> String {
        switch format {
        case .text: TextReport(self, folder: folder).text(style: style)
        case .json: try json()
        case .csv: csv
        case .junit: JUnitReport(self).text
        case .markdown: MarkdownReport(self).text
        case .github: GitHubAnnotations(self).text
        case .gitlab: GitLabMetrics(self).text
        case .bencher: try BencherJSON(self).json()
        case .benchmarkAction: try BenchmarkActionJSON(self, .smaller).json()
        case .benchmarkActionBigger: try BenchmarkActionJSON(self, .bigger).json()
        }
    }
}
