import Testing
import Wire

struct Base64Tests {
    /// RFC 4648 section 10, and the two alphabets of sections 4 and 5.
    @Test(arguments: [
        ([], "", ""), (Array("f".utf8), "Zg==", "Zg"), (Array("fo".utf8), "Zm8=", "Zm8"),
        (Array("foo".utf8), "Zm9v", "Zm9v"),
        (Array("foob".utf8), "Zm9vYg==", "Zm9vYg"), (Array("fooba".utf8), "Zm9vYmE=", "Zm9vYmE"),
        (Array("foobar".utf8), "Zm9vYmFy", "Zm9vYmFy"), ([0xFB, 0xFF], "+/8=", "-_8"),
        ([0x14, 0xFB, 0x9C, 0x03, 0xD9, 0x7E], "FPucA9l+", "FPucA9l-"),
    ])
    func bytesAndTextGoBothWays(_ bytes: [UInt8], _ standard: String, _ urlSafe: String) {
        #expect(Base64.encode(bytes) == standard)
        #expect(Base64.encodeURLSafe(bytes) == urlSafe)
        #expect(Base64.decode(standard) == bytes)
        #expect(Base64.decode(urlSafe) == bytes)
    }

    /// One value has one spelling: nothing that a lenient decoder would ignore.
    @Test(arguments: [
        "A", "A===", "AA=", "=", "==", "Zg=", "Zg===", "Zm9v=", "Zm9v====", "Z=g=", "Zh==", "Zm9=", "Zm 9v", "Zm9v\n",
        "Zm9*",
        "Zm9v\u{0}", "Zm9é",
    ])
    func otherTextIsRefused(_ text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func everyLengthGoesBothWays() {
        for length in 0..<70 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ length) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
            #expect(Base64.decode(Base64.encodeURLSafe(bytes)) == bytes)
        }
    }
}
