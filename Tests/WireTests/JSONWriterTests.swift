import Testing

@testable import Wire

/// Strings are escaped sixteen bytes at a time; what comes out must be what a byte at a time gives.
@Suite struct JSONWriterTests {
    /// RFC 8259 section 7, a byte at a time.
    private static func escaped(_ text: [UInt8]) -> [UInt8] {
        text.flatMap { byte -> [UInt8] in
            switch byte {
            case 0x22: Array(#"\""#.utf8)
            case 0x5C: Array(#"\\"#.utf8)
            case 0x0A: Array(#"\n"#.utf8)
            case 0x0D: Array(#"\r"#.utf8)
            case 0x09: Array(#"\t"#.utf8)
            case 0..<0x20, 0x7F: Array(#"\u00"#.utf8) + [Hex.digit(byte >> 4), Hex.digit(byte & 15)]
            default: [byte]
            }
        }
    }

    private static func quoted(_ text: [UInt8]) -> [UInt8] { [0x22] + escaped(text) + [0x22] }

    private static func written(_ text: [UInt8], isEmbedded: Bool) -> [UInt8] {
        var writer = JSONWriter()
        text.withUnsafeBufferPointer { utf8 in
            if isEmbedded { writer.embedded { $0.value(utf8: utf8) } } else { writer.value(utf8: utf8) }
        }
        return Array(writer.buffer.bytes)
    }

    private static func check(_ text: [UInt8]) {
        #expect(written(text, isEmbedded: false) == quoted(text), "\(text)")
        #expect(written(text, isEmbedded: true) == quoted(quoted(text)), "\(text)")
    }

    @Test func everyByteIsEscapedInEveryPlace() {
        for byte in UInt8.min ... .max {
            for length in [1, 7, 8, 9, 15, 16, 17, 24, 31, 33] {
                for place in 0..<length {
                    var text = (0..<length).map { UInt8(ascii: "0") + UInt8($0) }
                    text[place] = byte
                    Self.check(text)
                }
            }
        }
    }

    @Test func specialsMayStandSideBySide() {
        let specials: [UInt8] = [0x22, 0x5C, 0x0A, 0x00, 0x1F, 0x7F, 0x20, 0x21, 0x80, 0xFF]
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<5000 {
            let length = Int.random(in: 0...40, using: &generator)
            Self.check(
                (0..<length).map { _ in Bool.random() ? specials.randomElement() ?? 0 : UInt8.random(in: 0...255) })
        }
    }

    @Test func longTextsAreEscapedInBlocks() {
        for length in [4095, 4096, 4097, 12_345] {
            Self.check((0..<length).map { $0.isMultiple(of: 4096) ? 0x01 : UInt8(truncatingIfNeeded: $0) })
        }
    }

    // MARK: Known JSON

    @Test func oneStringOfKnownJSONIsFilledIn() {
        let (before, after): (StaticString, StaticString) = (#"[{"url":"#, #"},2]"#)
        var writer = JSONWriter()
        writer.array { writer in
            for text in ["/a", "\"b"] {
                writer.raw(
                    UnsafeBufferPointer(start: before.utf8Start, count: before.utf8CodeUnitCount), with: text,
                    UnsafeBufferPointer(start: after.utf8Start, count: after.utf8CodeUnitCount))
            }
        }
        #expect(writer.buffer.text == #"[[{"url":"/a"},2],[{"url":"\"b"},2]]"#)
    }

    // MARK: Values that were worked out

    @Test func theOldestValueMakesRoom() {
        var values = RecentValues<Int, String>()
        for number in 0..<200 { values.insert("\(number)", for: number) }
        #expect(values[199] == "199")
        #expect(values[136] == "136")
        #expect(values[135] == nil)
    }
}
