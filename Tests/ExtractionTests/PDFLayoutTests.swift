import Models
import Platform
import Testing

@testable import Extraction

/// What a PDF says by where its words are, and by their size and weight.
@Suite(.enabled(if: Command.locate("pdftotext") != nil, "needs the package poppler-utils"))
struct PDFLayoutTests {
    private func outline(_ pages: [[PDFFile.Line]]) throws -> [String] {
        outlined(try TextExtractor.extract(PDFFile(lines: pages).bytes, as: .pdf))
    }

    @Test func headingsAreLarger() throws {
        let page =
            [
                PDFFile.Line(text: "Tenancy agreement", y: 780, size: 24),
                PDFFile.Line(text: "Rent and deposit", y: 740, size: 16),
            ]
            + PDFFile.text(PDFFile.prose, from: 712) + [PDFFile.Line(text: "Repairs", y: 640, size: 16)]
            + PDFFile.text(PDFFile.prose, from: 612)
        #expect(
            try outline([page]) == [
                "h1: Tenancy agreement", "h2: Rent and deposit", "p: \(PDFFile.wholeProse)", "h2: Repairs",
                "p: \(PDFFile.wholeProse)",
            ])
    }

    @Test func headingsAreBold() throws {
        let page =
            PDFFile.text(PDFFile.prose, from: 780) + [PDFFile.Line(text: "Special provisions", y: 704, font: "F2")]
            // Without a gap, too.
            + PDFFile.text(PDFFile.prose, from: 690) + [PDFFile.Line(text: "Pets in the house", y: 600, font: "F2")]
            + PDFFile.text(PDFFile.prose, from: 576)
        #expect(
            try outline([page]) == [
                "p: \(PDFFile.wholeProse)", "h2: Special provisions", "p: \(PDFFile.wholeProse)",
                "h2: Pets in the house",
                "p: \(PDFFile.wholeProse)",
            ])
    }

    @Test func titlesThatAreHardlyWiderAreToldByTheOthers() throws {
        let titles = ["Summary", "Deposit", "Pets", "Travel expenses", "Heating costs", "House rules"]
        let page = titles.enumerated().flatMap { place, title in
            [PDFFile.Line(text: title, y: 790 - 110 * place, font: "F2")]
                + PDFFile.text(PDFFile.prose, from: 770 - 110 * place)
        }
        #expect(try outline([page]) == titles.flatMap { ["h2: \($0)", "p: \(PDFFile.wholeProse)"] })
    }

    @Test func otherLinesAreNoHeadings() throws {
        // Bold cells, a bold sentence, emphasised prose, and a short line.
        let page =
            PDFFile.text(PDFFile.prose, from: 780)
            + [
                PDFFile.Line(text: "Year", y: 690, font: "F2"), PDFFile.Line(text: "Days", x: 300, y: 690, font: "F2"),
                PDFFile.Line(text: "2024", y: 664), PDFFile.Line(text: "30", x: 300, y: 664),
                PDFFile.Line(text: "Pay at once.", y: 620, font: "F2"),
                PDFFile.Line(text: "Signed in the town", y: 590),
            ] + PDFFile.text(PDFFile.prose, from: 560)
        #expect(try outline([page]).filter { $0.hasPrefix("h") }.isEmpty)
    }

    @Test(arguments: ["Donaudampf-", "Donaudampf\\255"]) func dividedWordsAreNoHeadings(part: String) throws {
        let page =
            PDFFile.text(PDFFile.prose, from: 780) + PDFFile.text(["The \(part)", "schifffahrt is old"], from: 690)
        #expect(try outline([page]) == ["p: \(PDFFile.wholeProse)", "p: The Donaudampfschifffahrt is old"])
    }

    @Test func codeKeepsItsLines() throws {
        let page =
            PDFFile.text(PDFFile.prose, from: 780)
            + [
                PDFFile.Line(text: "mkdir archive copies", x: 90, y: 700, font: "F3"),
                PDFFile.Line(text: "cp letters archive", x: 90, y: 686, font: "F3"),
            ] + PDFFile.text(PDFFile.prose, from: 650)
        #expect(try outline([page])[1] == "code: mkdir archive copies cp letters archive")
    }

    @Test func blocksAreNotJoined() throws {
        let page =
            [PDFFile.Line(text: "Prepared for the board", y: 780), PDFFile.Line(text: "All amounts in euros", y: 740)]
            + PDFFile.text(PDFFile.prose, from: 700)
        #expect(
            try outline([page]) == [
                "p: Prepared for the board", "p: All amounts in euros", "p: \(PDFFile.wholeProse)",
            ])
    }

    @Test func paragraphsGoOnInTheNextColumn() throws {
        let left = [
            "The committee meets in the first", "week of each quarter and decides", "on the budget of the year and on",
        ]
        let right = [
            "all contracts that exceed the sum", "of ten thousand euros. Its notes", "are public after thirty days.",
        ]
        let page = PDFFile.text(left, from: 780) + PDFFile.text(right, x: 330, from: 780)
        #expect(try outline([page]) == ["p: \((left + right).joined(separator: " "))"])
    }

    @Test func linesFarApartAreOneParagraph() throws {
        let page = PDFFile.prose.enumerated().map { PDFFile.Line(text: $1, y: 780 - 26 * $0) }
        #expect(try outline([page]) == ["p: \(PDFFile.wholeProse)"])
    }

    @Test func marksComeBackToTheirItems() throws {
        let items = ["a copy of the passport", "two photographs", "the signed form"]
        let lines = items.enumerated().flatMap { place, item in
            [
                PDFFile.Line(text: "\\225", x: 70, y: 690 - 20 * place),
                PDFFile.Line(text: item, x: 90, y: 690 - 20 * place),
            ]
        }
        let page = PDFFile.text(PDFFile.prose, from: 780) + [PDFFile.Line(text: "Please bring:", y: 716)] + lines
        #expect(try outline([page]).suffix(3) == items.map { "li: • \($0)" }[...])
    }

    @Test func shortLinesStayApart() throws {
        let page =
            PDFFile.text(PDFFile.prose, from: 780)
            + PDFFile.text(["Asterline Housing Ltd", "12 Harbour Street", "Birk 4711"], from: 690)
        #expect(
            try outline([page]).suffix(3) == ["row: Asterline Housing Ltd", "row: 12 Harbour Street", "row: Birk 4711"])
    }

    /// Lines from left to right, as they look, and in the order in which they are read.
    @Test(arguments: [
        ("12 םולש", "שלום 12"), ("שדח PDF ץבוק", "קובץ PDF חדש"), ("the word םולש means", "the word שלום means"),
        ("37.5 לש םוכס", "סכום של 37.5"),
    ])
    func rightToLeftTextIsInReadingOrder(seen: String, read: String) {
        #expect(PDFDirection.reordered(Array(seen.utf8)[...])?.text == Array(read.utf8))
    }

    @Test(arguments: ["left to right", "Größe 12", "дом", "中文"])
    func otherTextKeepsItsOrder(line: String) { #expect(PDFDirection.reordered(Array(line.utf8)[...]) == nil) }

    @Test(arguments: ["12", "- 12 -", "Page 12 of 30", "3 / 9", "page 3", "Seite 4 von 9", "xii", "– 7 –"])
    func pageNumbers(line: String) { #expect(PageNumber.matches(Array(line.utf8))) }

    @Test(arguments: ["12 of us", "2019 2020", "Route 66", "12345", "3.14159265", "Seite", "4711 pieces"])
    func otherNumbers(line: String) { #expect(!PageNumber.matches(Array(line.utf8))) }
}
