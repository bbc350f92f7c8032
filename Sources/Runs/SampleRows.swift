import Engine
import Results

extension RunNames {
    /// The samples of a tally, with names and wall-clock instants.
    func rows(of tally: Tally) -> [SampleRow] {
        tally.samples.samples.map { sample in
            let end = sample.end
            let hadSlot = sample.attempts > 0
            return SampleRow(
                paymentID: String(decoding: tally.samples.ids[sample.id], as: UTF8.self),
                phase: phases[end.phase], adapter: adapters[end.phase],
                payment: payments[end.payment], outcome: end.outcome,
                code: sample.code.map { tally.codes.entries[$0].code },
                httpStatus: sample.httpStatus > 0 ? sample.httpStatus : nil,
                intended: wallClock(at: end.intended),
                sent: hadSlot ? wallClock(at: end.sent) : nil,
                completed: wallClock(at: end.completed),
                responseTime: Self.microseconds(end.completed - end.intended),
                serviceTime: Self.microseconds(end.completed - end.sent),
                sendDelay: Self.microseconds(end.sent - end.intended),
                firstByte: sample.firstByte, connect: sample.connect, tls: sample.tls,
                opensConnection: sample.opensConnection, attempts: sample.attempts,
                bytesSent: sample.bytesSent, bytesReceived: sample.bytesReceived)
        }
    }

    /// Rounded as histograms have it.
    private static func microseconds(_ nanoseconds: Int64) -> UInt64 {
        UInt64(max(0, nanoseconds) + 500) / 1_000
    }
}
