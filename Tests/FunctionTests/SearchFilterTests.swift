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
        #expect(try names(["n": 3.0]) == ["a.txt"] && names(["nested.a": 1]) == ["b.md"])
    }

    @Test(arguments: Transport.allCases) func anEmptyListMatchesNothing(_ transport: Transport) throws {
        let library = try Library(transport)
        #expect(try library.names(["documentIds": []]).isEmpty && library.names(["types": []]).isEmpty)
        #expect(try library.names(["metadata": ["type": "in", "key": "team", "value": []]]).isEmpty)
        #expect(try library.names(["metadata": [:]]).count == 3)
    }

    @Test(arguments: Transport.allCases) func expressionsAreUnderstoodWhereverTheyStand(_ transport: Transport) throws {
        let library = try Library(transport)
        let red: [String: Any] = ["type": "eq", "key": "team", "value": "red"]
        let tagged: [String: Any] = ["type": "contains", "key": "tags", "value": "y"]
        let filter: [String: Any] = ["type": "and", "filters": [red, ["type": "not", "filter": tagged]]]
        #expect(try library.names(["metadata": filter]) == ["c.csv"] && library.names(filter) == ["c.csv"])
        #expect(try library.names(red.merging(["types": ["text"]]) { $1 }) == ["a.txt"])
    }

    @Test(arguments: Transport.allCases) func chatTakesTheSameFilters(_ transport: Transport) throws {
        let library = try Library(transport)
        func sources(_ body: [String: Any]) throws -> [String] {
            let answer = try library.client.call(
                "send-message", token: library.people.viewer, path: ["workspaceId": library.people.workspace],
                body: body.merging(["message": "Where do rivers run?"]) { $1 })
            #expect(answer.status == 200, "\(answer.json)")
            let message = answer.data["message"] as? [String: Any]
            return (message?["sources"] as? [[String: Any]] ?? []).compactMap { $0["documentName"] as? String }
        }
        let three: [String: Any] = ["filters": ["metadata": ["n": 3]]]
        #expect(try Set(sources(three)) == ["a.txt"])
        let (this, other) = ([try library.value("id", of: "a.txt")], [try library.value("id", of: "b.md")])
        #expect(try Set(sources(["documentIds": this])) == ["a.txt"])
        #expect(try sources(["documentIds": []]).isEmpty && sources(["filters": ["documentIds": []]]).isEmpty)
        #expect(try sources(three.merging(["documentIds": other]) { $1 }).isEmpty, "both apply")
    }

    @Test(arguments: Transport.allCases) func malformedExpressionsAre400(_ transport: Transport) throws {
        let library = try Library(transport)
        let unknown: [String: Any] = ["type": "like", "key": "team", "value": "r%"]
        let nested = ["type": "and", "filters": [["type": "exists", "key": "team"], unknown]] as [String: Any]
        for (filters, path) in [
            (["metadata": unknown], "filters.metadata.type"), (unknown, "filters.type"),
            (["metadata": nested], "filters.metadata.filters[1].type"), (nested, "filters.filters[1].type"),
        ] {
            let answer = try library.search(filters)
            #expect(answer.status == 400 && answer.code == "BAD_REQUEST" && answer.fields == [path], "\(answer.json)")
        }
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
