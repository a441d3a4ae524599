import Foundation
import Testing

/// What becomes of several documents of one name, which are versions of one.
@Suite struct VersionTests {
    private struct Library {
        let client: TestClient
        let people: TestClient.People

        init(_ files: [(name: String, text: String)]) throws {
            client = try TestClient(.pipe)
            people = try client.people()
            for (name, text) in files {
                let answer = try client.upload(
                    [(name, "text/plain", Data(text.utf8))], to: people.workspace, token: people.owner)
                #expect(answer.status == 201)
            }
        }

        func contents(_ query: String, limit: Int = 10) throws -> [String] {
            let answer = try client.call(
                "search-documents", token: people.viewer, path: ["workspaceId": people.workspace],
                body: ["query": query, "limit": limit])
            return (answer.data["results"] as? [[String: Any]] ?? []).compactMap { $0["content"] as? String }
        }

        func answer(_ question: String) throws -> String {
            let answer = try client.call(
                "send-message", token: people.owner, path: ["workspaceId": people.workspace],
                body: ["message": question, "mode": "query"])
            return (answer.data["message"] as? [String: Any])?["content"] as? String ?? ""
        }
    }

    private let old = "Customers may return goods within 30 days of delivery."
    private let new = "Customers may return goods within 45 days of delivery."

    @Test func ofEqualScoresTheNewestDocumentIsFirst() throws {
        let library = try Library([("a.txt", old), ("b.txt", new), ("c.txt", "Goods are sold at noon, and not later.")])
        #expect(try library.contents("return goods delivery").prefix(2) == [new, old])
        #expect(try library.contents("return goods delivery", limit: 1) == [new])
    }

    @Test func theNewerVersionIsFirstAlsoIfItScoresALittleLess() throws {
        let longer = new + " Keep the label."
        let library = try Library([("policy.txt", old), ("policy.txt", longer)])
        #expect(try library.contents("customers return delivery") == [longer, old])
    }

    @Test func answersComeFromTheNewerVersion() throws {
        let library = try Library([
            ("policy.txt", old + " Norvik pays for the way back."), ("policy.txt", new + " Parcels need a label."),
        ])
        #expect(
            try library.answer("Within how many days may customers return goods?").hasPrefix(new + " ["))
        let answer = try library.answer("Who pays for the way back of the goods?")
        #expect(answer.hasPrefix("Norvik pays for the way back. ["))
        #expect(answer.contains("] policy.txt, 2"), "\(answer)")
    }

    @Test func anAnswerFromAnOlderVersionNamesTheNewestAlsoIfThatWasNotFound() throws {
        let library = try Library([("fees.txt", "The locker costs 3 euros."), ("fees.txt", "Membership is free.")])
        let answer = try library.answer("How much does the locker cost?")
        let note = /The locker costs 3 euros\. \[1\]\n\n\[1\] fees\.txt, .* UTC \(older version; newest: .* UTC\)/
        #expect(answer.wholeMatch(of: note) != nil, "\(answer)")
    }

    @Test func passagesOfOneDocumentKeepTheirOrder() throws {
        let lines = (1...8).map {
            "Row \($0) of the ledger of cedar." + String(repeating: " Filler words.", count: 150)
        }
        let library = try Library([("ledger.txt", lines.joined(separator: "\n\n"))])
        let found = try library.contents("cedar").compactMap { content in
            content.firstMatch(of: /Row (\d)/).flatMap { Int($0.1) }
        }
        #expect(found == found.sorted() && found.count > 3)
    }
}
