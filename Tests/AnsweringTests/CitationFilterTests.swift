import Testing

@testable import Answering

/// Three passages exist.
struct CitationFilterTests {
    /// In every way to cut the text in two, and scalar by scalar.
    private func expect(_ text: String, becomes expected: String, of count: Int = 3) {
        let scalars = Array(text.unicodeScalars)
        for cut in 0...scalars.count {
            var filter = CitationFilter(existing: Set(1..<count + 1))
            let pieces = [scalars[..<cut], scalars[cut...]].map { String(String.UnicodeScalarView($0)) }
            let said = pieces.map { filter.pass($0) }.joined() + filter.finish()
            #expect(said == expected, "cut at \(cut)")
        }
        var filter = CitationFilter(existing: Set(1..<count + 1))
        let said = scalars.map { filter.pass(String($0)) }.joined() + filter.finish()
        #expect(said == expected)
    }

    @Test(arguments: [
        "It weighs 3 kg [1].", "Both hold [1][2].", "Both hold [1, 3] and [2; 3].", "So [1]", "[1] says so.",
        // Numbers that no passage can have.
        "The weight lies in [0, 1].", "The ratio is [0] by design.", "The year [2024] was dry.", "[100] and [1, 2024]",
        "A class [0-9] or [1-9], from [3-1].",
        // Links and definitions.
        "See [2023](https://x.example) and [7](y).", "[7]: https://x.example", "Text\n[8]: y\n", "The [text][9] of it.",
        // Indexes.
        "Take arr[1] or list[0].", "Take arr[7] or m[4][5].", "Article 6[4] of the law.",
        "self.values_[9] and list[1-3]",
        // Nested brackets.
        "Matrix [[1, 2], [3, 4]].", "Matrix [ [1, 2], [3, 4] ]!", "A wiki [[9]] link.", "[[4, 5],\n [6, 7]] and [1]",
        "a[[7, 8]] of m[[9]][[8]]",
        // Boxes, empty brackets, other text.
        "- [ ] open\n- [x] done", "An [] array, [see below] and [sic].", "[passenger 7] and [p. 7] and [1 kg]",
        "Unfinished [7", "Unfinished [", "[7 [", "Spaces   stay   [1]  as they are ", "[1,\n2]",
        // Formulas.
        "x ∈ [5, 9] and $y = [7, 8]$", "A range ≤ [9]",
        "A form $f(x) \\in [1, 9]$ or $$\na = [9]\n$$ and \\(x [9]\\) and \\[ y [1, 9] \\]", "f(x)[7] = split(',')[8]",
        // Intervals, sets, vectors and keys.
        "between [5, 9] and", "an interval of [5,9]°C", "{\"a\": [7, 8], \"b\": [1, 9]}", "\"[9]\" is a key",
        "'[1-3]' too",
        "He says: [9] is high.", "- [9] is high", "[20] kg", "[4] begins", "**[9]** and *[9]*", "[1-3]+ or [^1-3]",
        "[1 9]",
        // Code.
        "<code>x [9]</code> and <PRE>\ny [1-3]\n</pre>", "    x [9] = 1\n\tand [1-2]", "Text\n\n    x [9], y\n",
        "```a [9]", "Both:\n```ls``` lists `x [9]`.",
        "In code: `a [7]` stays.", "``a ` [7]`` stays", "```\nx = [9]\n```", "~~~swift\n[9]\n~~~\n",
        "Use `[` and then [1].",
        "````\n```\n[9]\n````", "It's 5 o`clock [1] and [9] sharp.",
        // East Asian brackets around something else.
        "【注意】お読みください", "【2023】 and 【】 and 〔注〕", "【第1章】",
    ])
    func whatCannotBeMeantAsACitationStays(_ text: String) { expect(text, becomes: text) }

    @Test(arguments: [
        ("See [12] of the list.", "See of the list."), ("So [4].", "So."), ("So [1, 98].", "So [1]."),
        ("So [7; 2, 3]!", "So [2, 3]!"), ("Both [4][1].", "Both [1]."), ("Both [9][8].", "Both."),
        ("[9]\n\nText", "\n\nText"), ("**Bold** [9]", "**Bold**"), ("(see above) [7].", "(see above)."),
        ("A code `a` and [9].", "A code `a` and."), ("```\nx\n```\n[9]", "```\nx\n```\n"),
        ("A lone ` here [9]\n\nand [9] there.", "A lone ` here [9]\n\nand there."),
        ("Wide [[ open\n\nand [9]", "Wide [[ open\n\nand"),
        ("It costs $5 [9] or US$x [9], <b>so</b> [9].", "It costs $5 or US$x, <b>so</b>."),
        ("```ls``` lists files [9].", "```ls``` lists files."), ("- item\n\n    more [9]", "- item\n\n    more"),
        ("1. item\n    ```\n    x [9]\n    ```\n    end [9].", "1. item\n    ```\n    x [9]\n    ```\n    end."),
        ("So <code> [1]\n\nand [9].", "So <code> [1]\n\nand."), ("A [7][8][9] and [7][8][2]", "A and [2]"),
        ("重量是三公斤[7]。", "重量是三公斤。"), ("Great![9]", "Great!"),
    ])
    func numbersThatDoNotExistAreRemoved(_ text: String, _ expected: String) { expect(text, becomes: expected) }

    @Test(arguments: [
        ("Stated here 【1】.", "Stated here [1]."), ("三公斤【2】。", "三公斤[2]。"), ("A 【1†source】【3†L1-L9】.", "A [1][3]."),
        ("A【2:0†pump.txt】.", "A[2]."), ("A 【1、2】 B ［3］ C 〔1〕.", "A [1][2] B [3] C [1]."), ("A 【9】.", "A."),
        ("Stated[^1].", "Stated[1]."), ("Stated [^2] and [^9].", "Stated [2] and."), ("[^1]: a note", "[^1]: a note"),
        ("All of them [1-3].", "All of them [1][2][3]."), ("All [1–2, 3].", "All [1][2][3]."),
        ("All [2-4].", "All [2-4]."),
        ("So [passage 1].", "So [1]."), ("So [Passages 1, 3].", "So [1][3]."), ("So [source 2] [Source 8]", "So [2]"),
        ("So [passage 1, passage 9].", "So [1]."), ("So [passages 1 and 2] [Passage 9].", "So [1][2]."),
        ("So [1 und 3], [Source: 2], [citation:3].", "So [1][3], [2], [3]."), ("So [^1^][^2^] [^9^].", "So [1][2]."),
        ("All [1 - 3], [ 1 ], ［２］。", "All [1][2][3], [1], [2]。"),
    ])
    func otherFormsOfCitationsAreRead(_ text: String, _ expected: String) { expect(text, becomes: expected) }

    @Test func withoutPassagesNothingCanBeCited() {
        expect("Mark it [1], [2-3] and say 【1】 `a[1]` so[^1].", becomes: "Mark it, [2-3] and say `a[1]` so.", of: 0)
    }

    @Test func ofAnEarlierAnswerOnlyWhatCitedIsRemoved() {
        var filter = CitationFilter(existing: [1, 2], removingExisting: true)
        let said = filter.pass("So [1], [1, 2], [1-2] and [2][1]; between [5, 9], a[1] of `x [2]`【1】.")
        #expect(said + filter.finish() == "So,, and; between [5, 9], a[1] of `x [2]`.")
    }

    @Test func passagesThatWereLeftOutCannotBeCited() {
        var filter = CitationFilter(existing: [2, 3])
        #expect(filter.pass("So [1], [1, 2], [2-3].") + filter.finish() == "So, [2], [2][3].")
    }

    /// A stream must not be held back by brackets that never close.
    @Test func longTextInBracketsPasses() {
        var filter = CitationFilter(existing: [1, 2, 3])
        let numbers = "[" + String(repeating: "1, ", count: 100)
        #expect(filter.pass(numbers).utf8.count > 200)
    }
}
