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

    @Test(arguments: [
        "", "{", "{\"a\":}", "[1,]", "01", "1.", "\"\\x\"", "nul", "[1] 2", "{'a':1}", "\"\u{1}\"",
        String(repeating: "[", count: 1_000_000), "\"\\u12", "-", "[\"",
    ])
    func invalidJSONIsUnreadable(source: String) {
        #expect { try outline(source, .json) } throws: { error in
            guard case ExtractionError.unreadable = error else { return false }
            return true
        }
    }
}
