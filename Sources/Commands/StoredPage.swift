import Capacity
import Comparisons
import FoundationEssentials
import Pages
import Reports
import Results

/// The page of a stored comparison or capacity search, and its drawings.
struct StoredPage {
    let page: Page
    let drawings: [(name: String, drawing: SVGDrawing)]

    /// nil where the folder is of a plain run.
    init?(_ path: String) throws(ResultError) {
        let folder = ResultFolder(path: path)
        if folder.files.contains(Self.capacityFile) {
            let made = try Self.capacity(path)
            (page, drawings) = (made.page, made.drawings)
        } else if folder.files.contains(Comparison.fileName) {
            let courses = ComparedCourse.all(of: try LoggedRun.read(folder: path).record)
            let made = ComparisonPage(
                try Comparison.read("\(path)/\(Comparison.fileName)"), courses: courses)
            (page, drawings) = (made.page, made.drawings)
        } else {
            return nil
        }
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
