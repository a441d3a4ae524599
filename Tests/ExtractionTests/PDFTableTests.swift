import Models
import Platform
import Testing

@testable import Extraction

/// Tables of a PDF, whose cells are only places on the page.
@Suite(.enabled(if: Command.locate("pdftotext") != nil, "needs the package poppler-utils"))
struct PDFTableTests {
    private static let before = "These are the fees of the clinic in the town of Birk since the last year."
    private static let behind = [
        "All fees are due on the day of the visit, and can be paid in cash or by card, as",
        "every visitor likes it. Who cannot come calls the clinic on the day before.",
    ]
    private static let wholeBehind = behind.joined(separator: " ")

    /// A table of cells between two paragraphs, with its columns at these places.
    private func outline(_ rows: [[String]], at columns: [Int], pitch: Int = 18) throws -> [String] {
        let cells = rows.enumerated().flatMap { row, cells in
            zip(cells, columns).filter { !$0.0.isEmpty }
                .map { PDFFile.Line(text: $0.0, x: $0.1, y: 740 - row * pitch) }
        }
        let page =
            [PDFFile.Line(text: Self.before, y: 780)] + cells
            + PDFFile.text(Self.behind, from: 700 - rows.count * pitch)
        return outlined(try TextExtractor.extract(PDFFile(lines: [page]).bytes, as: .pdf))
    }

    private func table(_ rows: [String]) -> [String] {
        ["p: \(Self.before)"] + rows.map { "row: \($0)" } + ["p: \(Self.wholeBehind)"]
    }

    private static let fees = [
        ["Service", "Fee", "Time"], ["X-ray", "80 EUR", "20 min"], ["Blood test", "25 EUR", "5 min"],
        ["Cast", "120 EUR", "45 min"],
    ]
    private static let rowsOfFees = [
        "Service: X-ray; Fee: 80 EUR; Time: 20 min", "Service: Blood test; Fee: 25 EUR; Time: 5 min",
        "Service: Cast; Fee: 120 EUR; Time: 45 min",
    ]

    @Test(arguments: [[60, 200, 340], [60, 140, 200], [200, 280, 360]]) func rowsHaveTheirNames(columns: [Int]) throws {
        #expect(try outline(Self.fees, at: columns) == table(Self.rowsOfFees))
    }

    /// As in a table with lines around its cells.
    @Test(arguments: [[60, 200, 340], [200, 280, 360]]) func rowsFarApartHaveTheirNames(columns: [Int]) throws {
        #expect(try outline(Self.fees, at: columns, pitch: 30) == table(Self.rowsOfFees))
    }

    @Test func pricesStayWithTheirThings() throws {
        let rows = [["Rent", "EUR 980"], ["Heating", "EUR 80"], ["Water", "EUR 25"], ["Sum", "EUR 1085"]]
        #expect(
            try outline(rows, at: [60, 300])
                == table(["Rent; EUR 980", "Heating; EUR 80", "Water; EUR 25", "Sum; EUR 1085"]))
    }

    @Test func emptyCellsKeepTheColumns() throws {
        var rows = Self.fees
        rows[2][1] = ""
        var expected = Self.rowsOfFees
        expected[1] = "Service: Blood test; Time: 5 min"
        #expect(try outline(rows, at: [60, 200, 340]) == table(expected))
    }

    @Test func cellsGoOnBelow() throws {
        let page =
            [PDFFile.Line(text: Self.before, y: 780)]
            + [("Service", "Fee", 740), ("X-ray of the arm", "80 EUR", 716), ("Cast", "120 EUR", 678)].flatMap {
                [PDFFile.Line(text: $0.0, y: $0.2), PDFFile.Line(text: $0.1, x: 300, y: $0.2)]
            } + [PDFFile.Line(text: "or the leg", y: 702)] + PDFFile.text(Self.behind, from: 640)
        #expect(
            outlined(try TextExtractor.extract(PDFFile(lines: [page]).bytes, as: .pdf))
                == table(["Service: X-ray of the arm or the leg; Fee: 80 EUR", "Service: Cast; Fee: 120 EUR"]))
    }

    @Test func narrowColumnsOfTextStayColumns() throws {
        let columns = [
            ["The tenant pays the rent", "by the third working day", "of each month and bears", "the cost of a late"],
            [
                "payment. The landlord may", "ask for a deposit of three", "rents, which he keeps apart",
                "from his own money until",
            ],
            [
                "the end of the lease, and", "returns within six months", "after that. Its keys stay",
                "with the caretaker.",
            ],
        ]
        let page = columns.enumerated().flatMap { PDFFile.text($1, x: 60 + 170 * $0, from: 780) }
        #expect(
            outlined(try TextExtractor.extract(PDFFile(lines: [page]).bytes, as: .pdf))
                == ["p: \(columns.joined().joined(separator: " "))"])
    }

    @Test func headsOfLettersAreNoTables() throws {
        let page =
            PDFFile.text(["Asterline Housing Ltd", "12 Harbour Street", "Birk 4711"], from: 780)
            + PDFFile.text(["Date: 3 May 2026", "Reference: 55/12", "Phone: 555 0102"], x: 400, from: 780)
            + PDFFile.text(Self.behind, from: 700)
        #expect(
            outlined(try TextExtractor.extract(PDFFile(lines: [page]).bytes, as: .pdf)).prefix(3)
                == ["row: Asterline Housing Ltd", "row: 12 Harbour Street", "row: Birk 4711"])
    }
}
