import ArgumentParser
import Documents
import Reports

/// What `paybench report` writes a result as.
enum ReportFormat: Equatable, ExpressibleByArgument {
    case summary(SummaryFormat)
    /// The page that people look at, `report.html`.
    case page
    /// Its charts, a file each.
    case drawings
    /// HdrHistogram's log of the latencies.
    case latencyLog
    /// The payments that were started and have no answer in the results.
    case unanswered
    /// What a scrape behind the run's end would get.
    case prometheus
    /// JMeter's CSV of the samples.
    case jtl

    private static let all: [ReportFormat] =
        SummaryFormat.allCases.map(ReportFormat.summary)
        + [.page, .drawings, .latencyLog, .unanswered, .prometheus, .jtl]

    init?(argument: String) {
        guard let format = Self.all.first(where: { $0.name == argument }) else { return nil }
        self = format
    }

    private var name: String {
        switch self {
        case .summary(let format): format.rawValue
        case .page: "html"
        case .drawings: "svg"
        case .latencyLog: "hlog"
        case .unanswered: "unanswered"
        case .prometheus: "prometheus"
        case .jtl: "jtl"
        }
    }

    var defaultValueDescription: String { name }

    static var allValueStrings: [String] { all.map(\.name) }

    static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
}

/// What a run writes beside its result folder, where it is asked to.
enum WrittenFormat: RawRepresentable, CaseIterable, Equatable, Sendable {
    case summary(SummaryFormat)
    case prometheus
    case jtl

    static let allCases: [WrittenFormat] =
        SummaryFormat.allCases.map(WrittenFormat.summary) + [.prometheus, .jtl]

    init?(rawValue: String) {
        guard let format = Self.allCases.first(where: { $0.rawValue == rawValue }) else {
            return nil
        }
        self = format
    }

    var rawValue: String {
        switch self {
        case .summary(let format): format.rawValue
        case .prometheus: "prometheus"
        case .jtl: "jtl"
        }
    }
}

/// `FORMAT=FILE`: a file that a run writes besides its result folder.
struct OutputFile<Format>: Equatable, Sendable
where Format: RawRepresentable<String> & CaseIterable & Equatable & Sendable {
    let format: Format
    let path: String

    /// Says what is wrong, what is allowed and the nearest right word.
    init(argument: String) throws {
        let names = Format.allCases.map(\.rawValue)
        let known = "formats are \(names.joined(separator: ", "))"
        guard let sign = argument.firstIndex(of: "=") else {
            throw ValidationError("FORMAT=FILE is expected; \(known)")
        }
        let name = String(argument[..<sign])
        guard let format = Format(rawValue: name) else {
            let hint = nearestWord(to: name, in: names).map { "; did you mean \"\($0)\"?" } ?? ""
            throw ValidationError("unknown format \"\(shown(name))\"; \(known)\(hint)")
        }
        self.format = format
        path = String(argument[argument.index(after: sign)...])
        guard !path.isEmpty else { throw ValidationError("no file is named behind \(name)=") }
    }
}
