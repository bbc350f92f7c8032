import Payments
import Results

/// Requests as JMeter's CSV result files have them (JTL), for the tools that read those.
///
/// A sample is a payment, its label the payment's name in the mix, with `@ADAPTER` in a comparison, its
/// thread the phase. It begins when it was due, so that `elapsed` is the response time; `Latency` and
/// `Connect` begin there too. It is a success where its outcome is one that the scenario expects.
package struct JTL: Sendable {
    package static let header =
        "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,"
        + "failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect\n"

    private let target: String
    private let expectations: [String: Set<Outcome>]

    /// - Parameters:
    ///   - target: where the load went.
    ///   - expectations: the outcomes that are no error, by name of the mix; `accepted` and `declined` for
    ///     a name that is not there.
    package init(target: String, expectations: [String: Set<Outcome>]) {
        self.target = target
        self.expectations = expectations
    }

    /// Times in whole milliseconds, as JMeter has them.
    package func line(of sample: SampleRow) -> String {
        let expected = expectations[sample.payment] ?? [.accepted, .declined]
        let isSuccess = expected.contains(sample.outcome)
        let words = sample.code ?? "OK"
        // Of a request without an answer JMeter has the exception instead.
        let code = sample.httpStatus.map(String.init) ?? "Non HTTP response code: \(words)"
        let message = sample.httpStatus == nil ? "Non HTTP response message: \(words)" : words
        let label = sample.adapter.map { "\(sample.payment)@\($0)" } ?? sample.payment
        return CSV.row([
            .integer(Int((sample.intended * 1000).rounded(.down))),
            .integer(Self.milliseconds(sample.responseTime)), .text(label), .foreign(code),
            .foreign(message), .text(sample.phase), .text("text"), .text("\(isSuccess)"),
            .foreign(isSuccess ? nil : "\(sample.outcome.name): \(words)"),
            .integer(sample.bytesReceived), .integer(sample.bytesSent), .integer(1), .integer(1),
            .text(target), .integer(latency(of: sample)), .integer(0),
            .integer(connect(of: sample)),
        ])
    }

    /// Until the first byte of the answer; 0 where none came.
    private func latency(of sample: SampleRow) -> Int {
        sample.firstByte.map {
            Self.milliseconds(min(sample.sendDelay + $0, sample.responseTime))
        } ?? 0
    }

    /// Until the connection, with TLS, was there; 0 where it had been before.
    private func connect(of sample: SampleRow) -> Int {
        guard sample.opensConnection else { return 0 }
        return (sample.tls ?? sample.connect).map {
            Self.milliseconds(min(sample.sendDelay + $0, sample.responseTime))
        } ?? 0
    }

    private static func milliseconds(_ microseconds: UInt64) -> Int {
        Int((microseconds + 500) / 1000)
    }
}
