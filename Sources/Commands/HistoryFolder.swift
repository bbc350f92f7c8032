import Digests
import Glibc
import Reports
import Results

/// The runs whose result folders lie in a folder.
struct HistoryFolder {
    private(set) var runs: [HistoryRun] = []
    /// What looks like a result and can't be used, with the reason.
    private(set) var skipped: [String] = []

    /// Reads the `summary.json` of each; what is no result folder is passed over in silence.
    ///
    /// Fails where the folder is not there, or is a result itself.
    static func read(_ path: String) throws(ResultError) -> HistoryFolder {
        let folder = ResultFolder(path: path)
        guard folder.isThere else { throw .system(.read, path: path, code: ENOENT) }
        guard !folder.isComplete else {
            throw .corrupt(
                path: path, reason: "this is one result; the folder that results lie in is expected"
            )
        }
        var found = HistoryFolder()
        for name in folder.files.sorted() { found.add(name, in: path) }
        return found
    }

    private mutating func add(_ name: String, in parent: String) {
        let folder = ResultFolder(path: "\(parent)/\(name)")
        guard folder.isComplete else {
            if folder.hasLog {
                skipped.append(
                    "\(folder.path.printable): no summary.json; the run was killed, or goes on")
            }
            return
        }
        do throws(ResultError) {
            let summary = try Summary.read(folder.path)
            runs.append(
                HistoryRun(
                    summary, folder: name, environment: summary.environment?.machineID))
        } catch {
            skipped.append(error.description)
        }
    }
}

extension EnvironmentRecord {
    /// Alike on machines of a kind: the first 12 hexadecimal digits of the SHA-256 of kernel, processor
    /// and cores. Not the host's name: each job of a pipeline may have another.
    fileprivate var machineID: String {
        let parts = [kernel, cpuModel ?? "", String(cores)]
        let text = parts.joined(separator: "\n")
        return String(SHA256.hexadecimal(of: Array(text.utf8)).prefix(12))
    }
}
