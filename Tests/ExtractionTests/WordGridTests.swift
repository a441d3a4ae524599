import Models
import Testing

@testable import Extraction

struct WordGridTests {
    private func outline(_ body: String, styles: String? = nil, numbering: String? = nil) throws -> [String] {
        let bytes = try WordFile(body, styles: styles, numbering: numbering).bytes()
        return outlined(try TextExtractor.extract(bytes, as: .docx))
    }

    private func p(_ text: String, _ properties: String = "", bold: Bool = false) -> String {
        "<w:p><w:pPr>\(properties)</w:pPr><w:r><w:rPr>\(bold ? "<w:b/>" : "")</w:rPr><w:t xml:space=\"preserve\">\(text)</w:t></w:r></w:p>"
    }

    /// Cells are texts, or texts behind properties: `merge|North`.
    private func table(_ rows: [[String]], look: Bool = true, headers: Int = 0, bold: Bool = false) -> String {
        let properties = [
            "start": "<w:vMerge w:val=\"restart\"/>", "go": "<w:vMerge/>", "wide": "<w:gridSpan w:val=\"2\"/>",
        ]
        let xml = rows.enumerated().map { index, cells in
            let header = index < headers ? "<w:trPr><w:tblHeader/></w:trPr>" : ""
            return "<w:tr>\(header)"
                + cells.map { cell in
                    let parts = cell.split(separator: "|", omittingEmptySubsequences: false)
                    let property = parts.count > 1 ? properties[String(parts[0])] ?? "" : ""
                    return
                        "<w:tc><w:tcPr>\(property)</w:tcPr>\(p(String(parts.last ?? ""), bold: bold && index == 0))</w:tc>"
                }.joined() + "</w:tr>"
        }
        return "<w:tbl><w:tblPr>\(look ? "<w:tblLook w:val=\"04A0\"/>" : "")</w:tblPr>\(xml.joined())</w:tbl>"
    }

    @Test func mergedCellsStandInAllRowsAndColumns() throws {
        #expect(
            try outline(
                table([
                    ["Region", "Quarter", "Sales"], ["start|North", "Q1", "10"], ["go|", "Q2", "12"],
                    ["wide|none", "3"],
                ]))
                == [
                    "row: Region: North; Quarter: Q1; Sales: 10", "row: Region: North; Quarter: Q2; Sales: 12",
                    "row: Region: none; Quarter: none; Sales: 3",
                ])
    }

    @Test(arguments: [1, 2]) func rowsOfAHeaderAreOneName(headers: Int) throws {
        let rows = [
            ["start|Region", "wide|2023", "2024"], ["go|", "Q1", "Q2", "Q1"], ["North", "1", "2", "3"],
            ["South", "4", "5", "6"],
        ]
        let expected = [
            "row: Region: North; 2023 Q1: 1; 2023 Q2: 2; 2024 Q1: 3",
            "row: Region: South; 2023 Q1: 4; 2023 Q2: 5; 2024 Q1: 6",
        ]
        #expect(try outline(table(rows, headers: headers)) == expected)
        #expect(try outline(table(rows)) == expected)
        #expect(try outline(table(rows, look: false)) == expected)
    }

    @Test func twoColumnsAreATableIfTheyDifferFromTheirHeader() throws {
        #expect(
            try outline(
                table([
                    ["Years of service", "Days of leave"], ["0 to 4", "27"], ["5 to 9", "29"], ["10 and more", "31"],
                ]))
                == [
                    "row: Years of service: 0 to 4; Days of leave: 27",
                    "row: Years of service: 5 to 9; Days of leave: 29",
                    "row: Years of service: 10 and more; Days of leave: 31",
                ])
        #expect(
            try outline(table([["Item", "Limit"], ["Hotel", "140 EUR"], ["Taxi", "60 EUR"]]))
                == ["row: Item: Hotel; Limit: 140 EUR", "row: Item: Taxi; Limit: 60 EUR"])
        #expect(
            try outline(table([["Short", "Meaning"], ["HR", "Human Resources"]], bold: true)) == [
                "row: Short: HR; Meaning: Human Resources"
            ])
        #expect(try outline(table([["Name", "Ann"], ["Place", "Oslo"]])) == ["row: Name; Ann", "row: Place; Oslo"])
    }

    @Test func tablesAndListsWithinCellsKeepTheirStructure() throws {
        let inner = table([["Size", "Price", "Stock"], ["S", "5", "1"]], headers: 1)
        let list = "<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"3\"/></w:numPr>"
        let body =
            "<w:tbl><w:tr><w:tc>\(p("A1"))</w:tc><w:tc>\(p("Prices:"))\(inner)\(p("net"))</w:tc></w:tr>"
            + "<w:tr><w:tc>\(p("Tools"))</w:tc><w:tc>\(p("saw", list))\(p("nail", list))</w:tc></w:tr></w:tbl>"
        #expect(
            try outline(body) == [
                "p: A1", "p: Prices:", "row: Size: S; Price: 5; Stock: 1", "p: net", "row: Tools; - saw - nail",
            ])
        #expect(
            try outline("<w:tbl><w:tr><w:tc>\(p("Frame"))\(p("saw", list))\(inner)</w:tc></w:tr></w:tbl>")
                == ["p: Frame", "li: - saw", "row: Size: S; Price: 5; Stock: 1"])
    }

    @Test func tablesInTextBoxesFollowTheirParagraph() throws {
        let box = "<w:txbxContent>\(p("Box"))\(table([["A", "B", "C"], ["1", "2", "3"]]))</w:txbxContent>"
        #expect(
            try outline(
                "<w:p><w:r><w:t>Before</w:t></w:r><w:r><w:pict><v:textbox>\(box)</v:textbox></w:pict></w:r></w:p>\(p("After"))"
            )
                == ["p: Before", "p: Box", "row: A: 1; B: 2; C: 3", "p: After"])
    }

    @Test func listsCountAsWordDoes() throws {
        func level(_ level: Int, _ format: String, _ text: String, _ more: String = "") -> String {
            "<w:lvl w:ilvl=\"\(level)\">\(more)<w:numFmt w:val=\"\(format)\"/><w:lvlText w:val=\"\(text)\"/></w:lvl>"
        }
        func number(_ list: Int, _ level: Int) -> String {
            "<w:numPr><w:ilvl w:val=\"\(level)\"/><w:numId w:val=\"\(list)\"/></w:numPr>"
        }
        let numbering =
            "<w:abstractNum w:abstractNumId=\"7\">\(level(0, "decimal", "%1."))\(level(1, "lowerLetter", "(%2)"))\(level(2, "upperRoman", "%1.%2.%3", "<w:start w:val=\"4\"/>"))</w:abstractNum>"
            + "<w:abstractNum w:abstractNumId=\"8\">\(level(0, "bullet", "\u{F0B7}"))\(level(1, "none", ""))</w:abstractNum>"
            + "<w:abstractNum w:abstractNumId=\"9\">\(level(0, "decimal", "§ %1", "<w:pStyle w:val=\"Heading1\"/>"))\(level(1, "decimal", "%1.%2", "<w:pStyle w:val=\"Heading2\"/>"))</w:abstractNum>"
            + "<w:num w:numId=\"1\"><w:abstractNumId w:val=\"7\"/></w:num><w:num w:numId=\"2\"><w:abstractNumId w:val=\"8\"/></w:num>"
            + "<w:num w:numId=\"3\"><w:abstractNumId w:val=\"9\"/></w:num>"
            + "<w:num w:numId=\"4\"><w:abstractNumId w:val=\"7\"/><w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"1\"/></w:lvlOverride></w:num>"
        let styles = ["1", "2"].map {
            "<w:style w:type=\"paragraph\" w:styleId=\"Heading\($0)\"><w:name w:val=\"heading \($0)\"/><w:pPr><w:numPr><w:numId w:val=\"3\"/></w:numPr></w:pPr></w:style>"
        }.joined()
        let body =
            p("Scope", "<w:pStyle w:val=\"Heading1\"/>") + p("one", number(1, 0)) + p("sub", number(1, 1))
            + p("sub", number(1, 1))
            + p("deep", number(1, 2)) + p("two", number(1, 0)) + p("sub", number(1, 1)) + p("dot", number(2, 0))
            + p("plain", number(2, 1))
            + p("Term", "<w:pStyle w:val=\"Heading2\"/>") + p("Fees", "<w:pStyle w:val=\"Heading1\"/>")
            + p("anew", number(4, 0))
            + p("next", number(4, 0)) + p("unknown", number(99, 0)) + p("3. typed", number(2, 0))
        #expect(
            try outline(body, styles: styles, numbering: numbering) == [
                "h1: § 1 Scope", "li: 1. one", "li: (a) sub", "li: (b) sub", "li: 1.b.IV deep", "li: 2. two",
                "li: (a) sub",
                "li: - dot", "p: plain", "h2: 1.1 Term", "h1: § 2 Fees", "li: 1. anew", "li: 2. next", "li: - unknown",
                "li: 3. typed",
            ])
    }
}
