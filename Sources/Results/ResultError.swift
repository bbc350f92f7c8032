import Glibc

/// Why a result could not be written or read.
package enum ResultError: Error, Sendable, Equatable {
    package enum Action: String, Sendable {
        case create, write, read
    }

    /// The system refused; `code` is its `errno`.
    case system(Action, path: String, code: Int32)
    /// A version that this program does not know.
    case unknownFormat(path: String, format: String)
    /// Not a summary, or one that contradicts itself.
    case corrupt(path: String, reason: String)
}

extension ResultError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .system(let action, let path, let code):
            "cannot \(action.rawValue) \(path.printable): \(String(cString: strerror(code)))"
        case .unknownFormat(let path, let format):
            "\(path.printable): format \(format.printable) is unknown here; this program reads "
                + (format.hasPrefix(IntervalLog.family)
                    ? IntervalLog.currentFormat : Summary.currentFormat)
        case .corrupt(let path, let reason):
            "\(path.printable): \(reason.printable)"
        }
    }
}
