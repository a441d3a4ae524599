import Models
import Testing

@testable import Extraction

struct HTMLTableTests {
    private func rows(_ table: String) throws -> [String] { try outline("<html><body>\(table)", .html) }

    @Test func cellsStandInAllRowsAndColumnsThatTheyCover() throws {
        #expect(
            try rows(
                """
                <table><tr><th>Region</th><th>Quarter</th><th>Sales</th></tr>
                <tr><td rowspan="2">North</td><td>Q1</td><td>10</td></tr><tr><td>Q2</td><td>12</td></tr>
                <tr><td rowspan=2>South</td><td>Q1</td><td rowspan='2'>7</td></tr><tr><td>Q2</td></tr></table>
                """) == [
                    "row: Region: North; Quarter: Q1; Sales: 10", "row: Region: North; Quarter: Q2; Sales: 12",
                    "row: Region: South; Quarter: Q1; Sales: 7", "row: Region: South; Quarter: Q2; Sales: 7",
                ])
        #expect(
            try rows(
                """
                <table><tr><th>Shop</th><th>Mon</th><th>Tue</th><th>Sat</th></tr>
                <tr><td>Harbour</td><td colspan=2>9–17</td><td>closed</td></tr></table>
                """) == ["row: Shop: Harbour; Mon: 9–17; Tue: 9–17; Sat: closed"])
    }

    @Test func aCellForAllRowsOfTheTableIsBounded() throws {
        let source =
            "<table><tr><th>A</th><th>B</th></tr><tr><td rowspan=0>x</td><td>1</td></tr><tr><td>2</td></tr></table><p>after"
        #expect(try rows(source) == ["row: A: x; B: 1", "row: A: x; B: 2", "p: after"])
        let long = String(repeating: "long ", count: 70) + "cell"
        #expect(
            try rows("<table><tr><th>A<th>B<tr><td rowspan=2>\(long)<td>1<tr><td>2</table>") == [
                "row: A: \(long); B: 1", "row: B: 2",
            ])
    }

    @Test(arguments: [
        "<table><thead><tr><td>Name</td><td>Age</td></tr></thead><tbody><tr><td>Ann</td><td>33</td></tr></tbody></table>",
        "<table><thead><td>Name</td><td>Age</td></thead><tbody><tr><td>Ann</td><td>33</td></tr></tbody></table>",
        "<table><tr><th>Name<th>Age<tr><th>Ann<td>33</table>",
        "<table><tr><td><b>Name</b></td><td><strong>Age</strong></td></tr><tr><td>Ann</td><td>33</td></tr></table>",
        "<table><tr><td><p><b>Name:</b></p></td><td><b>Age</b></td></tr><tr><td>Ann</td><td>33</td></tr></table>",
        "<tr><th>Name</th><th>Age</th></tr><tr><td>Ann</td><td>33</td></tr>",
        "<table><tbody><tr><th scope=col>Name</th><th scope=col>Age</th></tr></tbody><tbody><tr><td>Ann</td><td>33</table>",
    ]) func headersAreFoundHoweverTheyAreMarked(table: String) throws {
        #expect(try rows(table) == ["row: Name: Ann; Age: 33"])
    }

    @Test func rowsOfAHeaderAreOneName() throws {
        let body = "<tr><td>North</td><td>1</td><td>2</td><td>3</td></tr>"
        let expected = ["row: Region: North; 2023 Q1: 1; 2023 Q2: 2; 2024 Q1: 3"]
        let head =
            "<tr><th rowspan=2>Region</th><th colspan=2>2023</th><th>2024</th></tr><tr><th>Q1</th><th>Q2</th><th>Q1</th></tr>"
        #expect(try rows("<table>\(head)\(body)</table>") == expected)
        #expect(try rows("<table><thead>\(head)</thead>\(body)</table>") == expected)
        let cells = head.replacing("th", with: "td")
        #expect(try rows("<table><thead>\(cells)</thead><tbody>\(body)</tbody></table>") == expected)
        #expect(try rows("<table>\(cells)\(body)\(body)</table>") == expected + expected)
        #expect(
            try rows(
                "<table><tr><th></th><th colspan=2>Adults</th></tr><tr><th></th><th>Men</th><th>Women</th></tr><tr><th>Oslo</th><td>4</td><td>5</td></tr></table>"
            )
                == ["row: Oslo; Adults Men: 4; Adults Women: 5"])
    }

    @Test func headersWithoutMarksDifferFromTheCellsBelow() throws {
        func table(_ rows: [[String]]) -> String {
            "<table>" + rows.map { "<tr>" + $0.map { "<td>\($0)</td>" }.joined() + "</tr>" }.joined() + "</table>"
        }
        #expect(
            try rows(table([["Item", "Limit", "Receipt"], ["Hotel", "140 EUR", "yes"], ["Taxi", "60 EUR", "no"]]))
                == ["row: Item: Hotel; Limit: 140 EUR; Receipt: yes", "row: Item: Taxi; Limit: 60 EUR; Receipt: no"])
        #expect(
            try rows(table([["", "2022", "2023"], ["Sales", "5", "6"], ["Costs", "4", "3"]]))
                == ["row: Sales; 2022: 5; 2023: 6", "row: Costs; 2022: 4; 2023: 3"])
        #expect(
            try rows(table([["Years", "Days"], ["0 to 4", "27"], ["5 to 9", "29"]]))
                == ["row: Years: 0 to 4; Days: 27", "row: Years: 5 to 9; Days: 29"])
        #expect(
            try rows(table([["Stage", "Time"], ["Glue", "3 to 5 days"], ["Paint", "2 to 4 days"]]))
                == ["row: Stage: Glue; Time: 3 to 5 days", "row: Stage: Paint; Time: 2 to 4 days"])
        #expect(
            try rows(
                table([["Site", "Code", "2023"], ["Oslo", "A-1", "1e3"], ["Rome", "B-2", "80"], ["Bern", "", "7"]]))
                == [
                    "row: Site: Oslo; Code: A-1; 2023: 1e3", "row: Site: Rome; Code: B-2; 2023: 80",
                    "row: Site: Bern; 2023: 7",
                ])
        // Labels and their values.
        #expect(
            try rows(table([["Name", "Ann"], ["Age", "33"], ["Height", "180 cm"]]))
                == ["row: Name; Ann", "row: Age; 33", "row: Height; 180 cm"])
        #expect(
            try rows(table([["Company", "Norvik"], ["Founded", "1990"], ["Place", "Bergen"]]))
                == ["row: Company; Norvik", "row: Founded; 1990", "row: Place; Bergen"])
        #expect(try rows(table([["1", "Ann"], ["2", "Bob"]])) == ["row: 1; Ann", "row: 2; Bob"])
    }

    @Test func labelsBesideTheirValuesAreNames() throws {
        #expect(
            try rows("<table><tr><th>Born</th><td>1950</td></tr><tr><th>Place:</th><td>Oslo</td></tr></table>")
                == ["row: Born: 1950", "row: Place: Oslo"])
        #expect(
            try rows(
                "<table><tr><th></th><th>Basic</th><th>Pro</th></tr><tr><th>Price</th><td>5</td><td>9</td></tr></table>"
            )
                == ["row: Price; Basic: 5; Pro: 9"])
    }

    @Test func aLabelNamesWhatDoesNotFitOnALine() throws {
        let list = "<ul>" + (1...120).map { "<li>item \($0)" }.joined() + "</ul>"
        let outline = try rows("<table><tr><th>Parts</th><td>\(list)</td></tr></table>")
        #expect(outline.count == 121 && outline.prefix(2) == ["p: Parts:", "li: - item 1"])
    }

    @Test func titlesLabelsAndSumsKeepTheirPlaces() throws {
        #expect(
            try rows(
                """
                <table><caption>Baggage</caption><tr><th colspan=2>All flights</th></tr><tr><th>Item</th><th>Pieces</th></tr>
                <tr><th colspan=2>Business</th></tr><tr><td>Bag</td><td>2</td></tr>
                <tr><td colspan=2><b>Economy</b></td></tr><tr><td>Bag</td><td>1</td></tr>
                <tr><td colspan=2>Prices on request.</td></tr>
                <tfoot><tr><th>Sum</th><th>3</th></tr></tfoot></table>
                """) == [
                    "p: Baggage", "p: All flights", "row: Business; Item: Bag; Pieces: 2",
                    "row: Economy; Item: Bag; Pieces: 1", "p: Prices on request.", "row: Item: Sum; Pieces: 3",
                ])
    }

    @Test func aHeaderWithinATableNamesTheRowsBelowIt() throws {
        let head = "<tr><th>Name</th><th>Age</th></tr>"
        #expect(
            try rows(
                "<table>\(head)<tr><td>Ann<td>33</tr>\(head)<tr><td>Bob<td>44</tr><tr><th>City<th>Code</tr><tr><td>Oslo<td>1</tr><tr><th>Last<th>Row</tr></table>"
            )
                == ["row: Name: Ann; Age: 33", "row: Name: Bob; Age: 44", "row: City: Oslo; Code: 1", "row: Last; Row"])
    }

    @Test func tablesWithinCellsKeepTheirRows() throws {
        let inner = "<table><tr><th>Size</th><th>Price</th></tr><tr><td>S</td><td>5</td></tr></table>"
        #expect(
            try rows(
                "<table><tr><th>Model</th><th>Prices</th></tr><tr><td>A1</td><td>from \(inner) net</td></tr></table><p>end"
            )
                == ["row: Model: A1", "p: Prices: from", "row: Size: S; Price: 5", "p: net", "p: end"])
        #expect(
            try rows("<table><tr><td><h2>News</h2><p>Text.</p><ul><li>a</ul>\(inner)</td></tr></table>")
                == ["h2: News", "p: Text.", "li: - a", "row: Size: S; Price: 5"])
        let deep = String(repeating: "<table><tr><td>x", count: 100)
        #expect(try rows(deep).filter { $0.contains("x") }.count >= 32)
    }

    @Test func whatDoesNotFitOnALineFollowsItsRow() throws {
        let long = String(repeating: "Lorem ipsum dolor. ", count: 60)
        let outline = try rows(
            "<table><tr><th>Id</th><th>Text</th><th>State</th></tr><tr><td>7</td><td>\(long)</td><td>open</td></tr></table>"
        )
        #expect(outline.count == 2 && outline[0] == "row: Id: 7; State: open" && outline[1].hasPrefix("p: Text: Lorem"))
        #expect(
            try rows("<table><tr><th>Step</th><th>Command</th></tr><tr><td>1</td><td><pre>a\nb</pre></td></tr></table>")
                == ["row: Step: 1", "p: Command:", "code: a b"])
        #expect(
            try rows(
                "<table><tr><th>Role</th><th>Rights</th></tr><tr><td>Editor</td><td><ul><li>read<li>write</ul></td></tr></table>"
            )
                == ["row: Role: Editor; Rights: - read - write"])
    }

    /// A row that exceeds a passage goes on in another, which says whose row it is.
    @Test func everyPartOfALongRowHasNames() throws {
        let names = (0..<30).map { "<th>Field \($0)</th>" }.joined()
        let values = (1..<30).map { "<td>" + String(repeating: "value\($0) ", count: 20) + "</td>" }.joined()
        let text = try TextExtractor.extract(
            Array("<table><tr>\(names)</tr><tr><td>K-1</td>\(values)</tr></table>".utf8), as: .html)
        let passages = PassageSplitter.split(text)
        #expect(passages.count > 1)
        for passage in passages {
            #expect(passage.content.hasPrefix("Field 0: K-1; Field "), "\(passage.content.prefix(40))")
        }
    }

    @Test func hugeSpansStayBounded() throws {
        let spans = String(repeating: "<tr><td colspan=1000 rowspan=65534>", count: 3_000)
        #expect(try outline("<table><tr><th>a<th>b\(spans)x", .html).contains { $0.hasSuffix("x") })
        let repeated = "<table><tr><th>a<th>b<tr><td rowspan=9999>" + String(repeating: "y", count: 200)
        let text = try TextExtractor.extract(
            Array((repeated + String(repeating: "<tr><td>1", count: 20_000)).utf8), as: .html)
        #expect(text.text.utf8.count < 1_500_000)
    }
}
