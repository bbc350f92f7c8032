import Zlib

enum CompressionSample {
    /// A zlib stream of so many zero bytes.
    static func stream(zeros count: Int) -> [UInt8] {
        let plain = [UInt8](repeating: 0, count: count)
        var length = compressBound(UInt(count))
        var stream = [UInt8](repeating: 0, count: Int(length))
        compress(&stream, &length, plain, UInt(count))
        return Array(stream.prefix(Int(length)))
    }
}
