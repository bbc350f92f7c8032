import Capacity
import Comparisons
import FoundationEssentials
import Pages
import Reports
import Results

/// Pages of what is stored and is no plain run.
enum StoredPage {
    /// Of a comparison or a capacity search; nil where the folder is of neither.
    static func read(_ path: String) throws(ResultError) -> Page? {
        let files = ResultFolder(path: path).files
        if files.contains(capacityFile) { return try capacity(path).page }
        guard files.contains(Comparison.fileName) else { return nil }
        let courses = ComparedCourse.all(of: try LoggedRun.read(folder: path).record)
        let comparison = try Comparison.read("\(path)/\(Comparison.fileName)")
        return ComparisonPage(comparison, courses: courses).page
    }

    private static let capacityFile = "capacity.json"

    private static func capacity(_ path: String) throws(ResultError) -> CapacityPage {
        let file = "\(path)/\(capacityFile)"
        let data = Data(try readAll(file))
        guard let answer = try? JSONDecoder().decode(CapacityAnswer.self, from: data) else {
            throw .corrupt(path: file, reason: "not the answer of a capacity search")
        }
        guard answer.format == CapacityAnswer.currentFormat else {
            throw .unknownFormat(path: file, format: answer.format)
        }
        return CapacityPage(answer, name: try name(path), target: nil)
    }

    /// Of the scenario, as the search stored it.
    private static func name(_ path: String) throws(ResultError) -> String {
        let text = String(decoding: try readAll("\(path)/scenario.yaml"), as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix("name: ") }
        return line.map { $0.dropFirst("name: ".count).filter { $0 != "\"" } } ?? "capacity"
    }
}
