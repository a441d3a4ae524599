import Models
import Testing
import Wire

@testable import Extraction

struct FrontMatterTests {
    private func fields(_ source: String) -> String? {
        FrontMatter(Array(source.utf8)).map { JSON.object($0.fields).text }
    }

    @Test func isNotPartOfTheText() throws {
        let source = "---\ntitle: Leave\ntags:\n  - hr\n  - leave\n\nowner: 'Ada: B'\n---\nBody text here.\n"
        let text = try TextExtractor.extract(Array(source.utf8), as: .markdown)
        #expect(text.text == "Body text here." && text.title == "Leave")
        #expect(
            text.frontMatter.map { JSON.object($0).text }
                == #"{"title":"Leave","tags":["hr","leave"],"owner":"Ada: B"}"#)
        let alone = try TextExtractor.extract(Array("---\ntitle: Ada\nborn: 1815\n---\n\n".utf8), as: .markdown)
        #expect(outlined(alone) == ["row: title: Ada", "row: born: 1815"] && alone.frontMatter != nil)
    }

    @Test(arguments: [
        "---\n\nThe warranty lasts 36 months.\n\n---\n\nSecond part.\n",
        "---\nThe bond is returned within 14 days.\n\nIt bears interest.\n\n---\nEnd.\n",
        "+++\n\nThe deposit is 500 euros.\n\n+++\n\nEnd.\n",
        "---\n\n# Roadmap\n\nWe ship the gateway in May.\n\n---\n\n# Budget\n\nThe budget is 40 thousand.\n\n---\n",
        "---\n\ntitle: not front matter\n\n---\nEnd.\n", "---\nWarning: The machine starts by itself.\n---\nEnd.\n",
        "---\nNote to all of the tenants: the bond is due\n---\nEnd.\n", "---\n**Owner:** Ada\n---\nEnd.\n",
        "---\n- first: a\n- second: b\n---\nEnd.\n", "---\ntitle: x\nand prose\n---\nEnd.\n",
        "---\ntitle: never closed\n",
        "---\nDate: Monday\n\n# Roadmap\n\nOwner: Ann\n---\nEnd.\n", "+++\nThe price = 500 euros or so\n+++\nEnd.\n",
        "---\nSee https://x.org\n---\nEnd.\n", "----\ntitle: x\n----\nEnd.\n", "text\n---\ntitle: x\n---\n",
        "---\n---\nEnd.\n", "---\ntext: " + String(repeating: "long ", count: 4_000) + "\n---\nEnd.\n",
    ])
    func aRuleBeginsText(source: String) throws {
        let text = try TextExtractor.extract(Array(source.utf8), as: .markdown)
        #expect(text.frontMatter == nil)
        let words = source.split { !$0.isLetter && !$0.isNumber }
        for word in words { #expect(text.text.contains(word)) }
    }

    @Test(arguments: [
        (
            "---\nOpening hours: Monday to Friday, 9 to 5\n---\nPhone: 555 0102\n",
            ["row: Opening hours: Monday to Friday, 9 to 5", "p: Phone: 555 0102"]
        ),
        (
            "---\nServes: 4\n\nTime: *35* minutes\n---\n# Rice\n",
            ["row: Serves: 4", "row: Time: 35 minutes", "h1: Rice"]
        ),
        ("---\nEvent: Party\nDate: 5 May\n---\nEnd.\n", ["row: Event: Party", "row: Date: 5 May", "p: End."]),
        ("---\n営業時間: 9時から5時\n---\nEnd.\n", ["row: 営業時間: 9時から5時", "p: End."]),
        (
            "---\nNote to all of the tenants: the bond is due\n---\nEnd.\n",
            ["row: Note to all of the tenants: the bond is due", "p: End."]
        ),
        ("---\nIngredients:\n- Rice\n- Salt\n---\nEnd.\n", ["p: Ingredients:", "li: - Rice", "li: - Salt", "p: End."]),
        // What is named twice.
        (
            "---\nflour: 500 g\nsugar: 100 g\nflour: 50 g for the table\n---\nMix.\n",
            ["row: flour: 500 g", "row: sugar: 100 g", "row: flour: 50 g for the table", "p: Mix."]
        ),
        (
            "---\nby:\n  name: Ada\n  name: Bo\n---\nEnd.\n", ["p: by: name: Ada name: Bo", "p: End."]
        ),
        ("+++\na = 1\na = 2\n+++\nEnd.\n", ["p: +++ a = 1 a = 2 +++ End."]),
        ("+++\na = 1\na.b = 2\n+++\nEnd.\n", ["p: +++ a = 1 a.b = 2 +++ End."]),
        ("+++\na = [1]\na.b = 2\n+++\nEnd.\n", ["p: +++ a = [1] a.b = 2 +++ End."]),
        // Prose is no heading, but a short line is.
        ("---\nThe machine starts\nby itself\n---\nEnd.\n", ["p: The machine starts by itself", "p: End."]),
        ("---\nIt starts by itself.\n---\nEnd.\n", ["p: It starts by itself.", "p: End."]),
        ("---\nChapter one\n---\nEnd.\n", ["h2: Chapter one", "p: End."]),
    ])
    func aNoticeBetweenRulesIsText(source: String, expected: [String]) throws {
        #expect(try outline(source, .markdown) == expected)
    }

    @Test(arguments: [
        ("Title: Rules\nServes: 4", #"{"Title":"Rules","Serves":4}"#),
        ("Date: 2024-05-01\nPlace: Hall", #"{"Date":"2024-05-01","Place":"Hall"}"#),
        ("Tags: [a, b]\nOwner: Ada", #"{"Tags":["a","b"],"Owner":"Ada"}"#),
        ("Status: Done\nowner: Ada", #"{"Status":"Done","owner":"Ada"}"#),
        ("by: {a: 1, a: 2}", #"{"by":"{a: 1, a: 2}"}"#),
    ])
    func fieldsForProgramsAreMetadata(source: String, expected: String) {
        #expect(fields("---\n\(source)\n---\nText.\n") == expected)
    }

    @Test(arguments: [
        (
            "a: 1\nb: -2.5\nc: true\nd: ~\ne:\nf: 007\ng: 2024-03-01\nh: 1.2.3",
            #"{"a":1,"b":-2.5,"c":true,"d":null,"e":null,"f":"007","g":"2024-03-01","h":"1.2.3"}"#
        ),
        (
            "a: 'it''s'\nb: \"x\\ty\\u00e9\\0\"\nc: plain # remark\nd: C# code\ne: \"q\" and more",
            #"{"a":"it's","b":"x\tyé","c":"plain","d":"C# code","e":"\"q\" and more"}"#
        ),
        (
            "tags: [hr, \"a, b\", 3]\nby: {name: Ada, of: [x]}\nup: [[Note]]",
            #"{"tags":["hr","a, b",3],"by":{"name":"Ada","of":["x"]},"up":[["Note"]]}"#
        ),
        ("a:\n  b:\n    c: 1\n  d: 2\ne: 3", #"{"a":{"b":{"c":1},"d":2},"e":3}"#),
        ("list:\n- a\n- b: 1\n  c: 2\n-\n  d: 3\nend: x", #"{"list":["a",{"b":1,"c":2},{"d":3}],"end":"x"}"#),
        (
            "text: |\n  one\n    two\n\n  three\nfold: >-\n  a\n  b\nlong: first\n  second",
            #"{"text":"one\n  two\n\nthree","fold":"a b","long":"first second"}"#
        ),
        (
            "# remark\ndate created: Monday\n\"quoted name\": 1\nÜber: wir\nurl: https://x.org:80/#a",
            #"{"date created":"Monday","quoted name":1,"Über":"wir","url":"https://x.org:80/#a"}"#
        ),
        ("tag: !!str 5\nref: *anchor\nlist: [a,\n  b]", #"{"tag":"!!str 5","ref":"*anchor","list":["a","b"]}"#),
        ("Title: Rules for all of us.\nstatus: Done", #"{"Title":"Rules for all of us.","status":"Done"}"#),
    ])
    func readsYAML(source: String, expected: String) {
        #expect(fields("---\n\(source)\n---\nText.\n") == expected)
        #expect(fields("--- \r\n\(source.replacing("\n", with: "\r\n"))\r\n...\r\nText.\r\n") == expected)
    }

    @Test(arguments: [
        (
            "title = \"A \\\"b\\\"\"\ndate = 2024-03-01T10:00:00Z\nn = 5\nx = 1.5\non = true # remark",
            #"{"title":"A \"b\"","date":"2024-03-01T10:00:00Z","n":5,"x":1.5,"on":true}"#
        ),
        (
            "tags = [\n  \"a\",\n  'b', # why\n]\n[params]\nby = \"Ada\"\n[params.more]\nk = 1",
            #"{"tags":["a","b"],"params":{"by":"Ada","more":{"k":1}}}"#
        ),
        ("[[menu]]\nname = \"x\"\n[[menu]]\nname = \"y\"", #"{"menu":[{"name":"x"},{"name":"y"}]}"#),
        (
            "a.b = 1\na.c = { d = 2, e = [3] }\ntext = \"\"\"\none\ntwo\"\"\"",
            #"{"a":{"b":1,"c":{"d":2,"e":[3]}},"text":"one two"}"#
        ),
    ])
    func readsTOML(source: String, expected: String) {
        #expect(fields("+++\n\(source)\n+++\nText.\n") == expected)
    }
}
