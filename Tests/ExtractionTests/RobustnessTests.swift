import Models
import TestSupport
import Testing

@testable import Extraction

/// One after the other: a test that waits for a processor would use up its limit of time.
@Suite(.serialized) struct RobustnessTests {
    static let types: [DocumentType] = [.text, .markdown, .html, .csv, .json]

    private static let seeds = [
        "<!doctype html><title>T</title><h1>A</h1><p>x &amp; y &#x41; <table><tr><th>a<td>b</table>"
            + "<pre>c</pre><ul><li>d</ul><script>e</script><!-- f --><nav>g</nav>",
        "<table><thead><tr><td rowspan=2>a<td colspan=2>b<tr><td>c<td>d</thead><tr><td rowspan=0>1<td><table><tr><th>x"
            + "</table><td><ol start=3><li>2</ol></table><details><summary>s</summary><ul><li><p>t</ul></details>",
        "> [!note] t\n\n!!! tip \"x\"\n    - a\n\n      b\n\n::: {.n}\n<table><tr><th>a<td>b</table>\n:::\n```{note}\nc\n```\n",
        "---\ntitle: x\n---\n# H\n\n- a [l](u) ![i](p)\n\n|a|b|\n|-|-|\n|1|2|\n\n"
            + "```\ncode\n```\n\n    i\n",
        "a;b;\"c\"\"d\"\n1;2;\"x\ny\"\n",
        #"{"a":[1,{"b":"\u00e9\ud83d\ude00"},null,true],"c":-1e5}"#,
        "{'a': 1, // b\n c: [2,], /* d */ \"e\": NaN}\n{\"f\": \"\\u0000\"}\n",
        "---\na: [1, 'b', {c: \"d\"}]\ne:\n  - f: |\n      g\n---\nText.\n",
        "+++\na = [1, {b = 'c'}]\n[d.e]\nf = \"\"\"g\nh\"\"\"\n+++\nText.\n",
        "sep=|\nNote: x|\n\n|2019|2020\na|1|2\n\"b|\"3\"|4\n\nc|d\ne|5\n",
        "  5. A Title.\n\n   4. Run In. You may go.\n\n****\nX\n===\n\n"
            + "    a) item\n    b) item 3.5 e.g. x.\n",
    ]

    private func check(_ bytes: [UInt8]) {
        for type in Self.types {
            guard let text = try? TextExtractor.extract(bytes, as: type) else { continue }
            let count = text.text.utf8.count
            for block in text.blocks {
                #expect(block.range.lowerBound >= 0 && block.range.upperBound <= count)
            }
            expectBounds(PassageSplitter.split(text), of: text)
        }
        _ = try? FormatDetector.detect(bytes: bytes, name: "x", declared: nil)
    }

    @Test func survivesRandomBytes() {
        var random = Random(state: 1)
        for length in [0, 1, 2, 3, 7, 64, 1_000, 5_000] {
            for _ in 0..<20 { check(bytes(length, from: &random)) }
        }
        check([0x50, 0x4B, 3, 4] + bytes(400, from: &random))
    }

    private func bytes(_ count: Int, from random: inout Random) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    @Test func survivesTruncation() {
        for seed in Self.seeds {
            let bytes = Array(seed.utf8)
            for length in 0...bytes.count { check(Array(bytes[..<length])) }
        }
    }

    @Test func survivesMutation() {
        var random = Random(state: 2)
        for seed in Self.seeds {
            for _ in 0..<150 {
                var bytes = Array((seed + seed).utf8)
                for _ in 0..<Int.random(in: 1...12, using: &random) {
                    let index = Int.random(in: 0..<bytes.count, using: &random)
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                    case 1: bytes.remove(at: index)
                    default: bytes.insert(contentsOf: bytes[index...].prefix(9), at: index)
                    }
                }
                check(bytes)
            }
        }
    }

    /// Malformed XML and damaged packages yield an error or a document, never a crash.
    @Test func wordDocumentsSurviveMutation() throws {
        let run = "<w:r><w:t>Text &amp; more</w:t><w:tab/><w:footnoteReference w:id=\"1\"/></w:r>"
        let body = """
            <w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>\(run)</w:p><w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr><w:tc>
            <w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p>\(run)</w:p></w:tc><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>
            <w:p>\(run)</w:p></w:tc></w:tr><w:tr><w:tc><w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>\(run)</w:p>
            <w:tbl><w:tr><w:tc/></w:tr></w:tbl></w:tc><w:tc><w:tcPr><w:vMerge/></w:tcPr></w:tc></w:tr></w:tbl>
            <w:p><w:r><w:pict><w:txbxContent><w:p>\(run)</w:p></w:txbxContent></w:pict></w:r><w:del>\(run)</w:del></w:p>
            """
        var random = Random(state: 4)
        for change in try Self.changes(of: body, count: 40, &random) {
            let bytes = try WordFile(change, footnotes: "<w:footnote w:id=\"1\"><w:p>\(run)</w:p></w:footnote>").bytes()
            check(bytes, as: .docx)
        }
        let whole = try WordFile(
            body, styles: "<w:style w:styleId=\"Heading1\"><w:name w:val=\"heading 1\"/></w:style>"
        ).bytes()
        for _ in 0..<400 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            check(bytes, as: .docx)
        }
    }

    /// `text` with tags and characters removed, duplicated or swapped.
    private static func changes(of text: String, count: Int, _ random: inout Random) throws -> [String] {
        let tags = text.split(separator: "<").map { "<" + $0 }
        return (0..<count).map { _ in
            var changed = tags
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = Int.random(in: 0..<changed.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: changed.remove(at: index)
                case 1: changed.insert(changed[index], at: index)
                case 2: changed.swapAt(index, Int.random(in: 0..<changed.count, using: &random))
                default:
                    changed[index].remove(
                        at: changed[index].indices.randomElement(using: &random) ?? changed[index].startIndex)
                }
                if changed.isEmpty { changed = tags }
            }
            return changed.joined()
        }
    }

    private func check(_ bytes: [UInt8], as type: DocumentType) {
        guard let text = try? TextExtractor.extract(bytes, as: type) else { return }
        expectBounds(PassageSplitter.split(text), of: text)
    }

    /// Each of these took quadratic time in some parser.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "<", "[", "[](", "`", "``` ", "<nav>", "<table><td>", "&#", "\"a,", "* ", "![", "<!--",
            "</", "> ", "a\n\n", "1. A\n\n", "|", ". ", "{\"a\":", "#", "\\",
            "\"\"x,", "\"a\n", "{\n", "[1,\n", "a,b\n\n", "---\na: \"", "a-\n",
            "ab-\n  c d-\n",
        ])
    func staysLinear(pattern: String) {
        check(Array(String(repeating: pattern, count: 200_000 / pattern.utf8.count).utf8))
    }

    /// Spans, lists and containers, which take more time for each byte.
    @Test(
        .timeLimit(.minutes(2)),
        arguments: [
            "<tr><td rowspan=9 colspan=1000>", "<table>", "<ul><li>", "<summary>", "<th>a", "<details>\n", "<ul>\n",
            "!!! a\n", "??? \"a\"\n    ", ":::", "> [!a]\n", "```{note}\n", "- a\n\n  ", "a:\n\n- b\n\n",
        ])
    func structuresStayLinear(pattern: String) {
        check(Array(String(repeating: pattern, count: 50_000 / pattern.utf8.count).utf8))
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "<w:p/>", "&amp;", "<!--", "a<!-- -->", "<w:p a='1' b='2'/>", "<?", "]]>", "<w:t><![CDATA[x]]></w:t>",
        ])
    func xmlStaysLinear(pattern: String) throws {
        let inner = String(repeating: pattern, count: 200_000 / pattern.utf8.count)
        let source = "<w:document \(WordFile.namespaces)>\(inner)</w:document>"
        guard var reader = try? XMLReader(Array(source.utf8)) else { return }
        var output: [UInt8] = []
        while let event = try? reader.next() {
            if event == .text { try reader.appendText(to: &output) }
        }
        #expect(output.count <= source.utf8.count)
    }
}
