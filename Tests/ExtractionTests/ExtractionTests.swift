import Models
import Testing

@testable import Extraction

/// The blocks of a document as `kind: text`, for comparison.
func outline(_ source: String, _ type: DocumentType) throws -> [String] {
    outlined(try TextExtractor.extract(Array(source.utf8), as: type))
}

func outlined(_ text: ExtractedText) -> [String] {
    text.blocks.map { block in
        let kind =
            switch block.kind {
            case .heading(let level): "h\(level)"
            case .runInHeading(let level): "run\(level)"
            case .paragraph: "p"
            case .listItem: "li"
            case .code: "code"
            case .tableRow: "row"
            case .lines: "lines"
            }
        let content = TextBytes.collapse(text.text(of: block).utf8)
        return "\(kind): \(String(decoding: content, as: UTF8.self))"
    }
}

struct DecodingTests {
    private func text(_ bytes: [UInt8]) throws -> String {
        try TextExtractor.extract(bytes, as: .text).text
    }

    @Test func wordsAreAsOneTypesThem() throws {
        #expect(
            try text(Array("inter\u{AD}national o\u{FB03}ce, \u{FB01}t \u{FB06}; \u{6AD}".utf8))
                == "international office, fit st; \u{6AD}")
        #expect(try outline("<p>inter&shy;national &#xFB02;ow</p>", .html) == ["p: international flow"])
        #expect(try outline(#"{"a":"so\u00adft"}"#, .json) == ["row: a: soft"])
    }

    @Test func knowsTheUsualEncodings() throws {
        #expect(try text([0xEF, 0xBB, 0xBF, 0x68, 0xC3, 0xA9]) == "hé")
        #expect(try text([0xFF, 0xFE, 0x68, 0, 0xE9, 0, 0x3D, 0xD8, 0, 0xDE]) == "hé😀")
        #expect(try text([0xFE, 0xFF, 0, 0x68, 0, 0xE9]) == "hé")
        #expect(try text([0xFF, 0xFE, 0, 0, 0x68, 0, 0, 0, 0, 0xF6, 1, 0]) == "h😀")
        #expect(try text([0, 0, 0xFE, 0xFF, 0, 0, 0, 0x68, 0, 1, 0xF6, 0, 0, 0x11, 0, 0]) == "h😀\u{FFFD}")
        #expect(try text([0x68, 0xE9, 0x20, 0x80, 0x20, 0x93, 0x68, 0x94]) == "hé € “h”")
        #expect(try text(Array("ééééé ".utf8) + [0xC3]) == "ééééé \u{FFFD}")
    }
}

struct LongCellTests {
    private static let long = String(repeating: "lorem ipsum ", count: 2000) + "needle"

    @Test(arguments: [
        ("a,b\n\"LONG\",2\n", DocumentType.csv), ("LONG,b\n1,2\n", .csv),
        ("| a | b |\n|---|---|\n| LONG | 2 |\n", .markdown), ("| LONG | b |\n|---|---|\n| 1 | 2 |\n", .markdown),
        ("<table><tr><th>LONG</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>", .html),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>LONG</td><td>2</td></tr></table>", .html),
    ])
    func nothingOfACellIsLeftOut(template: String, type: DocumentType) throws {
        let source = template.replacing("LONG", with: Self.long)
        let text = try TextExtractor.extract(Array(source.utf8), as: type).text
        #expect(text.contains(Self.long) && text.contains("2"))
    }
}

struct DefinitionListTests {
    @Test func termsAreOneTextWithTheirDefinition() throws {
        let source = """
            <h2>Groups</h2><dl><dt>staff</dt>
            <dd><p>Allows users to add local modifications.</p><p>More of it.</p></dd>
            <dt>adm<dt>log<dd>Reads logs.<dt><b>none</b></dt></dl><p>Behind.</p>
            <dl><dt>code</dt><dd><pre>x = 1</pre></dd><dt>last
            """
        #expect(
            try outline(source, .html) == [
                "h2: Groups", "p: staff: Allows users to add local modifications.", "p: More of it.",
                "p: adm, log: Reads logs.", "p: none", "p: Behind.", "p: code", "code: x = 1", "p: last",
            ])
    }

    @Test(arguments: [
        (
            "<dl><dt>A</dt><dd><table><tr><td>1</td><td>2</td></tr></table></dd><dt>B</dt><dd>b</dd></dl>",
            ["p: A", "row: 1; 2", "p: B: b"]
        ),
        ("<dl><dt>A</dt><dd></dd><dt>B</dt><dd>b</dd></dl>", ["p: A", "p: B: b"]),
        ("<dl><dt>A<dd hidden>x</dd><dd><img></dd><dt>B<dd>b</dl>", ["p: A", "p: B: b"]),
        ("<dl><dt>outer</dt><dd><dl><dt>inner</dt><dd>x</dd></dl></dd></dl>", ["p: outer", "p: inner: x"]),
        ("<dl><dt>Returns:</dt><dd>the value</dd></dl>", ["p: Returns: the value"]),
        ("<dl><dt><p>A</p></dt><dd>a</dd></dl>", ["p: A: a"]),
    ]) func everyTermHasItsOwnDefinition(source: String, expected: [String]) throws {
        #expect(try outline(source, .html) == expected)
    }

    @Test func aTermThatNobodyClosesSwallowsNothing() throws {
        let paragraphs = (1...20).map { "<p>Paragraph \($0) of the text behind it.</p>" }
        let outline = try outline("<dl><dt>term" + paragraphs.joined(), .html)
        #expect(outline.count > 10 && outline.last == "p: Paragraph 20 of the text behind it.")
    }

    @Test func termsWithinCellsAndHeadingsLoseNothing() throws {
        #expect(
            try outline("<table><tr><td>a</td><td><dl><dt>t<dd>d</dl></td></tr></table>", .html) == ["row: a; t d"])
        #expect(try outline("<dl><dt>t</dt><h2>H</h2><dd>d</dd></dl>", .html) == ["p: t", "h2: H", "p: d"])
    }
}

struct MarkdownTests {
    @Test func cellsHoldEscapedPipes() throws {
        let source = "| Name | Use |\n|---|---|\n| a \\| b | `x \\| y` |\n| c | d \\|\n"
        #expect(try outline(source, .markdown) == ["row: Name: a | b; Use: x | y", "row: Name: c; Use: d |"])
    }

    @Test func readsTheStructure() throws {
        let source = """
            ---
            title: "Front"
            ---
            # Title #

            Some *emphasis*, `code_span` and a
            [link](https://x.org/a_(b)) with ![image](i.png) <br> &amp; snake_case.

            Section
            -------
            - one
              goes on
            * two **bold**
            3. three

            ```swift
            let x = 1

              print(x)
            ```
            > quoted [text][ref]

            | Name | Age |
            |------|:---:|
            | Ann  | 33  |
            | Bob  |     |

            [ref]: https://x.org
            """
        let text = try TextExtractor.extract(Array(source.utf8), as: .markdown)
        #expect(text.title == "Front")
        #expect(text.text.contains("let x = 1\n\n  print(x)"))
        #expect(
            try outline(source, .markdown) == [
                "h1: Title",
                "p: Some emphasis, code_span and a link with image & snake_case.",
                "h2: Section", "li: - one goes on", "li: - two bold", "li: 3. three",
                "code: let x = 1 print(x)", "p: quoted text", "row: Name: Ann; Age: 33",
                "row: Name: Bob",
            ])
    }

    @Test func onlyLinkDefinitionsAreLeftOut() throws {
        for definition in [
            "[a]: https://x.org", "[a b]: <x y> \"Title\"", "[a]: x 'Title'", "[a]: x (A title)", "[a]:x",
        ] {
            #expect(try outline("Text.\n\n\(definition)\n", .markdown) == ["p: Text."], "\(definition)")
        }
        for text in ["[^1]: Audited by Ann.", "[LATER]: call the plumber", "[a]: x \"no end", "[^note]: https://x.org"]
        {
            #expect(try outline("Text.\n\n\(text)\n", .markdown) == ["p: Text.", "p: \(text)"], "\(text)")
        }
    }

    @Test func keepsWhatIsNoMarkup() throws {
        #expect(
            try outline("2 * 3 < 4 [x] a_b_c \\*lit\\* (see [a](b))", .markdown)
                == ["p: 2 * 3 < 4 [x] a_b_c *lit* (see a)"])
        #expect(try outline("``a ` b`` and ` alone", .markdown) == ["p: a ` b and ` alone"])
        #expect(try outline("one\\\ntwo \\", .markdown) == ["p: one two \\"])
        #expect(try outline("<https://x.org> [", .markdown) == ["p: https://x.org ["])
    }
}

struct HTMLTests {
    @Test func leavesOutWhatIsHidden() throws {
        let source = """
            <p>One<p hidden>Two<p>Three <span hidden>no <span>no</span> no</span>more <b data-x=hidden title="x hidden">bold</b>
            <div HIDDEN="until-found">a<div>b</div><script>"</div>"</script>c</div>
            <ul><li hidden>x<li>Four</ul><img hidden>Five<section hidden>Six
            """
        #expect(try outline(source, .html) == ["p: One", "p: Three more bold", "li: - Four", "p: Five"])
    }

    @Test func readsNamesWithoutTheirSemicolon() throws {
        let source = "<p>&copy 2020 &copy2020 A&amp B&ltC &notit; &frac12x &copyleft; &euro 5 &x; AT&T"
        #expect(try outline(source, .html) == ["p: © 2020 ©2020 A& B<C ¬it; ½x ©left; &euro 5 &x; AT&T"])
    }

    @Test func readsTheStructure() throws {
        let source = """
            <!doctype html><html><head><title>My &amp; page</title><style>p{}</style>
            <script>var a = "<p>no</p>";</script></head><body><nav><a href=x>Menu</a></nav>
            <h1>Big<br>title</h1><!-- gone -->
            <p class="a>b">One &eacute;&#8364;&#x41;&nbsp;x &bogus;
            <p>Two <b>bold</b>text<ul><li>first<li><p>second</p></ul>
            <pre>  code
              more</pre>
            <table><tr><th>Name<th>Age</tr><tr><td>Ann<td>33</tr></table>
            after 1 < 2 & 3
            """
        let text = try TextExtractor.extract(Array(source.utf8), as: .html)
        #expect(text.title == "My & page")
        #expect(
            try outline(source, .html) == [
                "h1: Big title", "p: One é€A x &bogus;", "p: Two boldtext", "li: - first",
                "li: - second", "code: code more", "row: Name: Ann; Age: 33", "p: after 1 < 2 & 3",
            ])
    }

    @Test func unclosedNavigationHidesNothing() throws {
        #expect(try outline("<nav><p>text", .html) == ["p: text"])
        #expect(try outline("<p>a<script>b", .html) == ["p: a"])
        #expect(try outline("<p>a</p", .html) == ["p: a"])
    }
}
