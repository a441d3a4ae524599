import Foundation
import Testing

@Suite struct DocumentTests {
    private let installation: Installation
    private let token: String
    private let workspace: String

    init() throws {
        installation = try Installation(environment: ["BLOBS": "files"])
        token = try installation.register()
        workspace = try installation.makeWorkspace(token)
    }

    private func call(_ name: String, document: String? = nil, query: [String: String] = [:], body: Any? = nil) throws
        -> Answer
    {
        var path = ["workspaceId": workspace]
        path["documentId"] = document
        return try installation.call(name, token: token, path: path, query: query, body: body)
    }

    private func search(_ body: [String: Any]) throws -> [[String: Any]] {
        let answer = try call("search-documents", body: body)
        #expect(answer.status == 200)
        #expect(answer.data["mode"] as? String == "keyword")
        return answer.data["results"] as? [[String: Any]] ?? []
    }

    @Test func theWholeLifeOfADocument() throws {
        let content = Data("# Tea\n\nSteep green tea at eighty degrees.\n\n# Coffee\n\nGrind the beans.\n".utf8)
        let uploaded = try installation.upload(
            [("naïve/../tea \".md", "text/markdown", content)], to: workspace, token: token,
            fields: ["metadata": #"{"team":"kitchen","n":3}"#])
        #expect(uploaded.status == 201)
        let id = try #require(uploaded.data["id"] as? String)
        #expect(uploaded.data["type"] as? String == "markdown" && uploaded.data["status"] as? String == "processed")
        #expect(uploaded.data["size"] as? Int == content.count)
        #expect((uploaded.data["metadata"] as? [String: Any])?["team"] as? String == "kitchen")
        #expect((uploaded.data["chunkCount"] as? Int ?? 0) > 0)

        let again = try installation.upload([("copy.md", "text/markdown", content)], to: workspace, token: token)
        #expect(again.status == 200 && again.json["duplicate"] as? Bool == true)
        #expect(again.data["id"] as? String == id)

        let download = try call("get-document-content", document: id)
        #expect(download.body == content)
        #expect(download.headers["content-disposition"]?.hasPrefix("attachment") == true)
        #expect(download.headers["etag"] == "\"\(uploaded.data["sha256"] as? String ?? "")\"")

        #expect(try call("list-documents", query: ["type": "markdown"]).list.count == 1)
        #expect(try call("list-documents", query: ["type": "pdf"]).list.isEmpty)
        #expect(try call("list-documents", query: ["type": "exe"]).status == 400)
        #expect(try search(["query": "steeping tea"]).first?["documentId"] as? String == id)

        #expect(try call("delete-document", document: id).status == 200)
        #expect(try search(["query": "tea"]).isEmpty)
        #expect(try call("get-document", document: id).status == 404)
        let shown = try installation.call("get-workspace", token: token, path: ["workspaceId": workspace])
        #expect(shown.data["documentCount"] as? Int == 0)
        let blobs = installation.folder.appendingPathComponent("data/blobs")
        let files = FileManager.default.enumerator(at: blobs, includingPropertiesForKeys: [.isRegularFileKey])?
            .compactMap { $0 as? URL }.filter { $0.lastPathComponent.count > 2 }
        #expect(files == [], "the file is gone too")
    }

    @Test func severalFilesComeAsAnArray() throws {
        let answer = try installation.upload(
            [
                ("a.csv", "text/csv", Data("name,age\nAda,36\n".utf8)),
                ("b.json", "application/json", Data(#"{"planet":"Mars"}"#.utf8)),
                ("c.html", "text/html", Data("<html><body><h1>Hi</h1><p>Venus &amp; co</p></body></html>".utf8)),
            ], to: workspace, token: token)
        #expect(answer.status == 201)
        #expect(answer.list.map { $0["type"] as? String } == ["csv", "json", "html"])
        #expect(try search(["query": "mars"]).first?["documentName"] as? String == "b.json")
        #expect(try search(["query": "venus"]).first?["highlight"] as? String != nil)
    }

    @Test func whatIsNoDocumentIsRefused() throws {
        let picture = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13])
        let binary = try installation.upload([("x.txt", "text/plain", picture)], to: workspace, token: token)
        #expect(binary.status == 415 && binary.code == "UNSUPPORTED_MEDIA_TYPE")
        let broken = try installation.upload(
            [("x.json", "application/json", Data("{\"a\":".utf8))], to: workspace, token: token)
        #expect([201, 422].contains(broken.status))
        let json = try call("upload-document", body: [String: Any]())
        #expect(json.status == 422 && json.fields == ["uploadId"])
        let none = try installation.upload([], to: workspace, token: token)
        #expect(none.status == 422 && none.fields == ["file"])
        let small = try Installation(environment: ["MAX_UPLOAD_BYTES": "1000"])
        let other = try small.register()
        let large = try small.upload(
            String(repeating: "word ", count: 20_000), named: "l.txt", to: try small.makeWorkspace(other), token: other)
        #expect(large.status == 413 && large.code == "PAYLOAD_TOO_LARGE")
        // The form around a file does not count towards the limit.
        let space = try small.makeWorkspace(other)
        for (size, status) in [(1000, 201), (1001, 413)] {
            let text = String(repeating: "w", count: size)
            #expect(try small.upload(text, named: "s.txt", to: space, token: other).status == status)
        }
    }

    @Test func namesAreFoundHoweverTheirLettersAreComposed() throws {
        for (text, name) in [("one", "Cafe\u{301}.txt"), ("two", "Caf\u{E9}-2.txt"), ("three", "Cafe.txt")] {
            #expect(try installation.upload(text, named: name, to: workspace, token: token).status == 201)
        }
        for search in ["CAF\u{C9}", "cafe\u{301}"] {
            #expect(try call("list-documents", query: ["search": search]).list.count == 2)
        }
    }

    private static let unspaced = [
        ("zh.txt", "每位员工每年享有二十天带薪年假。"), ("ja.txt", "従業員は毎年二十日の休暇があります。"),
        ("ko.txt", "모든 직원은 매년 휴가를 받습니다."), ("mixed.txt", "我的iPhone手机丢了。"),
    ]

    private func expectUnspacedWords() throws {
        let expected = [
            ("年假", "zh.txt"), ("员工", "zh.txt"), ("\"带薪年假\"", "zh.txt"), ("休暇", "ja.txt"), ("휴가", "ko.txt"),
            ("手机", "mixed.txt"), ("iphone", "mixed.txt"), ("\"iPhone手机\"", "mixed.txt"), ("丢", "mixed.txt"),
        ]
        for (query, name) in expected {
            let hits = try search(["query": query])
            #expect(hits.first?["documentName"] as? String == name, "\(query)")
            #expect((hits.first?["highlight"] as? String)?.contains("<mark>") == true, "\(query)")
        }
        for query in ["\"薪带年假\"", "年假 -员工", "鲸"] { #expect(try search(["query": query]).isEmpty, "\(query)") }
    }

    @Test func wordsAreFoundInScriptsWithoutSpaces() throws {
        for (name, text) in Self.unspaced {
            _ = try installation.upload(text, named: name, to: workspace, token: token)
        }
        try expectUnspacedWords()
        for document in try call("list-documents").list {
            #expect(try call("delete-document", document: document["id"] as? String).status == 200)
        }
        #expect(try search(["query": "年假"]).isEmpty)
    }

    @Test func phrasesExclusionsAndFiltersWork() throws {
        _ = try installation.upload("The quick brown fox jumps.", named: "fox.txt", to: workspace, token: token)
        _ = try installation.upload(
            "A brown quick rabbit <b>rests</b>.", named: "rabbit.txt", to: workspace, token: token)
        #expect(try search(["query": "quick brown"]).count == 2)
        #expect(try search(["query": "\"quick brown\""]).map { $0["documentName"] as? String } == ["fox.txt"])
        #expect(try search(["query": "brown -rabbit"]).map { $0["documentName"] as? String } == ["fox.txt"])
        let marked = try #require(try search(["query": "rests"]).first?["highlight"] as? String)
        #expect(marked.contains("&lt;b&gt;<mark>rests</mark>&lt;/b&gt;"))
        let fox = try #require(try search(["query": "fox"]).first?["documentId"] as? String)
        #expect(try search(["query": "brown", "filters": ["documentIds": [fox]]]).count == 1)
        #expect(try search(["query": "brown", "filters": ["types": ["pdf"]]]).isEmpty)
        #expect(try search(["query": "brown", "filters": ["createdAfter": "2100-01-01"]]).isEmpty)
        for nonsense in ["\"", "* OR", "NEAR(", "a:b^", "-", "((", "'; DROP TABLE users; --", "{}", "\u{0}"] {
            #expect(try call("search-documents", body: ["query": nonsense]).status == 200, "\(nonsense)")
        }
        for blank in ["", " ", "\n\t\u{3000}"] {
            #expect(try call("search-documents", body: ["query": blank]).fields == ["query"])
            #expect(try call("send-message", body: ["message": blank]).fields == ["message"])
        }
        for hit in try search(["query": "quick"]) {
            let score = try #require(hit["score"] as? Double)
            #expect((0...1).contains(score))
        }
    }
}
