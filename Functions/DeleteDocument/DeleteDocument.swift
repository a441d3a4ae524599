import Endpoint
import Models

/// Deletes a document. Search stops finding it at once.
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

    static func handle(_ input: Input, by member: Member, in call: Call) throws -> Empty {
        let store = try call.store
        try store.removeDocument(input.documentId, from: member.workspaceId) {
            let document = try store.documents.get(input.documentId, in: member.workspaceId)
            try call.requireMatch(document)
            try store.events.record(.documentDeleted, in: member.workspaceId, at: call.now, document)
        }
        return Empty(message: "Document deleted")
    }
}
