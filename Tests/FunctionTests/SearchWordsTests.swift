import Foundation
import Testing

/// What people type, and the documents that it must find, through the built functions.
@Suite struct SearchWordsTests {
    private func search(_ texts: [String: String]) throws -> (_ query: String) throws -> (status: Int, names: [String])
    {
        let client = try TestClient(.pipe)
        let people = try client.people()
        for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
            let uploaded = try client.upload(
                [(name + ".txt", "text/plain", Data(text.utf8))], to: people.workspace, token: people.owner)
            #expect(uploaded.status == 201)
        }
        return { query in
            let found = try client.call(
                "search-documents", token: people.owner, path: ["workspaceId": people.workspace],
                body: ["query": query])
            let results = found.data["results"] as? [[String: Any]] ?? []
            return (found.status, results.compactMap { ($0["documentName"] as? String)?.dropLast(4) }.map(String.init))
        }
    }

    @Test func aMinusBeforeADigitExcludesNothing() throws {
        let find = try search([
            "log": "The pump stopped with code -2147467259 in the driver.",
            "rail": "The mark -17 mm is on the right rail.",
            "cold": "Keep the samples at -8 degrees.", "other": "No pump and no code here.",
        ])
        for (query, name) in [
            ("code -2147467259", "log"), ("-17", "rail"), ("−17", "rail"), ("keep -8 degrees", "cold"),
        ] {
            #expect(try find(query).names.first == name, "\(query)")
        }
        #expect(try find("pump -driver").names == ["other"])
    }

    @Test func identifiersAreFoundWholeAndByParts() throws {
        let find = try search([
            "camel": "Call loadPageByName() first.", "snake": "Set min_idle_time to nine.",
            "code": "See ticket QRS-4410.",
            "sharp": "Written in C# and F#.", "plus": "Written in C++ alone.", "ip": "The host is 10.1.0.7 today.",
            "date": "Due on 2031-05-09 at noon.", "sum": "It costs 1,250.50 in all.",
        ])
        for (query, name) in [
            ("page by name", "camel"), ("loadpagebyname", "camel"), ("minIdleTime", "snake"),
            ("min idle time", "snake"),
            ("qrs4410", "code"), ("QRS 4410", "code"), ("C#", "sharp"), ("c++", "plus"), ("10.1.0.7", "ip"),
            ("2031-05-09", "date"), ("1250.50", "sum"), ("1.250,50", "sum"),
        ] {
            #expect(try find(query).names.first == name, "\(query)")
        }
    }

    @Test func lettersAreFoundInBothSpellings() throws {
        let find = try search([
            "marked": "Die Gießerei in Wrocław führt nach Tromsø, İzmir und Þingvellir. Son cœur bat.",
            "plain": "Giesserei Wroclaw Tromso Izmir Thingvellir coeur", "mac": "Cafe\u{301} на углу, и\u{306}од",
            "wide": "Modell ＸＹ９９ ist neu.",
        ])
        for query in [
            "Gießerei", "giesserei", "Wrocław", "wroclaw", "tromso", "Tromsø", "izmir", "thingvellir", "cœur",
        ] {
            #expect(Set(try find(query).names).isSuperset(of: ["marked", "plain"]), "\(query)")
        }
        for (query, name) in [("café", "mac"), ("йод", "mac"), ("xy99", "wide"), ("ＸＹ９９", "wide")] {
            #expect(try find(query).names == [name], "\(query)")
        }
    }

    @Test func scriptsWithoutSpacesAreFoundByTheirWords() throws {
        let find = try search([
            "zh": "公司每年给员工二十天假期。", "ja": "休暇の申請は二週間前までに行う。", "half": "ﾃﾞｰﾀ を送る。",
            "th": "พนักงานมีวันหยุดปีละยี่สิบวัน", "ko": "직원은 휴가를 신청한다.", "km": "បុគ្គលិកមានថ្ងៃឈប់សម្រាក",
        ])
        for (query, name) in [
            ("假期", "zh"), ("员工", "zh"), ("申請", "ja"), ("休", "ja"), ("データ", "half"), ("วันหยุด", "th"), ("휴가", "ko"),
            ("សម្រាក", "km"),
        ] {
            #expect(try find(query).names.first == name, "\(query)")
        }
    }

    @Test func aPhraseIsFoundOverALineBreakAndAsTyped() throws {
        let find = try search([
            "wrap": "The lease sets a notice\nperiod of ten weeks.", "apart": "A period without notice.",
        ])
        #expect(try find("\"notice period\"").names == ["wrap"])
        #expect(try find("\"period notice\"").names == [])
        #expect(Set(try find("notice period").names) == ["wrap", "apart"])
    }

    @Test func theFormAsTypedComesFirst() throws {
        let find = try search([
            "one": "The contract is here.", "many": "The contracts are here.", "else": "Contractors wait.",
        ])
        #expect(try find("contracts").names.first == "many")
        #expect(try find("contract").names == ["one", "many"])
    }

    @Test(arguments: [
        "NEAR(a b)", "\"open fix", "(fix", "fix NOT", "col:fix", "fix*", "^fix", "-- fix", "fix;DROP TABLE t",
    ])
    func nothingIsSyntax(query: String) throws {
        let find = try search(["a": "NOTE: fix the multi-agent part a'b of col:val NEAR b."])
        let found = try find(query)
        #expect(found.status == 200 && found.names == ["a"])
    }

    @Test func queriesOfFunctionWordsAreWords() throws {
        let find = try search(["play": "To be or not to be, that is it.", "other": "Lions sleep."])
        for query in ["the", "to be or not to be", "\"to be or not to be\"", "it's"] {
            let found = try find(query)
            #expect(found.status == 200 && found.names == (query == "the" ? [] : ["play"]), "\(query)")
        }
        #expect(try find(" ").status == 422)
    }
}

/// Passages that say the same appear once, and those that differ in what matters do not.
@Suite struct NearDuplicateTests {
    private static let text =
        "The supplier delivers the parts within 30 days to the harbour, and the customer pays the invoice after the "
        + "delivery is complete and the goods were inspected by both parties."

    @Test func whatSaysTheSameAppearsOnceAndIsListed() throws {
        let client = try TestClient(.pipe)
        let people = try client.people()
        let texts = [
            ("a.txt", Self.text), ("b.txt", Self.text.replacingOccurrences(of: ", and", with: " and")),
            ("later.txt", Self.text.replacingOccurrences(of: "30", with: "45")),
            ("never.txt", Self.text.replacingOccurrences(of: "customer pays", with: "customer never pays")),
        ]
        for (name, text) in texts {
            _ = try client.upload(
                [(name, "text/plain", Data(text.utf8))], to: people.workspace, token: people.owner)
        }
        let found = try client.call(
            "search-documents", token: people.owner, path: ["workspaceId": people.workspace],
            body: ["query": "supplier harbour invoice"])
        let results = found.data["results"] as? [[String: Any]] ?? []
        #expect(Set(results.compactMap { $0["documentName"] as? String }) == ["b.txt", "later.txt", "never.txt"])
        let duplicates = results.compactMap { $0["duplicates"] as? [[String: Any]] }
        #expect(duplicates.count == 1 && duplicates[0].map { $0["documentName"] as? String } == ["a.txt"])
    }
}
