import HTTP
import Testing

/// `Range` (RFC 9110 section 14): what is asked for, what may be ignored, and what cannot be satisfied.
struct ByteRangeTests {
    @Test(arguments: [
        ("bytes=0-0", 0..<1), ("bytes=0-99", 0..<100), ("bytes=0-", 0..<100), ("bytes=10-19", 10..<20),
        ("bytes=99-99", 99..<100), ("bytes=90-1000", 90..<100), ("bytes=-1", 99..<100), ("bytes=-100", 0..<100),
        ("bytes=-1000", 0..<100), ("bytes= 10 - 19 ", 10..<20), ("bytes=0-99999999999999999999", 0..<100),
        ("bytes=0-9223372036854775807", 0..<100), ("bytes=-99999999999999999999", 0..<100), ("bytes=00-009", 0..<10),
    ])
    func partsAreFound(_ header: String, _ range: Range<Int>) throws {
        #expect(try ByteRange.parse(header, size: 100) == range)
    }

    @Test(arguments: [
        nil, "", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-4", "bytes=1-2-3", "bytes=0-1,4-5", "bytes=+1-2",
        "bytes=1.5-2", "items=0-1", "Bytes=0-1", "bytes=0x1-2", "bytes=٠-١", "bytes=0-1\u{301}",
    ])
    func whatIsNotARangeIsIgnored(_ header: String?) throws {
        #expect(try ByteRange.parse(header, size: 100) == nil)
    }

    @Test(arguments: [
        ("bytes=100-", 100), ("bytes=100-200", 100), ("bytes=-0", 100), ("bytes=0-", 0), ("bytes=-5", 0),
        ("bytes=0-0", 0),
        ("bytes=99999999999999999999-", 100), ("bytes=9223372036854775807-9223372036854775807", 100),
    ])
    func whatLiesOutsideIsRefused(_ header: String, _ size: Int) throws {
        let error = try #require(throws: ByteRange.Unsatisfiable.self) { try ByteRange.parse(header, size: size) }
        #expect(error.contentRange == "bytes */\(size)")
    }
}
