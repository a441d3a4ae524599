import Language
import Models
import Testing

@testable import Extraction

struct HTMLListTests {
    @Test(arguments: [
        ("<ul><li>a<li>b</ul>", ["li: - a", "li: - b"]),
        ("<ol><li>a</li><li>b</li></ol>", ["li: 1. a", "li: 2. b"]),
        ("<ol start=\"3\"><li>a<li value='7'>b<li>c</ol>", ["li: 3. a", "li: 7. b", "li: 8. c"]),
        ("<ol type=a><li>a<li>b</ol>", ["li: a. a", "li: b. b"]),
        ("<ol type=\"I\" start=4><li>a<li>b</ol>", ["li: IV. a", "li: V. b"]),
        ("<ol reversed start=2><li>a<li>b</ol>", ["li: 2. a", "li: 1. b"]),
        (
            "<ol><li>a<ul><li>x<li>y</ul><li>b<ol><li>z</ol></ol>",
            ["li: 1. a", "li: - x", "li: - y", "li: 2. b", "li: 1. z"]
        ),
        ("<menu><li>a</menu><dir><li>b</dir><li>c", ["li: - a", "li: - b", "li: - c"]),
        ("<ul><li><p>a</p><p>more of a</p></li><li><div>b</div></li></ul>", ["li: - a more of a", "li: - b"]),
        ("<ul><li>• a<li>1. b<li>(c) d</ul>", ["li: • a", "li: 1. b", "li: (c) d"]),
        ("<ul><li><h3>Card</h3><p>Text.</p></li></ul>", ["h3: Card", "p: Text."]),
        ("<ul><li></li><li> <li>a</ul><p>b", ["li: - a", "p: b"]),
        ("<ul><li>a<pre>x</pre>b</ul>", ["li: - a", "code: x", "p: b"]),
    ]) func itemsKeepTheirMarkers(source: String, expected: [String]) throws {
        #expect(try outline(source, .html) == expected)
    }

    @Test func aLongItemIsNoSingleText() throws {
        let paragraphs = String(repeating: "<p>\(String(repeating: "word ", count: 100))</p>", count: 8)
        #expect(try outline("<ul><li>\(paragraphs)</ul>", .html).count > 2)
    }

    @Test func aSummaryIsAHeading() throws {
        #expect(
            try outline(
                "<h2>Help</h2><details><summary>How do I <b>reset</b>?</summary>Press it.</details><p>End.", .html)
                == ["h2: Help", "h3: How do I reset?", "p: Press it.", "p: End."])
        #expect(try outline("<details><summary>A<p>x</details>b", .html).last == "p: b")
        #expect(try outline("<h2>Setup<a href=#s>¶</a></h2><p>a ¶", .html) == ["h2: Setup", "p: a ¶"])
        #expect(try outline("<h6>Six</h6><details><summary>A</summary></details>", .html) == ["h6: Six", "h6: A"])
    }
}

struct MarkdownListTests {
    @Test(arguments: [
        ("- a\n- b\n", ["li: - a", "li: - b"]), ("* a\n+ b\n", ["li: - a", "li: - b"]),
        ("1. a\n2) b\n", ["li: 1. a", "li: 2) b"]),
        ("- a\n\n  more of a\n\n- b\n\nEnd.\n", ["li: - a more of a", "li: - b", "p: End."]),
        ("- a\n\nEnd.\n", ["li: - a", "p: End."]), ("- [x] done\n- [ ] open\n", ["li: - [x] done", "li: - [ ] open"]),
        ("1. a\n   - x\n   - y\n2. b\n", ["li: 1. a", "li: - x", "li: - y", "li: 2. b"]),
        ("- a\n\n[ref]: https://x.org\n", ["li: - a"]), ("- a\n\n# H\n", ["li: - a", "h1: H"]),
        ("- a\n\n| X | Y |\n|---|---|\n| 1 | 2 |\n", ["li: - a", "row: X: 1; Y: 2"]),
        ("- a\n\n  | X | Y |\n  |---|---|\n  | 1 | 2 |\n- b", ["li: - a", "row: X: 1; Y: 2", "li: - b"]),
    ]) func itemsKeepTheirMarkers(source: String, expected: [String]) throws {
        #expect(try outline(source, .markdown) == expected)
    }

    @Test(arguments: [
        ("> [!NOTE]\n> Keep it dry.\n", ["p: Keep it dry."]),
        ("> [!warning]- Data loss\n> Save first.\n", ["p: Data loss", "p: Save first."]),
        ("!!! note\n    Keep it dry.\n\n    And cool.\n\nEnd.\n", ["p: Keep it dry.", "p: And cool.", "p: End."]),
        (
            "!!! warning \"Data loss\"\n    - save\n    - wait\nEnd.\n",
            ["p: Data loss", "li: - save", "li: - wait", "p: End."]
        ),
        ("# A\n\n??? question \"How?\"\n    Like this.\n", ["h1: A", "h2: How?", "p: Like this."]),
        ("!!! tip\n    !!! note\n        Deep.\n    Less.\n", ["p: Deep.", "p: Less."]),
        ("- a\n\n    !!! note\n        Inside.\n\n- b\n", ["li: - a", "p: Inside.", "li: - b"]),
        (":::note\nText.\n:::\n", ["p: Text."]),
        (":::tip Title\nText.\n:::\nEnd.\n", ["p: Title", "p: Text.", "p: End."]),
        (":::caution[My title]\n\nText.\n\n:::\n", ["p: My title", "p: Text."]),
        ("::: {.callout-note}\nText.\n:::\n", ["p: Text."]),
        ("# A\n::: details More\nText.\n:::\n", ["h1: A", "h2: More", "p: Text."]),
        ("```{note}\nText *here*.\n```\nEnd.\n", ["p: Text here.", "p: End."]),
        ("````{admonition} Title\n```sh\nls\n```\n````\n", ["p: Title", "code: ls"]),
        ("```{code-block} sh\nls\n```\n", ["code: ls"]),
        ("Text.\n{: .note }\n", ["p: Text."]), ("{% hint style=\"info\" %}\nText.\n{% endhint %}\n", ["p: Text."]),
        ("{{< note >}}\nText.\n{{< /note >}}\n", ["p: Text."]),
        // What only looks like a marker is text.
        ("!!! IMPORTANT READ THIS FIRST\n", ["p: !!! IMPORTANT READ THIS FIRST"]),
        ("::: Never open the valve\n", ["p: ::: Never open the valve"]), ("{: keep this }\n", ["p: {: keep this }"]),
        ("!!! note inline end\n    Beside.\n", ["p: Beside."]), (":::custom\nText.\n:::\n", ["p: Text."]),
        ("!!! Stop!\n", ["p: !!! Stop!"]), ("[!NOTE] not quoted\n", ["p: [!NOTE] not quoted"]), ("?\n", ["p: ?"]),
        ("> [![badge](x.svg)](y)\n", ["p: badge"]), ("{% x %} and {% y %}\n", ["p: {% x %} and {% y %}"]),
    ]) func markersOfAdmonitionsAreLeftOut(source: String, expected: [String]) throws {
        #expect(try outline(source, .markdown) == expected)
    }

    @Test(arguments: [
        (
            "# A\n\n<details>\n<summary>How do I reset?</summary>\n\nPress *it*.\n\n</details>\n",
            ["h1: A", "h2: How do I reset?", "p: Press it."]
        ),
        ("<details open><summary>More</summary>\nText.\n</details>\n", ["h1: More", "p: Text."]),
        (
            "<table>\n<tr><th>A</th><th>B</th></tr>\n\n<tr><td>1</td><td>2</td></tr>\n</table>\n\nEnd.\n",
            ["row: A: 1; B: 2", "p: End."]
        ),
        ("<ul>\n<li>a</li>\n<li>b <ul><li>c</li></ul></li>\n</ul>\n", ["li: - a", "li: - b", "li: - c"]),
        (
            "<h1 align=\"center\">Project</h1>\n<p align=\"center\">Fast *and* small</p>\n",
            ["h1: Project", "p: Fast and small"]
        ),
        (
            "<h1> opens a title.\n\n```html\n<script>alert(1)</script>\n```\n\nUse </h1> to close it.\n",
            ["p: opens a title.", "code: <script>alert(1)</script>", "p: Use to close it."]
        ),
        ("<table>\nnever closed\n\n# H\n", ["p: never closed", "h1: H"]), ("a <table> b\n", ["p: a b"]),
    ]) func blocksOfHTMLAreReadAsSuch(source: String, expected: [String]) throws {
        #expect(try outline(source, .markdown) == expected)
    }
}

struct ListMarkerTests {
    @Test(arguments: [
        ("• a", ListMarker.bullet), ("◦ a", .bullet), ("▪ a", .bullet), ("\u{F0B7} a", .bullet), ("· a", .bullet),
        ("✓ a", .bullet), ("– a", .dash), ("— a", .dash), ("- a", .bullet), ("iv. a", .letter(closing: 0x2E)),
        ("12) a", .number(closing: 0x29)), ("→ a", .bullet), ("» a", .bullet), ("➔ a", .bullet), ("❑ a", .bullet),
        ("✗ a", .bullet), ("★ a", .bullet), ("✅ a", .bullet), ("✔\u{FE0F} a", .bullet), ("👉 a", .bullet),
        ("① a", .bullet), ("\u{F0D8} a", .bullet), ("・鍵", .bullet), ("・ a", .bullet), ("●鍵", .bullet),
        ("①鍵", .bullet), ("※ a", .bullet), ("０．鍵", .number(closing: 0x2E)), ("１２）鍵", .number(closing: 0x29)),
        ("（3）鍵", .number(closing: 0x29)), ("1、鍵", .number(closing: 0x2C)), ("三、鍵", .number(closing: 0x2C)),
        ("2．鍵", .number(closing: 0x2E)),
    ]) func signsAreMarkers(line: String, marker: ListMarker) {
        #expect(ListMarker(in: Array(line.utf8), at: 0..<line.utf8.count) == marker)
    }

    @Test(arguments: [
        "•a", "€ 5", "“a", "–", "§ 4", "-a", "Dr. a", "»Ja«, sagte er", "→", "★★★ a", "❝a", "鍵", "二、三日", "1、2、3", "（",
        "１２３４．鍵", "１", "∑ a", "½ a",
    ]) func otherSignsAreNot(line: String) {
        #expect(ListMarker(in: Array(line.utf8), at: 0..<line.utf8.count) == nil)
    }

    @Test(arguments: ["→", "»", "➔", "❑", "✗", "★", "☐", "►", "➢", "✅", "①"])
    func linesWithSignsAreItems(sign: String) throws {
        #expect(
            try outline("You get:\n\n\(sign) a desk\n\(sign) a lamp\n  with a bulb\n", .text)
                == ["p: You get:", "li: \(sign) a desk", "li: \(sign) a lamp with a bulb"])
    }

    @Test func itemsOfJapaneseAreItems() throws {
        #expect(
            try outline("持ち物：\n\n・テント\n・寝袋\n\n１．登録する\n２．払う\n", .text)
                == ["p: 持ち物：", "li: ・テント", "li: ・寝袋", "li: １．登録する", "li: ２．払う"])
    }

    @Test func dashesOfProseAreNoItems() throws {
        #expect(
            try outline("Das Haus\n– so sagte er –\nist alt.\n\n– eins\n– zwei\n", .text)
                == ["p: Das Haus – so sagte er – ist alt.", "li: – eins", "li: – zwei"])
    }

    @Test func numbersAreWrittenAsTheListSays() {
        #expect([1, 26, 27, 702, 703].map(ListNumbering.lowerLetter.text) == ["a", "z", "aa", "zz", "703"])
        #expect(
            [4, 9, 14, 1999, 4000, 0, -1].map(ListNumbering.upperRoman.text) == [
                "IV", "IX", "XIV", "MCMXCIX", "4000", "0", "-1",
            ])
    }
}
