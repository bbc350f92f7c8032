import Testing

@testable import Histograms

/// The V2 encoding against published vectors, and everything that it is not.
@Suite struct CodingTests {
    /// 1×1, 1000×5, 2047×1, 2048×2, 2049×1, 10000×3, 123456×7, one hour ×1: decoded alike by the Python
    /// and the C library.
    private static let text =
        "HISTFAAAADJ42pNpmSzMwMAAwiDADKUZQcS1yUsY7D9ARZhO83OtFmBiO6jMdtqK7/IbRiYA2pwKAg=="
    private static let plain = bytes(
        "1c849313000000130000000000000003000000000000000100000000d693a4003ff0000000000000"
            + "0002cb0f0aab100206c12306cb3a0ed3ec0102")
    private static let header = Array(plain.prefix(40))

    private static let sample: Histogram = {
        let rows: [(UInt64, Int)] = [
            (1, 1), (1000, 5), (2047, 1), (2048, 2), (2049, 1), (10000, 3), (123_456, 7),
            (3_600_000_000, 1),
        ]
        return Histogram(rows.flatMap { [UInt64](repeating: $0, count: $1) })
    }()

    @Test(
        arguments: [
            (0, "00"), (1, "02"), (-1, "01"), (63, "7e"), (64, "8001"), (-65, "8101"),
            (8192, "808001"), (1 << 31, "8080808010"), (1 << 62, "808080808080808080"),
            (.max, "feffffffffffffffff"), (.min, "ffffffffffffffffff"),
        ] as [(Int64, String)])
    func numbersAreThePublishedOnes(number: Int64, hexadecimal: String) throws {
        var written: [UInt8] = []
        ZigZag.append(number, to: &written)
        #expect(written == bytes(hexadecimal))
        var reader = ByteReader(written)
        #expect(try ZigZag.next(from: &reader) == number)
        #expect(reader.remaining == 0)
    }

    @Test func thePublishedHistogramIsWrittenByteForByte() throws {
        #expect(V2Encoding.bytes(of: Self.sample) == Self.plain)
        #expect(try V2Encoding.histogram(of: Self.plain).table == Self.sample.table)
    }

    @Test func thePublishedTextIsRead() throws {
        var decompressor = HistogramDecompressor()
        let decoded = try decompressor.histogram(of: Base64.bytes(of: [UInt8](Self.text.utf8)[...]))
        #expect(decoded.table == Self.sample.table)
        #expect(decoded.count == 21)
        #expect(decoded.value(at: 0.5) == 10007)
        #expect(decoded.value(at: 0.95) == 123_519)
        #expect(decoded.minimum == 1)
        #expect(decoded.maximum == 3_600_809_983)
    }

    @Test func aCompressedHistogramBeginsAsAllDo() {
        var compressor = HistogramCompressor()
        var text: [UInt8] = []
        Base64.append(compressor.bytes(of: Self.sample), to: &text)
        #expect(String(decoding: text, as: UTF8.self).hasPrefix("HISTFAAAA"))
    }

    @Test func anEmptyHistogramIsOneEmptyBucket() throws {
        let bytes = V2Encoding.bytes(of: Histogram())
        #expect(Array(bytes.dropFirst(40)) == [0])
        #expect(try V2Encoding.histogram(of: bytes).isEmpty)
    }

    /// Java writes one empty bucket as a count of 0, C and Python as a run of 1.
    @Test func bothFormsOfOneEmptyBucketAreRead() throws {
        let java = try V2Encoding.histogram(of: Self.encoding(payload: [0x00, 0x02]))
        let c = try V2Encoding.histogram(of: Self.encoding(payload: [0x01, 0x02]))
        #expect(java.table == [1: 1])
        #expect(c.table == java.table)
    }

    @Test func aFullHistogramFitsTheBound() throws {
        var full = Histogram(
            (0..<Buckets.total).map { min(Buckets.lowestValue(at: $0), Buckets.highest) })
        for _ in 0..<48 { full.add(full) }
        let bytes = V2Encoding.bytes(of: full)
        #expect(bytes.count <= V2Encoding.mostBytes)
        var compressor = HistogramCompressor()
        var decompressor = HistogramDecompressor()
        #expect(try decompressor.histogram(of: compressor.bytes(of: full)).table == full.table)
    }

    private static func encoding(payload: [UInt8]) -> [UInt8] {
        changing(header + payload, at: 4, to: Array(bytes: Int32(payload.count)))
    }

    private static func changing(_ bytes: [UInt8], at offset: Int, to new: [UInt8]) -> [UInt8] {
        var bytes = bytes
        bytes.replaceSubrange(offset..<(offset + new.count), with: new)
        return bytes
    }

    private static let malformed: [([UInt8], HistogramCodingError)] = [
        ([], .truncated(at: 0)),
        (Array(plain.prefix(39)), .truncated(at: 39)),
        // V1, and a compressed one where a plain one belongs.
        (changing(plain, at: 0, to: [0x1c, 0x84, 0x93, 0x01]), .unknownCookie(0x1c84_9301)),
        (changing(plain, at: 0, to: [0x1c, 0x84, 0x93, 0x14]), .unknownCookie(0x1c84_9314)),
        (Array(plain.dropLast()), .lengthMismatch(stated: 19, found: 18)),
        (plain + [0], .lengthMismatch(stated: 19, found: 20)),
        (
            changing(plain, at: 4, to: Array(bytes: Int32(-1))),
            .lengthMismatch(stated: -1, found: 19)
        ),
        (changing(plain, at: 8, to: Array(bytes: Int32(5))), .shifted(by: 5)),
        (
            changing(plain, at: 12, to: Array(bytes: Int32(2))),
            .otherLayout(lowest: 1, significantDigits: 2)
        ),
        (
            changing(plain, at: 16, to: Array(bytes: Int64(1000))),
            .otherLayout(lowest: 1000, significantDigits: 3)
        ),
        (changing(plain, at: 32, to: Array(bytes: (2.0).bitPattern)), .scaled(by: 2)),
        // A number that does not end.
        (encoding(payload: [0x80, 0x80]), .truncated(at: 42)),
        // 23,552 empty buckets and then a count; one empty bucket too many; the most negative run.
        (encoding(payload: number(-23_552) + number(1)), .beyondHighest),
        (encoding(payload: number(-23_553)), .beyondHighest),
        (encoding(payload: number(.min)), .beyondHighest),
        (encoding(payload: number(.max) + number(1)), .tooManyValues),
    ]

    private static func number(_ number: Int64) -> [UInt8] {
        var bytes: [UInt8] = []
        ZigZag.append(number, to: &bytes)
        return bytes
    }

    @Test(arguments: malformed)
    func whatIsNoHistogramIsSaidToBe(bytes: [UInt8], error: HistogramCodingError) {
        #expect(throws: error) { try V2Encoding.histogram(of: bytes) }
    }

    @Test func whatIsNotCompressedRightIsSaidToBe() throws {
        var compressor = HistogramCompressor()
        let good = compressor.bytes(of: Self.sample)
        let held = good.count - 8
        func error(_ bytes: [UInt8]) -> HistogramCodingError? {
            var decompressor = HistogramDecompressor()
            do throws(HistogramCodingError) {
                _ = try decompressor.histogram(of: bytes)
                return nil
            } catch {
                return error
            }
        }
        #expect(error(good) == nil)
        #expect(error([0x1c]) == .truncated(at: 1))
        #expect(error(Self.plain) == .unknownCookie(0x1c84_9313))
        #expect(error(good + [0]) == .lengthMismatch(stated: held, found: held + 1))
        let cut = Array(good.dropLast(3))
        #expect(error(cut) == .lengthMismatch(stated: held, found: held - 3))
        let admitted = Self.changing(cut, at: 4, to: Array(bytes: Int32(held - 3)))
        #expect(error(admitted) == .corruptStream)
        #expect(error(Self.changing(good, at: 8, to: [0, 0])) == .corruptStream)
        // The stream ends before the bytes do.
        let longer = Self.changing(good + [1, 2], at: 4, to: Array(bytes: Int32(held + 2)))
        #expect(error(longer) == .lengthMismatch(stated: held + 2, found: held))
    }

    /// A few hundred bytes that would inflate to megabytes.
    @Test func aBombIsRefusedAtTheBound() {
        let bomb = CompressionSample.stream(zeros: 8 << 20)
        let bytes = [0x1c, 0x84, 0x93, 0x14] + Array(bytes: Int32(bomb.count)) + bomb
        #expect(bytes.count < 16_384)
        #expect(throws: HistogramCodingError.tooLarge(limit: V2Encoding.mostBytes)) {
            var decompressor = HistogramDecompressor()
            _ = try decompressor.histogram(of: bytes)
        }
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
    func base64IsThatOfRFC4648(plain: String, text: String) throws {
        var written: [UInt8] = []
        Base64.append([UInt8](plain.utf8), to: &written)
        #expect(String(decoding: written, as: UTF8.self) == text)
        #expect(try Base64.bytes(of: [UInt8](text.utf8)[...]) == [UInt8](plain.utf8))
    }

    @Test(arguments: [
        ("Zg=", 3), ("Z", 1), ("Zm9v====", 4), ("Z===", 1), ("Zm 9", 2), ("Zm9-", 3), ("=m9v", 0),
    ])
    func whatIsNotBase64IsSaidWhere(text: String, offset: Int) {
        #expect(throws: HistogramCodingError.notBase64(at: offset)) {
            try Base64.bytes(of: [UInt8](text.utf8)[...])
        }
    }
}

extension [UInt8] {
    /// Big-endian.
    init<Number: FixedWidthInteger>(bytes number: Number) {
        self = []
        append(number: number)
    }
}
