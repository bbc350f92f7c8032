import Foundation
import Synchronization

/// What a `StageTarget` knows of its payments.
final class StageLedger: Sendable {
    struct Entries: Sendable {
        /// By payment id, in letters and digits: where its connection was broken off.
        var broken: [String: StageTarget.Break] = [:]
        /// Connections that were broken off before it read of what payment; each was of one.
        var anonymous: [StageTarget.Break: Int] = [:]
        /// Read to the last byte, so that they may have been booked.
        var booked: Set<String> = []
        var accepted: Set<String> = []
    }

    private let state = Mutex((entries: Entries(), connections: 0))
    private let breaks: [StageTarget.Break]

    init(_ breaks: [StageTarget.Break]) { self.breaks = breaks }

    var entries: Entries { state.withLock { $0.entries } }

    /// Of the next connection; nil for the first one.
    func nextBreak() -> StageTarget.Break? {
        let number = state.withLock { state in
            defer { state.connections += 1 }
            return state.connections
        }
        return number == 0 ? nil : breaks[(number - 1) % breaks.count]
    }

    func breaksOff(_ fate: StageTarget.Break) {
        state.withLock { $0.entries.anonymous[fate, default: 0] += 1 }
    }

    func breaksOff(_ fate: StageTarget.Break, id: String) {
        state.withLock { $0.entries.broken[id] = fate }
    }

    func books(_ id: String) { state.withLock { _ = $0.entries.booked.insert(id) } }
    func accepts(_ id: String) { state.withLock { _ = $0.entries.accepted.insert(id) } }

    /// Of a request's first line, once that is there.
    static func paymentID(_ request: String) -> String? {
        guard request.contains("\r\n"), let name = request.firstRange(of: "paymentId=") else {
            return nil
        }
        return key(request[name.upperBound...].prefix { $0.isHexDigit || $0 == "-" })
    }

    static func isWhole(_ request: String) -> Bool {
        guard let end = request.firstRange(of: "\r\n\r\n"),
            let length = request.firstRange(of: "Content-Length: ")
        else { return false }
        let digits = request[length.upperBound...].prefix { $0.isNumber }
        return request[end.upperBound...].utf8.count == Int(digits)
    }

    /// As ids are compared.
    static func key(_ id: some StringProtocol) -> String {
        id.replacingOccurrences(of: "-", with: "").lowercased()
    }
}
