import Curl
import Payments

/// One request, as a row of the samples.
package struct Sample: Sendable {
    package var end: PaymentEnd
    /// Index into the tally's codes; nil where the outcome has none.
    package var code: Int?
    /// 0 where no answer came.
    package var httpStatus: Int
    /// From sent, in µs; nil where it did not come to that.
    package var firstByte: UInt64?
    package var connect: UInt64?
    package var tls: UInt64?
    /// A connection was opened for it.
    package var opensConnection: Bool
    package var bytesSent: Int
    package var bytesReceived: Int
    package var attempts: Int
    /// Bytes of `SampleBatch.ids`.
    package var id: Range<Int>
}

/// The requests that one tally counts, one by one; only where the run asks for it.
package struct SampleBatch: Sendable {
    package private(set) var samples: [Sample] = []
    /// Their payment ids, one behind the other.
    package private(set) var ids: [UInt8] = []

    /// - Parameter id: writes the payment's id and returns its length.
    mutating func append(
        _ sample: Sample, idRoom: Int, id: (UnsafeMutableRawBufferPointer) -> Int
    ) {
        let start = ids.count
        ids.append(contentsOf: repeatElement(0, count: idRoom))
        let length = ids.withUnsafeMutableBytes { bytes in
            id(UnsafeMutableRawBufferPointer(rebasing: bytes[start...]))
        }
        ids.removeLast(idRoom - length)
        var sample = sample
        sample.id = start..<(start + length)
        samples.append(sample)
    }

    mutating func removeAll() {
        samples.removeAll(keepingCapacity: true)
        ids.removeAll(keepingCapacity: true)
    }
}
