import Models
import Testing

@testable import Extraction

/// Words that a hyphen divides at the end of a line: what the text shows, and what the index gets besides.
struct LineEndHyphenTests {
    struct Case {
        let source: String
        let shown: String
        let variants: [String]

        init(_ source: String, _ shown: String, _ variants: String...) {
            (self.source, self.shown, self.variants) = (source, shown, variants)
        }
    }

    @Test(arguments: [
        // Without a sign of the contrary, the hyphen only divides the word.
        Case("It depends on cli-\nmate conditions.", "It depends on climate conditions.", "on cli-mate conditions."),
        Case("Der Ver-\n   trag gilt.", "Der Vertrag gilt.", "Der Ver-trag gilt."),
        Case("cli-\r\nmate now", "climate now", "cli-mate now"),
        Case("Übergangs-\nfrist", "Übergangsfrist", "Übergangs-frist"),
        Case("дого-\nвор подписан", "договор подписан", "дого-вор подписан"),
        Case("the CONTI-\nNUED part", "the CONTINUED part", "the CONTI-NUED part"),
        Case("(cli-\nmate), then", "(climate), then", "(cli-mate), then"),
        Case("cli\u{2010}\nmate", "climate", "cli\u{2010}mate"),
        // Digits, names, single letters and some prefixes keep it.
        Case("part PX-\n4711 from us", "part PX-4711 from us", "part PX4711 from"),
        Case("self-\nemployed people", "self-employed people", "selfemployed people"),
        Case("Jean-\nPaul said", "Jean-Paul said", "JeanPaul said"), Case("X-\nray", "X-ray", "Xray"),
        Case("EU-\nwide rules", "EU-wide rules", "EUwide rules"), Case("19-\nyear-old", "19-year-old", "19year-old"),
        Case("non-\nbinding", "non-binding", "nonbinding"),
        // The document's own words decide.
        Case("The climate. A cli-\nmate.", "The climate. A climate.", "A cli-mate."),
        Case(
            "It is price-determining, price-\ndetermining.", "It is price-determining, price-determining.",
            "price-determining, pricedetermining."),
        Case(
            "The price is the determining factor, a price-\ndetermining one.",
            "The price is the determining factor, a price-determining one.", "a pricedetermining one."),
        Case(
            "A selfemployed, self-\nemployed man.", "A selfemployed, selfemployed man.",
            "selfemployed, self-employed man."),
        Case(
            "A price\u{2010}determining part, “price-\ndetermining”.",
            "A price\u{2010}determining part, “price-determining”.", "part, “pricedetermining”."),
        // Words on lines of their own, and two hyphens in a row.
        Case("cli-\nmate\nchange", "climate change", "cli-mate change"),
        Case("an in-\nter-\nnational one", "an international one", "an in-ter- national", "an inter-national one"),
        Case("a-\nb- \nc x", "a-b-c x", "ab- c", "a-bc x"),
    ])
    func bothReadingsAreFound(_ test: Case) throws {
        let text = try TextExtractor.extract(Array(test.source.utf8), as: .text)
        #expect(String(decoding: TextBytes.collapse(text.text.utf8), as: UTF8.self) == test.shown)
        #expect(text.variants.map(\.text) == test.variants)
        #expect(text.text.utf8.count == test.source.utf8.count, "positions stay those of the file")
    }

    @Test(arguments: [
        Case("> the dam-\n> age is big", "> the damage > is big", "the dam-age is"),
        Case("> > no\n> > the dam-\n> >  age\n> > is", "> > no > > the damage > > is", "the dam-age"),
        Case("> self-\n> employed people", "> self-employed > people", "selfemployed people"),
    ])
    func quotedMailIsJoined(_ test: Case) throws {
        try bothReadingsAreFound(test)
    }

    @Test func quotedLinesStayQuoted() throws {
        let text = try TextExtractor.extract(Array("> the dam-\n> age is big\n".utf8), as: .text).text
        #expect(text == "> the damage \n>  is big\n")
        for source in ["> dam-\nage", "dam-\n> age", "> dam-\n> > age"] {
            #expect(try TextExtractor.extract(Array(source.utf8), as: .text).text == source)
        }
    }

    @Test func proseOfMarkdownIsJoined() throws {
        let source = """
            # Title

            The cli-
            mate is **price-
            determining**.

            - a self-
              employed man
            - pre-

            > the dam-
            > age

            ```
            cli-
            mate
            ```

            | a | b |
            |---|---|
            | x | y- |
            | z | w |
            """
        let text = try TextExtractor.extract(Array(source.utf8), as: .markdown)
        #expect(
            outlined(text) == [
                "h1: Title", "p: The climate is pricedetermining.", "li: - a self-employed man", "li: - pre-",
                "p: the damage", "code: cli- mate", "row: a: x; b: y-", "row: a: z; b: w",
            ])
        #expect(
            text.variants.map(\.text) == [
                "The cli-mate is", "is price-determining.", "a selfemployed man", "the dam-age",
            ])
    }

    /// A soft hyphen is not there where a word goes on.
    @Test(arguments: [
        ("The cli&shy;\nmate is", DocumentType.html), ("The cli\u{AD}\n  mate is", .html),
        ("The cli&#173;mate is", .html),
        ("The cli\u{AD}\nmate is", .text), ("The cli\u{AD}\r\nmate is", .markdown),
    ])
    func softHyphensJoin(source: String, type: DocumentType) throws {
        #expect(try outline(source, type) == ["p: The climate is"])
    }

    @Test(arguments: [
        "Vor-\nund Nachteile", "a dash -\nthen more", "cli-\n\nmate", "- one\n- two", "----\nmate",
        "cli-\n# mate", "it ends-", "x-\n1) item",
    ])
    func otherHyphensStay(source: String) throws {
        let text = try TextExtractor.extract(Array(source.utf8), as: .text)
        #expect(text.text == source)
        #expect(text.variants.isEmpty)
    }

    @Test func spacesBehindTheWordEndNoParagraph() throws {
        let text = try TextExtractor.extract(Array("On cli-\nmate \t\nchange.".utf8), as: .text)
        #expect(text.blocks.count == 1)
        #expect(text.variants.map(\.text) == ["On cli-mate change."])
    }

    @Test func tooManyBreaksAreData() {
        let some = Array(String(repeating: "a-\nb c\n", count: 1_000).utf8)
        #expect(LineEndHyphens(joining: some).variants.count == 1_000)
        let many = Array(String(repeating: "a-\nb c\n", count: 200_001).utf8)
        let joined = LineEndHyphens(joining: many)
        #expect(joined.variants.isEmpty && joined.bytes == many)
    }

    @Test func passagesHaveTheirVariants() throws {
        let filler = String(repeating: "Something else is said here, at some length. ", count: 60)
        let source = "On cli-\nmate first.\n\n\(filler)\n\nAnd self-\nemployed last.\n"
        let passages = PassageSplitter.split(try TextExtractor.extract(Array(source.utf8), as: .text))
        #expect(passages.count > 2)
        #expect(passages.first?.content.hasPrefix("On climate first.") == true)
        #expect(passages.first?.variants?.contains("On cli-mate first.") == true)
        #expect(passages.last?.variants?.contains("And selfemployed last.") == true)
    }
}
