import Models
import Platform
import Testing

@testable import Extraction

/// What stands at the edges of pages: what is left out, and what must stay.
@Suite(.enabled(if: Command.locate("pdftotext") != nil, "needs the package poppler-utils"))
struct PDFRunningLineTests {
    private func extract(_ pages: [[PDFFile.Line]]) throws -> ExtractedText {
        try TextExtractor.extract(PDFFile(lines: pages).bytes, as: .pdf)
    }

    private func outline(_ pages: [[PDFFile.Line]]) throws -> [String] { outlined(try extract(pages)) }

    private func count(_ part: String, in pages: [[PDFFile.Line]]) throws -> Int {
        try outline(pages).joined(separator: "\n").split(separator: part, omittingEmptySubsequences: false).count - 1
    }

    @Test func repeatedLinesAreLeftOut() throws {
        let pages = (1...6).map { page in
            [
                PDFFile.Line(
                    text: page.isMultiple(of: 2) ? "Asterline Housing Ltd" : "Tenancy agreement", y: 810, size: 9),
                PDFFile.Line(text: "Confidential", y: 30, size: 9),
                PDFFile.Line(text: "Page \(page) of 6", x: 480, y: 30, size: 9),
            ] + PDFFile.text(["This is page \(page), which says"] + PDFFile.prose, from: 740)
        }
        let text = try TextExtractor.extract(PDFFile(lines: pages).bytes, as: .pdf)
        // The first copy stays, once.
        #expect(
            outlined(text) == [
                "p: Tenancy agreement", "p: This is page 1, which says \(PDFFile.wholeProse)", "p: Confidential",
                "p: Asterline Housing Ltd",
            ] + (2...6).map { "p: This is page \($0), which says \(PDFFile.wholeProse)" })
        #expect(text.blocks.map(\.place.page) == [1, 1, 1, 2, 2, 3, 4, 5, 6])
    }

    @Test func whatTellsPagesApartStays() throws {
        // Titles with a number, and a table's first row, which is no header of the page.
        let pages = (1...4).map { page in
            [PDFFile.Line(text: "Question \(page)", y: 800, size: 12)] + PDFFile.text(PDFFile.prose, from: 760)
                + [PDFFile.Line(text: "\(page * 37) pieces", y: 500)]
        }
        let text = try outline(pages).joined(separator: "\n")
        for page in 1...4 { #expect(text.contains("Question \(page)\n") && text.contains("\(page * 37) pieces")) }
        let forms = try outline((1...3).map { _ in [PDFFile.Line(text: "Name and address", y: 800)] })
        #expect(forms.count == 3)
    }

    @Test func pagesWithoutTextAreTold() throws {
        let header = PDFFile.Line(text: "Asterline Housing Ltd", y: 810, size: 9)
        let page = [header] + PDFFile.text(PDFFile.prose, from: 740)
        let text = try TextExtractor.extract(PDFFile(lines: [page, [header], [], page, page]).bytes, as: .pdf)
        #expect(text.warnings.pagesWithoutText == [2, 3])
    }

    @Test func invoicesKeepWhatTheyShare() throws {
        let pages = (1...3).map { number in
            [
                PDFFile.Line(text: "Asterline Housing Ltd", y: 780),
                PDFFile.Line(text: "12 Harbour Street, Birk", y: 764),
                PDFFile.Line(text: "Invoice 2024-00\(number)", y: 720),
                PDFFile.Line(text: "\(number * 7) hours of work on the roof", y: 690),
                PDFFile.Line(text: "Total: \(number * 911) EUR", y: 660),
                PDFFile.Line(text: "Payment terms: 30 days net", y: 630),
            ]
        }
        #expect(try count("12 Harbour Street", in: pages) >= 1)
        #expect(try count("Payment terms: 30 days net", in: pages) == 3)
        for number in 1...3 { #expect(try count("Invoice 2024-00\(number)", in: pages) == 1) }
    }

    @Test func certificatesKeepTheirTitles() throws {
        let pages = ["Ada Lund", "Bo Berg", "Cid Holm", "Dag Vik"].map { name in
            [
                PDFFile.Line(text: "Certificate of Baptism", x: 150, y: 760, size: 24),
                PDFFile.Line(text: name, x: 150, y: 640),
                PDFFile.Line(text: "was baptised in the church of Norvik", x: 150, y: 610),
            ]
        }
        #expect(try count("Certificate of Baptism", in: pages) == 4)
        #expect(try count("was baptised in the church of Norvik", in: pages) == 4)
    }

    @Test func formsKeepTheirRows() throws {
        // Rows that are equally far apart, from the top of the page to its bottom.
        let pages = ["Ada", "Bo", "Cid"].map { name in
            (0..<25).map { row in
                PDFFile.Line(
                    text: row == 1 ? "Name: \(name)" : row == 24 ? "Allergies: none" : "Field \(row): as before",
                    y: 810 - 32 * row)
            }
        }
        #expect(try count("Allergies: none", in: pages) == 3)
        #expect(try count("Field 0: as before", in: pages) == 3)
    }

    @Test func lastLinesOfTheTextStay() throws {
        let pages = (1...5).map { page in
            (0..<20).map { PDFFile.Line(text: "Lot \(page * 20 + $0): a vase of the duke", y: 800 - 20 * $0) }
                + [PDFFile.Line(text: "Payment is due within ten days.", y: 380)]
        }
        #expect(try count("Payment is due within ten days.", in: pages) == 5)
    }

    @Test func whatOnlyFootersSayIsThereOnce() throws {
        let pages = (1...4).map { page in
            [PDFFile.Line(text: "Emergency number: 112", y: 30)]
                + PDFFile.text(["This is page \(page), which says"] + PDFFile.prose, from: 740)
        }
        #expect(try count("Emergency number: 112", in: pages) == 1)
    }

    @Test func sentencesGoOnBehindFooters() throws {
        let footer = PDFFile.Line(text: "Emergency number: 112", y: 30, size: 9)
        let first = ["The committee meets in the first week of each quarter and decides about it", "with all of its"]
        let second = ["members, who may send somebody else to the meeting in the town of Birk."]
        let pages = [
            PDFFile.text(PDFFile.prose, from: 780) + PDFFile.text([first[0], first[0]], from: 90) + [footer],
            PDFFile.text([second[0], first[1]], from: 780) + [footer],
            PDFFile.text(PDFFile.prose, from: 780) + [footer],
        ]
        #expect(
            try outline(pages) == [
                "p: \(PDFFile.wholeProse)", "p: \(first[0]) \(first[0]) \(second[0]) \(first[1])",
                "p: Emergency number: 112", "p: \(PDFFile.wholeProse)",
            ])
    }

    @Test func numbersThatArePagesAreMasked() {
        func masked(_ line: String) -> String {
            String(decoding: PageNumber.masked(Array(line.utf8)).text, as: UTF8.self)
        }
        #expect(masked("Handbook | 3") == "handbook | #")
        #expect(masked("12 – Rules of 1990") == "# – rules of 1990")
        #expect(masked("Handbook, Page 3 of 30") == "handbook, page # of 30")
        #expect(masked("Invoice 2024-001") == "invoice 2024-001")
        #expect(masked("Lot 7 | red") == "lot 7 | red")
    }

    @Test func pagesWithStampsOnlyAreToldToo() throws {
        let text = try extract((1...3).map { [PDFFile.Line(text: "Scanned by OfficeLens \($0)", y: 20, size: 9)] })
        #expect(text.warnings.pagesWithoutText == [1, 2, 3])
        #expect(outlined(text) == (1...3).map { "p: Scanned by OfficeLens \($0)" })
    }
}
