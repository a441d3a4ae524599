import Testing

@testable import Wire

/// Strings are unescaped in blocks of 64 bytes and of eight; what comes out must be what a byte at a time gives.
@Suite struct JSONReaderTests {
    /// What stands between two quotation marks of a JSON text, and what it means.
    private struct Piece {
        var written: [UInt8]
        var meaning: [UInt8]

        static func plain(_ byte: UInt8) -> Piece { Piece(written: [byte], meaning: [byte]) }

        static func escape(_ written: String, _ meaning: String) -> Piece {
            Piece(written: Array(written.utf8), meaning: Array(meaning.utf8))
        }
    }

    private static let escapes: [Piece] = [
        .escape(#"\""#, "\""), .escape(#"\\"#, "\\"), .escape(#"\/"#, "/"), .escape(#"\n"#, "\n"),
        .escape(#"\u0022"#, "\""), .escape(#"\ud83d\ude00"#, "😀"),
    ]

    private static func reading<T>(_ text: [UInt8], _ body: (inout JSONReader) throws -> T) throws -> T {
        try text.withUnsafeBufferPointer { bytes in
            var reader = JSONReader(bytes)
            let value = try body(&reader)
            try reader.finish()
            return value
        }
    }

    private static func check(_ pieces: [Piece], sourceLocation: SourceLocation = #_sourceLocation) throws {
        let text = [0x22] + pieces.flatMap(\.written) + [0x22]
        let meaning = pieces.flatMap(\.meaning)
        let context = Comment(rawValue: String(decoding: text, as: UTF8.self))
        #expect(try reading(text) { try $0.readBytes() } == meaning, context, sourceLocation: sourceLocation)
        let string = try reading(text) { try $0.readString() }
        #expect(Array(string.utf8) == meaning, context, sourceLocation: sourceLocation)
    }

    @Test func everyEscapeIsReadInEveryPlace() throws {
        let filler = Piece.plain(UInt8(ascii: "x"))
        for length in [0, 1, 7, 8, 30, 63, 64, 65, 127, 128, 160, 300] {
            for place in 0...length {
                for escape in Self.escapes {
                    var pieces = [Piece](repeating: filler, count: length)
                    pieces.insert(escape, at: place)
                    try Self.check(pieces)
                    pieces.insert(escape, at: place)
                    try Self.check(pieces)
                }
            }
        }
    }

    @Test func specialsMayStandSideBySide() throws {
        for _ in 0..<3000 {
            let share = Int.random(in: 1...20)
            let pieces = (0..<Int.random(in: 0...400)).map { _ in
                Int.random(in: 0..<share) == 0
                    ? Self.escapes.randomElement() ?? .plain(0x20) : Piece.plain(UInt8.random(in: 0x5D...0x7E))
            }
            try Self.check(pieces)
        }
    }

    @Test func longStringsAreReadInBlocks() throws {
        for length in [4095, 4096, 4097, 12_345, 100_000] {
            try Self.check((0..<length).map { $0 % 7 == 0 ? Self.escapes[$0 % 2] : .plain(UInt8(ascii: "x")) })
        }
    }

    @Test func aStringEndsAtItsQuotationMark() throws {
        for length in 0...200 {
            let text =
                [0x5B, 0x22] + [UInt8](repeating: 0x61, count: length)
                + Array(#"","\" another, long \\ enough", "é"]"#.utf8)
            let items = try Self.reading(text) { reader in
                var items: [String] = []
                try reader.readArray { (reader) throws(JSONError) in
                    items.append(String(decoding: try reader.readBytes(), as: UTF8.self))
                }
                return items
            }
            #expect(items == [String(repeating: "a", count: length), "\" another, long \\ enough", "é"])
        }
    }

    /// What is wrong, and how many bytes behind its beginning the error is told.
    private static let faults: [(text: [UInt8], reason: String, offset: Int)] = [
        ([0x0A], "Unescaped control character in a string", 0),
        ([0x00], "Unescaped control character in a string", 0),
        (Array(#"\x"#.utf8), "Bad escape", 1),
        (Array(#"\u12g4"#.utf8), "Bad \\u escape", 1),
    ]

    @Test func faultsAreFoundInEveryPlace() {
        for fault in Self.faults {
            for place in 0...200 {
                let before = [0x22] + (0..<place).map { UInt8(ascii: "a") + UInt8($0 % 26) }
                let text = before + fault.text + [UInt8](repeating: 0x62, count: 150) + [0x22]
                let expected = JSONError(reason: fault.reason, offset: before.count + fault.offset)
                #expect(throws: expected) { try Self.reading(text) { try $0.readBytes() } }
                #expect(throws: expected) { try Self.reading(text) { try $0.readString() } }
            }
        }
    }

    @Test func whatIsNotUTF8IsRefusedInEveryPlace() throws {
        for place in 0...200 {
            for (bytes, isUTF8) in [([0xC3, 0xA9], true), ([0xC3, 0x28], false), ([0xFF], false)] as [([UInt8], Bool)] {
                let content = [UInt8](repeating: 0x61, count: place) + bytes + [UInt8](repeating: 0x62, count: 150)
                let text = [0x22] + content + [0x22]
                if isUTF8 {
                    #expect(try Self.reading(text) { try $0.readBytes() } == content)
                } else {
                    #expect(throws: JSONError.self) { try Self.reading(text) { try $0.readBytes() } }
                }
            }
        }
    }

    @Test func aStringWithoutAnEndIsRefused() {
        for length in 0...200 {
            for end in ["", "\\", "\\u12"] {
                let text = [0x22] + [UInt8](repeating: 0x61, count: length) + Array(end.utf8)
                #expect(throws: JSONError.self) { try Self.reading(text) { try $0.readBytes() } }
            }
        }
    }
}
