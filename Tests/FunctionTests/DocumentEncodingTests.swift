import Foundation
import Testing

/// How uploads are decoded, what documents tell about it, and what is refused because nobody could find it.
@Suite struct DocumentEncodingTests {
    /// "Да" in KOI8-R, which could be many things.
    private static let ambiguous = Data([0xE4, 0xC1])
    private static let russian = Data([0xCE, 0xF2, 0xEF, 0xF3, 0xF1, 0xEA, 0x20, 0xE4, 0xEB, 0xE8, 0xF2, 0xF1, 0xFF])

    private func content(_ document: Answer, _ client: TestClient, _ people: TestClient.People) throws -> [String] {
        let path = ["workspaceId": people.workspace, "documentId": document.data["id"] as? String ?? ""]
        let chunks = try client.call("list-document-chunks", token: people.owner, path: path)
        return chunks.list.compactMap { $0["content"] as? String }
    }

    @Test(arguments: Transport.allCases) func documentsTellHowTheyWereDecoded(_ transport: Transport) throws {
        let client = try TestClient(transport)
        let people = try client.people()
        func upload(_ content: Data, _ type: String, _ fields: [String: String] = [:]) throws -> Answer {
            try client.upload([("a.txt", type, content)], to: people.workspace, token: people.owner, fields: fields)
        }
        let stated = try upload(Self.ambiguous, "text/plain", ["charset": "KOI8-R"])
        #expect(stated.status == 201 && stated.data["encoding"] as? String == "koi8-r")
        #expect(try content(stated, client, people) == ["Да"])
        #expect((stated.data["warnings"] as? [String: Any])?.isEmpty == true)

        let declared = try upload(Self.ambiguous + Data([0x21]), "text/plain; charset=koi8-r")
        #expect(declared.data["encoding"] as? String == "koi8-r")
        #expect(try content(declared, client, people) == ["Да!"])

        let detected = try upload(Self.russian, "text/plain")
        #expect(detected.data["encoding"] as? String == "windows-1251")
        #expect(try content(detected, client, people) == ["Отпуск длится"])

        #expect(try upload(Data("Größe".utf8), "text/plain").data["encoding"] as? String == "utf-8")
        #expect(try upload(Data("Size".utf8), "text/plain", ["charset": ""]).data["encoding"] as? String == "utf-8")
        #expect(try upload(Data("Other".utf8), "text/plain", ["charset": "klingon"]).fields == ["charset"])
        #expect(try upload(Data("a\u{E9}".utf8) + [0xFF], "text/plain", ["charset": "utf-8"]).status == 422)
        let unclear = try upload(Data([0x93, 0xFA, 0x96, 0x7B]), "text/plain")
        #expect(unclear.status == 422 && unclear.code == "DOCUMENT_UNREADABLE")
        #expect((unclear.error["message"] as? String)?.contains("charset") == true)
    }

    /// A file that was decoded wrongly, and is sent again with its encoding.
    @Test(arguments: Transport.allCases) func statingTheEncodingDecodesAgain(_ transport: Transport) throws {
        let client = try TestClient(transport)
        let people = try client.people()
        func upload(_ fields: [String: String]) throws -> Answer {
            let file = ("a.txt", "text/plain", Self.russian)
            return try client.upload([file], to: people.workspace, token: people.owner, fields: fields)
        }
        let wrong = try upload(["charset": "windows-1252"])
        #expect(try content(wrong, client, people) == ["Îòïóñê äëèòñÿ"])
        let right = try upload(["charset": "windows-1251"])
        #expect(right.status == 201 && right.data["id"] as? String != wrong.data["id"] as? String)
        #expect(try content(right, client, people) == ["Отпуск длится"])
        for fields in [["charset": "cp1251"], [:]] {
            let again = try upload(fields)
            #expect(again.status == 200 && again.data["id"] as? String == right.data["id"] as? String)
        }
        let list = try client.call("list-documents", token: people.viewer, path: ["workspaceId": people.workspace])
        #expect(list.list.count == 1)
    }

    @Test(arguments: Transport.allCases) func filesWithoutTextAreRefused(_ transport: Transport) throws {
        let client = try TestClient(transport)
        let people = try client.people()
        for (name, text) in [
            ("a.txt", ""), ("b.txt", " \n\t\n"), ("c.html", "<!doctype html><script>1</script>"),
            ("d.txt", "\u{A0}\u{200B}"), ("e.html", "<p>&nbsp;</p><p>&#8203;</p>"), ("f.csv", "\"\",\"\"\n\"\",\"\"\n"),
        ] {
            let answer = try client.upload(
                [(name, "application/octet-stream", Data(text.utf8))], to: people.workspace, token: people.owner)
            #expect(answer.status == 422 && answer.code == "DOCUMENT_UNREADABLE", "\(name): \(answer.body)")
        }
        let list = try client.call("list-documents", token: people.viewer, path: ["workspaceId": people.workspace])
        #expect(list.list.isEmpty)
    }

    /// Filters would end at a NUL.
    @Test(arguments: Transport.allCases) func metadataHasNoNUL(_ transport: Transport) throws {
        let client = try TestClient(transport)
        let people = try client.people()
        for metadata in [#"{"a":"b\u0000c"}"#, #"{"k\u0000":1}"#, #"{"a":[{"b":"\u0000"}]}"#] {
            let answer = try client.upload(
                [("a.txt", "text/plain", Data("Text.".utf8))], to: people.workspace, token: people.owner,
                fields: ["metadata": metadata])
            #expect(answer.status == 422 && answer.fields == ["metadata"], "\(metadata)")
        }
    }

    /// Whoever resumes an upload has neither the form nor the part's media type.
    @Test func anAbandonedDocumentIsDecodedAsItWasFirst() throws {
        let installation = try Installation()
        let token = try installation.register()
        let workspace = try installation.makeWorkspace(token)
        let file = (name: "a.txt", type: "text/plain; charset=koi8-r", content: Self.ambiguous)
        let made = try installation.upload([file], to: workspace, token: token)
        #expect(made.data["encoding"] as? String == "koi8-r")
        let id = try #require(made.data["id"] as? String)
        try installation.runSQL(
            """
            UPDATE documents SET status = 'processing', chunk_count = 0;
            INSERT INTO hidden_documents VALUES ('\(id)', '\(workspace)');
            INSERT INTO jobs (kind, subject, queue, due_at, lease) VALUES ('ingestion', '\(id)', '\(workspace)', 1, 1);
            """)
        #expect(try installation.call("run-jobs").status == 200)
        #expect(
            try installation.query("SELECT d.status, d.encoding, p.content FROM documents d, passages p")
                == ["processed|koi8-r|Да"])
    }
}
