import Models
import Testing

@testable import Extraction

/// Tables in plain text keep their rows; prose, verse and code stay as they are.
struct TextTableTests {
    private func outline(_ source: String) throws -> [String] {
        let text = try TextExtractor.extract(Array(source.utf8), as: .text)
        #expect(text.text == source, "positions stay those of the file")
        return outlined(text)
    }

    @Test func columnsAreRows() throws {
        #expect(
            try outline("Item      Price   Bin\nBolt      2.50    R1\nNut       0.80    R12\n")
                == ["row: Item Price Bin", "row: Bolt 2.50 R1", "row: Nut 0.80 R12"])
        // Numbers stand at the right, names of columns in the middle.
        #expect(
            try outline("Rent         980\nHeating       80\nWater         35\n")
                == ["row: Rent 980", "row: Heating 80", "row: Water 35"])
        #expect(
            try outline(
                "Prices of 2024:\nItem      Price    Stock\n--------  ------   -----\nBolt        2.50       7\n")
                == ["p: Prices of 2024:", "row: Item Price Stock", "row: Bolt 2.50 7"])
        // An empty cell, and letters of two bytes.
        #expect(
            try outline("Größe     Preis   Lager\nÄrmel     2.50    R1\nNut               R12\nKnöpfe    0.80    R3\n")
                == ["row: Größe Preis Lager", "row: Ärmel 2.50 R1", "row: Nut R12", "row: Knöpfe 0.80 R3"])
    }

    @Test func gridsAndBarsAreRows() throws {
        #expect(
            try outline(
                "+------+-------+\n| Item | Price |\n+------+-------+\n| Bolt | 2.50  |\n| Nut  |       |\n+------+-------+\n"
            )
                == ["row: Item | Price", "row: Bolt | 2.50", "row: Nut"])
        #expect(try outline("Item | Price\nBolt | 2.50\n") == ["row: Item | Price", "row: Bolt | 2.50"])
    }

    @Test func tabsAreRows() throws {
        #expect(
            try outline("Item\tPrice\tBin\nBolt\t2.50\tR1\nNut\t\tR2\n")
                == ["row: Item Price Bin", "row: Bolt 2.50 R1", "row: Nut R2"])
        #expect(
            try outline("Ada\t30\nBo\t25\n\nThey are both here.\n")
                == ["row: Ada 30", "row: Bo 25", "p: They are both here."])
    }

    @Test func linesBelowACellBelongToIt() throws {
        let source = """
            Options:
              -a, --all     do not hide the names that
                            begin with a point
              -l            use a long format
              -r            reverse
            The end.
            """
        #expect(
            try outline(source) == [
                "p: Options:", "row: -a, --all do not hide the names that begin with a point",
                "row: -l use a long format", "row: -r reverse", "p: The end.",
            ])
    }

    @Test(arguments: [
        "He came home.  It was late.  The lamp burned still.\nShe saw him.  She rose.  Nobody else was in the house.\n"
            + "They spoke.  They ate.  The night was long and quiet.",
        "Tiger, tiger, burning bright\n   In the forests of the night,\nWhat immortal hand or eye\n   Could frame thy form?",
        "Hwaet! We Gardena      in geardagum,\ntheodcyninga   thrym gefrunon,\nhu tha aethelingas        ellen fremedon.",
        "Ada Lind\n12 Main Street\nNorvik 1234\nNorland",
        "int a    = 1;\nint bcd  = 2;\nint ef   = 3;", "a = 1    # first\nbc = 2   # second\ncde = 3  # third",
        "The  printer  has justified this  line of the text\nso that  its words  reach  the right margin  as in\n"
            + "books  of long ago,  and  the gaps  are  of two or\nmore  spaces where the  words  did  not  suffice.",
        "He said \"Stop!\"  Then he left.\nShe said \"Wait.\"  Then she wept.\nThey (both.)  Then nothing more.",
        "Name: one thing\nNote: another thing", "cd a || exit\ncd b || exit",
    ])
    func otherTextStays(source: String) throws {
        let blocks = try TextExtractor.extract(Array(source.utf8), as: .text).blocks
        #expect(blocks == [TextBlock(kind: .paragraph, range: 0..<source.utf8.count)])
    }

    @Test func headingsStayHeadings() throws {
        #expect(
            try outline("Prices\n======\nBolt    2.50\nNut     1.20\n")
                == ["h1: Prices", "row: Bolt 2.50", "row: Nut 1.20"])
        #expect(try outline("- Bolt    2.50\n- Nut     1.20\n") == ["li: - Bolt 2.50", "li: - Nut 1.20"])
    }
}
