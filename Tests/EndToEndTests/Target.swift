import Foundation
import Testing

/// `paybench simulate` as a process of its own, with its ledger.
final class Target {
    private struct Addresses: Decodable {
        var payments: String
        var admin: String
        var authority: String?
    }

    /// `GET /ledger`
    struct Ledger: Decodable {
        var requests: Int
        var payments: Int
        var bookings: Int
        var distinctPaymentIds: Int
        var bookedTwiceOrMore: Int
        var answers: [String: Int]
        var scriptedAnswers: [String: Int]
        var drops: [String: Int]
        var unsent: Int
    }

    /// Nanoseconds of CLOCK_MONOTONIC, as the service saw them.
    struct AnswerTimes {
        var arrival: Int64
        var due: Int64
        var answered: Int64
    }

    struct Entry {
        var arrivals: Int
        var bookings: Int
        var answer: String
    }

    /// `http://127.0.0.1:40123`
    let address: String
    /// File of the CA to trust, where it serves TLS.
    let authority: String?
    private let adminPort: Int
    private let command: Command
    private let folder: Folder

    init(
        _ provider: [String] = [], _ precedence: Precedence = .usual, arguments: [String] = []
    ) throws {
        folder = try Folder()
        let lines = ["version: 1", "name: target", "seed: 7"] + provider
        let file = try folder.write(lines.joined(separator: "\n") + "\n", as: "provider.yaml")
        let command = try Command(
            ["simulate", file, "--json"] + arguments, in: folder, precedence)
        self.command = command
        try eventually(within: 30, "the simulator says where it listens") {
            command.outputSoFar.contains("\n")
        }
        let addresses = try JSONDecoder().decode(
            Addresses.self, from: Data(command.outputSoFar.utf8))
        address = addresses.payments
        authority = addresses.authority
        adminPort = try #require(URL(string: addresses.admin)?.port)
    }

    func die() throws {
        command.signal(SIGKILL)
        _ = try command.wait()
    }

    var ledger: Ledger {
        get throws {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try decoder.decode(
                Ledger.self, from: Data(Socket.get("/ledger", port: adminPort).utf8))
        }
    }

    /// By payment id.
    var entries: [String: Entry] {
        get throws {
            let lines = try Socket.get("/ledger/entries", port: adminPort).split(separator: "\n")
            return try lines.dropFirst().reduce(into: [:]) { entries, line in
                let cells = line.split(separator: ",", omittingEmptySubsequences: false)
                entries[String(cells[0])] = Entry(
                    arrivals: try #require(Int(cells[1])), bookings: try #require(Int(cells[2])),
                    answer: String(cells[3]))
            }
        }
    }

    var entriesAddress: String { "http://127.0.0.1:\(adminPort)/ledger/entries" }

    /// Nothing is on its way any more.
    var isQuiet: Bool {
        get throws {
            let before = try Socket.get("/ledger/entries", port: adminPort)
            usleep(600_000)
            return try before == Socket.get("/ledger/entries", port: adminPort)
        }
    }

    /// By payment id without hyphens; of a target that was started with `--times`.
    var times: [String: AnswerTimes] {
        get throws {
            let lines = try Socket.get("/timing/payments", port: adminPort).split(separator: "\n")
            return try lines.dropFirst().reduce(into: [:]) { times, line in
                let cells = line.split(separator: ",")
                times[String(cells[0])] = AnswerTimes(
                    arrival: try #require(Int64(cells[1])), due: try #require(Int64(cells[2])),
                    answered: try #require(Int64(cells[3])))
            }
        }
    }

    func waitForPayments(_ count: Int) throws {
        try eventually(within: 30, "\(count) payments arrive") {
            try ledger.payments >= count
        }
    }
}
