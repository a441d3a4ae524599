import Models
import Testing

@testable import Extraction

@Suite struct RTFTests {
    private func outline(_ body: String) throws -> [String] { try outline(Array("{\\rtf1\\ansi \(body)}".utf8)) }

    private func outline(_ bytes: [UInt8]) throws -> [String] {
        #expect(try FormatDetector.detect(bytes: bytes, name: "x.rtf", declared: nil) == .rtf)
        return outlined(try TextExtractor.extract(bytes, as: .rtf))
    }

    @Test func lettersInEveryEncodingAreRead() throws {
        let fonts = """
            {\\fonttbl{\\f0\\fcharset0 Arial;}{\\f1\\fcharset204 Arial Cyr;}{\\f2\\fcharset128 MS Mincho;}{\\f3\\fcharset2 Symbol;}
            {\\f4\\fcharset134{\\*\\panose 02} SimSun;}\\f5\\fswiss\\cpg1253 Helvetica;}
            """
        let cases: [(String, String)] = [
            ("Gr\\'fc\\'dfe \\'80", "Grüße €"), ("\\f1 \\'cf\\'f0\\'e8\\f0\\'e4", "Приä"),
            ("{\\f2\\'93\\'fa}x", "日x"),
            ("\\f2 \\'95\\\\ \\'83\\'5c", "表 ソ"), ("\\f4\\'c4\\'e3 \\'ba\\'c3", "你 好"), ("\\f5\\'e1", "α"),
            ("\\f3\\'b7\\f0  x", "• x"), ("\\u1055?\\u1088\\'3f\\u1080 ?!", "При!"),
            ("\\uc2\\u26085\\'93\\'fa x", "日 x"),
            ("{\\uc0\\u26085}\\u233 ?a", "日éa"), ("\\u-10179?\\u-8704?", "😀"), ("\\u55357 ?\\u56832 ?", "😀"),
            ("\\u55357?x", "x"), ("\\u-3913?y", "•y"), ("\\u8220\\ldblquote z", "“z"), ("\\u8364{?}", "€?"),
            ("a\\~b\\-c\\_d\\emdash  \\rquote\\bullet\\{\\}\\\\", "a bc-d— ’•{}\\"), ("a\\tab b\\line c", "a b c"),
            ("{\\upr{A?}{\\*\\ud{A\\u352?}}}b", "AŠb"), ("\\ansicpg1251\\f9\\'cf{\\f0\\'e4}", "Пä"),
            ("\\mac\\f9\\'8e", "é"),
            ("a\\bin5 }}}}}b", "ab"), ("a\\'zz b", "azz b"), ("x\\u99999999999999999999?y", "x\u{FFFD}y"),
        ]
        for (source, text) in cases { #expect(try outline(fonts + source) == ["p: \(text)"], "\(source)") }
    }

    @Test func bytesBeyondASCIIAreOfTheCodePage() throws {
        #expect(try outline(Array("{\\rtf1\\ansicpg1251 ".utf8) + [0xCF, 0xF0, 0xE8] + Array("}".utf8)) == ["p: При"])
        #expect(try outline(Array("{\\rtf1\\ansicpg932 ".utf8) + [0x93, 0xFA] + Array("}\n\0\0".utf8)) == ["p: 日"])
    }

    @Test func structureIsFoundByStylesAndMarkers() throws {
        let styles = """
            {\\stylesheet{\\s0 Normal;}{\\s1\\sbasedon0 heading 1;}{\\s2\\outlinelevel2 Eigene;}{\\s3\\sbasedon1 Mine;}{\\s4 toc 1;}
            {\\s5\\sbasedon6 A;}{\\s6\\sbasedon5 B;}{\\*\\cs10 heading 2;}}
            """
        let body = """
            \\pard\\s1 Title\\par\\pard\\s4 Title 1\\par\\pard\\s2 Own\\par\\s3 Based\\par\\pard\\s5 Circle\\par\\pard\\outlinelevel1 Direct
            \\par\\pard\\s1\\outlinelevel9 Not\\par
            {\\listtext\\pard\\plain 1.\\tab}\\ls1 first\\par{\\pntext\\f3\\'b7\\tab}second\\par\\pard\\ls2 third\\par\\pard
            {\\listtext 2.1\\tab}\\s1 Numbered\\par\\pard\\fi-360 \\bullet\\tab typed\\par\\endash\\tab dash\\par 3)\\tab three\\par
            Word\\tab none\\par
            """
        #expect(
            try outline(styles + body) == [
                "h1: Title", "h3: Own", "h1: Based", "p: Circle", "h2: Direct", "p: Not", "li: 1. first",
                "li: - second",
                "li: - third", "h1: 2.1 Numbered", "li: - typed", "li: - dash", "li: 3) three", "p: Word none",
            ])
        let text = try TextExtractor.extract(Array("{\\rtf1 \(styles)\(body)}".utf8), as: .rtf)
        #expect(text.title == "Title")
    }

    @Test func whatReadersDoNotSeeIsLeftOut() throws {
        let body = """
            {\\info{\\title no}}{\\header no\\par}{\\*\\generator no;}{\\pict\\bin3 {}}}{\\*\\unknown no{no}}a{\\v no}{\\deleted no}
            {\\field{\\*\\fldinst HYPERLINK "no"}{\\fldrslt  link}}{\\object{\\*\\objdata 00}{\\result  shown}}{\\*\\annotation no}
            {\\*\\shppict{\\pict no}}{\\nonshppict{\\pict no}}{\\footnote \\chftn  One.\\par Two.}\\v0  b\\par
            {\\shp{\\*\\shpinst{\\sp{\\sn x}{\\sv no}}{\\shptxt Boxed\\par}}{\\shprslt no}}{\\*\\footnote N}c
            """
        #expect(
            try outline(body) == ["p: a link shown b", "p: One. Two.", "p: c", "p: Boxed", "p: N"])
    }

    @Test func tablesHaveOneGrid() throws {
        let body = """
            \\trowd\\trhdr\\cellx1000\\cellx3010\\pard\\intbl Part\\cell Cost\\cell\\row
            \\trowd\\clvmgf\\cellx1000\\cellx2000\\cellx3000 Piles\\par oak\\cell 410\\cell 95\\cell\\row
            \\trowd\\clvmrg\\cellx1000\\cellx2000\\cellx3000\\cell 12\\cell 3\\cell\\row
            \\trowd\\cellx1000\\clmgf\\cellx2000\\clmrg\\cellx3000 Lamps\\cell 7\\cell\\cell\\row
            \\pard After\\par
            \\trowd\\cellx1000\\cellx2000\\intbl out\\par\\pard\\intbl\\itap2 x\\nestcell y\\nestcell{\\*\\nesttableprops\\trowd\\cellx10
            \\cellx20\\nestrow}{\\nonesttables\\par}\\pard\\intbl\\itap1 er\\cell z{\\footnote Note.}\\cell\\row\\pard
            """
        #expect(
            try outline(body) == [
                "row: Part: Piles oak; Cost: 410; Cost: 95", "row: Part: Piles oak; Cost: 12; Cost: 3",
                "row: Part: Lamps; Cost: 7", "p: After", "p: out", "row: x; y", "p: er", "p: z", "p: Note.",
            ])
    }

    @Test(arguments: [
        ("{\\rtf1 a", "ends in the middle"), ("{\\rtf1 {a}", "ends in the middle"),
        ("{\\rtf1\\bin999999999 }", "in the middle"),
        ("{\\rtfx a}", "damaged"), (String(repeating: "{\\rtf1", count: 600), "too deeply"),
    ])
    func damageIsTold(source: String, reason: String) {
        #expect {
            try TextExtractor.extract(Array(source.utf8), as: .rtf)
        } throws: {
            guard case ExtractionError.unreadable(let message) = $0 else { return false }
            return message.contains(reason)
        }
    }

    @Test func anEmptyDocumentHasNoText() throws {
        #expect(try outline("").isEmpty)
        #expect(try outline("}} behind the end {").isEmpty)
    }

    /// Each pattern could take quadratic time, or more memory than its source.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "\\cell", "\\row", "\\cellx1", "\\trowd\\intbl\\cellx9\\cell\\row", "\\par", "\\itap9 a\\par\\itap0 b\\par",
            "{\\footnote a}",
            "{\\s1 a;}", "\\u55357", "\\'93", "\\f1\\f2 a", "{}", "\\bin", "\\intbl a\\nestcell\\nestrow",
            "{\\listtext 1.}a\\par",
            "\\trowd\\cellx1\\cellx99999 a\\cell\\cell\\row",
        ])
    func patternsStayLinear(pattern: String) throws {
        let source = "{\\rtf1 " + String(repeating: pattern, count: 300_000 / pattern.utf8.count) + "}"
        let text = try TextExtractor.extract(Array(source.utf8), as: .rtf)
        #expect(text.text.utf8.count <= 2 * source.utf8.count)
    }
}
