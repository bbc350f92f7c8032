import Zlib

/// Decompression of bodies (RFC 1951, RFC 1952), bounded in what comes out.
enum Inflate {
    enum Format {
        case gzip
        /// Raw, without the frame of RFC 1950: what the service takes as `deflate`.
        case deflate

        /// The `windowBits` that zlib knows the format by.
        fileprivate var windowBits: Int32 {
            switch self {
            case .gzip: MAX_WBITS + 16
            case .deflate: -MAX_WBITS
            }
        }
    }

    private static let chunkBytes = 16 << 10

    /// - Parameter limit: bytes above which the result is `tooLarge`.
    static func inflated(
        _ body: Span<UInt8>, _ format: Format, limit: Int
    ) throws(BindingFault) -> [UInt8] {
        // zlib keeps a pointer to the stream, which therefore must not move.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(stream, format.windowBits, ZLIB_VERSION, size) == Z_OK else {
            throw .notCompressed
        }
        defer { inflateEnd(stream) }
        // Swift can't carry the error's type through both closures.
        let result: Result<[UInt8], BindingFault> = body.withUnsafeBufferPointer { input in
            // `next_in` is not const in the C interface, and only read.
            stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.pointee.avail_in = UInt32(clamping: input.count)
            return run(stream, limit: limit)
        }
        return try result.get()
    }

    private static func run(
        _ stream: UnsafeMutablePointer<z_stream>, limit: Int
    ) -> Result<[UInt8], BindingFault> {
        var output: [UInt8] = []
        while true {
            var code = Z_OK
            let chunk = [UInt8](unsafeUninitializedCapacity: chunkBytes) { target, count in
                stream.pointee.next_out = target.baseAddress
                stream.pointee.avail_out = UInt32(chunkBytes)
                code = inflate(stream, Z_NO_FLUSH)
                count = chunkBytes - Int(stream.pointee.avail_out)
            }
            output += chunk
            if output.count > limit { return .failure(.tooLarge) }
            if code == Z_STREAM_END { return .success(output) }
            // Without progress the input has ended before the stream has.
            guard code == Z_OK, !chunk.isEmpty || stream.pointee.avail_in > 0 else {
                return .failure(.notCompressed)
            }
        }
    }
}
