import Endpoint
import FunctionRuntime
import Models
import Wire

/// Gives back the bytes that were uploaded.
@main struct GetDocumentContent: Function {
    static let route = Route.get(
        "/workspaces/{workspaceId}/documents/{documentId}/content", tag: "Documents", summary: "Download a document"
    ).lasting(seconds: 120)
    static let access = Access.member(.viewer)

    struct Input: FunctionInput {
        let documentId: Document.ID

        init(from fields: inout Fields) { documentId = fields.path("documentId", .id(Document.self), named: "Document") }
    }

    static func handle(_ input: Input, by member: Member, in context: Context) throws -> Download {
        guard let document = try context.store.documents.find(input.documentId, in: member.workspaceId)
        else { throw APIError.notFound("Document") }
        return Download(document: document, bytes: try context.store.blobs.read(document.sha256))
    }
}

/// A document's bytes. Always as an attachment and never sniffed: an uploaded page must not run as
/// one of ours.
struct Download: Reply {
    let document: Document
    let bytes: [UInt8]

    static var descriptions: [Operation.ResponseDescription] {
        [
            Operation.ResponseDescription(
                status: 200, description: "The uploaded bytes", contentType: "application/octet-stream",
                schema: ["type": "string", "format": "binary"])
        ]
    }

    func response() -> Response {
        let plain = String(document.name.map { $0.isASCII && $0 != "\"" && $0 != "\\" ? $0 : "_" })
        return Response(
            status: 200,
            headers: [
                ("content-type", document.mimeType),
                ("content-length", String(bytes.count)),
                ("content-disposition", "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(Percent.encode(document.name))"),
                ("etag", "\"\(document.sha256)\""),
                ("x-content-type-options", "nosniff"),
            ],
            body: .binary(bytes))
    }
}
