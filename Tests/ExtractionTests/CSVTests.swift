import Testing

@testable import Extraction

struct CSVTests {
    private func rows(_ source: String) throws -> [String] {
        try outline(source, .csv).map { String($0.dropFirst("row: ".count)) }
    }

    @Test func namesTheColumns() throws {
        #expect(
            try rows("Name;Note\r\nAnn;\"a \"\"b\"\"; c\nd\"\r\n\r\nBob;\r\n") == [
                "Name: Ann; Note: a \"b\"; c d", "Name: Bob",
            ])
        #expect(try rows("1,2\n3,4") == ["1; 2", "3; 4"])
        #expect(try rows("a\tb\n1\t2") == ["a: 1; b: 2"])
        #expect(try rows("a,b\n") == ["a: b"])
        #expect(try rows(",,\n , \n").isEmpty)
    }

    @Test func longNamesDoNotMultiply() throws {
        let names = (0..<500).map { "\($0)" + String(repeating: "n", count: 70) }
        let rows = String(repeating: String(repeating: "1,", count: 499) + "1\n", count: 400)
        let csv = names.joined(separator: ",") + "\n" + rows
        let text = try TextExtractor.extract(Array(csv.utf8), as: .csv)
        #expect(text.text.utf8.count < 6 * csv.utf8.count)
    }

    @Test func questionsOfSurveysAreNames() throws {
        let question = "How satisfied are you with " + String(repeating: "the service and ", count: 14) + "its price?"
        let found = try rows("\(question),Comment\n5,Good\n3,Slow\n")
        #expect(found.count == 3)
        #expect(found[0] == question)
        #expect(found[1].hasPrefix("How satisfied are you") && found[1].hasSuffix(": 5; Comment: Good"))
    }

    // MARK: Separators

    @Test(arguments: [
        ("id|title|owner\n7|Pump, red|Ada\n8|Valve, blue|Bo\n", "id: 7; title: Pump, red; owner: Ada"),
        ("sep=;\nid;title\n1;Pump\n2;Valve\n", "id: 1; title: Pump"),
        ("sep=|\r\nid|title\r\n1|Pump\r\n", "id: 1; title: Pump"),
        ("\"sep=,\"\nid,title\n1,Pump\n", "id: 1; title: Pump"), ("SEP=^\nid^title\n1^Pump\n", "id: 1; title: Pump"),
        ("sep=;;;\nid;title;\n1;Pump;\n", "id: 1; title: Pump"),
        ("Sample;Mass;pH\nS-001;12,5;6,8\nS-002;9,75;7,4\n", "Sample: S-001; Mass: 12,5; pH: 6,8"),
        ("1;2,5\n3;4,5\n", "1; 2,5"), ("Bolt;1,50\nNut;0,80\n", "Bolt: 1,50"),
        ("Konto:;DE12\n\nTag;Betrag;Zweck\n1.2.24;-2,50;Miete\n3.2.24;9,00;Lohn\n\nSaldo;7,50\n", "Konto: DE12"),
        ("name;tags\nAnn;a,b,c\nBob;x,y,z\n", "name: Ann; tags: a,b,c"),
        ("city\tnote\nRome\tfine, warm\nOslo\tcold, dark\n", "city: Rome; note: fine, warm"),
        ("note\nHello, world.\nFine; thanks\nNo\nYes\nWell\n", "note"),
    ])
    func findsTheSeparator(source: String, first: String) throws {
        #expect(try rows(source).first == first)
    }

    @Test func linesOfTextStayWhole() throws {
        #expect(
            try rows("text\nHello, world.\nBye.\nYes.\nWell then.\n") == [
                "text", "Hello, world.", "Bye.", "Yes.", "Well then.",
            ])
    }

    // MARK: Quotes

    @Test(arguments: [
        ("a,b\n\"open,2\n3,4", ["a: \"open; b: 2", "a: 3; b: 4"]),
        (
            "code\tname\n1\t\"Alpha rod\n2\tBeta rod\n3\t5\" pipe\n4\t\"Gamma rod\n5\tDelta\n",
            [
                "code: 1; name: \"Alpha rod", "code: 2; name: Beta rod", "code: 3; name: 5\" pipe",
                "code: 4; name: \"Gamma rod", "code: 5; name: Delta",
            ]
        ),
        (
            "code,name,qty\n1,\"12\" pipe,4\n2,Valve,9\n3,\"8\" pipe,2\n",
            ["code: 1; name: \"12\" pipe; qty: 4", "code: 2; name: Valve; qty: 9", "code: 3; name: \"8\" pipe; qty: 2"]
        ),
        (
            "id;note\n1;\"Hallo\" sagte er\n2;ohne\n3;\"Ende\"\n",
            ["id: 1; note: \"Hallo\" sagte er", "id: 2; note: ohne", "id: 3; note: Ende"]
        ),
        // A quote that another row seems to close.
        ("id\tname\n1\t\"Alpha\n2\tBeta\"\n3\tC\n", ["id: 1; name: \"Alpha", "id: 2; name: Beta\"", "id: 3; name: C"]),
        ("id,name\n1,\"a \"b\" c\"\n2,d\n", ["id: 1; name: a \"b\" c", "id: 2; name: d"]),
        (
            "id,name\n1,\"say \\\"no\\\", then\"\n2,\"C:\\dir\\\"\n",
            ["id: 1; name: say \"no\", then", "id: 2; name: C:\\dir\\"]
        ),
        ("id,size\n1,\"5\"\",\n2,\"7\"\",x\n", ["id: 1; size: \"5\"\"", "id: 2; size: \"7\"\"; x"]),
        ("id,name\n1,\"\"\n2,\"\"\"q\"\"\"\n", ["id: 1", "id: 2; name: \"q\""]),
        ("id,name\n1,\"line, one\nline, two\"\n2,b\n", ["id: 1; name: line, one line, two", "id: 2; name: b"]),
    ])
    func aQuoteClosesOnlyBeforeTheNextCell(source: String, expected: [String]) throws {
        #expect(try rows(source) == expected)
    }

    @Test(arguments: [
        (
            "name, note, qty\n\"Pump\", \"red, big\", 4\n\"Valve\", \"blue\", 9\n",
            ["name: Pump; note: red, big; qty: 4", "name: Valve; note: blue; qty: 9"]
        ),
        ("a,b,n\n\"Pump\" ,\"red, big\" ,4\n\"Nut\"\t,x,5\n", ["a: Pump; b: red, big; n: 4", "a: Nut; b: x; n: 5"]),
        ("a;b;n\n \"y;z\" ; \"say \"\"no\"\"\" ;6\nq;r;7\n", ["a: y;z; b: say \"no\"; n: 6", "a: q; b: r; n: 7"]),
        (
            "what, where\n\"two\nlines\", \"here\" \nx, \"there\"\n",
            ["what: two lines; where: here", "what: x; where: there"]
        ),
        // Quotes that are text.
        (
            "size, kind, n\n1, \"12\" pipe, 4\n2, \"8\", 3\n",
            ["size: 1; kind: \"12\" pipe; n: 4", "size: 2; kind: 8; n: 3"]
        ),
        (
            "note,n\n\"He said \"yes\" , then left\",4\nok,5\n",
            ["note: He said \"yes\" , then left; n: 4", "note: ok; n: 5"]
        ),
        ("a, b\nx, \"open\ny, 2\nz, 3\n", ["a: x; b: \"open", "a: y; b: 2", "a: z; b: 3"]),
    ])
    func spacesCanBeAroundQuotedCells(source: String, expected: [String]) throws {
        #expect(try rows(source) == expected)
    }

    // MARK: Headers

    @Test(arguments: [
        (",Name,Country\n0,Lena,Norland\n1,Ivo,Sudmark\n", "0; Name: Lena; Country: Norland"),
        ("Name,,Capital\nLena,x,Aster\nIvo,y,Birk\n", "Name: Lena; x; Capital: Aster"),
        ("#,Item,Price (€)\n1,Bolt,2.50\n2,Nut,0.80\n", "#: 1; Item: Bolt; Price (€): 2.50"),
        ("Name,%\nBolt,40\nNut,60\n", "Name: Bolt; %: 40"), ("№,€\n1,2\n3,4\n", "№: 1; €: 2"),
        (
            "Country,2019,2020,2021\nNorland,12.5,13.1,14\nSudmark,8,9,7\n",
            "Country: Norland; 2019: 12.5; 2020: 13.1; 2021: 14"
        ),
        (",2019,2020\nNorland,12,13\nSudmark,8,9\n", "Norland; 2019: 12; 2020: 13"),
        ("Shop,2023-01,2023-02\nEast,120,130\nWest,80,90\n", "Shop: East; 2023-01: 120; 2023-02: 130"),
        (",1,2,3\nA,0.4,0.5,0.6\nB,0.7,0.8,0.9\n", "A; 1: 0.4; 2: 0.5; 3: 0.6"),
        ("Material,10 %,20 %\nSteel,1.1,1.2\nBrass,2.1,2.2\n", "Material: Steel; 10 %: 1.1; 20 %: 1.2"),
        (
            ",sales,sales,cost\nregion,2019,2020,2019\nNorth,1.5,2.5,3.5\nSouth,4.1,5.1,6.1\n",
            "region: North; sales 2019: 1.5; sales 2020: 2.5; cost 2019: 3.5"
        ),
        ("id,active\nx1,true\ny2,false\n", "id: x1; active: true"),
        ("OD600,Well\n0.4,A1\n0.5,A2\n", "OD600: 0.4; Well: A1"),
        // Years above values that can be years, and hours and numbers above others.
        (
            "Country,1990,2000,2010\nNorland,5000,5200,5400\nSudmark,1700,1800,1910\n",
            "Country: Norland; 1990: 5000; 2000: 5200; 2010: 5400"
        ),
        ("Region;2019;2020\nNord;1950;2010\n", "Region: Nord; 2019: 1950; 2020: 2010"),
        ("Bus,08:00,09:00,10:00\n12,yes,no,yes\n", "Bus: 12; 08:00: yes; 09:00: no; 10:00: yes"),
        ("Name,9 am,10 am,11 am\nAnn,free,busy,free\n", "Name: Ann; 9 am: free; 10 am: busy; 11 am: free"),
        ("Stop,08:00,09:00\nHarbour,12,14\nMarket,3,5\n", "Stop: Harbour; 08:00: 12; 09:00: 14"),
        ("Stop,1,2,3\nHarbour,08:00,08:30,09:00\n", "Stop: Harbour; 1: 08:00; 2: 08:30; 3: 09:00"),
        ("Week,1,2,3\nNorland,120,130,125\nSudmark,80,85,70\n", "Week: Norland; 1: 120; 2: 130; 3: 125"),
        ("Question,1,2,3\nAnn,yes,no,yes\n", "Question: Ann; 1: yes; 2: no; 3: yes"),
        ("Name,2024-05-01\nAnn,yes\nBo,no\n", "Name: Ann; 2024-05-01: yes"),
        // Columns that are empty throughout.
        ("name,,,city\nLena,,,Aster\nBo,,,Birk\n", "name: Lena; city: Aster"),
        ("Name,,,Lena\nAge,,,30\nCity,,,Aster\n", "Name: Lena"),
        // The first row is data, even if its numbers follow each other.
        ("Ann,1990,2000\nBo,1996,2005\n", "Ann; 1990; 2000"), ("Ann,2019,2020\nBo,2018,2020\n", "Ann; 2019; 2020"),
        ("Ann,1,2,3\nBo,2,2,1\nCy,3,1,3\n", "Ann; 1; 2; 3"),
        ("Harbour,08:00,09:00,10:00\nMarket,08:05,09:05,10:05\n", "Harbour; 08:00; 09:00; 10:00"),
        ("Shop,08:00,18:00\nOffice,closed,open\nLab,closed,closed\n", "Shop; 08:00; 18:00"),
        // The first row is data.
        ("Ann,30\nBob,25\nCy,unknown\nDee,40\n", "Ann: 30"), ("x,1,2,3\ny,4,5,6\n", "x; 1; 2; 3"),
        ("2019,12\n2020,13\n2021,15\n", "2019; 12"), ("A-1,B-2\nA-3,B-4\n", "A-1; B-2"),
        ("yes,Ann\nno,Bob\nyes,Cy\n", "yes; Ann"),
        ("Open the lid first.,Then wait.\nClose it at the end.,Then go.\n", "Open the lid first.: Then wait."),
        // Names and values.
        ("Name,Lena\nAge,30\nCity,Aster\n", "Name: Lena"),
        // Names of groups, and units.
        (
            ",2019,,2020,\nRegion,Q1,Q2,Q1,Q2\nNorth,1,2,3,4\nSouth,5,6,7,8\n",
            "Region: North; 2019 Q1: 1; 2019 Q2: 2; 2020 Q1: 3; 2020 Q2: 4"
        ),
        ("Time,Temp,State\ns,°C,\n0,21.3,ok\n1,21.4,ok\n", "Time s: 0; Temp °C: 21.3; State: ok"),
        ("Name,Age\nAnn,unknown\nBob,30\nCy,25\n", "Name: Ann; Age: unknown"),
    ])
    func findsTheHeader(source: String, first: String) throws {
        #expect(try rows(source).first == first)
    }

    @Test func textBeforeTheTableStaysText() throws {
        let source = """
            Instrument: Vactron 200,,,
            Operator,L. Brandt,,
            ,,,
            Time [s],Temperature [°C],Pressure [kPa],State
            0,21.3,101.20,OK
            10,21.7,101.35,LEAK
            """
        #expect(
            try rows(source) == [
                "Instrument: Vactron 200", "Operator: L. Brandt",
                "Time [s]: 0; Temperature [°C]: 21.3; Pressure [kPa]: 101.20; State: OK",
                "Time [s]: 10; Temperature [°C]: 21.7; Pressure [kPa]: 101.35; State: LEAK",
            ])
        #expect(
            try rows("Exported on Monday\n\nItem;Price\nBolt;2,50\nNut;0,80\nSource: the shop\n")
                == ["Exported on Monday", "Item: Bolt; Price: 2,50", "Item: Nut; Price: 0,80", "Source: the shop"])
        #expect(
            try rows("Operator,Brandt\nRoom,West\nTime,Temp\n0,21\n10,22\n20,23\n30,24\n")
                == [
                    "Operator: Brandt", "Room: West", "Time: 0; Temp: 21", "Time: 10; Temp: 22", "Time: 20; Temp: 23",
                    "Time: 30; Temp: 24",
                ])
    }

    @Test func aFileCanHoldSeveralTables() throws {
        let source = "Item,Price,Stock\nBolt,2.5,7\nNut,0.8,9\n\nCity,Staff\nRome,12\nOslo,7\n\nTotal,19\n"
        #expect(
            try rows(source) == [
                "Item: Bolt; Price: 2.5; Stock: 7", "Item: Nut; Price: 0.8; Stock: 9", "City: Rome; Staff: 12",
                "City: Oslo; Staff: 7", "City: Total; Staff: 19",
            ])
        #expect(
            try rows("id,n\n1,a\n2,b\nid,n\n3,c\n") == ["id: 1; n: a", "id: 2; n: b", "id: 3; n: c"],
            "a header that is repeated is no row")
        #expect(try rows("id,n\n\n1,a\n\n2,b\n\n3,c\n") == ["id: 1; n: a", "id: 2; n: b", "id: 3; n: c"])
    }
}
