import Payments
import Synchronization

/// One request as `--samples` writes it. Instants are seconds since 1970, UTC; times µs.
package struct SampleRow: Sendable {
    package var paymentID: String
    package var phase: String
    /// nil where the run has one target.
    package var adapter: String?
    package var payment: String
    package var outcome: Outcome
    package var code: String?
    package var httpStatus: Int?
    package var intended: Double
    /// nil where the request never got a slot.
    package var sent: Double?
    package var completed: Double
    package var responseTime: UInt64
    package var serviceTime: UInt64
    package var sendDelay: UInt64
    package var firstByte: UInt64?
    package var connect: UInt64?
    package var tls: UInt64?
    package var opensConnection: Bool
    package var attempts: Int
    package var bytesSent: Int
    package var bytesReceived: Int

    package init(
        paymentID: String, phase: String, adapter: String? = nil, payment: String,
        outcome: Outcome, code: String?, httpStatus: Int?, intended: Double, sent: Double?,
        completed: Double,
        responseTime: UInt64, serviceTime: UInt64, sendDelay: UInt64, firstByte: UInt64?,
        connect: UInt64?, tls: UInt64?, opensConnection: Bool, attempts: Int, bytesSent: Int,
        bytesReceived: Int
    ) {
        self.paymentID = paymentID
        self.phase = phase
        self.adapter = adapter
        self.payment = payment
        self.outcome = outcome
        self.code = code
        self.httpStatus = httpStatus
        self.intended = intended
        self.sent = sent
        self.completed = completed
        self.responseTime = responseTime
        self.serviceTime = serviceTime
        self.sendDelay = sendDelay
        self.firstByte = firstByte
        self.connect = connect
        self.tls = tls
        self.opensConnection = opensConnection
        self.attempts = attempts
        self.bytesSent = bytesSent
        self.bytesReceived = bytesReceived
    }

    static let header =
        "payment_id,phase,payment,outcome,code,http_status,intended,sent,completed,"
        + "response_time_us,service_time_us,send_delay_us,first_byte_us,connect_us,tls_us,"
        + "opened_connection,attempts,bytes_sent,bytes_received,adapter\n"

    var csv: String {
        CSV.row([
            .text(paymentID), .text(phase), .text(payment), .text(outcome.name), .foreign(code),
            .integer(httpStatus), .instant(intended), .instant(sent), .instant(completed),
            .microseconds(responseTime), .microseconds(serviceTime), .microseconds(sendDelay),
            .microseconds(firstByte), .microseconds(connect), .microseconds(tls),
            .text(opensConnection ? "1" : "0"), .integer(attempts), .integer(bytesSent),
            .integer(bytesReceived), .text(adapter ?? ""),
        ])
    }
}

/// A file with one row a request, in the order in which they ended at each worker. Rows reach the system
/// with each `append`; until `finish()` the file has another name. Any thread may call.
package final class SampleWriter: Sendable {
    /// nil once finished.
    private let file: Mutex<StagedFile?>

    /// - Parameter path: its folder is there; a file that is there is replaced at the end.
    package init(path: String) throws(ResultError) {
        let cut = path.lastIndex(of: "/")
        let folder = cut.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let name = cut.map { String(path[path.index(after: $0)...]) } ?? path
        let staged = try StagedFile(name, in: folder)
        try staged.write(SampleRow.header)
        file = Mutex(staged)
    }

    /// - Precondition: `finish()` was not called.
    package func append(_ rows: some Sequence<SampleRow>) throws(ResultError) {
        let text = rows.reduce(into: "") { $0 += $1.csv }
        guard !text.isEmpty else { return }
        try file.withLock { (staged) throws(ResultError) in
            guard staged != nil else { preconditionFailure("the samples were finished before") }
            try staged?.write(text)
        }
    }

    /// Syncs the file and gives it its name; the second time, nothing.
    package func finish() throws(ResultError) {
        try file.withLock { (staged) throws(ResultError) in
            guard let whole = staged.take() else { return }
            try whole.commit()
        }
    }
}
