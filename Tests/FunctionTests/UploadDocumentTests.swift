import Foundation
import Testing

/// What an upload accepts and refuses, for one file and for several. What happens to the files is tested in
/// `DocumentTests` and in the tests of Extraction.
@Suite struct UploadDocumentTests {
    private static let picture = (
        "photo.png", "image/png", Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0])
    )
    private static let broken = ("broken.pdf", "application/pdf", Data("%PDF-1.7 and no more".utf8))
    private static func text(_ name: String, _ text: String) -> (name: String, type: String, content: Data) {
        (name, "text/plain", Data(text.utf8))
    }

    @Test func theExampleOfTheHelpIsAnUpload() throws {
        let installation = try Installation()
        let token = try installation.register()
        let output = try installation.run("upload-document", arguments: ["--help"]).standardOutput
        let help = String(decoding: output, as: UTF8.self)
        #expect(help.contains("file                  form, binary, required"))
        let start = try #require(help.range(of: "printf '%s\\n' '"))
        let end = try #require(help.range(of: "' | upload-document", options: .backwards))
        let example = help[start.upperBound..<end.lowerBound]
            .replacingOccurrences(of: "Bearer …", with: "Bearer \(token)")
            .replacingOccurrences(of: "\"…\"", with: "\"\(try installation.makeWorkspace(token))\"")
        let envelope = try #require(try JSONSerialization.jsonObject(with: Data(example.utf8)) as? [String: Any])
        let answer = try #require(try installation.batch("upload-document", [envelope]).first)
        #expect(answer.status == 201 && answer.data["name"] as? String == "notes.md", "\(answer.body)")
    }

    @Test(arguments: Transport.allCases) func oneBadFileDoesNotLoseTheOthers(_ transport: Transport) throws {
        let client = try TestClient(transport)
        let people = try client.people()
        func upload(_ files: [(name: String, type: String, content: Data)]) throws -> Answer {
            try client.upload(files, to: people.workspace, token: people.owner)
        }
        let mixed = try upload([Self.text("a.txt", "First."), Self.picture, Self.text("b.txt", "Second.")])
        #expect(mixed.status == 201)
        #expect(mixed.list.map { $0["name"] as? String } == ["a.txt", "b.txt"])
        let errors = try #require(mixed.json["errors"] as? [[String: Any]])
        #expect(errors.count == 1 && errors[0]["index"] as? Int == 1 && errors[0]["name"] as? String == "photo.png")
        #expect(errors[0]["code"] as? String == "UNSUPPORTED_MEDIA_TYPE" && errors[0]["message"] as? String != nil)

        let again = try upload([Self.picture, Self.text("b.txt", "Second.")])
        #expect(again.status == 200 && again.json["duplicate"] as? Bool == true)
        #expect(again.list.count == 1 && (again.json["errors"] as? [Any])?.count == 1)

        // Documents that existed before are distinguished from those that the request adds, even if it contains them
        // twice.
        let news = Self.text("d.txt", "News.")
        let some = try upload([Self.text("a.txt", "First."), news, Self.text("e.txt", "News.")])
        #expect(some.status == 201 && some.json["duplicate"] == nil)
        #expect(some.json["duplicates"] as? [String] == [some.list[0]["id"] as? String ?? ""])

        let none = try upload([Self.picture, Self.broken])
        #expect(none.status == 415 && none.code == "UNSUPPORTED_MEDIA_TYPE")
        let details = none.error["details"] as? [String: Any]
        #expect((details?["errors"] as? [[String: Any]])?.map { $0["name"] as? String } == ["photo.png", "broken.pdf"])
        let list = try client.call("list-documents", token: people.viewer, path: ["workspaceId": people.workspace])
        #expect(list.pagination["total"] as? Int == 3)
    }

    @Test(arguments: Transport.allCases) func namesAndMetadataAreChecked(_ transport: Transport) throws {
        let client = try TestClient(transport, environment: ["EMBEDDING": "off"])
        let people = try client.people()
        func upload(_ count: Int, _ fields: [String: String]) throws -> Answer {
            let files = (0..<count).map { Self.text("\($0).txt", "Text \($0) \(fields)") }
            return try client.upload(files, to: people.workspace, token: people.owner, fields: fields)
        }
        #expect(try upload(1, ["name": "Other.txt"]).data["name"] as? String == "Other.txt")
        #expect(try upload(2, ["name": "Other.txt"]).fields == ["name"])
        for metadata in ["x", "[1]", "{", "\"a\"", "3"] {
            let answer = try upload(1, ["metadata": metadata])
            #expect(answer.status == 422 && answer.fields == ["metadata"], "\(metadata)")
        }
        let both = try upload(2, ["metadata": #"{"a":{"b":[1,null,"ü"]}}"#])
        #expect(both.list.count == 2)
        for document in both.list {
            let metadata = (document["metadata"] as? [String: Any])?["a"] as? [String: Any]
            #expect((metadata?["b"] as? [Any])?.last as? String == "ü")
            #expect((document["embedding"] as? [String: Any])?["status"] as? String == "off")
        }
        #expect(try client.upload([], to: people.workspace, token: people.owner).fields == ["file"])
    }

    /// The boundary is `XX`.
    @Test(arguments: Transport.allCases) func linesThatBeginLikeTheBoundaryBelongToTheFile(_ transport: Transport)
        throws
    {
        let client = try TestClient(transport)
        let people = try client.people()
        let content = "--XXogus\r\nFirst.\r\n--XXL\r\n--X-\r\nLast."
        let answer = try client.upload([Self.text("a%22b%%2.txt", content)], to: people.workspace, token: people.owner)
        #expect(answer.status == 201 && answer.data["size"] as? Int == content.utf8.count)
        #expect(answer.data["name"] as? String == "a\"b%%2.txt")
    }

    @Test(arguments: Transport.allCases) func onlyEditorsUpload(_ transport: Transport) throws {
        let client = try TestClient(transport)
        let people = try client.people()
        func code(_ token: String?) throws -> String? {
            try client.upload([Self.text("a.txt", "Text.")], to: people.workspace, token: token).code
        }
        #expect(try code(nil) == "UNAUTHORIZED")
        #expect(try code(people.viewer) == "FORBIDDEN")
        #expect(try code(people.stranger) == "NOT_FOUND")
        #expect(try code(people.owner) == nil)
    }

    @Test(arguments: Transport.allCases) func listingsAreNarrowedDown(_ transport: Transport) throws {
        let client = try TestClient(transport)
        let people = try client.people()
        let files = [
            Self.text("Notes 100%.txt", "Some text."), ("table.csv", "text/csv", Data("a,b\n1,2\n".utf8)),
            ("page.html", "text/html", Data("<!doctype html><p>Hi".utf8)),
        ]
        #expect(try client.upload(files, to: people.workspace, token: people.owner).list.count == 3)
        func names(_ query: [String: String]) throws -> [String] {
            let path = ["workspaceId": people.workspace]
            let answer = try client.call("list-documents", token: people.viewer, path: path, query: query)
            #expect(answer.status == 200)
            return answer.list.compactMap { $0["name"] as? String }
        }
        #expect(try names([:]) == ["page.html", "table.csv", "Notes 100%.txt"])
        #expect(try names(["type": "csv"]) == ["table.csv"])
        #expect(try names(["search": "NOTES"]) == ["Notes 100%.txt"] && names(["search": "0%"]) == ["Notes 100%.txt"])
        #expect(try names(["search": "_"]) == [] && names(["search": "%.h"]) == [])
        #expect(try names(["status": "processed"]).count == 3 && names(["status": "failed"]).isEmpty)
        #expect(try names(["type": "html", "search": "page", "status": "processed"]) == ["page.html"])
        for query in [["status": "done"], ["type": "exe"], ["limit": "1000"]] {
            let answer = try client.call(
                "list-documents", token: people.viewer, path: ["workspaceId": people.workspace], query: query)
            #expect(answer.status == 400, "\(query)")
        }
    }
}
