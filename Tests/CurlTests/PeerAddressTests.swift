import Curl
import Testing

@Suite struct PeerAddressTests {
    @Test(
        arguments: [
            ([127, 0, 0, 1], true), ([127, 255, 0, 9], true), ([128, 0, 0, 1], false),
            ([10, 0, 0, 1], false), ([0, 0, 0, 0], false),
        ] as [([UInt8], Bool)])
    func onlyNet127IsLoopbackInIPv4(bytes: [UInt8], isLoopback: Bool) {
        #expect(PeerAddress(bytes: bytes).isLoopback == isLoopback)
    }

    @Test func theLoopbackOfIPv6IsOneAddressAndTheMappedNet127() {
        let zeros = [UInt8](repeating: 0, count: 10)
        #expect(PeerAddress(bytes: zeros + [0, 0, 0, 0, 0, 1]).isLoopback)
        #expect(!PeerAddress(bytes: zeros + [0, 0, 0, 0, 0, 0]).isLoopback)
        #expect(!PeerAddress(bytes: zeros + [0, 0, 0, 0, 0, 2]).isLoopback)
        #expect(PeerAddress(bytes: zeros + [0xFF, 0xFF, 127, 0, 0, 1]).isLoopback)
        #expect(!PeerAddress(bytes: zeros + [0xFF, 0xFF, 10, 0, 0, 1]).isLoopback)
        #expect(!PeerAddress(bytes: [0xFE, 0x80] + zeros + [0, 0, 0, 1]).isLoopback)
    }

    @Test func addressesAreWrittenInTheUsualNotation() {
        #expect(PeerAddress(bytes: [127, 0, 0, 1]).text == "127.0.0.1")
        let one = [UInt8](repeating: 0, count: 15) + [1]
        #expect(PeerAddress(bytes: one).text == "::1")
    }

    @Test func aLiteralResolvesToItself() throws {
        #expect(try PeerAddress.resolve("127.0.0.1") == [PeerAddress(bytes: [127, 0, 0, 1])])
    }

    @Test func aNameThatNobodyHasDoesNotResolve() {
        #expect(throws: ResolutionError.self) { try PeerAddress.resolve("nobody.invalid") }
    }
}
