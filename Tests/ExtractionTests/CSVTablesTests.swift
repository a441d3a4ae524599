import Testing

@testable import Extraction

/// Files with several tables.
struct CSVTablesTests {
    private func rows(_ source: String) throws -> [String] {
        try outline(source, .csv).map { String($0.dropFirst("row: ".count)) }
    }

    /// Tables before the widest one have names, too, but pairs of names and values do not.
    @Test(arguments: [
        (
            "item,qty\nBolt,4\nNut,9\n\nroom,floor,beds\nA,1,2\nB,1,3\n",
            ["item: Bolt; qty: 4", "item: Nut; qty: 9", "room: A; floor: 1; beds: 2", "room: B; floor: 1; beds: 3"]
        ),
        (
            "Stock\nitem,qty\nBolt,4 kg\nNut,9 kg\nPin,2 kg\n\nStaff\nid,name,age\n1,Ada,30\n2,Bo,25\n",
            [
                "Stock", "item: Bolt; qty: 4 kg", "item: Nut; qty: 9 kg", "item: Pin; qty: 2 kg", "Staff",
                "id: 1; name: Ada; age: 30", "id: 2; name: Bo; age: 25",
            ]
        ),
        (
            "name,role,city\nAda,cook,Oslo\nBo,nurse,Rome\n\nroom,floor,colour,size\nHall,1,red,big\nLab,2,blue,tiny\n",
            [
                "name: Ada; role: cook; city: Oslo", "name: Bo; role: nurse; city: Rome",
                "room: Hall; floor: 1; colour: red; size: big", "room: Lab; floor: 2; colour: blue; size: tiny",
            ]
        ),
        (
            "Operator,Brandt\nSerial,4711\nRate,10 Hz\n\nTime,Temp,State\n0,21,ok\n1,22,ok\n",
            [
                "Operator: Brandt", "Serial: 4711", "Rate: 10 Hz", "Time: 0; Temp: 21; State: ok",
                "Time: 1; Temp: 22; State: ok",
            ]
        ),
    ])
    func aTableCanStandBeforeTheWidest(source: String, expected: [String]) throws {
        #expect(try rows(source) == expected)
    }

    /// Rows behind a blank line have the table's names only if they are like its rows.
    @Test(arguments: [
        // Names that are written as the names of the first table are.
        (
            "name,role\nAda,cook\nBo,nurse\n\nroom,floor\nRed,upper\nBlue,lower\n",
            ["name: Ada; role: cook", "name: Bo; role: nurse", "room: Red; floor: upper", "room: Blue; floor: lower"]
        ),
        (
            "name,role\nAda,cook\nBo,nurse\n\nRooms\nroom,floor\nRed,upper\nBlue,lower\n",
            [
                "name: Ada; role: cook", "name: Bo; role: nurse", "Rooms", "room: Red; floor: upper",
                "room: Blue; floor: lower",
            ]
        ),
        // Nobody can tell.
        (
            "Name,Role\nAda,Cook\nBo,Nurse\n\nRoom,Floor\nRed,Upper\nBlue,Lower\n",
            ["Name: Ada; Role: Cook", "Name: Bo; Role: Nurse", "Room: Floor", "Red: Upper", "Blue: Lower"]
        ),
        (
            "Item,Price\nBolt,2\nNut,3\n\nroom,floor\nRed,upper\n",
            ["Item: Bolt; Price: 2", "Item: Nut; Price: 3", "room: floor", "Red: upper"]
        ),
        // Another group of rows.
        (
            "Name,Role\nAda,Cook\nBo,Nurse\n\nCy,Guard\nDi,Cook\n",
            ["Name: Ada; Role: Cook", "Name: Bo; Role: Nurse", "Name: Cy; Role: Guard", "Name: Di; Role: Cook"]
        ),
        (
            "name,role\nAda,cook\nBo,nurse\n\nCy,guard\nDi,driver\n",
            ["name: Ada; role: cook", "name: Bo; role: nurse", "name: Cy; role: guard", "name: Di; role: driver"]
        ),
        (
            "Item,Price\nBolt,2\nNut,3\n\nPin,4\nCap,n/a\n",
            ["Item: Bolt; Price: 2", "Item: Nut; Price: 3", "Item: Pin; Price: 4", "Item: Cap; Price: n/a"]
        ),
        // A table of another width.
        (
            "Item,Price,Unit,Box\nBolt,2,kg,A\nNut,3,kg,B\nPin,4,kg,C\n\nRoom,Floor,Colour\nHall,Upper,Red\nLab,Lower,Blue\n",
            [
                "Item: Bolt; Price: 2; Unit: kg; Box: A", "Item: Nut; Price: 3; Unit: kg; Box: B",
                "Item: Pin; Price: 4; Unit: kg; Box: C", "Room: Hall; Floor: Upper; Colour: Red",
                "Room: Lab; Floor: Lower; Colour: Blue",
            ]
        ),
    ])
    func rowsBehindABlankLineCanBeAnotherTable(source: String, expected: [String]) throws {
        #expect(try rows(source) == expected)
    }
}
