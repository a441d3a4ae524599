import Testing

@testable import Extraction

struct JSONExtractionTests {
    @Test func flattensJSON() throws {
        #expect(
            try outline(#"{"server":{"port":80,"tls":{"on":true}},"rate":-1.5e3,"note":""}"#, .json)
                == ["row: server.port: 80", "row: server.tls.on: true", "row: rate: -1.5e3", "row: note:"])
        #expect(try outline(" \"\\ud83d\\ude00\\ud83d\" ", .json) == ["row: 😀\u{FFFD}"])
        #expect(try outline("{}", .json).isEmpty)
    }

    @Test func anObjectOfAnArrayIsARow() throws {
        #expect(
            try outline(#"[{"sku":"A1","price":10},{"sku":"B2","price":25,"tags":["new","red"]}]"#, .json)
                == ["row: sku: A1; price: 10", "row: sku: B2; price: 25; tags: new, red"])
        #expect(
            try outline(#"{"users":[{"name":"Ann é","fax":"","at":{"city":"Oslo"}},{"n":1}],"ok":true}"#, .json)
                == ["row: users: name: Ann é; fax:; at.city: Oslo", "row: users: n: 1", "row: ok: true"])
        // Nested values get separate rows.
        #expect(
            try outline(#"[{"by":"Ann","of":[{"sku":"A1","n":2},{"sku":"B2","n":1}],"paid":true}]"#, .json)
                == ["row: by: Ann", "row: of: sku: A1; n: 2", "row: of: sku: B2; n: 1", "row: paid: true"])
        let text = String(repeating: "word ", count: 60) + "end."
        #expect(
            try outline("[{\"title\":\"T\",\"text\":\"\(text)\",\"by\":\"Ann\"}]", .json)
                == ["row: title: T", "row: text: \(text)", "row: by: Ann"])
    }

    @Test func plainValuesOfAnArrayShareLines() throws {
        #expect(try outline(#"[1, "two", 0.5, true, null]"#, .json) == ["row: 1, two, 0.5, true, null"])
        #expect(try outline("[[1,2],[3,[4]],[]]", .json) == ["row: 1, 2", "row: 3", "row: 4"])
        #expect(
            try outline(#"{"a":[1,{"b":[2,3],"c":4},5,6],"d":[],"e":7}"#, .json)
                == ["row: a: 1", "row: a: b: 2, 3; c: 4", "row: a: 5, 6", "row: e: 7"])
    }

    @Test func emptyValuesKeepTheirPlaces() throws {
        #expect(
            try outline(#"{"rows":[["Ann","","Rome"],[""," spaced ","", " "]],"x":["",""]}"#, .json)
                == ["row: rows: Ann, , Rome", "row: rows: , spaced", "row: x:"])
    }

    @Test func sentencesOfAnArrayStandAlone() throws {
        let source = #"{"n":["Open it.","Now wait!","a, b","x","y","Why?","one\ntwo","東京です。","z"]}"#
        #expect(
            try outline(source, .json)
                == [
                    "row: n: Open it.", "row: n: Now wait!", "row: n: a, b", "row: n: x, y", "row: n: Why?",
                    "row: n: one two", "row: n: 東京です。", "row: n: z",
                ])
    }

    @Test func longArraysHaveManyLines() throws {
        let lines = try outline("{\"n\":[\((1...1000).map(String.init).joined(separator: ","))]}", .json)
        #expect(lines.allSatisfy { $0.hasPrefix("row: n: ") && $0.utf8.count <= "row: n: ".count + 200 })
        let numbers = lines.flatMap { $0.dropFirst("row: n: ".count).split(separator: ", ").compactMap { Int($0) } }
        #expect(numbers == Array(1...1000))
    }

    @Test func longRecordsHaveManyLines() throws {
        let members = (1...200).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
        let lines = try outline("{\"r\":[{\(members)}]}", .json)
        #expect(lines.allSatisfy { $0.hasPrefix("row: r: ") && $0.utf8.count <= "row: r: ".count + 402 })
        let found = lines.flatMap { $0.dropFirst("row: r: ".count).components(separatedBy: "; ") }
        #expect(found == (1...200).map { "k\($0): \($0)" })
    }

    /// Each of these is read as text, so that nothing of it is lost.
    @Test(arguments: [
        "{", "{\"a\":}", "01x", "nul", "[1] 2", "{a b}", "\"\\u12", "-", "[\"", "{\"a\":1}}", "{\"price\": 12 euros}",
        "[see below]", "{{ template }}", "/* only a remark", "{\"a\": /* open 1}",
    ])
    func whatIsNoJSONIsText(source: String) throws {
        #expect(try outline(source, .json) == ["p: \(source)"])
    }

    @Test func deepNestingIsText() throws {
        let text = try TextExtractor.extract(Array(String(repeating: "[", count: 1_000_000).utf8), as: .json)
        #expect(text.text.utf8.count == 1_000_000)
    }

    @Test(arguments: [
        ("{\"id\":1,\"t\":\"a\"}\n\n{\"id\":2,\"t\":\"b\"}\n", ["row: id: 1; t: a", "row: id: 2; t: b"]),
        ("\"first line.\"\n\"second line.\"\n", ["row: first line.", "row: second line."]),
        ("{\"id\":1}\r\n{\"id\":2}", ["row: id: 1", "row: id: 2"]), ("[1,2]\n[3]\n", ["row: 1, 2", "row: 3"]),
        // Several indented values, and the text sequences of RFC 7464.
        ("{\n  \"id\": 1\n}\n{\n  \"id\": 2\n}\n", ["row: id: 1", "row: id: 2"]),
        ("{\"a\":1}{\"b\":2}", ["row: a: 1", "row: b: 2"]),
        ("\u{1E}{\"a\":1}\n\u{1E}{\"b\":2}\n", ["row: a: 1", "row: b: 2"]),
        // A damaged line is text.
        ("{\"id\":1}\n{\"id\":2\n{\"id\":3}\n", ["row: id: 1", "row: {\"id\":2", "row: id: 3"]),
        ("{\"n\":NaN}\nstarting up\n{\"n\":2}", ["row: n: NaN", "row: starting up", "row: n: 2"]),
        // A list of which the end is missing.
        ("[\n{\"a\":1},\n{\"a\":2},\n{\"a\":3},\n", ["row: [", "row: a: 1", "row: a: 2", "row: a: 3"]),
    ])
    func readsLinesOfJSON(source: String, expected: [String]) throws {
        #expect(try outline(source, .json) == expected)
    }

    @Test(arguments: [
        (
            "{\n  // The number of attempts.\n  \"retries\": 3, // per hour\n}",
            ["row: The number of attempts.", "row: retries: 3", "row: per hour"]
        ),
        ("/** Settings\n * of tests */\n{\"a\": 1}", ["row: Settings * of tests", "row: a: 1"]),
        ("# Settings\n{\n  # attempts\n  \"a\": 1\n}", ["row: Settings", "row: attempts", "row: a: 1"]),
        ("{'a': None, 'b': [True, 'it\\'s'],}", ["row: a: None", "row: b: True, it's"]),
        (
            "{unquoted: .5, $ref: +1, hex: 0x1F, list: [1, 2,],}",
            ["row: unquoted: .5", "row: $ref: +1", "row: hex: 0x1F", "row: list: 1, 2"]
        ),
        ("{\"a\": NaN, \"b\": -Infinity}", ["row: a: NaN", "row: b: -Infinity"]),
        ("{\"text\": \"two\nlines\tand \\x\"}", ["row: text: two lines and \\x"]),
        ("[{\"a\": 1, /* why */ \"b\": 2}]", ["row: a: 1", "row: why", "row: b: 2"]),
        ("{\"url\": \"https://x.org/*a\"}", ["row: url: https://x.org/*a"]),
    ])
    func readsWhatPeopleWriteIntoJSON(source: String, expected: [String]) throws {
        #expect(try outline(source, .json) == expected)
    }

    @Test(arguments: [
        (#"{"path":"C:\Users\new\temp"}"#, [#"row: path: C:\Users\new\temp"#]),
        (
            #"{"dir":"D:\Program Files\new","on":"\\srv\new\share"}"#,
            [#"row: dir: D:\Program Files\new"#, #"row: on: \\srv\new\share"#]
        ),
        (#"{"re":"^\d+\.\d+\n$","tex":"\alpha+\beta"}"#, [#"row: re: ^\d+\.\d+\n$"#, #"row: tex: \alpha+\beta"#]),
        (
            #"{"src":".\source\new.c","log":"C:\users\ana\tmp"}"#,
            [#"row: src: .\source\new.c"#, #"row: log: C:\users\ana\tmp"#]
        ),
        (#"{"half":"C:\\Users\ana \"x\"", "e":"\é"}"#, [#"row: half: C:\Users\ana "x""#, #"row: e: \é"#]),
        // In a sentence, the escapes that there are remain escapes.
        (#"{"text":"one \_two_\nthree \u00e9\/"}"#, [#"row: text: one \_two_ three é/"#]),
        // These are escapes without exception.
        (#"{"path":"C:\\Users\\new","text":"A:\nYes"}"#, [#"row: path: C:\Users\new"#, "row: text: A: Yes"]),
    ])
    func aBackslashThatIsNoEscapeIsText(source: String, expected: [String]) throws {
        #expect(try outline(source, .json) == expected)
    }

    @Test func dropsNULs() throws {
        #expect(
            try outline(#"{"k\u0000ey":"left\u0000right","n":"\u0000"}"#, .json) == ["row: key: leftright", "row: n:"])
    }
}
