import Zlib

/// HdrHistogram's V2 encoding, compressed: 8 bytes of cookie and length, then the plain encoding as a
/// zlib stream (RFC 1950). Bytes that one compressor makes can be any that another can read.
private enum Compressed {
    static let cookie: UInt32 = 0x1c84_9304
    static let headerBytes = 8
}

/// Compresses histograms one after another with one zlib state, which is 264 KiB.
package struct HistogramCompressor: ~Copyable {
    // zlib keeps a pointer to the stream, which therefore must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    package init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let size = Int32(MemoryLayout<z_stream>.size)
        let code = deflateInit_(stream, Z_BEST_COMPRESSION, ZLIB_VERSION, size)
        precondition(code == Z_OK, "zlib has memory for its state, and its header is its own")
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    package mutating func bytes(of histogram: Histogram) -> [UInt8] {
        let plain = V2Encoding.bytes(of: histogram)
        let compressed = deflated(plain)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Compressed.headerBytes + compressed.count)
        bytes.append(number: Compressed.cookie | 0x10)
        bytes.append(number: Int32(compressed.count))
        return bytes + compressed
    }

    private mutating func deflated(_ plain: [UInt8]) -> [UInt8] {
        let limit = Int(deflateBound(stream, UInt(plain.count)))
        return [UInt8](unsafeUninitializedCapacity: limit) { target, count in
            plain.withUnsafeBufferPointer { input in
                // `next_in` is not const in the C interface, and only read.
                stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.pointee.avail_in = UInt32(input.count)
                stream.pointee.next_out = target.baseAddress
                stream.pointee.avail_out = UInt32(limit)
                let code = deflate(stream, Z_FINISH)
                precondition(code == Z_STREAM_END, "deflateBound is enough for one call")
            }
            count = limit - Int(stream.pointee.avail_out)
            deflateReset(stream)
        }
    }
}

/// Reads compressed histograms one after another with one zlib state, which is 40 KiB. While it reads
/// one, it holds 207 KiB more: the largest that there can be.
package struct HistogramDecompressor: ~Copyable {
    private let stream: UnsafeMutablePointer<z_stream>

    package init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let size = Int32(MemoryLayout<z_stream>.size)
        let code = inflateInit_(stream, ZLIB_VERSION, size)
        precondition(code == Z_OK, "zlib has memory for its state, and its header is its own")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    package mutating func histogram(
        of bytes: [UInt8]
    ) throws(HistogramCodingError) -> Histogram {
        var reader = ByteReader(bytes)
        let found = try reader.number(UInt32.self)
        guard found & ~V2Encoding.wordSizeBits == Compressed.cookie else {
            throw .unknownCookie(found)
        }
        let stated = Int(try reader.number(Int32.self))
        guard stated == reader.remaining else {
            throw .lengthMismatch(stated: stated, found: reader.remaining)
        }
        return try V2Encoding.histogram(of: inflated(bytes))
    }

    /// What the stream behind the header holds; it must fill the rest of `bytes` exactly.
    private mutating func inflated(_ bytes: [UInt8]) throws(HistogramCodingError) -> [UInt8] {
        inflateReset(stream)
        // One byte more than allowed tells too much from just enough.
        let limit = V2Encoding.mostBytes + 1
        var code = Z_OK
        let plain = [UInt8](unsafeUninitializedCapacity: limit) { target, count in
            bytes.withUnsafeBufferPointer { input in
                let start = input.baseAddress.map { $0 + Compressed.headerBytes }
                stream.pointee.next_in = UnsafeMutablePointer(mutating: start)
                stream.pointee.avail_in = UInt32(input.count - Compressed.headerBytes)
                stream.pointee.next_out = target.baseAddress
                stream.pointee.avail_out = UInt32(limit)
                code = inflate(stream, Z_FINISH)
            }
            count = limit - Int(stream.pointee.avail_out)
        }
        guard plain.count < limit else { throw .tooLarge(limit: V2Encoding.mostBytes) }
        guard code == Z_STREAM_END else { throw .corruptStream }
        let unread = Int(stream.pointee.avail_in)
        guard unread == 0 else {
            let held = bytes.count - Compressed.headerBytes
            throw .lengthMismatch(stated: held, found: held - unread)
        }
        return plain
    }
}
