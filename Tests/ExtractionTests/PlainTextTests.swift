import Models
import Testing

@testable import Extraction

struct PlainTextTests {
    @Test func recognisesTheHeadingsOfManualPages() throws {
        let options = (1...9).map { "       -\($0)\n\n              Show this of the files, please.\n\n" }
        let source = "NAME\n       find - search for files\n\nOPTIONS\n" + options.joined() + "AUTHOR\n       Ann.\n"
        let outline = try outline(source, .text)
        #expect(outline.filter { $0.hasPrefix("h") } == ["h1: NAME", "h1: OPTIONS", "h1: AUTHOR"])
        #expect(outline.contains("p: Show this of the files, please."))
    }

    @Test func recognisesHeadingsOfTheGPL() throws {
        let source = """
                                TERMS AND CONDITIONS

              5. Conveying Modified Source Versions.

              You may convey a work, provided that
            you also meet all of these conditions:

                a) The work must carry notices under section
                7.  This requirement stands.

                b) Another.
            """
        #expect(
            try outline(source, .text) == [
                "h1: TERMS AND CONDITIONS", "h2: 5. Conveying Modified Source Versions.",
                "p: You may convey a work, provided that you also meet all of these conditions:",
                "li: a) The work must carry notices under section 7. This requirement stands.",
                "li: b) Another.",
            ])
    }

    @Test func keepsTheTextOfRunInHeadingsWhole() throws {
        let source = """
               4. Redistribution. You may reproduce and distribute copies of the
                  Work in any medium.
            """
        #expect(
            try outline(source, .text) == [
                "run2: 4. Redistribution",
                "p: 4. Redistribution. You may reproduce and distribute copies of the Work in "
                    + "any medium.",
            ])
    }

    @Test func recognisesUnderlinesChaptersAndTitles() throws {
        let source = """
            The Book
            ========
            Text.

            Chapter 2

            Statement of Purpose

            The laws of most jurisdictions throughout the world automatically confer rights
            upon the creator and the owner.

            2.1. Grants

            Not a heading, only a line
            """
        #expect(
            try outline(source, .text) == [
                "h1: The Book", "p: Text.", "h1: Chapter 2", "h2: Statement of Purpose",
                "p: The laws of most jurisdictions throughout the world automatically confer "
                    + "rights upon the creator and the owner.",
                "h3: 2.1. Grants", "p: Not a heading, only a line",
            ])
    }

    @Test func listsAreNoHeadings() throws {
        #expect(
            try outline("1. Apples\n\n2. Pears\n\n3. Plums\n", .text)
                == ["li: 1. Apples", "li: 2. Pears", "li: 3. Plums"])
        #expect(
            try outline("Buy:\n- milk\n- bread\n", .text)
                == ["p: Buy:", "li: - milk", "li: - bread"])
        #expect(
            try outline("  i. one\n ii. two\niii. three", .text)
                == ["li: i. one", "li: ii. two", "li: iii. three"])
    }

    @Test func boxesLoseTheirBorders() throws {
        let border = String(repeating: "*", count: 50)
        let line = "*  6. Disclaimer of Warranty" + String(repeating: " ", count: 21) + "*"
        #expect(
            try outline("\(border)\n\(line)\n\(border)\n", .text)
                == ["h2: 6. Disclaimer of Warranty"])
    }

    @Test func takesAnyLineBreaks() throws {
        #expect(try outline("a\r\nb\r\n\r\nc\rd", .text) == ["p: a b", "p: c d"])
        #expect(try outline(" \n\t\n", .text).isEmpty)
    }
}
