import Foundation
import Testing

/// How a search is limited to some documents.
@Suite struct SearchFilterTests {
    private struct Library {
        let client: TestClient
        let people: TestClient.People
        /// By name.
        var documents: [String: [String: Any]] = [:]

        init(_ transport: Transport) throws {
            client = try TestClient(transport)
            people = try client.people()
            let files = [
                (
                    "a.txt", "text/plain", "Rivers run to the sea.",
                    #"{"team":"red","n":3,"tags":["x","y"],"open":true}"#
                ),
                ("b.md", "text/markdown", "# Rivers\n\nThey have banks.", #"{"team":"blue","n":"3","nested":{"a":1}}"#),
                ("c.csv", "text/csv", "name,length\nRivers,9\n", #"{"team":"red","none":null}"#),
            ]
            for (name, type, text, metadata) in files {
                let answer = try client.upload(
                    [(name, type, Data(text.utf8))], to: people.workspace, token: people.owner,
                    fields: ["metadata": metadata])
                documents[name] = answer.data
            }
        }

        func search(_ filters: Any) throws -> Answer {
            try client.call(
                "search-documents", token: people.viewer, path: ["workspaceId": people.workspace],
                body: ["query": "rivers", "filters": filters])
        }

        func names(_ filters: [String: Any]) throws -> [String] {
            let answer = try search(filters)
            #expect(answer.status == 200)
            return (answer.data["results"] as? [[String: Any]] ?? []).compactMap { $0["documentName"] as? String }
                .sorted()
        }

        func value(_ key: String, of name: String) throws -> String { try #require(documents[name]?[key] as? String) }
    }

    @Test(arguments: Transport.allCases) func filtersNarrowDown(_ transport: Transport) throws {
        let library = try Library(transport)
        #expect(try library.names([:]) == ["a.txt", "b.md", "c.csv"])
        #expect(try library.names(["types": ["csv", "markdown"]]) == ["b.md", "c.csv"])
        let ids = [try library.value("id", of: "a.txt"), try library.value("id", of: "c.csv")]
        #expect(try library.names(["documentIds": ids]) == ["a.txt", "c.csv"])
        #expect(try library.names(["documentIds": ids, "types": ["csv"]]) == ["c.csv"])
        #expect(try library.names(["documentIds": ["doc_00000000000000000000000000"]]).isEmpty)

        let middle = try library.value("createdAt", of: "b.md")
        #expect(try library.names(["createdAfter": middle]) == ["c.csv"])
        #expect(try library.names(["createdBefore": middle]) == ["a.txt"])
        #expect(try library.names(["createdAfter": "2020-01-01", "createdBefore": "2020-01-02"]).isEmpty)
    }

    @Test(arguments: Transport.allCases) func metadataHasAtMostFiftyKeys(_ transport: Transport) throws {
        let library = try Library(transport)
        func metadata(_ count: Int) -> [String: Any] {
            Dictionary(uniqueKeysWithValues: (0..<count).map { ("k\($0)", 1) })
        }
        #expect(try library.names(["metadata": metadata(50)]).isEmpty)
        for count in [51, 500] {
            let answer = try library.search(["metadata": metadata(count)])
            #expect(answer.status == 422 && answer.fields == ["filters.metadata"], "\(answer.fields)")
        }
    }

    @Test(arguments: Transport.allCases) func metadataIsComparedAsJSON(_ transport: Transport) throws {
        let library = try Library(transport)
        func names(_ metadata: [String: Any]) throws -> [String] { try library.names(["metadata": metadata]) }
        #expect(try names(["team": "red"]) == ["a.txt", "c.csv"])
        #expect(try names(["team": "red", "n": 3]) == ["a.txt"])
        #expect(try names(["n": "3"]) == ["b.md"])
        #expect(try names(["tags": ["x", "y"]]) == ["a.txt"] && names(["tags": ["y", "x"]]).isEmpty)
        #expect(try names(["nested": ["a": 1]]) == ["b.md"])
        #expect(try names(["open": true]) == ["a.txt"] && names(["open": 1]).isEmpty)
        #expect(try names(["none": NSNull()]) == ["c.csv"])
        #expect(try names(["te'am": "red"]).isEmpty && names(["team.x": "red"]).isEmpty)
    }

    @Test(arguments: Transport.allCases) func whatCannotBeAFilterIsNamed(_ transport: Transport) throws {
        let library = try Library(transport)
        let wrong: [(String, Any)] = [
            ("documentIds", "doc_1"), ("documentIds", ["x"]), ("types", ["exe"]), ("types", "pdf"), ("metadata", "x"),
            ("createdAfter", "yesterday"), ("createdBefore", 5),
        ]
        for (field, value) in wrong {
            let answer = try library.search([field: value])
            #expect(
                answer.status == 422 && answer.fields.first?.hasPrefix("filters.\(field)") == true, "\(field): \(value)"
            )
        }
        #expect(try library.search("all").fields == ["filters"])
        let foreign = try library.client.call(
            "search-documents", token: library.people.stranger, path: ["workspaceId": library.people.workspace],
            body: ["query": "rivers"])
        #expect(foreign.status == 404)
    }
}
