import Testing

@testable import Wire

/// What makes one `Character` with the byte before or behind it must not hide that byte.
@Suite struct ByteSearchTests {
    private static let joiners = ["\u{301}", "\u{200D}", "\u{FE0F}", "\u{338}", "\u{E0100}"]

    @Test(arguments: joiners) func aByteIsFoundBesideAnything(_ joiner: String) {
        for text in ["a,\(joiner)b", "a\u{600},b", "a\u{110BD},\(joiner)b"] {
            #expect(text.split(atByte: ",").count == 2)
            #expect(text.contains(byte: ",") && text.firstIndex(ofByte: ",") == text.lastIndex(ofByte: ","))
            #expect(text.prefix(beforeAnyOf: ";,").utf8.count < text.utf8.count)
        }
        #expect("x=\(joiner)1".starts(withBytes: "x=") && "1\(joiner)".without(prefix: "1") == joiner[...])
        #expect("\u{600}://h".firstIndex(ofBytes: "://") != nil)
        #expect("a\u{600};".ends(withBytes: ";"))
    }

    @Test func nothingElseIsTakenForAByte() {
        #expect("a\u{37E}b".split(atByte: ";").count == 1)
        #expect("\u{212A}ſİ".lowercasedASCII == "\u{212A}ſİ" && "\u{212A}".lowercased() == "k")
        #expect("ſı".uppercasedASCII == "ſı" && "aZ9".uppercasedASCII == "AZ9")
        #expect(!"e\u{301}".hasSameBytes(as: "\u{E9}"))
    }

    @Test func piecesAreCountedAsWithTheStandardLibrary() {
        for text in ["", ",", "a", "a,b", ",a,,b,"] {
            for omits in [true, false] {
                #expect(
                    text.split(atByte: ",", omittingEmptySubsequences: omits)
                        == text.split(separator: ",", omittingEmptySubsequences: omits))
                #expect(
                    text.split(atByte: ",", maxSplits: 1, omittingEmptySubsequences: omits)
                        == text.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: omits))
            }
        }
    }

    @Test(arguments: [#""\ud800""#, #""\udc00\ud800""#, #""a\uD83Db""#, #"{"\udfff":1}"#, #"["\ud83d\u0041"]"#])
    func halvesOfSurrogatePairsAreRefused(_ text: String) throws {
        #expect(throws: JSONError.self) { try JSONReader.parse(text) }
        let bytes = Array(text.utf8)
        let repaired = try bytes.withUnsafeBufferPointer { try JSONReader.parse($0, repairsSurrogates: true) }
        #expect(repaired.text.contains("\u{FFFD}"))
    }

    @Test func addressesEndWhereTheyEnd() {
        #expect(IPAddress("192.0.2.1\0junk") == nil && IPAddress("192.0.2.1") != nil)
    }
}
