import Exposition
import Payments
import Reports
import Results

/// What is made of the files of a run, and not of its summary alone.
struct RunExports {
    /// How much is written at once.
    private static let piece = 1 << 16

    let folder: ResultFolder
    let summary: Summary

    /// Where samples are, if nobody says otherwise.
    var samples: String { "\(folder.path)/samples.csv" }

    /// Prometheus' text, as a scrape behind the run's end would get it.
    func metrics() throws(ResultError) -> String {
        var log = try IntervalLogReader(folder: folder.path)
        var metrics = RunMetrics(log.start)
        while let entry = try log.next() {
            switch entry {
            case .interval(let interval): metrics.add(interval)
            case .end: break
            }
        }
        metrics.stage = .over
        metrics.verdict = summary.verdict
        return metrics.text(as: .prometheus)
    }

    /// JMeter's CSV, of the samples in the file at `path`.
    func jtl(
        samples path: String, write: (String) throws(ResultError) -> Void
    ) throws(ResultError) {
        var reader = try SampleReader(path: path)
        let jtl = JTL(target: summary.target, expectations: expectations)
        var text = JTL.header
        while let sample = try reader.next() {
            text += jtl.line(of: sample)
            guard text.utf8.count >= Self.piece else { continue }
            try write(text)
            text = ""
        }
        try write(text)
    }

    /// None where there is no log any more.
    private var expectations: [String: Set<Outcome>] {
        guard let start = try? IntervalLogReader(folder: folder.path).start else { return [:] }
        return Dictionary(
            zip(start.paymentNames, start.expectations), uniquingKeysWith: { first, _ in first })
    }
}
