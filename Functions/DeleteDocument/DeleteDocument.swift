import Endpoint
import Models

/// Removes a document; it is gone from search at once.
@main struct DeleteDocument: Function {
    static let route = Route.delete(
        "/workspaces/{workspaceId}/documents/{documentId}", tag: "Documents", summary: "Delete a document"
    ).conditional()
    static let access = Access.member(.editor)

    struct Input: FunctionInput {
        let documentId: Document.ID

        init(from fields: inout Fields) {
            documentId = fields.path("documentId", .id(Document.self), named: "Document")
        }
    }

    static func handle(_ input: Input, by member: Member, in context: Context) throws -> Acknowledged {
        let store = try context.store
        try store.removeDocument(input.documentId, from: member.workspaceId) {
            guard let document = try store.documents.find(input.documentId, in: member.workspaceId)
            else { throw APIError.notFound("Document") }
            try context.requireMatch { document }
            try store.events.record(.documentDeleted, in: member.workspaceId, at: context.now, document)
        }
        return Acknowledged("Document deleted")
    }
}
