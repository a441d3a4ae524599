import Foundation
import Testing

/// Word and PDF files, from the upload to the search result.
@Suite struct OfficeDocumentTests {
    /// Two pages, without the cross-reference table, which readers reconstruct.
    private static let pdf = """
        %PDF-1.4
        1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
        2 0 obj << /Type /Pages /Count 2 /Kids [4 0 R 5 0 R] >> endobj
        3 0 obj << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> endobj
        4 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] /Resources << /Font << /F 3 0 R >> >> /Contents 6 0 R >> endobj
        5 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] /Resources << /Font << /F 3 0 R >> >> /Contents 7 0 R >> endobj
        6 0 obj << /Length 62 >> stream
        BT /F 12 Tf 20 300 Td (The heron stands in the river.) Tj ET  
        endstream endobj
        7 0 obj << /Length 62 >> stream
        BT /F 12 Tf 20 300 Td (The badger sleeps in its sett.) Tj ET  
        endstream endobj
        trailer << /Size 8 /Root 1 0 R >>
        """

    private static let word = """
        import io, sys, zipfile
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/document.xml", '<w:document '
                'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
                '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Wildlife</w:t></w:r></w:p>'
                '<w:p><w:r><w:t>The otter swims under the bridge.</w:t></w:r></w:p></w:body></w:document>')
        sys.stdout.buffer.write(file.getvalue())
        """

    private func upload(_ client: TestClient, _ people: TestClient.People, _ name: String, _ content: Data) throws
        -> Answer
    {
        try client.upload([(name, "application/octet-stream", content)], to: people.workspace, token: people.owner)
    }

    private func find(_ query: String, _ client: TestClient, _ people: TestClient.People) throws -> [String: Any] {
        let answer = try client.call(
            "search-documents", token: people.viewer, path: ["workspaceId": people.workspace], body: ["query": query])
        return try #require((answer.data["results"] as? [[String: Any]])?.first)
    }

    @Test(arguments: Transport.allCases) func aWordDocumentIsFoundByItsText(_ transport: Transport) throws {
        let client = try TestClient(transport)
        let people = try client.people()
        let file = try client.installation.run("/usr/bin/python3", arguments: ["-c", Self.word]).standardOutput
        let made = try upload(client, people, "wildlife", file)
        #expect(made.status == 201 && made.data["type"] as? String == "docx" && made.data["wordCount"] as? Int == 7)
        #expect((made.data["mimeType"] as? String)?.hasSuffix("wordprocessingml.document") == true)
        let hit = try find("otters", client, people)
        #expect((hit["position"] as? [String: Any])?["heading"] as? String == "Wildlife")
        let damaged = try upload(client, people, "damaged.docx", file.dropLast(40))
        #expect(damaged.status == 422 && damaged.code == "DOCUMENT_UNREADABLE")
    }

    @Test(
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/pdftotext")), arguments: Transport.allCases)
    func aPDFIsFoundOnItsPage(_ transport: Transport) throws {
        let client = try TestClient(transport)
        let people = try client.people()
        let made = try upload(client, people, "animals", Data(Self.pdf.utf8))
        #expect(made.status == 201 && made.data["type"] as? String == "pdf")
        let id = try #require(made.data["id"] as? String)
        let chunks = try client.call(
            "list-document-chunks", token: people.viewer, path: ["workspaceId": people.workspace, "documentId": id])
        #expect((chunks.list.first?["position"] as? [String: Any])?["page"] as? Int == 1)
        #expect((try find("heron", client, people)["position"] as? [String: Any])?["page"] as? Int == 1)
        #expect(try find("badger", client, people)["documentId"] as? String == id)

        let scanned = try upload(client, people, "scan.pdf", Data(Self.pdf.replacing("Tj", with: "  ").utf8))
        #expect(scanned.status == 422 && (scanned.error["message"] as? String)?.contains("OCR") == true)
        let damaged = try upload(client, people, "damaged.pdf", Data(Self.pdf.utf8.prefix(60)))
        #expect(damaged.status == 422 && damaged.code == "DOCUMENT_UNREADABLE")
    }

    @Test(arguments: Transport.allCases) func withoutItsReaderAPDFIsUnsupported(_ transport: Transport) throws {
        let client = try TestClient(transport, environment: ["PATH": "/nowhere"])
        let people = try client.people()
        let answer = try upload(client, people, "animals.pdf", Data(Self.pdf.utf8))
        #expect(answer.status == 415 && (answer.error["message"] as? String)?.contains("poppler-utils") == true)
    }
}
