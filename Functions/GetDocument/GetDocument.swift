import Endpoint
import Models

/// Shows what is known of a document.
@main struct GetDocument: Function {
    static let route = Route.get(
        "/workspaces/{workspaceId}/documents/{documentId}", tag: "Documents", summary: "Show a document")
    static let access = Access.member(.viewer)

    struct Input: FunctionInput {
        let documentId: Document.ID

        init(from fields: inout Fields) {
            documentId = fields.path("documentId", .id(Document.self), named: "Document")
        }
    }

    static func handle(_ input: Input, by member: Member, in context: Context) throws -> Document {
        guard let document = try context.store.documents.find(input.documentId, in: member.workspaceId)
        else { throw APIError.notFound("Document") }
        return document
    }
}
