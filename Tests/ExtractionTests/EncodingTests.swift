import Models
import Testing

@testable import Extraction

/// Text files of before Unicode, and others that do not say how they are encoded.
struct EncodingTests {
    private func encoding(
        _ bytes: [UInt8], _ mediaType: String? = nil, stated: TextEncoding? = nil
    ) throws -> String {
        try EncodingRecognition.encoding(of: bytes, stated: stated, mediaType: mediaType).name
    }

    private func text(_ bytes: [UInt8], _ mediaType: String? = nil) throws -> String {
        let encoding = try EncodingRecognition.encoding(of: bytes, mediaType: mediaType)
        return try TextExtractor.extract(bytes, as: .text, in: encoding).text
    }

    // MARK: UTF-16 without a mark

    private func wide(_ text: String, lowByteFirst: Bool) -> [UInt8] {
        text.utf16.flatMap { unit -> [UInt8] in
            let (low, high) = (UInt8(unit & 0xFF), UInt8(unit >> 8))
            return lowByteFirst ? [low, high] : [high, low]
        }
    }

    /// Half of an ASCII letter is NUL, but not every text has one.
    @Test(
        arguments: [
            "保証期間は三年間です。", "Гарантия", "保修期为三年。我们会在两个星期内寄回。", "보증기간은삼년입니다", "ประกันสามปี", "תקופתהאחריות",
        ], [true, false])
    func utf16NeedsNoASCII(text: String, lowByteFirst: Bool) throws {
        let bytes = wide(text, lowByteFirst: lowByteFirst)
        let name = lowByteFirst ? "utf-16le" : "utf-16be"
        #expect(try self.text(bytes, "text/plain; charset=\(name)") == text)
        #expect(try encoding(bytes, "text/plain; charset=\(name)") == name)
        #expect(try encoding(bytes, stated: TextEncoding(label: name)) == name)
    }

    @Test(arguments: ["保証期間は三年間です。", "Гарантия", "保修期为三年。我们会在两个星期内寄回。", "ประกันสามปี"])
    func controlCharactersShowUTF16(source: String) throws {
        for lowByteFirst in [true, false] {
            #expect(try text(wide(source, lowByteFirst: lowByteFirst)) == source, "\(lowByteFirst)")
        }
    }

    @Test func westernTextIsNotUTF16() throws {
        for text in ["abcdef", "The quick brown fox."] {
            #expect(try encoding(Array(text.utf8), "text/plain; charset=utf-16") == "utf-8")
        }
        #expect(try text([0x63, 0x61, 0x66, 0xE9, 2, 0x21]) == "café\u{2}!")
        let line = Array("Les journ".utf8) + [0xE9] + Array("es sont longues".utf8) + [1] + Array(" ici.".utf8)
        #expect(try encoding(line + (line.count % 2 == 0 ? [] : [0x21])) == "windows-1252")
    }

    // MARK: Control characters

    @Test(arguments: [
        ("Parts list of the pump\nGasket\n\u{1A}", "Parts list of the pump\nGasket\n"),
        ("a\u{1A}\u{1A}\u{1A}", "a"), ("N\u{8}NA\u{8}AM\u{8}ME\u{8}E", "NAME"),
        ("_\u{8}f_\u{8}i_\u{8}l_\u{8}e", "file"), ("f\u{8}_i\u{8}_x", "fix"), ("é\u{8}é\u{8}é!", "é!"),
        ("+\u{8}+\u{8}o one", "o one"),
        ("\u{1B}[1;31mError\u{1B}[0m: disk \u{1B}[4mfull\u{1B}[24m", "Error: disk full"), ("a\u{8} b", "a\u{8} b"),
        ("Bed\u{2} and break\u{1}fast", "Bed\u{2} and break\u{1}fast"),
    ])
    func controlsOfTerminalsAreResolved(source: String, expected: String) throws {
        #expect(try text(Array(source.utf8)) == expected)
    }

    // MARK: Detection

    @Test(arguments: Sample.all) func encodingsAreDetected(sample: Sample) throws {
        #expect(try text(sample.bytes) == sample.text)
        #expect(try encoding(sample.bytes) == sample.encoding)
    }

    @Test(arguments: Sample.all) func theyAreDetectedInLargeFiles(sample: Sample) throws {
        let isWide = sample.encoding.utf8.starts(with: "utf-16".utf8)
        let line: [UInt8] = sample.encoding == "utf-16le" ? [10, 0] : isWide ? [0, 10] : [10]
        let bytes = Array(repeatElement(sample.bytes + line, count: 3_000).joined())
        #expect(try encoding(bytes) == sample.encoding)
    }

    @Test(arguments: Sample.all) func whatIsStatedIsTaken(sample: Sample) throws {
        let stated = try #require(TextEncoding(label: sample.encoding))
        let found = try FormatDetector.detect(bytes: sample.bytes, name: "a.txt", declared: nil, charset: stated)
        #expect(found.encoding == stated)
        let text = try TextExtractor.extract(sample.bytes, as: .text, in: found.encoding)
        #expect(text.text == sample.text && text.encoding == sample.encoding)
    }

    /// A few signs tell nothing about the encoding of English text.
    @Test(arguments: [
        ([0x35, 0x20, 0xB0, 0x43], "5 °C"), ([0x69, 0x74, 0x92, 0x73], "it’s"), ([0x35, 0x20, 0x80], "5 €"),
        ([0x33, 0x20, 0xD7, 0x20, 0x34], "3 × 4"), ([0xBD, 0x20, 0x63, 0x75, 0x70], "½ cup"),
        ([0x63, 0x61, 0x66, 0xE9], "café"), ([0x95, 0x20, 0x4F, 0x6E, 0x65], "• One"),
        ([0x53, 0x74, 0x72, 0x61, 0xDF, 0x65], "Straße"),
    ])
    func afterAFewSignsTextIsWestern(bytes: [UInt8], expected: String) throws {
        #expect(try text(bytes) == expected)
    }

    @Test func whatIsNoTextInAnyEncodingIsRefused() {
        var state: UInt32 = 7
        let noise = (0..<4_000).map { _ -> UInt8 in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(0x80 | state >> 25)
        }
        #expect {
            try encoding(noise)
        } throws: { error in
            guard case ExtractionError.unreadable(let reason) = error else { return false }
            return reason.contains("charset")
        }
    }

    /// 日本 in Shift_JIS could be “ú–{ as well.
    @Test func whatCouldBeTwoTextsIsRefused() {
        #expect(throws: ExtractionError.self) { try encoding([0x93, 0xFA, 0x96, 0x7B]) }
    }

    @Test(arguments: ["before \0 after it", "a\0b", "Some text with a NUL\0", "Größe\0 in it"])
    func textWithNULsIsNoText(text: String) {
        for bytes in [Array(text.utf8), Array((text + "!").utf8)] {
            #expect(throws: ExtractionError.unsupported("The file is not a text document.")) { try encoding(bytes) }
        }
    }

    // MARK: Declarations

    @Test(arguments: [
        "<html><head><meta charset=\"KOI8-R\"><title>x</title></head><body><p>",
        "<!-- <meta charset=utf-8> --><html><meta charset = 'koi8-r' /><p>",
        "<html><META http-equiv=content-type content='text/html; charset=koi8-r'><p>",
        "<?xml version=\"1.0\" encoding=\"koi8-r\"?><html><body><p>",
        "\n  <!DOCTYPE html>\n<meta name=viewport content=x>\n<meta charset=koi8-r>\n<p>",
    ])
    func pagesDeclareTheirEncoding(head: String) throws {
        // "Да" in KOI8-R, which alone could be anything.
        let bytes = Array(head.utf8) + [0xE4, 0xC1]
        #expect(try encoding(bytes) == "koi8-r")
        let found = try FormatDetector.detect(bytes: bytes, name: "a.html", declared: "text/html", charset: nil)
        #expect(try TextExtractor.extract(bytes, as: found.type, in: found.encoding).text == "Да")
    }

    @Test(arguments: [
        "text/plain; charset=koi8-r", "text/plain;charset=\"KOI8-R\"", "text/csv; header=present; charset='koi8-r'",
        "text/plain; Charset=KOI8_R",
    ])
    func partsDeclareTheirEncoding(mediaType: String) throws {
        #expect(try encoding([0xE4, 0xC1], mediaType) == "koi8-r")
    }

    @Test func aByteOrderMarkOverrulesWhatIsDeclaredAndStated() throws {
        let bytes = [0xEF, 0xBB, 0xBF] + Array("Größe".utf8)
        #expect(try encoding(bytes, "text/plain; charset=iso-8859-1", stated: .windows1252) == "utf-8")
        #expect(try text(bytes, "text/plain; charset=iso-8859-1") == "Größe")
    }

    @Test func theBytesOverruleWhatCannotBeTrue() throws {
        // Servers and libraries that declare Latin-1 whatever the text is.
        #expect(try encoding(Array("Größe".utf8), "text/plain; charset=iso-8859-1") == "utf-8")
        let russian = try #require(Sample.all.first { $0.encoding == "windows-1251" })
        #expect(try encoding(russian.bytes, "text/plain; charset=iso-8859-1") == "windows-1251")
        #expect(try encoding(russian.bytes, "text/plain; charset=utf-8") == "windows-1251")
        #expect(try encoding(Array("a".utf8) + [0xE9], "text/plain; charset=us-ascii") == "windows-1252")
        // Or UTF-8, whatever the page says.
        let page = Array("<meta charset=koi8-r><p>".utf8) + [0xE4, 0xC1]
        #expect(try encoding(page, "text/html; charset=utf-8") == "koi8-r")
        // Two Chinese characters that are UTF-8 by chance.
        #expect(try encoding([0xC1, 0xAA, 0xCD, 0xA8], "text/plain; charset=gb2312") == "gb18030")
    }

    @Test func unknownDeclarationsCountAsNone() throws {
        #expect(try encoding(Array("Größe".utf8), "text/plain; charset=klingon") == "utf-8")
        #expect(try encoding(Array("Größe".utf8), "text/plain; charset=") == "utf-8")
        // It could not be read if it were true.
        #expect(try encoding(Array("<meta charset=utf-16><p>Größe".utf8)) == "utf-8")
    }

    @Test func aFileThatIsNotEncodedAsStatedIsRefused() throws {
        let japanese = try #require(TextEncoding(label: "shift_jis"))
        #expect(throws: ExtractionError.unreadable("The file is not encoded as shift_jis.")) {
            try encoding(Array("Größe und Länge über alles für alle".utf8) + [0xFF, 0xFE, 0xFD], stated: japanese)
        }
        #expect(throws: ExtractionError.unreadable("The file is not encoded as utf-8.")) {
            try encoding([0x63, 0x61, 0x66, 0xE9], stated: .utf8)
        }
    }

    @Test func theBytesTellTheOrderOfUTF16() throws {
        let stated = try #require(TextEncoding(label: "utf-16"))
        #expect(try encoding([0, 0x48, 0, 0x69], stated: stated) == "utf-16be")
        #expect(try encoding([0x48, 0, 0x69, 0], stated: stated) == "utf-16le")
        // Pairs of letters in Windows-1251 are no letters in UTF-16.
        let cyrillic: [UInt8] = [0xCF, 0xF0, 0xEE, 0xE2, 0xE5, 0xF0, 0xEA, 0xE0, 0x20, 0xF1, 0xE2, 0xFF, 0xE7, 0xE8]
        #expect(throws: ExtractionError.self) { try encoding(cyrillic + cyrillic, stated: stated) }
        #expect(throws: ExtractionError.self) { try encoding(Array("ASCII!".utf8), stated: stated) }
    }

    @Test(arguments: [
        ("latin1", "windows-1252"), ("ISO_8859-1:1987", "windows-1252"), ("L2", "iso-8859-2"),
        ("cp1251", "windows-1251"),
        ("CP866", "ibm866"), ("437", "ibm437"), ("SJIS", "shift_jis"), ("windows-31j", "shift_jis"), ("GBK", "gb18030"),
        ("gb2312", "gb18030"), ("UTF8", "utf-8"), ("ks_c_5601-1987", "euc-kr"), ("x-mac-roman", "macintosh"),
        ("TIS-620", "windows-874"), ("iso8859-15", "iso-8859-15"), ("iso-8859-9", "windows-1254"), ("ujis", "euc-jp"),
    ])
    func labelsAreThoseOfTheWeb(label: String, name: String) {
        #expect(TextEncoding(label: label)?.name == name)
        #expect(TextEncoding(label: name)?.name == name)
    }

    @Test(arguments: ["", "x", "klingon", "utf-7", "iso-8859-12", "cp0"]) func otherLabelsAreUnknown(label: String) {
        #expect(TextEncoding(label: label) == nil)
    }

    // MARK: Tables

    @Test func everyTableIsComplete() {
        for name in SingleByteTable.names {
            let table = SingleByteTable(named: name)
            #expect(table.scalars.count == 128)
            #expect(table.scalars.count { $0 != EncodingTables.none } > 50, "\(name)")
        }
        #expect(MultiByteTables.jis.count == 100 * 94)
        #expect(MultiByteTables.table(for: .gb18030).count == 126 * 190)
        #expect(MultiByteTables.table(for: .big5).count == 120 * 157)
        #expect(MultiByteTables.table(for: .eucKR).count == 126 * 190)
    }

    /// The first and the last code of each kind, from the standards.
    @Test(arguments: [
        ("shift_jis", [0x81, 0x41], "、"), ("shift_jis", [0xEA, 0xA4], "熙"), ("shift_jis", [0xFC, 0x4B], "黑"),
        ("shift_jis", [0xB1], "ｱ"), ("euc-jp", [0xA1, 0xA2], "、"), ("euc-jp", [0xF4, 0xA6], "熙"),
        ("euc-jp", [0x8E, 0xB1], "ｱ"), ("gb18030", [0x81, 0x40], "丂"), ("gb18030", [0xF7, 0xFE], "齄"),
        ("gb18030", [0x80], "€"), ("gb18030", [0x81, 0x30, 0x84, 0x36], "¥"),
        ("gb18030", [0x82, 0x35, 0x8F, 0x33], "龦"),
        ("gb18030", [0x84, 0x31, 0xA2, 0x34], "\u{FFE6}"), ("gb18030", [0x94, 0x39, 0xDA, 0x33], "💩"),
        ("big5", [0xA1, 0x42], "、"), ("big5", [0xF9, 0xD5], "龘"), ("big5", [0x87, 0x40], "䏰"),
        ("euc-kr", [0x81, 0x41], "갂"), ("euc-kr", [0xB0, 0xA1], "가"), ("euc-kr", [0xFD, 0xFE], "詰"),
    ])
    func codesAreDecodedAsTheStandardsSay(label: String, bytes: [UInt8], expected: String) throws {
        let encoding = try #require(TextEncoding(label: label))
        #expect(String(decoding: TextDecoder.decode(bytes, as: encoding), as: UTF8.self) == expected)
    }

    @Test(arguments: MultiByteEncoding.allCases) func anyBytesBecomeWellFormedText(encoding: MultiByteEncoding) {
        for lead in UInt8.min...UInt8.max {
            for trail in UInt8.min...UInt8.max {
                for bytes in [[lead, trail], [lead, trail, 0x81, 0x30], [0x61, lead], [lead, trail, 0x0A]] {
                    let text = bytes.withUnsafeBufferPointer { encoding.decode($0) }
                    #expect(String(validating: text, as: UTF8.self) != nil)
                    if bytes.last == 0x0A { #expect(text.last == 0x0A, "a line end is never a second half") }
                }
            }
        }
    }
}
